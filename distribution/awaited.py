"""Tracks that a label's feed names and whose audio has not come yet: they keep their place and their code until it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from distribution.models import AwaitedTrack
from distribution.problems import Problem
from hub.i18n import Message, _

ISRC_TAKEN, ISRC_RANGE, NOT_AUDIO, NOT_WHOLE = "ISRC_TAKEN", "ISRC_RANGE", "NOT_AUDIO", "NOT_WHOLE"
"""Why a track goes on waiting although its file may have come."""

_SENTENCES: Mapping[str, Message] = {
    ISRC_TAKEN: _(
        "The ISRC %(isrc)s names another organization's recording. Ask who assigned it, or take the track off."
    ),
    ISRC_RANGE: _(
        "The ISRC %(isrc)s lies in a range from which the hub assigns your codes. Ask who assigned it, or take the track off."
    ),
    NOT_AUDIO: _(
        "The file %(name)s that came with the feed is no lossless audio. Upload WAV or FLAC of 16 or 24 bits."
    ),
    NOT_WHOLE: _("The file %(name)s did not come whole. Upload it here."),
}


async def of_releases(session: AsyncSession, release_ids: Collection[UUID]) -> Mapping[UUID, list[AwaitedTrack]]:
    """The awaited tracks of releases, in their order."""
    query = select(AwaitedTrack).where(AwaitedTrack.release_id.in_(release_ids))
    found: dict[UUID, list[AwaitedTrack]] = {release_id: [] for release_id in release_ids}
    for row in await session.scalars(query.order_by(AwaitedTrack.release_id, AwaitedTrack.number)):
        found[row.release_id].append(row)
    return found


def file_name(track: AwaitedTrack) -> str:
    """The name of the file that the feed means; the track's title where it names none."""
    return str(track.file["uri"]).rpartition("/")[2] if track.file else track.title


def problems(awaited: Sequence[AwaitedTrack]) -> list[Problem]:
    """Every awaited track keeps its release from going out."""
    missing = _("The audio file %(name)s is still missing. Upload it.")
    return [
        Problem(
            track.problem or "AUDIO_MISSING",
            _SENTENCES.get(track.problem or "", missing).filled(isrc=track.isrc, name=file_name(track)),
            f"tracks[{track.number}].audio",
        )
        for track in awaited
    ]
