"""What a cell of rights says, and what stands in the way of reading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from catalog.rights import RightType, Scope

LONGEST: Final = 20_000
"""Letters of one cell."""
MOST_MONTHS: Final = 1_200


class Expected(Enum):
    """What should have stood where the reading of a cell stopped."""

    TERRITORY = "territory"
    LANGUAGE = "language"
    RIGHT = "right"
    PART = "part"
    DAY = "day"
    CLEAR = "clear"
    ONCE = "once"
    LEFT = "left"
    ORDER = "order"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where (`position` from 1, in letters of the cell), what stands there, what was expected, the name that may be meant."""

    position: int
    found: str
    expected: Expected
    near: str | None = None


class NotUnderstood(ValueError):
    """The cell cannot be read; `mistakes` in the order of the cell, at least one."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(f"{one.found!r} at {one.position}: {one.expected.value}" for one in mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Clause:
    """What is granted together. None leaves it to where the cell stands: its column's right, the sheet's first day.

    `languages` None is every language. `end` is the first day after; `months` counts from the first day, in place of `end`.
    """

    territories: frozenset[str]
    languages: frozenset[str] | None = None
    rights: frozenset[RightType] | None = None
    exclusive: bool | None = None
    start: date | None = None
    end: date | None = None
    months: int | None = None

    def scope(self, rights: frozenset[RightType], start: date, end: date | None = None, *, exclusive: bool) -> Scope:
        """The scope, with what the clause leaves out. ValueError when the period would end before it starts."""
        first = self.start or start
        over = after(first, self.months) if self.months else self.end or end
        return Scope(
            self.rights or rights,
            self.territories,
            self.languages,
            first,
            over,
            exclusive if self.exclusive is None else self.exclusive,
        )


def after(start: date, months: int) -> date:
    """The day `months` later; the last of the month where that month is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), following - timedelta(days=1))
