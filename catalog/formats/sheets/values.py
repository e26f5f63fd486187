"""What stands in a cell, as a value: years and days in the region's spellings, codes, people, names of a vocabulary.

A value that can be read in one way only is read. One that could be meant in two ways, or not at all, is a `Fault`, with the one
reading that a person may have meant where there is exactly one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from catalog import identifiers, naming
from catalog.formats.sheets.grid import Cell, Kind
from catalog.identifiers import BadIdentifier, Identified
from catalog.limits import YEARS
from catalog.subjects import is_subject
from catalog.territories import ALPHA2_TO_NUMERIC
from hub.formats import BUDDHIST_ERA, locale
from hub.i18n import LANGUAGES

_LIST: Final = re.compile(r"[;；|｜\n\r]+")
_SUBJECTS: Final = re.compile(r"[;；|｜\n\r,，、]+")
_CODES: Final = re.compile(r"[;；|｜\n\r,，、]+")
_SCIENTIFIC: Final = re.compile(r"([0-9])(?:[.,]([0-9]+))?[Ee]\+?([0-9]{1,2})")
_PERSON: Final = re.compile(r"(.+?)\s*(?:[\[［【](.+?)[\]］】])?\s*(?:[(（]([^()（）]+)[)）])?")
_YEAR: Final = re.compile(r"(-?[0-9]{3,4})(?:年|ปี)?")
_NUMBERS: Final = re.compile(r"([0-9]{1,4})[./\-\s年月]+([0-9]{1,2})[./\-\s年月日]+([0-9]{1,4})日?")
_NAMED: Final = re.compile(r"(?:([0-9]{1,2})[\s.,-]+)?([^\W\d_][^\d,]*?)[\s.,-]+(?:([0-9]{1,2})[\s,]+)?([0-9]{4})")
_WORDS: Final = re.compile(r"\b(?:tháng|năm|ngày)\b|เดือน|วันที่|พ\.ศ\.|ค\.ศ\.", re.IGNORECASE)
"""What only says that a day, a month or a year follows."""
_BUDDHIST: Final = range(2_400, 2_700)
_SERIALS: Final = range(10_000, 80_000)
"""Excel's numbers of the days from 1927 to 2119."""
_LOOKALIKES: Final = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})


@dataclass(frozen=True, slots=True)
class Fault(Exception):
    """Why a cell has no value. `fix`: what stands there instead, where one reading alone is possible."""

    code: str
    value: str
    fix: str | None = None
    params: tuple[tuple[str, str], ...] = ()


def plain(text: str) -> str:
    """Full-width letters and the digits of every script as plain ones, without what cannot be seen."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in text
        if unicodedata.category(sign) not in {"Cf", "Cc"} or sign in "\n\t"
    ).strip()


def items(text: str) -> list[str]:
    """The parts of a list, between semicolons or lines."""
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def year(cell: Cell) -> int:
    """A year of the Common Era, alone or in a date. Fault for two digits, a Buddhist year, a number that is a day of Excel's."""
    if cell.kind is Kind.DATE:
        return date.fromisoformat(cell.text).year
    text = _dated(cell)
    if (match := _YEAR.fullmatch(text)) is not None:
        return _common_era(int(match[1]), cell.text)
    if re.fullmatch("[0-9]{5}", text) and int(text) in _SERIALS:
        raise Fault("SHEET_SERIAL", cell.text, str(_serial(int(text)).year))
    if (numbers := _NUMBERS.fullmatch(text)) is not None:
        written = next((part for part in numbers.groups() if len(part) == 4), None)
        if written is None:
            raise Fault("SHEET_YEAR_SHORT", cell.text)
        return _common_era(int(written), cell.text)
    if (named := _NAMED.fullmatch(text)) is not None and _months().get(naming.level(named[2])):
        return _common_era(int(named[4]), cell.text)
    if re.fullmatch("[0-9]{2}", text):
        raise Fault("SHEET_YEAR_SHORT", cell.text)
    raise Fault("SHEET_YEAR", cell.text)


def _dated(cell: Cell) -> str:
    return " ".join(_WORDS.sub(" ", plain(cell.text)).split())


def _common_era(number: int, shown: str) -> int:
    if number in _BUDDHIST:
        raise Fault("SHEET_YEAR_BUDDHIST", shown, params=(("near", str(number - BUDDHIST_ERA)),))
    if not YEARS[0] <= number <= YEARS[1]:
        raise Fault("SHEET_YEAR", shown)
    return number


def day(cell: Cell) -> date:
    """A day. Fault where day and month could be changed about, for Buddhist years, and for what is no day."""
    if cell.kind is Kind.DATE:
        return date.fromisoformat(cell.text)
    text = _dated(cell)
    if re.fullmatch("[0-9]{5}", text) and int(text) in _SERIALS:
        raise Fault("SHEET_SERIAL", cell.text, _serial(int(text)).isoformat())
    parts: tuple[str, str, str] | None = None
    if (numbers := _NUMBERS.fullmatch(text)) is not None:
        parts = _ordered(numbers[1], numbers[2], numbers[3], cell.text)
    elif (named := _NAMED.fullmatch(text)) is not None:
        month, number = _months().get(naming.level(named[2])), named[1] or named[3]
        parts = (named[4], str(month), number) if month and number else None
    if parts is None:
        raise Fault("SHEET_DAY", cell.text)
    try:
        return date(_common_era(int(parts[0]), cell.text), int(parts[1]), int(parts[2]))
    except ValueError:
        raise Fault("SHEET_DAY", cell.text) from None


def _ordered(first: str, second: str, third: str, shown: str) -> tuple[str, str, str] | None:
    """Year, month, day of three numbers."""
    if len(first) == 4:
        return first, second, third
    if len(third) != 4:
        raise Fault("SHEET_YEAR_SHORT", shown)
    if int(first) <= 12 and int(second) <= 12 and first != second:
        raise Fault("SHEET_DAY_AMBIGUOUS", shown)
    return (third, second, first) if int(second) <= 12 else (third, first, second)


def _serial(number: int) -> date:
    return date(1899, 12, 30) + timedelta(days=number)


@cache
def _months() -> dict[str, int]:
    """Names of months in ten languages, long and short."""
    return {
        naming.level(name): month
        for language in LANGUAGES
        for context in locale(language).months.values()
        for width in ("wide", "abbreviated")
        for month, name in context.get(width, {}).items()
    }


def codes(scheme: str, cell: Cell) -> Iterator[Identified | Fault]:
    """The identifiers in a cell."""
    for text in _CODES.split(plain(cell.text)):
        if text.strip():
            yield _code(scheme, text.strip(), cell.kind)


def _code(scheme: str, text: str, kind: Kind) -> Identified | Fault:
    if (damaged := _SCIENTIFIC.fullmatch(text)) is not None:
        whole = (damaged[1] + (damaged[2] or "")).ljust(int(damaged[3]) + 1, "0")
        lost = len(damaged[2] or "") < int(damaged[3])
        if lost or not _valid(scheme, whole):
            return Fault("SHEET_SCIENTIFIC", text, params=(("scheme", scheme),))
        text = whole
    text = re.sub(rf"^{scheme}(?:-?1[03])?\s*[:：]?\s*", "", text, flags=re.IGNORECASE)
    try:
        return identifiers.identify(scheme, text)
    except BadIdentifier as bad:
        fault = (("scheme", scheme), ("fault", bad.fault.value))
        return Fault("SHEET_IDENTIFIER", text[:60], _repaired(scheme, text, kind), fault)


def _repaired(scheme: str, text: str, kind: Kind) -> str | None:
    """The one code that a damaged one can have been: letters for digits, or a zero that a number has lost."""
    tried = {text.translate(_LOOKALIKES)}
    if kind is Kind.NUMBER or (text.isdigit() and scheme in {"ISBN", "GTIN"}):
        tried |= {text.zfill(length) for length in (10, 12, 13) if len(text) == length - 1}
    found = {one for one in tried if one != text and _valid(scheme, one)}
    return found.pop() if len(found) == 1 else None


def _valid(scheme: str, text: str) -> bool:
    try:
        return identifiers.identify(scheme, text).doubt is None
    except BadIdentifier:
        return False


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    name_original: str | None
    role: str


def people(text: str, role: str) -> Iterator[Person | Fault]:
    """`Name [name in its own script] (role)`, as many as there are; `role` where none is said."""
    for part in items(text):
        match = _PERSON.fullmatch(part)
        if match is None or not match[1]:
            yield Fault("SHEET_NOT_KNOWN", part[:60])
            continue
        said = naming.roles().find(match[3]) if match[3] else role
        if said is None:
            yield Fault("SHEET_NOT_KNOWN", part[:200], _near(naming.roles(), match[3], part))
        else:
            yield Person(match[1].strip(), (match[2] or "").strip() or None, said)


def _near(names: naming.Names, word: str, whole: str) -> str | None:
    near = names.near(word)
    return whole.replace(word, near) if near else None


def subjects(text: str) -> Iterator[str | Fault]:
    """Thema or BISAC codes, or names of Thema categories."""
    for part in _SUBJECTS.split(text):
        word = plain(part)
        if not word:
            continue
        found = naming.subjects().find(word)
        if found is None and is_subject(word.upper()) and (len(word) <= 4 or not word.isalpha()):
            found = word.upper()
        yield found or Fault("SHEET_NOT_KNOWN", part.strip()[:60], naming.subjects().near(word))


def named(names: naming.Names, text: str) -> str:
    """The code that a cell names. Fault for what is no name of the vocabulary."""
    found = names.find(text)
    if found is None:
        raise Fault("SHEET_NOT_KNOWN", text.strip()[:60], names.near(text))
    return found


def country(text: str) -> str:
    """One country: a group of them is none."""
    code = named(naming.territories(), text)
    if code not in ALPHA2_TO_NUMERIC:
        raise Fault("SHEET_NOT_KNOWN", text.strip()[:60])
    return code


def language(text: str) -> str:
    """The BCP 47 tag of a language that works are written in."""
    tag = naming.work_language(text)
    if tag is None:
        raise Fault("SHEET_NOT_KNOWN", text.strip()[:60], naming.work_languages().near(text))
    return tag


def yes(text: str) -> bool:
    """Yes or no; exclusive or not."""
    said = naming.yes_or_no(text)
    said = naming.exclusive(text) if said is None else said
    if said is None:
        raise Fault("SHEET_NOT_KNOWN", text.strip()[:60])
    return said
