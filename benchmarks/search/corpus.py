"""Works by the thousand, made of the demo catalogue's words: the same ones for the same number, as a stream.

Words of each language follow Zipf's law: a few are in nearly every blurb. Beyond the demo's own words stand pairs of them, so
that the vocabulary keeps growing with the catalogue, as it does in life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from icu4py.breakers import WordBreaker

from banmao.demo import works
from hub.i18n import LANGUAGES

SEED = 20261123
CHUNK = 500
VOCABULARY = 60_000
"""Words of a language; the rare ones are pairs of common ones."""
EXPONENT = 1.07
UNSPACED = frozenset({"zh", "th", "lo", "km", "my"})
KINDS = ("BOOK", "BOOK", "BOOK", "COMIC", "MUSIC", "ANIMATION")
COUNTRIES = {
    "zh": "CN", "en": "SG", "vi": "VN", "th": "TH", "ms": "MY", "id": "ID", "my": "MM", "lo": "LA", "fil": "PH", "km": "KH",
}  # fmt: skip
FREE = ("WORLD-CN", "ASEAN", "NEIGHBOURS", "TH", "VN-KH-LA")
"""Where mandates reach, by name; see `fill.TERRITORIES`."""


@dataclass(frozen=True, slots=True)
class Made:
    """A work as the bench lists it; the words of each of the ten languages."""

    number: int
    kind: str
    language: str
    country: str
    titles: dict[str, str]
    bodies: dict[str, str]
    names: tuple[str, ...]
    subjects: tuple[str, ...]
    free: str
    drafted: bool

    @property
    def isbn(self) -> str:
        digits = f"978604{self.number:06d}"
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
        return f"{digits}{-total % 10}"


@cache
def words(language: str) -> Sequence[str]:
    """The language's words by rank, the most frequent first."""
    counted: dict[str, int] = {}
    for work in works():
        for text in (work["titles"][language], work["descriptions"][language]):
            for word in WordBreaker(text, language):
                if any(char.isalpha() for char in word):
                    counted[word] = counted.get(word, 0) + 1
    ranked = sorted(counted, key=lambda word: (-counted[word], word))
    glue = "" if language in UNSPACED else "-"
    rng = np.random.default_rng([SEED, len(language), *map(ord, language)])
    first, second = rng.integers(0, len(ranked), (2, VOCABULARY))
    pairs = dict.fromkeys(f"{ranked[a]}{glue}{ranked[b]}" for a, b in zip(first, second, strict=True))
    return (ranked + [pair for pair in pairs if pair not in counted])[:VOCABULARY]


@cache
def _shelf() -> Sequence[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [
        (
            tuple(
                name
                for each in work.get("contributors", ())
                for name in (each["name"], each.get("name_original"))
                if name
            ),
            tuple(work["subjects"]),
        )
        for work in works()
    ]


def many(count: int) -> Iterator[Made]:
    """The first `count` works. A title is two to four words, a blurb two dozen."""
    ranks = np.arange(1, VOCABULARY + 1, dtype=float) ** -EXPONENT
    likely = np.cumsum(ranks / ranks.sum())
    shelf = _shelf()
    for start in range(0, count, CHUNK):
        rng = np.random.default_rng([SEED, start])
        size = min(CHUNK, count - start)
        picks = {tag: np.minimum(np.searchsorted(likely, rng.random((size, 28))), VOCABULARY - 1) for tag in LANGUAGES}
        chances = rng.integers(0, 1 << 30, (size, 6))
        for at in range(size):
            chance = [int(value) for value in chances[at]]
            language = LANGUAGES[chance[0] % len(LANGUAGES)]
            titles, bodies = {}, {}
            for tag in LANGUAGES:
                glue = "" if tag in UNSPACED else " "
                said = [words(tag)[rank] for rank in picks[tag][at]]
                titles[tag] = glue.join(said[: 2 + chance[1] % 3])
                bodies[tag] = glue.join(said[4:])
            names, subjects = shelf[chance[2] % len(shelf)]
            yield Made(
                number=start + at,
                kind=KINDS[chance[3] % len(KINDS)],
                language=language,
                country=COUNTRIES[language],
                titles=titles,
                bodies=bodies,
                names=names,
                subjects=subjects,
                free=FREE[chance[4] % len(FREE)],
                drafted=chance[5] % 3 > 0,
            )
