"""A make-believe market: what was on sale sells by chance, the same chance for the same seed, and is owed exactly."""

import random
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sandbox.dsr import rounded
from sandbox.settings import DealTerm, Platform, Settings
from sandbox.territories import currency_of

DOWNLOAD = "PermanentDownload"
RETURN_REASONS = ("AccidentalPurchase", "FaultyFile")
YEARS = range(1990, 2200)
RATE_PLACES = Decimal("0.0000000001")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)


class NotAPeriod(ValueError):
    """A period reads ``2026-10`` or ``2026-Q4``."""


@dataclass(frozen=True)
class Period:
    """Half-open: ``end`` is the first day after."""

    name: str
    start: date
    end: date

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """How one territory × commercial model × use type is priced: currencies, rate, price of one usage, tax."""

    territory: str
    term: DealTerm
    transaction_currency: str
    accounting_currency: str
    rate: Decimal
    unit_price: Decimal
    withholding: Decimal

    @property
    def consumer_price(self) -> Decimal | None:
        """What a consumer pays for a download, in the currency of the transaction."""
        return rounded(self.unit_price * Decimal("1.45")) if self.term.use_type == DOWNLOAD else None

    def accounted(self, amount: Decimal) -> Decimal:
        return rounded(amount * self.rate)


@dataclass(frozen=True)
class Sale:
    """What one track did in one place in one way on one day."""

    release: sqlite3.Row
    track: sqlite3.Row
    day: date
    usages: int
    returns: int
    return_reason: str | None

    @property
    def net(self) -> int:
        return self.usages - self.returns


def period(text: str) -> Period:
    """Read ``yyyy-mm`` or ``yyyy-Qq``. Raises `NotAPeriod`."""
    if match := _MONTH.fullmatch(text):
        year, first, months = int(match[1]), int(match[2]), 1
    elif match := _QUARTER.fullmatch(text):
        year, first, months = int(match[1]), int(match[2]) * 3 - 2, 3
    else:
        raise NotAPeriod(f'"{text}" is not a period: 2026-10 or 2026-Q4.')
    if year not in YEARS:
        raise NotAPeriod(f'"{text}" is not a period that anything was sold in.')
    after = year * 12 + first - 1 + months
    return Period(text, date(year, first, 1), date(after // 12, after % 12 + 1, 1))


def terms(platform: Platform, settings: Settings, territory: str, commercial_model: str, use_type: str) -> Terms:
    term = next(t for t in platform.deal_terms if (t.commercial_model, t.use_type) == (commercial_model, use_type))
    currency = currency_of(territory)
    if currency not in settings.rates:
        currency = platform.currency
    rate = (settings.rates[currency] / settings.rates[platform.currency]).quantize(RATE_PLACES)
    tax = platform.withholding.get(territory, Decimal(0))
    return Terms(territory, term, currency, platform.currency, rate, rounded(term.unit_price / rate), tax)


def sold(
    connection: sqlite3.Connection, platform: Platform, settings: Settings, sender: str, when: Period, seed: int
) -> Iterator[tuple[Terms, list[Sale]]]:
    """Every way of selling in which something of a sender's releases was used in a period, with its sales by day."""
    windows = connection.execute(
        """
        SELECT w.*, r.sender FROM windows w JOIN releases r USING (platform, release_key)
        WHERE platform = ? AND r.sender = ? AND w.starts < ? AND (w.ends IS NULL OR w.ends > ?)
        ORDER BY w.territory, w.commercial_model, w.use_type, w.release_key, w.isrc, w.starts
        """,
        (platform.id, sender, when.end.isoformat(), when.start.isoformat()),
    ).fetchall()
    releases = {
        row["release_key"]: row
        for row in connection.execute("SELECT * FROM releases WHERE platform = ?", (platform.id,))
    }
    tracks = {
        (row["release_key"], row["isrc"]): row
        for row in connection.execute(
            "SELECT * FROM tracks JOIN recordings USING (platform, isrc) WHERE platform = ?", (platform.id,)
        )
    }
    ways: dict[tuple[str, str, str], list[Sale]] = {}
    for window in windows:
        way = (window["territory"], window["commercial_model"], window["use_type"])
        term = terms(platform, settings, *way).term
        release, track = releases[window["release_key"]], tracks[window["release_key"], window["isrc"]]
        ways.setdefault(way, []).extend(_days(platform.id, release, track, window, term, when, seed))
    for way, found in ways.items():
        if found:
            yield terms(platform, settings, *way), found


def _days(
    platform: str,
    release: sqlite3.Row,
    track: sqlite3.Row,
    window: sqlite3.Row,
    term: DealTerm,
    when: Period,
    seed: int,
) -> Iterator[Sale]:
    """The days of a window in a period on which something happened. A day's chance hangs on its month, not on the window."""
    first = max(when.start, date.fromisoformat(window["starts"]))
    after = min(when.end, date.fromisoformat(window["ends"])) if window["ends"] else when.end
    popularity = 0.3 + 2.2 * _chance(seed, platform, release["release_key"], track["isrc"]).random() ** 2
    market = 0.05 + 1.95 * _chance(seed, platform, window["territory"]).random() ** 2
    mean = term.daily_usages * popularity * market
    month = first.replace(day=1)
    while month < after:
        chance = _chance(seed, platform, release["release_key"], track["isrc"], *tuple(window)[3:6], month.isoformat())
        next_month = (month + timedelta(days=31)).replace(day=1)
        for offset in range((next_month - month).days):
            day = month + timedelta(days=offset)
            usages = int(chance.expovariate(1 / mean))
            returns = sum(chance.random() < 0.04 for _ in range(usages + 1)) if term.use_type == DOWNLOAD else 0
            reason = chance.choice(RETURN_REASONS) if returns else None
            if (usages or returns) and first <= day < after:
                yield Sale(release, track, day, usages, returns, reason)
        month = next_month


def _chance(*about: object) -> random.Random:
    return random.Random("|".join(str(part) for part in about))  # noqa: S311  chance for a make-believe market, not a secret
