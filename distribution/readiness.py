"""Whether a release can go out to each channel, where, and what stands in its way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from distribution import awaited, clearance, packaging, queries
from distribution.codes import today
from distribution.models import Channel
from distribution.packaging import Content
from distribution.problems import Problem
from hub.i18n import _


@dataclass(frozen=True, slots=True)
class Readiness:
    """`territories`: where the rights allow it."""

    channel: Channel
    territories: list[str]
    problems: list[Problem]

    @property
    def ready(self) -> bool:
        return bool(self.territories) and not self.problems


async def of(session: AsyncSession, release_ids: Collection[UUID]) -> Mapping[UUID, list[Readiness]]:
    releases = await queries.releases_by_id(session, release_ids)
    tracks = await queries.tracks(session, list(releases))
    missing = await awaited.of_releases(session, list(releases))
    channels = await queries.channels(session)
    found: dict[UUID, list[Readiness]] = {}
    for release in releases.values():
        content = Content(release, tracks[release.id], missing[release.id])
        own = packaging.problems(content)
        found[release.id] = []
        for channel in channels:
            offers = await clearance.offers(session, release, channel, today())
            problems = own + packaging.channel_problems(content, channel)
            if not offers:
                problems = [
                    Problem("NOT_CLEARED", _("You hold no rights where this platform sells."), "territories"),
                    *problems,
                ]
            found[release.id].append(Readiness(channel, clearance.territories_of(offers), problems))
    return found
