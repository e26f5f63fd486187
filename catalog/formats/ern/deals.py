"""The DealList as rights: what the label may sell, where, from when until when.

UseType, TerritoryCode or ExcludedTerritoryCode, ValidityPeriod (ERN 4.3, DealTerms). Deals say what one platform may do; that the
label may do it follows. They say nothing about exclusivity, so none is read into them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from catalog.formats.boxes import common, disjoint
from catalog.formats.ern.model import Deal, Message, Release
from catalog.limits import EARLIEST, LATEST
from catalog.rights import RightType, Scope
from catalog.territories import ALPHA2_TO_NUMERIC, WORLD

RIGHTS: Final = {
    "Stream": RightType.STREAMING,
    "OnDemandStream": RightType.STREAMING,
    "NonInteractiveStream": RightType.STREAMING,
    "ContentInfluencedStream": RightType.STREAMING,
    "TimeInfluencedStream": RightType.STREAMING,
    "Webcast": RightType.STREAMING,
    "ConditionalDownload": RightType.STREAMING,
    "TetheredDownload": RightType.STREAMING,
    "PermanentDownload": RightType.DOWNLOAD,
    "Download": RightType.DOWNLOAD,
    "PurchaseAsPhysicalProduct": RightType.PHYSICAL,
    "MakeAvailable": RightType.STREAMING,
}
"""AVS UseType → right. A download that is lost with the subscription is a stream that was kept."""

Report = Callable[..., None]


def mandates(message: Message, release: Release, received: date, report: Report) -> list[Scope]:
    """What the deals of the release give, and what those of all its tracks give together."""
    given: dict[str, list[Scope]] = {}
    for deal in message.deals:
        if scope := _scope(deal, received, report):
            for reference in deal.releases:
                given.setdefault(reference, []).extend(scope)
    own = given.get(release.reference, [])
    tracks = {
        track.resources[0]: given.get(track.reference, [])
        for track in message.releases.values()
        if not track.main and track.resources
    }
    playable = [one for one in dict.fromkeys(release.resources) if one in tracks]
    whole = disjoint(tracks[playable[0]]) if playable and len(playable) == _counted(message, release) else []
    for resource in playable[1:]:
        whole = common(whole, disjoint(tracks[resource])) if whole else []
    return disjoint([*own, *whole])


def _counted(message: Message, release: Release) -> int:
    """How many recordings the release has."""
    kinds = (message.resources[one].kind for one in dict.fromkeys(release.resources) if one in message.resources)
    return sum(kind in {"SoundRecording", "Video"} for kind in kinds)


def _scope(deal: Deal, received: date, report: Report) -> list[Scope]:
    rights = frozenset(RIGHTS[use] for use in deal.uses if use in RIGHTS)
    for use in deal.uses:
        if use not in RIGHTS:
            report("ERN_USE", deal.line, "UseType", value=use)
    if deal.territories and deal.excluded:
        report("ERN_TERRITORIES", deal.line, "ExcludedTerritoryCode", skips=True)
        return []
    territories = _territories(deal.territories, "TerritoryCode", deal, report)
    if deal.excluded:
        territories = WORLD - _territories(deal.excluded, "ExcludedTerritoryCode", deal, report)
        if not territories:
            report("NOTHING_LEFT", deal.line, "ExcludedTerritoryCode", skips=True)
    elif not deal.territories:
        report("FIELD_MISSING", deal.line, "TerritoryCode", value="TerritoryCode", skips=True)
    start = _day(deal.start, "StartDate", deal, report) if deal.start else received
    last = _day(deal.end, "EndDate", deal, report) if deal.end else None
    if not rights or not territories or start is None or (deal.end and last is None):
        return []
    end = last + timedelta(days=1) if last is not None and last < LATEST - timedelta(days=1) else None
    if end is not None and end <= start:
        report("END_BEFORE_START", deal.line, "EndDate", value=deal.end or "", skips=True)
        return []
    return [Scope(rights, territories, None, start, end)]


def _territories(codes: tuple[str, ...], tag: str, deal: Deal, report: Report) -> frozenset[str]:
    found: set[str] = set()
    for code in codes:
        if code == "Worldwide":
            found |= WORLD
        elif code in ALPHA2_TO_NUMERIC:
            found.add(code)
        else:
            report("TERRITORY_UNKNOWN", deal.line, tag, value=code or "–", skips=True)
    return frozenset(found)


def _day(text: str | None, tag: str, deal: Deal, report: Report) -> date | None:
    """The day of a date or of an instant, where it is told."""
    try:
        day = date.fromisoformat((text or "")[:10])
    except ValueError:
        report("DATE_UNREAD", deal.line, tag, value=text or "–", skips=True)
        return None
    return max(day, EARLIEST) if day < LATEST else LATEST - timedelta(days=1)
