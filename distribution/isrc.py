"""ISRC, the International Standard Recording Code (ISO 3901:2019; IFPI ISRC Handbook).

A code is stored as twelve characters and shown as `ISRC AA-6Q7-20-00047`. It names one recording for life: it is assigned
once, from a range that an agency allocated, in the year of that assignment, and never goes to another recording.
Nothing is inferred from its letters; which prefixes exist is operator data.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from iso3901 import ISRC

from distribution.errors import ImportOnlyIsrc, InvalidIsrc, NoIsrcLeft

IMPORT_ONLY: Final = frozenset({"CN"})
"""Prefixes whose agency assigns the whole code itself: such codes are entered, never made here."""

LAST_DESIGNATION: Final = 99_999
YEARS: Final = range(2000, 2200)
LONGEST: Final = 64
"""Characters of input that are looked at; more is no ISRC."""

_STORED = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.ASCII)
_WRITTEN = re.compile(r"(?:ISRC[\s:]*)?([A-Z]{2})-?([A-Z0-9]{3})-?([0-9]{2})-?([0-9]{5})", re.ASCII)
_PREFIX = re.compile(r"[A-Z]{2}[A-Z0-9]{3}", re.ASCII)


def parse(written: str, field: str = "isrc") -> str:
    """The stored form of an ISRC as people write it (any case, with or without `ISRC` and hyphens, full-width letters).

    Raises `InvalidIsrc` for anything else, trailing characters included.
    """
    found = (
        _WRITTEN.fullmatch(unicodedata.normalize("NFKC", written).strip().upper()) if len(written) <= LONGEST else None
    )
    if found is None:
        raise InvalidIsrc(field=field, isrc=written[:LONGEST])
    return "".join(found.groups())


def is_stored_form(code: str) -> bool:
    """Whether `code` is exactly twelve characters of ISO 3901:2019 §4, without hyphens."""
    return _STORED.fullmatch(code) is not None


def display(stored: str) -> str:
    """`AA6Q72000047` → `ISRC AA-6Q7-20-00047` (ISO 3901:2019 §5)."""
    return f"ISRC {ISRC(stored[:5], int(stored[5:7]), int(stored[7:])).stringify()}"


@dataclass(frozen=True, slots=True)
class Allocation:
    """A range an agency allocated: designations `first`…`last` (both included) of `prefix` in one year.

    `year` is the full year of assignment; codes carry its last two digits.
    """

    prefix: str
    year: int
    first: int
    last: int

    def __post_init__(self) -> None:
        if _PREFIX.fullmatch(self.prefix) is None:
            raise InvalidIsrc(field="prefix", isrc=self.prefix)
        if self.prefix[:2] in IMPORT_ONLY:
            raise ImportOnlyIsrc(field="prefix", isrc=self.prefix)
        if self.year not in YEARS:
            raise InvalidIsrc(field="year", isrc=str(self.year))
        if not 0 <= self.first <= self.last <= LAST_DESIGNATION:
            raise InvalidIsrc(field="first", isrc=f"{self.first}-{self.last}")

    def open_on(self, day: date) -> bool:
        """Whether a code may be assigned from this range on `day`: only in its own year."""
        return self.year == day.year

    def next(self, previous: int | None) -> int:
        """The designation after `previous` (None: the first one). Raises `NoIsrcLeft` past the end."""
        following = self.first if previous is None else previous + 1
        if not self.first <= following <= self.last:
            raise NoIsrcLeft(field="isrc", prefix=self.prefix, year=self.year)
        return following

    def code(self, designation: int) -> str:
        """The stored form of the code for one designation of this range."""
        if not self.first <= designation <= self.last:
            raise ValueError(f"{designation} is outside {self.first}-{self.last}")
        return f"{self.prefix}{self.year % 100:02d}{designation:05d}"

    def covers(self, stored: str) -> bool:
        """Whether this range would itself assign `stored`; such a code cannot be entered by hand."""
        return (
            stored[:5] == self.prefix
            and int(stored[5:7]) == self.year % 100
            and self.first <= int(stored[7:]) <= self.last
        )
