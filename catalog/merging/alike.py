"""Whether two titles with their contributors are likely one work. Nothing here reads a table.

Two are alike when a title of one says nearly what a title of the other says, and somebody who made the one is nearly somebody who
made the other. Numbers decide: a second volume is not a misspelt first one. Where either names nobody, the titles must be equal.

Candidates are found by keys, not by comparing all with all: a short title, or the head and tail of a longer one; a person and the
head or the tail of a title. A misspelling at one place leaves at least one of them whole.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from catalog.search.analysis import folded, plain

NEAR: Final = 88.0
FORGIVING: Final = 5
MOST_TITLES = 4
MOST_NAMES = 4
RECENT: Final = 2_048
"""Of a record more is asked than once while its chunk is dealt with, and a house has few authors."""
_HEAD = 3
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]")
_NUMBER = re.compile(r"[0-9]+")
_HAN_NUMBERS = {sign: value for value, sign in enumerate("零一二三四五六七八九十")} | {
    "〇": 0,
    "两": 2,
    "上": 1,
    "下": 99,
    "中": 50,
}
_COUNTED = re.compile(
    r"第([零〇一二三四五六七八九十两]+)[卷册部集季辑回章]?|[（(]?([上中下])[)）]?$|[卷册部集季辑]([零〇一二三四五六七八九十上中下]+)$"
)
_ROMAN = {
    roman: value
    for value, roman in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"), start=1
    )
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a work is compared by. `titles` and `names` are levelled; `numbers` are those of the first title."""

    titles: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[int, ...]
    kind: str

    @property
    def keys(self) -> frozenset[int]:
        """Signed 64-bit numbers; two works that are alike share one."""
        return _keys(self)

    def packed(self) -> str:
        """In one string, for those that are kept by the hundred thousand."""
        parts = (self.kind, *map("\x1f".join, (self.titles, self.names, map(str, self.numbers))))
        return "\x1e".join(parts)

    @classmethod
    def unpacked(cls, packed: str) -> Likeness:
        kind, titles, names, numbers = packed.split("\x1e")
        return cls(
            tuple(filter(None, titles.split("\x1f"))),
            tuple(filter(None, names.split("\x1f"))),
            tuple(int(number) for number in numbers.split("\x1f") if number),
            kind,
        )


def likeness(titles: Iterable[str], names: Iterable[str], kind: str) -> Likeness:
    """`titles`: in any languages, the own one first. `names`: as written in any script."""
    return _likeness(tuple(titles), tuple(names), kind)


@lru_cache(maxsize=RECENT)
def _likeness(own: tuple[str, ...], names: tuple[str, ...], kind: str) -> Likeness:
    levelled = tuple(dict.fromkeys(title for title in map(_title, own) if title))[:MOST_TITLES]
    people = tuple(dict.fromkeys(name for name in map(_name, names) if name))[:MOST_NAMES]
    return Likeness(levelled, people, _numbers(own[0]) if own else (), kind)


@lru_cache(maxsize=RECENT)
def _keys(alike: Likeness) -> frozenset[int]:
    numbers = ",".join(map(str, alike.numbers))
    found = set()
    for title in alike.titles:
        head, tail = title[:_HEAD], title[-_HEAD:]
        found.add(_key(numbers, "title", title) if len(title) < 2 * _HEAD else _key(numbers, "ends", head, tail))
        for name in alike.names:
            found.add(_key(numbers, "head", name, head))
            found.add(_key(numbers, "tail", name, tail))
    return frozenset(found)


def score(first: Likeness, second: Likeness) -> int:
    """0 to 100: how near the nearest titles are, where everything else speaks for one work; else 0."""
    if first.kind != second.kind or first.numbers != second.numbers:
        return 0
    titles = max((_near(one, other) for one in first.titles for other in second.titles), default=0)
    if not (first.names and second.names):
        return titles if titles == 100 else 0
    return titles if any(_near(one, other) for one in first.names for other in second.names) else 0


def _near(first: str, second: str) -> int:
    """0 where the two are different words, else how much of them is the same.

    One letter is forgiven in five; a Han character is a word, and is not.
    """
    found = fuzz.ratio(first, second)
    if found >= NEAR:
        return int(found)
    short = min(len(first), len(second)) >= FORGIVING and not _HAN.search(first)
    return int(found) if short and Levenshtein.distance(first, second, score_cutoff=1) <= 1 else 0


@lru_cache(maxsize=RECENT)
def _level(text: str) -> str:
    signs = (sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in _plain(text))
    return " ".join(folded(word) for word in "".join(signs).split())


@lru_cache(maxsize=RECENT)
def _plain(text: str) -> str:
    return plain(unicodedata.normalize("NFKC", text))


def _title(text: str) -> str:
    level = _level(text)
    words = level.split()
    if len(words) > 1 and words[0] in {"the", "a", "an"}:
        words = words[1:]
    return " ".join(words)


def _name(text: str) -> str:
    """Given name and family name in either order are one name."""
    return " ".join(sorted(_level(text).split()))


def _numbers(title: str) -> tuple[int, ...]:
    level = _plain(title)
    found = [int(digits[:9]) for digits in _NUMBER.findall(level)]
    found += [_ROMAN[word] for word in _level(title).split()[1:] if word in _ROMAN]
    for match in _COUNTED.finditer(level):
        signs = next(filter(None, match.groups()))
        found.append(sum(_HAN_NUMBERS[sign] for sign in signs))
    return tuple(found)


def _key(*parts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest(), "big", signed=True)
