"""How a name or title sounds in Latin letters: what people type who heard it, or who learnt another romanization.

Chinese is read in pinyin, and as Vietnamese reads it: Cao Xueqin is Tào Tuyết Cần in Hà Nội. A Latin word is reduced to a rough
key in which the usual romanizations meet: Sunthorn and Sunton, Tsao Hsueh-chin and Cao Xueqin. Keys start with `~`, which no
word does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from catalog.search.analysis import HAN, Cut, folded, plain

SINO_VIETNAMESE = Path(__file__).parent / "sino_vietnamese.tsv"
LONGEST_JOINED = 5
"""Words of a title that are indexed as one, for who leaves out the spaces."""
_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), same)
    for pattern, same in (
        (r"['’ʻ`]", ""),
        (r"tj|ts|tch|ch|zh|q|cz", "c"),
        (r"dj", "j"),
        (r"nj", "ny"),
        (r"sj", "sy"),
        (r"hs|sh|x|z", "s"),
        (r"ph|bh|b", "p"),
        (r"th|dh|d", "t"),
        (r"kh|gh|g|ck", "k"),
        (r"w", "v"),
        (r"j", "c"),
        (r"oe|oo|ou|ue|eu", "u"),
        (r"ae|(?:ai|ay|ei|ey)(?![aeiouy])", "e"),
        (r"ee|ie|ia|ea|y(?![aeiou])", "i"),
        (r"oa|aw|au|o", "o"),
        (r"a+[hr]?(?![aeiou])", "a"),
        (r"(?<=[aeiou])[hr](?![aeiou])", ""),
        (r"(.)\1+", r"\1"),
        (r"(?<=[a-z])e\b", "e"),
    )
)


@lru_cache(maxsize=100_000)
def key(word: str) -> str:
    """The rough key of a Latin word without marks; empty where it is too short to say anything."""
    rough = word
    for pattern, same in _SAME:
        rough = pattern.sub(same, rough)
    return f"~{rough}" if len(word) > 2 and len(rough) > 1 else ""


@lru_cache(maxsize=20_000)
def pinyin(run: str) -> tuple[str, ...]:
    """The syllables of Han characters in simplified script."""
    return tuple(lazy_pinyin(run, style=Style.NORMAL, errors="ignore"))


@cache
def _vietnamese() -> dict[str, tuple[str, ...]]:
    """Han character → how Vietnamese reads it, without marks."""
    found: dict[str, tuple[str, ...]] = {}
    for line in SINO_VIETNAMESE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            readings, _tab, characters = line.partition("\t")
            bare = dict.fromkeys(folded(plain(reading)) for reading in readings.split())
            for character in characters.split():
                found[character] = (*found.get(character, ()), *bare)
    return found


def sounds(title: Cut) -> set[str]:
    """Everything under which a name or title is found by ear."""
    found: set[str] = set()
    for run in HAN.findall(title.level):
        found.update(joined(pinyin(run)))
        found.update(pinyin(run))
        found.add("".join(syllable[0] for syllable in pinyin(run) if syllable))
        found.update(reading for character in run for reading in _vietnamese().get(character, ()))
    latin = [folded(word) for word in title.sequence if word.isascii() and word.isalpha()]
    found.update(joined(latin))
    found.update(key(word) for word in latin)
    found.discard("")
    return found


def joined(words: Sequence[str]) -> Iterable[str]:
    """Neighbours written as one word, and all of a short name or title."""
    yield from (first + second for first, second in pairwise(words))
    yield from (first + second + third for first, second, third in zip(words, words[1:], words[2:], strict=False))
    if 3 < len(words) <= LONGEST_JOINED:
        yield "".join(words)
