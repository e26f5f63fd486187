"""Identifiers of works: checked and brought to the form in which they are stored and compared.

| scheme | stored form | checked by |
|---|---|---|
| ISBN | 13 digits; ISBN-10 is converted | ISO 2108 check digit |
| ISMN | 13 digits `9790…`; `M…` is converted | ISO 10957 check digit |
| ISRC | 12 characters `AA6Q72000047` | ISO 3901 syntax; a prefix that no agency holds only warns |
| ISWC | `T` and 10 digits | ISO 15707 check digit |
| ISAN | 17 or 26 characters with both check characters | ISO 15706, ISO 7064 mod 37,36 |
| EIDR | `10.5240/XXXX-XXXX-XXXX-XXXX-XXXX-C` | syntax and check character only warn |
| GTIN | 8, 13 or 14 digits; a 12-digit UPC gets its leading zero | GS1 check digit |
| GRID | 18 characters with the check character (Global Release Identifier) |
| DOI | lower case from `10.`, without resolver | syntax |
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eidr import EIDRID, EIDRIDFormatError
from iso3901 import Allocation
from stdnum import ean, grid, isan, isbn, ismn
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from hub.values import Value


class Fault(StrEnum):
    """Why a value is no identifier of its scheme, or why a usable one is doubtful."""

    SCHEME = "scheme"
    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Identified(Value):
    """An identifier in its stored form. `doubt` is set on one that is kept although a check failed."""

    scheme: str
    value: str
    doubt: Fault | None = None


class BadIdentifier(ValueError):
    """`value` cannot be an identifier of `scheme`."""

    def __init__(self, scheme: str, value: str, fault: Fault) -> None:
        super().__init__(f"{value!r} is no {scheme}: {fault}")
        self.scheme = scheme
        self.value = value
        self.fault = fault


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def _digits(value: str) -> str:
    """`value` without the hyphens and spaces that every scheme allows for legibility."""
    return re.sub(r"[\s\u2010-\u2015-]+", "", value).upper()


def _isbn(value: str) -> str:
    code = _digits(value)
    if code[:3] in {"978", "979"} and _sums_up(code):
        return code
    return isbn.to_isbn13(isbn.validate(code))


def _sums_up(code: str) -> bool:
    """Is it an EAN-13? What a list of a hundred thousand titles mostly holds, without a detour."""
    if len(code) != 13 or not (code.isascii() and code.isdigit()):
        return False
    digits = [int(digit) for digit in code]
    return not (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10


def _ismn(value: str) -> str:
    return ismn.to_ismn13(ismn.validate(_digits(value)))


def _isrc(value: str) -> str | tuple[str, Fault]:
    code = _digits(value).removeprefix("ISRC")
    if len(code) != 12:
        raise _Refused(Fault.LENGTH)
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", code):
        raise _Refused(Fault.CHARACTERS)
    return code if code[:2] in Allocation.__members__ else (code, Fault.PREFIX)


def _iswc(value: str) -> str:
    code = re.sub(r"[.]", "", _digits(value)).removeprefix("ISWC")
    if len(code) != 11:
        raise _Refused(Fault.LENGTH)
    if not re.fullmatch(r"T[0-9]{10}", code):
        raise _Refused(Fault.CHARACTERS)
    total = 1 + sum(position * int(digit) for position, digit in enumerate(code[1:10], 1))
    if (total + int(code[10])) % 10:
        raise _Refused(Fault.CHECK_DIGIT)
    return code


def _isan(value: str) -> str:
    return isan.validate(_digits(value).removeprefix("ISAN"), add_check_digits=True)


def _eidr(value: str) -> str | tuple[str, Fault]:
    text = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:|eidr:)", "", value.strip(), flags=re.IGNORECASE).upper()
    match = re.fullmatch(r"10\.5240/((?:[0-9A-F]{4}-?){5})([0-9A-Z])", text)
    if match is None:
        return text, Fault.CHARACTERS
    hexadecimal = match.group(1).replace("-", "")
    blocks = [hexadecimal[start : start + 4] for start in range(0, 20, 4)]
    stored = f"10.5240/{'-'.join(blocks)}-{match.group(2)}"
    try:
        EIDRID.parse(stored)
    except EIDRIDFormatError:
        return stored, Fault.CHECK_DIGIT
    return stored


def _gtin(value: str) -> str:
    code = _digits(value)
    if _sums_up(code):
        return code
    code = ean.validate(code)
    return code.zfill(13) if len(code) == 12 else code


def _grid(value: str) -> str:
    return grid.validate(_digits(value).removeprefix("GRID:"))


def _doi(value: str) -> str:
    text = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:)", "", value.strip(), flags=re.IGNORECASE).lower()
    if not re.fullmatch(r"10\.[0-9]{4,9}(\.[0-9]+)*/\S+", text):
        raise _Refused(Fault.CHARACTERS)
    return text


_SCHEMES: Final[dict[str, Callable[[str], str | tuple[str, Fault]]]] = {
    "ISBN": _isbn,
    "ISMN": _ismn,
    "ISRC": _isrc,
    "ISWC": _iswc,
    "ISAN": _isan,
    "EIDR": _eidr,
    "GTIN": _gtin,
    "GRID": _grid,
    "DOI": _doi,
}
SCHEMES: Final[tuple[str, ...]] = tuple(_SCHEMES)

_FAULTS: Final[tuple[tuple[type[ValidationError], Fault], ...]] = (
    (InvalidChecksum, Fault.CHECK_DIGIT),
    (InvalidLength, Fault.LENGTH),
    (InvalidComponent, Fault.PREFIX),
    (InvalidFormat, Fault.CHARACTERS),
)


def identify(scheme: str, value: str) -> Identified:
    """`value` checked as an identifier of `scheme` (any case) and in its stored form. Raises `BadIdentifier`."""
    scheme = scheme.strip().upper()
    check = _SCHEMES.get(scheme)
    if check is None:
        raise BadIdentifier(scheme, value, Fault.SCHEME)
    if not value.strip() or len(value) > 200:
        raise BadIdentifier(scheme, value, Fault.LENGTH)
    try:
        checked = check(value)
    except _Refused as refused:
        raise BadIdentifier(scheme, value, refused.fault) from None
    except ValidationError as invalid:
        fault = next(fault for kind, fault in _FAULTS if isinstance(invalid, kind))
        raise BadIdentifier(scheme, value, fault) from None
    return Identified(scheme, checked) if isinstance(checked, str) else Identified(scheme, *checked)


def recognise(text: str) -> list[Identified]:
    """What `text`, typed into a search box, may identify; faultless readings only, most specific first."""
    found: list[Identified] = []
    for scheme in SCHEMES:
        try:
            identified = identify(scheme, text)
        except BadIdentifier:
            continue
        if identified.doubt is None and all(identified.value != other.value for other in found):
            found.append(identified)
    return found
