"""Money: integer minor units and a currency, and sharing that loses nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel.numbers import format_currency

from hub.errors import Invalid
from hub.formats import locale
from hub.i18n import _

EXPONENTS: Final = {
    "BND": 2,
    "CNY": 2,
    "EUR": 2,
    "GBP": 2,
    "HKD": 2,
    "IDR": 2,
    "JPY": 0,
    "KHR": 2,
    "KRW": 0,
    "LAK": 2,
    "MMK": 2,
    "MOP": 2,
    "MYR": 2,
    "PHP": 2,
    "SGD": 2,
    "THB": 2,
    "TWD": 2,
    "USD": 2,
    "VND": 0,
}
"""Decimal places in which each currency is settled (ISO 4217 minor units, not CLDR's display digits)."""

LARGEST: Final = 10**15
"""Minor units that an amount which somebody enters stays below: sums of many still fit 64 bits."""

_LETTER_BY_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where CLDR's currencySpacing puts a space: between a currency of letters and the number."""
_NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units: `Money(550000, "USD")` is 5,500.00 US dollars."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise Invalid(_("The hub does not settle in %(currency)s.", currency=self.currency), field="currency")

    @property
    def exponent(self) -> int:
        return EXPONENTS[self.currency]

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.minor).scaleb(-self.exponent)

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -other

    def render(self, language: str, *, in_column: bool = False) -> str:
        """The amount with its currency, in the currency's settlement places; it does not break across lines.

        A whole amount is said without decimals, but not `in_column`, among others that it must line up with.
        """
        pattern = locale(language).currency_formats["standard"].pattern
        if self.exponent == 0 or (not in_column and self.minor % 10**self.exponent == 0):
            pattern = pattern.replace(".00", "")
        text = format_currency(
            self.decimal, self.currency, pattern, locale=locale(language), currency_digits=False, group_separator=True
        )
        return _LETTER_BY_DIGIT.sub(_NBSP, text.replace(" ", _NBSP).replace("-", "−"))


def split(total: int, shares: Sequence[int]) -> list[int]:
    """Divide `total` minor units by integer `shares`, by largest remainder: the parts always sum to the whole.

    Ties go to the earlier share. Negative totals (refunds) are divided like their opposite.
    """
    whole = sum(shares)
    if whole <= 0 or any(share < 0 for share in shares):
        raise ValueError("shares must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    exact = [divmod(abs(total) * share, whole) for share in shares]
    parts = [quotient for quotient, _remainder in exact]
    missing = abs(total) - sum(parts)
    for index in sorted(range(len(shares)), key=lambda i: (-exact[i][1], i))[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]
