"""Which of many sources are like some words, and how much.

**Candidates** come from PostgreSQL by signature. The words are cut into grams of characters (pairs in Chinese, threes elsewhere:
both work without spaces between words), the grams are hashed `ROWS * BANDS` ways, and the least hashes, `ROWS` at a time,
make `BANDS` numbers (MinHash with banding). Two sources share at least one of them with probability
`1 - (1 - J ** ROWS) ** BANDS`, where J is the share of grams that they have in common; so one look-up in a GIN index finds what
is similar and little else, however large the memory is.

Tried on 50,000 sentences made of the hub's own catalogues, with every sixth word changed: 98 to 100 of 100 were found in each of
the ten languages; by pg_trgm as many in Latin writing, and 13 to 17 in Chinese, Thai, Lao, Khmer and Burmese.

**Scores** are then counted exactly, on words as ICU breaks them and on characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import cast

import numpy as np
from icu4py.breakers import CharacterBreaker, WordBreaker
from rapidfuzz.distance import Indel, Levenshtein

ROWS = 2
BANDS = 24
MOST_GRAMS = 4_000
LARGEST_SCORE = 99
BY_CHARACTER = frozenset({"zh"})

_random = np.random.default_rng(20261123)
_FACTORS = _random.integers(0, 1 << 63, size=(ROWS * BANDS, 1), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS = _random.integers(0, 1 << 63, size=(ROWS * BANDS, 1), dtype=np.uint64)


def normalized(words: str) -> str:
    """Words as they are kept: Unicode NFC, no white space around them."""
    return unicodedata.normalize("NFC", words).strip()


def signature(words: str, language: str) -> list[int]:
    """`BANDS` numbers of 32 bits, sorted; alike for words that are alike. Empty for words without a letter or digit."""
    grams = _grams(words, 2 if language in BY_CHARACTER else 3)
    if not grams:
        return []
    hashed = np.fromiter((zlib.crc32(gram.encode()) for gram in grams), dtype=np.uint64, count=len(grams))
    least = ((hashed * _FACTORS + _OFFSETS) >> np.uint64(32)).min(axis=1).astype(np.uint32)
    bands = least.reshape(BANDS, ROWS)
    return sorted({_signed(zlib.crc32(bytes([band]) + bands[band].tobytes())) for band in range(BANDS)})


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number


def _grams(words: str, size: int) -> set[str]:
    """Of the letters and digits, case folded; every digit is alike: a sentence with another price is a similar one."""
    plain = "".join("0" if char.isdecimal() else char for char in normalized(words).casefold())
    plain = re.sub(r"[^\w]+", " ", plain, flags=re.UNICODE) if size == 3 else re.sub(r"[\W_]+", "", plain)
    plain = plain.strip()
    if not plain:
        return set()
    padded = f" {plain} "
    return {padded[place : place + size] for place in range(min(len(padded) - size + 1, MOST_GRAMS))} or {padded}


def tokens(words: str, language: str) -> list[str]:
    """Words, spaces and marks as ICU breaks them; characters in Chinese, where every one counts."""
    if language in BY_CHARACTER:
        return list(CharacterBreaker(words, language))
    return list(WordBreaker(words, language))


def score(source: str, words: str, language: str) -> int:
    """How alike two sources are, 0 to 99: the mean of what their words and their characters have in common."""
    characters = Levenshtein.normalized_similarity(source.casefold(), words.casefold())
    if language in BY_CHARACTER:
        return min(LARGEST_SCORE, math.floor(100 * characters))
    mine, theirs = (
        [token.casefold() for token in tokens(one, language) if not token.isspace()] for one in (source, words)
    )
    return min(LARGEST_SCORE, math.floor(50 * (characters + Indel.normalized_similarity(mine, theirs))))


class Kind(Enum):
    SAME = "SAME"
    REMOVED = "REMOVED"
    ADDED = "ADDED"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of two sources: in both, in the remembered one alone (REMOVED), or in the wanted one alone (ADDED)."""

    kind: Kind
    words: str


def difference(source: str, words: str, language: str) -> tuple[Change, ...]:
    """What was changed between a remembered source and the words asked for, by whole words, in reading order."""
    mine, theirs = tokens(source, language), tokens(words, language)
    changes: list[Change] = []
    removed = added = ""
    for step in Indel.opcodes(cast("Sequence[str]", mine), cast("Sequence[str]", theirs)):
        if step.tag != "equal":
            removed += "".join(mine[step.src_start : step.src_end])
            added += "".join(theirs[step.dest_start : step.dest_end])
            continue
        changes += [*_changed(removed, added), Change(Kind.SAME, "".join(mine[step.src_start : step.src_end]))]
        removed = added = ""
    return (*changes, *_changed(removed, added))


def _changed(removed: str, added: str) -> list[Change]:
    return [Change(kind, words) for kind, words in ((Kind.REMOVED, removed), (Kind.ADDED, added)) if words]
