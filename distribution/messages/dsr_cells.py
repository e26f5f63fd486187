"""The cells of a DDEX DSR flat file: how their text becomes a value, by kind, and how several values share a cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from distribution.messages.terms import TERRITORIES

LARGEST: Final = Decimal(10) ** 12
_YEARS = range(1990, 2200)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{0,20})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PARTY = re.compile(r"PADPIDA[a-zA-Z0-9]{1,30}", re.ASCII)
_ISRC = re.compile(r"[a-zA-Z]{2}[a-zA-Z0-9]{3}[0-9]{7}", re.ASCII)
_UNESCAPED_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")


def split(text: str) -> list[str]:
    r"""The values of a cell: joined by `|`, where `\|` and `\\` stand for the characters themselves."""
    return [unescape(value) for value in _UNESCAPED_BAR.sub(lambda bar: f"{bar[1]}\x00", text).split("\x00")]


def unescape(value: str) -> str:
    return re.sub(r"\\([|\\])", r"\1", value) if "\\" in value else value


def _decimal(text: str) -> Decimal | None:
    if _DECIMAL.fullmatch(text) is None:
        return None
    value = Decimal(text)
    return value if abs(value) < LARGEST else None


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and day.year in _YEARS else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


KINDS: Final[dict[str, Callable[[str], Any]]] = {
    "text": lambda text: text,
    "decimal": _decimal,
    "integer": _integer,
    "date": _day,
    "moment": _moment,
    "boolean": {"true": True, "false": False, "1": True, "0": False}.get,
    "territory": lambda text: text if text in TERRITORIES else None,
    "currency": lambda text: text if re.fullmatch("[A-Z]{3}", text) else None,
    "isrc": lambda text: text.upper() if _ISRC.fullmatch(text) else None,
    "party": lambda text: text if _PARTY.fullmatch(text) else None,
}
"""How the text of a cell becomes a value; None when it cannot."""
