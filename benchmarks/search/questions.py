"""What is asked: every question once, so that nothing that is remembered helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from benchmarks.search.corpus import SEED, many, words
from hub.i18n import LANGUAGES

EACH = 60
AVAILABLE: Mapping[str, Any] = {
    "rights": ["PRINT"],
    "territories": ["TH"],
    "languages": ["th"],
    "period": {"start": "2027-01-01", "end": "2030-01-01"},
    "exclusive": False,
}
KINDS = ("known item", "broad word", "free in TH", "as you type")


@dataclass(frozen=True, slots=True)
class Asked:
    language: str
    text: str
    available: bool = False


@cache
def questions(works: int, round_: int) -> Mapping[str, Sequence[Asked]]:
    """By kind. Rounds ask for different things."""
    chance = Random(f"{SEED} {round_}")
    shelf = list(many(min(works, 2_000)))
    titles = []
    for work in chance.sample(shelf, 2 * EACH):
        language = chance.choice(LANGUAGES)
        titles.append(Asked(language, work.titles[language]))
    broad = [
        Asked(language, words(language)[rank])
        for rank in range(20 + round_, 20 + 4 * EACH, 4)
        for language in (LANGUAGES[rank % len(LANGUAGES)],)
    ]
    typed = [Asked(one.language, one.text[: chance.randint(2, max(3, len(one.text) - 1))]) for one in titles[EACH:]]
    return {
        "known item": titles[:EACH],
        "broad word": broad[:EACH],
        "free in TH": [Asked(one.language, one.text, available=True) for one in broad[:EACH]],
        "as you type": typed,
    }
