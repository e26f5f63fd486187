"""Months and quarters, as statements are made for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from hub.errors import Invalid
from hub.i18n import _

_WRITTEN = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2]|Q[1-4])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """`2026-10` or `2026-Q4`; half-open, `end` is the first day after."""

    name: str
    start: date
    end: date

    @property
    def is_over(self) -> bool:
        """Whether its last day has ended (UTC)."""
        return self.end <= today()


def today() -> date:
    """The day by which periods are over and reports may tell of sales (UTC)."""
    return datetime.now(UTC).date()


def parse(written: str) -> Period:
    """Raises `Invalid` for anything but a month or a quarter."""
    found = _WRITTEN.fullmatch(written.strip().upper())
    if found is None:
        raise Invalid(_("Enter a month such as 2026-10 or a quarter such as 2026-Q4."), field="period")
    year, part = int(found[1]), found[2]
    first = 3 * int(part[1]) - 2 if part[0] == "Q" else int(part)
    months = 3 if part[0] == "Q" else 1
    after = year * 12 + first - 1 + months
    return Period(found[0], date(year, first, 1), date(after // 12, after % 12 + 1, 1))
