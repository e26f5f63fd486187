"""One window of an avail as rights: what is granted, and what is held back.

Columns LicenseType, Territory, TerritoryExclusion, AllowedLanguages, AssetLanguage, HoldbackLanguage, Start, End, Exclusive.
What cannot be said here as it is meant is not said at all: an offer for a part of a country gives no right in that country, an
end that hangs on an event that nobody has dated gives no right. The line is kept all the same, and goes out again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

import pycountry

from catalog import languages
from catalog.formats.avails.model import BONUS, Line
from catalog.limits import EARLIEST, LATEST
from catalog.rights import RightType, Scope
from catalog.territories import ALPHA2_TO_NUMERIC, GROUPS, NUMERIC_TO_ALPHA2, WORLD

RIGHTS: Final = {
    "EST": RightType.EST,
    "POEST": RightType.EST,
    "PEST": RightType.EST,
    "VOD": RightType.RENTAL,
    "TVOD": RightType.RENTAL,
    "PVOD": RightType.RENTAL,
    "SVOD": RightType.SVOD,
    "AVOD": RightType.AVOD,
    "FVOD": RightType.FVOD,
    "NVOD": RightType.NVOD,
}
"""LicenseType → right. VOD is the transactional kind, a rental; POEST takes orders for a sale, so it is one."""

_WORLDWIDE: Final = frozenset({"WORLDWIDE", "WORLD", "WW", "GLOBAL", "001"})
_M49: Final = {"002": "AFRICA", "009": "OCEANIA", "035": "ASEAN", "142": "ASIA", "150": "EUROPE", "419": "LATAM"}
"""Regions of UN M49 that are named groups here; its countries have the numbers of ISO 3166-1."""

_UNCODED: Final = {"UK": "GB", "EL": "GR"}
_EVERY_LANGUAGE: Final = frozenset({"any", "all", "*", "mul"})
_ENDLESS: Final = frozenset({"open", "perpetuity"})
_AT_ONCE: Final = frozenset({"open", "immediate"})
_CONDITIONS: Final = frozenset({"eststart", "est", "broadcast", "completed", "theatrical", "tbd", "vodstart", "dvd"})
_ENDED: Final = frozenset({"revoked", "expired"})
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?(?:Z|[+-]\d\d:\d\d)?",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[\s,;|]+")

Report = Callable[..., None]
"""`report(code, line, column, value=…, skips=…)`."""


@dataclass(frozen=True, slots=True)
class Window:
    """`granted` None: the line gives no right here. `held`: languages in which the owner keeps the same rights back."""

    granted: Scope | None = None
    held: Scope | None = None


def read(line: Line, others: list[Line], received: date, report: Report) -> Window:
    """What a line means. `others`: all lines of its avail, for an end that another window dates."""
    right = _right(line, report)
    territories = _territories(line, report)
    start = _start(line, received, report)
    ended, end = _end(line, others, start, report)
    spoken, held = _languages(line, report)
    if right is None or not territories or start is None or not ended or spoken == frozenset():
        return Window()
    if line["TitleStatus"].casefold() in _ENDED:
        report("AVAILS_STATUS", line, "TitleStatus", value=line["TitleStatus"])
        return Window()
    if end is not None and end <= start:
        report("END_BEFORE_START", line, "End", value=line["End"], skips=True)
        return Window()
    granted = Scope(frozenset({right}), territories, spoken, start, end, exclusive=truth(line["Exclusive"]))
    return Window(granted, replace(granted, languages=held, exclusive=False) if held else None)


def silent(_code: str, _line: Line, _column: str, **_said: object) -> None:
    """A report for those who have no use for one."""


def at_once(line: Line) -> bool:
    """Is the window open from the moment on which somebody reads of it?"""
    return line["Start"].casefold() in _AT_ONCE and not line["StartLag"]


def truth(text: str) -> bool:
    return text.casefold() in {"true", "yes", "y", "1"}


def parts(text: str) -> list[str]:
    """The values of a cell that holds several."""
    return [part for part in _SPLIT.split(text.strip()) if part]


def _right(line: Line, report: Report) -> RightType | None:
    column = "RefLicenseType" if line.sheet == BONUS and not line["LicenseType"] else "LicenseType"
    said = line[column]
    right = RIGHTS.get(said.upper().replace("-", ""))
    if said and right is None:
        report("AVAILS_LICENSE_TYPE", line, column, value=said)
    elif not said and line.sheet != BONUS:
        report("FIELD_MISSING", line, column, value=column, skips=True)
    return right


def _territories(line: Line, report: Report) -> frozenset[str]:
    place, without = "Territory", "TerritoryExclusion"
    if line.sheet == BONUS and line["Territory"] in {"", "0"} and line["RefTerritory"]:
        place, without = "RefTerritory", "RefTerritoryExcluded"
    if not line[place]:
        report("FIELD_MISSING", line, place, value=place, skips=True)
        return frozenset()
    included, divided = _codes(line, place, report)
    excluded, holed = _codes(line, without, report)
    for code in divided:
        report("AVAILS_SUBDIVISION", line, place, value=code)
    if included and included <= excluded:
        report("NOTHING_LEFT", line, without, value=line[without], skips=True)
    elif idle := excluded - included:
        report("AVAILS_IDLE_EXCLUSION", line, without, value=", ".join(sorted(idle)[:12]))
    countries = {code[:2] for code in holed}
    for code in sorted(holed):
        if code[:2] in included:
            report("AVAILS_HOLE", line, without, value=code)
    return included - excluded - countries


def _codes(line: Line, column: str, report: Report) -> tuple[frozenset[str], list[str]]:
    """Countries, and parts of countries (ISO 3166-2), that a cell names."""
    countries: set[str] = set()
    divisions: list[str] = []
    for said in parts(line[column]):
        code = _UNCODED.get(said.upper(), said.upper())
        if code in _WORLDWIDE:
            countries |= WORLD
        elif code in ALPHA2_TO_NUMERIC:
            countries.add(code)
        elif code in GROUPS or code in _M49:
            countries |= GROUPS[_M49.get(code, code)]
        elif re.fullmatch("[0-9]{3}", code) and int(code) in NUMERIC_TO_ALPHA2:
            countries.add(NUMERIC_TO_ALPHA2[int(code)])
        elif re.fullmatch("[A-Z]{2}-[A-Z0-9]{1,3}", code) and pycountry.subdivisions.get(code=code) is not None:
            divisions.append(code)
        else:
            report("TERRITORY_UNKNOWN", line, column, value=said, skips=True)
    return frozenset(countries), divisions


def moment(text: str) -> datetime | None:
    """A day or an instant (in UTC where it says its zone); None for what is neither."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups()[:6])
    try:
        found = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    zone = match.group(7)
    if zone and zone.upper() != "Z":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
        found = found.replace(tzinfo=timezone(offset))
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def _start(line: Line, received: date, report: Report) -> date | None:
    said = line["Start"]
    if at_once(line):
        return received
    found = moment(said)
    if found is not None and EARLIEST <= found.date() < LATEST:
        return found.date()
    if said.casefold() in _CONDITIONS | _AT_ONCE:
        report("AVAILS_CONDITION", line, "Start", value=said)
    elif not said:
        report("FIELD_MISSING", line, "Start", value="Start", skips=True)
    else:
        report("DATE_UNREAD", line, "Start", value=said, skips=True)
    return None


def _end(line: Line, others: list[Line], start: date | None, report: Report) -> tuple[bool, date | None]:
    """Is the end known, and the first day after it (None: without end). A day as End is still open; an instant ends there."""
    said = line["End"]
    if said.casefold() in _ENDLESS and not line["EndLag"]:
        return True, None
    found = moment(said)
    if found is not None:
        whole = len(said) <= 10 or found.time() != datetime.min.time()
        end = found.date() + timedelta(days=1) if whole and found.date() < date.max else found.date()
        if end >= LATEST:
            return True, None
        return True, end
    if said.casefold() == "eststart" and not line["EndLag"] and (dated := _sale_starts(line, others, start)):
        return True, dated
    if said.casefold() in _CONDITIONS | _ENDLESS:
        report("AVAILS_CONDITION", line, "End", value=said)
    elif not said:
        report("FIELD_MISSING", line, "End", value="End", skips=True)
    else:
        report("DATE_UNREAD", line, "End", value=said, skips=True)
    return False, None


def _sale_starts(line: Line, others: list[Line], start: date | None) -> date | None:
    """When the sale begins for which this window takes orders: the first EST window in the same place after its start."""
    days = [
        found.date()
        for other in others
        if other["LicenseType"].upper() == "EST"
        and other["Territory"] == line["Territory"]
        and (found := moment(other["Start"]))
    ]
    return min((day for day in days if start is None or day > start), default=None)


def _languages(line: Line, report: Report) -> tuple[frozenset[str] | None, frozenset[str]]:
    """Languages of the grant (None: every one) and those held back."""
    column = "AllowedLanguages" if line["AllowedLanguages"] else "AssetLanguage"
    spoken = _tags(line, column, report)
    held = _tags(line, "HoldbackLanguage", report) or frozenset()
    if column == "AllowedLanguages" and spoken and (both := spoken & held):
        report("AVAILS_LANGUAGE_HELD", line, "HoldbackLanguage", value=", ".join(sorted(both)))
    return spoken, held


def _tags(line: Line, column: str, report: Report) -> frozenset[str] | None:
    """Languages of a cell; None where it names none or every one. A region of a language counts as the language."""
    found: set[str] = set()
    for said in parts(line[column]):
        tag = said.partition(":")[0]
        if tag.casefold() in _EVERY_LANGUAGE:
            return None
        try:
            full = languages.normalise(tag)
            plain = full if full.startswith("zh") else full.partition("-")[0]
            found |= languages.rights_language(plain)
        except languages.UnknownLanguage:
            report("LANGUAGE_UNKNOWN", line, column, value=tag, skips=True)
            continue
        if plain != full:
            report("AVAILS_LANGUAGE_REGION", line, column, value=tag)
    return frozenset(found) or None
