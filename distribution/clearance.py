"""Where a release may go: what its label holds, right by right, place by place, until when.

A release of a work asks the marketplace: its owner may use what its mandates give and nobody holds exclusively; a licensee what
its active licences give. For recordings of its own the label vouches, in the territories of the release.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import languages as tags
from catalog import queries as catalog
from catalog.languages import UnknownLanguage
from catalog.rights import RightType, Scope
from catalog.scopes import scope_of
from distribution.messages.terms import RIGHT_OF_USE
from distribution.models import Channel, Release
from marketplace import queries as marketplace


@dataclass(frozen=True, slots=True)
class Offer:
    """One right in some territories for a half-open time; `end` None: without end."""

    right: str
    territories: tuple[str, ...]
    start: date
    end: date | None

    def stored(self) -> dict[str, Any]:
        return {
            "right": self.right,
            "territories": list(self.territories),
            "start": self.start.isoformat(),
            "end": self.end.isoformat() if self.end else None,
        }

    @classmethod
    def restored(cls, data: dict[str, Any]) -> Offer:
        end = data["end"]
        return cls(
            data["right"],
            tuple(data["territories"]),
            date.fromisoformat(data["start"]),
            date.fromisoformat(end) if end else None,
        )


def rights_of(channel: Channel) -> frozenset[RightType]:
    """The rights that a channel's deals need."""
    return frozenset(RightType(RIGHT_OF_USE[term["use_type"]]) for term in channel.deal_terms)


def territories_of(offers: Iterable[Offer]) -> list[str]:
    return sorted({code for offer in offers for code in offer.territories})


async def offers(session: AsyncSession, release: Release, channel: Channel, today: date) -> list[Offer]:
    """All that the label may sell through the channel from now on; none when it holds nothing there."""
    territories = frozenset(channel.territories)
    if release.territories is not None:
        territories &= frozenset(release.territories)
    if not territories:
        return []
    asked = Scope(rights_of(channel), territories, _languages(release), release.release_date)
    held = [asked] if release.work_id is None else await _held(session, release, asked)
    return sorted(
        (
            Offer(right.value, tuple(sorted(piece.territories)), piece.start, piece.end)
            for piece in held
            if piece.end is None or piece.end > today
            for right in piece.rights
        ),
        key=lambda offer: (offer.right, offer.start, offer.territories),
    )


async def _held(session: AsyncSession, release: Release, asked: Scope) -> list[Scope]:
    """The parts of `asked` that the label holds of the release's work."""
    assert release.work_id is not None
    granted = [
        scope_of(license_)
        for license_ in await marketplace.licenses(session, release.work_id)
        if license_.licensee_id == release.organization_id and license_.status == "ACTIVE"
    ]
    work = await catalog.work(session, release.work_id)
    if work is not None and work.owner_id == release.organization_id:
        standing = (await marketplace.standings(session, [work.id]))[work.id]
        sold = [claim for claim in standing.taken if claim.exclusive]
        granted += [left for piece in _within(asked, standing.mandates) for left in piece.minus(sold)]
    return _within(asked, granted)


def _within(asked: Scope, grants: Sequence[Scope]) -> list[Scope]:
    """What `grants` give of `asked`, as disjoint boxes."""
    return asked.minus(asked.minus(grants))


def _languages(release: Release) -> frozenset[str] | None:
    try:
        return tags.rights_languages([release.language])
    except UnknownLanguage:
        return None
