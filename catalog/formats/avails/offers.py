"""What a work may be licensed for, as lines of an avail: its mandates without what is held back.

An avail tells a retailer what it may offer. A line that came with a file goes out as it came for as long as everything that it
offers may still be licensed; where only a part may, the part is written, and where nothing may, nothing. Rights that no line
speaks of get lines of their own. Licences are not taken off: who has bought what is no part of what the owner offers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from catalog import languages
from catalog.formats.avails import mapping, windows
from catalog.formats.avails.columns import GROUPS
from catalog.formats.avails.model import MOVIES, TV, Avail, Line
from catalog.formats.exported import ExportedWork, Order
from catalog.languages import RIGHTS_LANGUAGES
from catalog.limits import EARLIEST
from catalog.rights import RightType, Scope, join
from catalog.territories import WORLD

LICENSE_TYPES: Final = {
    RightType.EST: "EST",
    RightType.RENTAL: "VOD",
    RightType.SVOD: "SVOD",
    RightType.AVOD: "AVOD",
    RightType.FVOD: "FVOD",
    RightType.NVOD: "NVOD",
}
"""Right → LicenseType. The other rights of a film (cinema, television, discs) are not the business of Avails."""

MOST_LISTED: Final = 60
"""Territories or languages that are written one by one; of more, those are written that are missing."""

EVERY_LANGUAGE: Final = "mul"
_OF_THE_WINDOW: Final = frozenset({
    "AvailID", "ReportingID", "SuppressionLiftDate", "SpecialPreOrderFulfillDate", "AnnounceDate", "LocalizationType",
})  # fmt: skip


def avail_of(work: ExportedWork, order: Order, version: str) -> Avail | None:
    """The avail of a work; None where there is nothing to offer and nothing was offered before."""
    before = Avail.restored(json.loads(work.kept.content)) if work.kept else None
    offered = [] if work.status == "WITHDRAWN" else _offered(work)
    base = _base(work, order, before)
    lines = list(_still(before, offered)) if before else []
    said = [scope for line in lines for scope in _scopes(line, lines, offered)]
    rest = [piece for scope in offered for piece in scope.minus(said)]
    lines += [line for scope in join(rest) for line in _lines(base, scope, offered)]
    if not lines:
        if before is None:
            return None
        lines = [Line(line.sheet, line.row, line.cells | {"EntryType": "Full Delete"}) for line in before.lines]
        return Avail(version, lines, None, before.titles, before.people)
    for line in lines:
        if line["EntryType"].casefold() in {"create", "update", "delete"}:
            line.cells["EntryType"] = "Full Extract"
    titles = _titles(work, lines)
    return Avail(
        before.version if before else version, lines, before.head if before else None, titles, _people(work, before)
    )


def _offered(work: ExportedWork) -> list[Scope]:
    rights = frozenset(LICENSE_TYPES)
    pieces: list[Scope] = []
    for granted in sorted(work.mandates, key=lambda mandate: not mandate.scope.exclusive):
        scope = granted.scope
        if wanted := scope.rights & rights:
            whole = Scope(wanted, scope.territories, scope.languages, scope.start, scope.end, scope.exclusive)
            pieces += whole.minus([*work.holdbacks, *pieces])
    return join(pieces)


def _scopes(line: Line, lines: list[Line], offered: Sequence[Scope]) -> list[Scope]:
    """What a line offers here; nothing where it says what the hub cannot hold.

    A window that is open at once counts from the day on which a file first said so, which the mandates know.
    """
    found: list[Scope] = []
    for start in sorted({scope.start for scope in offered}) if windows.at_once(line) else [EARLIEST]:
        window = windows.read(line, lines, start, windows.silent)
        if window.granted is None:
            return []
        found = window.granted.minus([window.held] if window.held else [])
        if not _gaps(found, offered):
            break
    return found


def _gaps(scopes: Iterable[Scope], offered: Sequence[Scope]) -> list[Scope]:
    return [gap for scope in scopes for gap in scope.minus(offered)]


def _still(before: Avail, offered: list[Scope]) -> Iterable[Line]:
    """The lines that came, as far as they still hold. A line that gives no right here is only kept, and goes out as it came."""
    for line in before.lines:
        if line["EntryType"].casefold() in {"delete", "full delete"}:
            continue
        scopes = _scopes(line, before.lines, offered)
        if not _gaps(scopes, offered):
            yield line
            continue
        own = {column: text for column, text in line.cells.items() if column not in {"AvailID", "HoldbackLanguage"}}
        for scope in scopes:
            left = scope.minus(scope.minus(offered))
            for piece in left:
                for cells in _lines(own, piece, offered):
                    yield Line(line.sheet, line.row, own | cells.cells | {"LicenseType": line["LicenseType"]})


def _lines(base: dict[str, str], scope: Scope, offered: Sequence[Scope]) -> list[Line]:
    """A window for each right of a scope, in cells over those that say what the title is."""
    cells = base | _where(scope.territories) | _spoken(scope, offered)
    cells["Start"] = scope.start.isoformat()
    cells["End"] = (scope.end - timedelta(days=1)).isoformat() if scope.end else "Open"
    cells["Exclusive"] = "TRUE" if scope.exclusive else "FALSE"
    sheet = TV if "SeriesTitleInternalAlias" in cells else MOVIES
    window = {"FormatProfile": "HD", "PriceType": "NA", "PriceValue": "NA"}
    return [
        Line(sheet, 0, _filled(window | cells | {"LicenseType": LICENSE_TYPES[right]}))
        for right in sorted(scope.rights)
    ]


def _filled(cells: dict[str, str]) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text}


def _where(territories: frozenset[str]) -> dict[str, str]:
    missing = WORLD - territories
    if len(missing) < min(len(territories), MOST_LISTED):
        return {"Territory": "Worldwide", "TerritoryExclusion": ", ".join(sorted(missing))}
    return {"Territory": ", ".join(sorted(territories)), "TerritoryExclusion": ""}


def _spoken(scope: Scope, offered: Sequence[Scope]) -> dict[str, str]:
    """A few languages by name; nearly all of them as every one but those held back, unless another window offers these."""
    spoken = scope.languages
    missing = RIGHTS_LANGUAGES - spoken if spoken is not None else frozenset[str]()
    held = replace(scope, languages=missing) if missing else None
    if len(missing) < MOST_LISTED and (held is None or not any(held.intersects(other) for other in offered)):
        return {"AllowedLanguages": EVERY_LANGUAGE, "HoldbackLanguage": ", ".join(languages.shown(missing) or [])}
    return {"AllowedLanguages": ", ".join(languages.shown(spoken) or []), "HoldbackLanguage": ""}


def _base(work: ExportedWork, order: Order, before: Avail | None) -> dict[str, str]:
    """The cells that say what the title is: as they came, or as the hub knows them."""
    if before is not None:
        groups = {"Avail", "AvailAsset", "AvailMetadata", "Disposition"}
        first = before.lines[0].cells
        return {
            column: text
            for column, text in first.items()
            if (GROUPS.get(column) in groups or column == "AssetLanguage") and column not in _OF_THE_WINDOW
        }
    alid = work.record_reference or f"urn:uuid:{work.id}"
    title = " ".join(work.title.words.split())
    return _filled({
        "DisplayName": order.sender,
        "WorkType": "Movie",
        "EntryType": "Full Extract",
        "TitleInternalAlias": title,
        "TitleDisplayUnlimited": title,
        "AssetLanguage": work.title.language,
        "ALID": alid,
        "ContentID": alid,
        "TitleID": next((found.value for found in work.identifiers if found.scheme == "EIDR"), ""),
        "ReleaseYear": str(work.publication_year) if work.publication_year and work.publication_year > 0 else "",
        "Director": ", ".join(credit.name for credit in work.contributors if credit.role == "drt"),
    })  # fmt: skip


def _titles(work: ExportedWork, lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Titles in languages for which there is no line; a line whose title has changed since it came says the new one."""
    words = {work.title.language: work.title.words} | {
        language: rendered.words for language, rendered in work.title.renderings.items()
    }
    spoken = set()
    for line in lines:
        language, _guessed = mapping.spoken(line, mapping.title(line))
        spoken.add(language)
        text = " ".join(words.get(language, "").split())
        if text and line.sheet != TV and text != mapping.title(line):
            line.cells["TitleDisplayUnlimited"] = text
    return [(" ".join(text.split()), language) for language, text in sorted(words.items()) if language not in spoken]


def _people(work: ExportedWork, before: Avail | None) -> list[tuple[str, str]]:
    if before is not None:
        return before.people
    return [(job, credit.name) for credit in work.contributors if (job := mapping.JOB_OF.get(credit.role))]
