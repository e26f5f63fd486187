"""Where a release may go: what its label holds, right by right, place by place, until when.

A release of a work asks the marketplace: its owner may use what its mandates give and nobody holds exclusively; a licensee what
its active licences give. For recordings of its own the label vouches, in the territories of the release.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import languages as tags
from catalog import territories as places
from catalog.languages import UnknownLanguage
from catalog.models import Mandate, Work
from catalog.rights import RightType, Scope
from catalog.scopes import scope_of
from distribution.messages.terms import RIGHT_OF_USE
from distribution.models import Channel, Release
from marketplace.models import License, RightsClaim


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
    licensed = (
        await session.scalars(
            select(License).where(
                License.work_id == release.work_id,
                License.licensee_id == release.organization_id,
                License.status == "ACTIVE",
            )
        )
    ).all()
    held = _within(asked, [scope_of(row) for row in licensed])
    owner = await session.scalar(select(Work.owner_id).where(Work.id == release.work_id))
    if owner == release.organization_id:
        mandates = (await session.scalars(select(Mandate).where(Mandate.work_id == release.work_id))).all()
        claims = (
            await session.scalars(
                select(RightsClaim).where(RightsClaim.work_id == release.work_id, RightsClaim.exclusive.is_(True))
            )
        ).all()
        given = _within(asked, [scope_of(row) for row in mandates])
        sold = [_claimed(row) for row in claims]
        held += [left for piece in given for left in piece.minus(sold)]
    return _within(asked, held)


def _within(asked: Scope, grants: Sequence[Scope]) -> list[Scope]:
    """What `grants` give of `asked`, as disjoint boxes."""
    return asked.minus(asked.minus(grants))


def _claimed(row: RightsClaim) -> Scope:
    assert row.period.lower is not None
    return Scope(
        frozenset({RightType(row.right_type)}),
        places.from_numbers(row.territories),
        tags.from_numbers(row.languages),
        row.period.lower,
        row.period.upper,
        row.exclusive,
    )


def _languages(release: Release) -> frozenset[str] | None:
    try:
        return tags.rights_languages([release.language])
    except UnknownLanguage:
        return None
