"""Facts said in a reader's language from CLDR: money, dates, periods, numbers, names of territories and languages.

Nothing here passes through an engine. Thai pages use the Buddhist era; a term shows its last day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import (
    NumberFormatError,
    format_decimal,
    format_percent,
    get_currency_name,
    parse_decimal,
)

from hub.names import DAYS, LANGUAGE_NAMES, LISTS, LISTS_OF_NAMES, TERRITORY_NAMES, TIMES

BUDDHIST_ERA = 543
_ANOTHER_SCRIPT = re.compile("[A-Za-zÀ-ɏḀ-ỿ\u3400-\u9fff]")
_ANY_LETTER = re.compile(r"[^\W\d_]")
"""Decimal would read 1e9, NaN and Infinity."""


@cache
def locale(language: str) -> Locale:
    return Locale.parse({"zh": "zh_Hans_CN", "en": "en_001"}.get(language, language.replace("-", "_")))


def territory(code: str, language: str) -> str:
    """The name of an ISO 3166-1 alpha-2 territory."""
    named = TERRITORY_NAMES.get(language, {}).get(code)
    return named or locale(language).territories.get(code) or locale("en").territories.get(code) or code


def language_name(tag: str, language: str, *, within: bool = False) -> str:
    """The name of a BCP 47 language; `within` a sentence, where Vietnamese writes “tiếng” small."""
    name = LANGUAGE_NAMES.get(tag, {}).get(language) or _language_in_cldr(tag, language)
    return "t" + name[1:] if within and name.startswith("Tiếng ") else name


def _language_in_cldr(tag: str, language: str) -> str:
    if tag.isalpha():
        return locale(language).languages.get(tag) or locale("en").languages.get(tag) or tag
    try:
        wanted = Locale.parse(tag.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        names = locale(language).languages
        return names.get(tag) or locale("en").languages.get(tag) or tag
    return wanted.get_display_name(locale(language)) or wanted.get_display_name("en") or tag


def conjunction(items: Iterable[str], language: str) -> str:
    """“a, b and c” as the language writes it."""
    names = list(items)
    apart = LISTS_OF_NAMES if any(map(_ANOTHER_SCRIPT.search, names)) else LISTS
    if language in apart and len(names) > 1:
        between, last = apart[language]
        return between.join(names[:-1]) + last + names[-1]
    return format_list(names, style="standard", locale=locale(language))


def typed_amount(text: str, language: str) -> Decimal:
    """A number as a person of this language types it: 5.500,50 in Indonesian is 5,500.50 in English.

    A plain 5500.50 is understood everywhere. ValueError for what is no number, or is grouped as no reader of the language would.
    The digits after the decimal mark are kept as typed, so that 5.500 in English can be told from 5.5.
    """
    plain = re.sub(r"[\s\u00a0\u202f_]", "", text)
    if re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", plain):
        return Decimal(plain)
    if _ANY_LETTER.search(plain):
        raise ValueError(f"{text!r} is not a number in {language}")
    try:
        return parse_decimal(plain, locale=locale(language), strict=True)
    except NumberFormatError as error:
        raise ValueError(f"{text!r} is not a number in {language}") from error


def number(value: int | float, language: str) -> str:
    return format_decimal(value, locale=locale(language)).replace("-", "−")


def percent(value: float | Decimal, language: str) -> str:
    """`Decimal("0.075")` is 7.5%: every decimal place is kept."""
    return format_percent(value, locale=locale(language), decimal_quantization=False)


def year(value: int, language: str) -> str:
    """A year of the Common Era as the language writes it; years before it carry the language's mark.

    Thai readers count in two eras, so there every year carries its mark.
    """
    if value <= 0:
        marks = locale(language).eras["abbreviated"]
        if language == "zh":
            return f"{marks[0]}{1 - value}年"
        return f"{marks[0]} {1 - value}" if language in ("th", "lo", "my", "km") else f"{1 - value} {marks[0]}"
    return f"{locale(language).eras['abbreviated'][1]} {value}" if language == "th" else str(value)


def size(count: int, language: str) -> str:
    """So many bytes, in the unit that people know them by: 820 kB, 2.4 MB."""
    for unit, bytes_in_it in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_in_it:
            amount = count / bytes_in_it
            return f"{number(round(amount, 1) if amount < 10 else round(amount), language)}\N{NO-BREAK SPACE}{unit}"
    return f"{number(count, language)}\N{NO-BREAK SPACE}B"


def short_day(value: date, language: str) -> str:
    """A day of this year, for an axis: 23 Nov."""
    return format_skeleton("MMMd", value, locale=locale(language))


def day(value: date, language: str, width: str = "long") -> str:
    """A date in full; `width` is CLDR's short, medium, long or full."""
    if language != "th":
        pattern = DAYS.get(language, {}).get(width, width)
        return format_date(value, format=pattern, locale=locale(language))
    moved = format_date(value, format=width, locale=locale("th"))
    return _buddhist(moved, value)


def moment(value: datetime, language: str, width: str = "long") -> str:
    """A date and time to the minute; `value` carries its time zone."""
    comma = "," if language in ("en", "ms", "id", "fil", "vi") else ""
    time = format_time(value, TIMES.get(language, "short"), locale=locale(language))
    return f"{day(value.date(), language, width)}{comma} {time}"


def month(value: date, language: str) -> str:
    """The month and year that a date is in."""
    return _dated(value, "yMMMM", language)


def quarter(value: date, language: str) -> str:
    """The quarter and year that a date is in."""
    return _dated(value, "yQQQQ", language)


def short_month(value: date, language: str) -> str:
    """The month alone, where there is little room."""
    return format_date(value, "MMM", locale=locale(language))


def short_quarter(value: date, language: str) -> str:
    """The quarter alone, where there is little room."""
    return format_date(value, "QQQ", locale=locale(language))


def _dated(value: date, skeleton: str, language: str) -> str:
    words = format_skeleton(skeleton, value, locale=locale(language))
    return _buddhist(words, value) if language == "th" else words


def currency(code: str, language: str) -> str:
    """The name of an ISO 4217 currency."""
    return get_currency_name(code, locale=locale(language))


def _buddhist(words: str, value: date) -> str:
    return words.replace("ค.ศ.", "พ.ศ.").replace(str(value.year), str(value.year + BUDDHIST_ERA))


def last_day(end: date) -> date:
    """The last day of a half-open period."""
    return end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Language:
    """A language, named for the reader, within a sentence."""

    tag: str

    def render(self, language: str) -> str:
        return language_name(self.tag, language, within=True)


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory that says itself in the reader's language."""

    code: str

    def render(self, language: str) -> str:
        return territory(self.code, language)


@dataclass(frozen=True, slots=True)
class Day:
    """A date that says itself in the reader's language."""

    date: date

    def render(self, language: str) -> str:
        return day(self.date, language)


@dataclass(frozen=True, slots=True)
class Percent:
    """A rate that says itself in the reader's language: `Percent(7.5)` is 7.5 %."""

    rate: float

    def render(self, language: str) -> str:
        return format_percent(self.rate / 100, locale=locale(language), decimal_quantization=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things that say themselves as one list."""

    items: tuple[object, ...]

    def render(self, language: str) -> str:
        from hub.i18n import render

        return conjunction([str(render(item, language)) for item in self.items], language)
