"""Releases: made, given a cover, filled with tracks. Files are looked into before anything is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries as catalog
from catalog.policies import may_see
from distribution import audio, awaited, codes, covers, isrc, policies, queries
from distribution.errors import AlreadyOnRelease, AlreadySent, IsrcTaken, SplitsDoNotAddUp
from distribution.messages.terms import PAYEE_ROLES
from distribution.models import AwaitedTrack, Payee, Recording, Release, Split, Track
from distribution.revenue.pricing import SHARE_PARTS
from hub import audit
from hub.errors import Forbidden, Invalid, NotFound
from hub.i18n import _
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import Readable, Received, receive

MOST_TRACKS: Final = 200
MOST_SPLITS: Final = 50
SHARE_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class NewRelease:
    """`territories` None: everywhere the rights allow."""

    title: str
    language: str
    display_artist: str
    label: str
    release_date: date
    genre: str | None
    territories: frozenset[str] | None
    work_id: UUID | None


@dataclass(frozen=True, slots=True)
class Share:
    """`parts` of `SHARE_PARTS`."""

    payee: str
    role: str
    parts: int


@dataclass(frozen=True, slots=True)
class NewTrack:
    title: str
    display_artist: str | None
    isrc: str | None
    contributors: tuple[tuple[str, str], ...]
    splits: tuple[Share, ...]
    lyrics: str | None
    explicit: bool | None


def payee_role(role: str, field: str) -> str:
    """A role of `PAYEE_ROLES` as it is written there. Raises `Invalid` for any other."""
    try:
        return PAYEE_ROLES[role.strip().casefold()]
    except KeyError:
        raise Invalid(
            _(
                "“%(role)s” is no role that is paid a share. Use a MARC relator code such as prf, cmp, lyr or arr, or label.",
                role=role[:20],
            ),
            field=field,
        ) from None


def parts_of(share: str, field: str) -> int:
    """`"0.25"` → 250000. Raises `SplitsDoNotAddUp` for what is no decimal between 0 and 1 of at most six places."""
    try:
        value = Decimal(share)
    except InvalidOperation as error:
        raise SplitsDoNotAddUp(_("A share is written as a part of 1, like 0.25."), field=field) from error
    if not value.is_finite() or not 0 < value <= 1 or len(share) > 20:
        raise SplitsDoNotAddUp(_("A share is more than 0 and at most 1."), field=field)
    parts = value * SHARE_PARTS
    if parts != int(parts):
        raise SplitsDoNotAddUp(_("A share has at most %(places)s decimal places.", places=SHARE_PLACES), field=field)
    return int(parts)


def require_whole(splits: Sequence[Share]) -> None:
    """Raises `SplitsDoNotAddUp` unless the shares are exactly one whole."""
    if sum(share.parts for share in splits) != SHARE_PARTS:
        raise SplitsDoNotAddUp(field="splits", sum=str(Decimal(sum(share.parts for share in splits)) / SHARE_PARTS))


async def create_release(
    session: AsyncSession, runtime: Runtime, caller: Caller, new: NewRelease, cover: Readable | None
) -> Release:
    """Make a release; a work-linked one needs a work that the caller can see.

    Raises `Forbidden`, `NotFound`, `NotAnImage`, `TooLarge`; then nothing is written.
    """
    if not policies.may_release(caller):
        raise Forbidden
    if new.work_id is not None:
        work = await catalog.work(session, new.work_id)
        if work is None or not may_see(caller, work):
            raise NotFound(field="workId")
    release = Release(
        organization_id=caller.organization_id,
        work_id=new.work_id,
        title=new.title,
        language=new.language,
        display_artist=new.display_artist,
        label=new.label,
        release_date=new.release_date,
        genre=new.genre,
        territories=None if new.territories is None else sorted(new.territories),
        cover=None if cover is None else await take_cover(runtime, caller.organization_id, cover),
    )
    session.add(release)
    await session.flush()
    await audit.record(session, caller, "distribution.release.created", "release", release.id)
    return release


async def set_cover(
    session: AsyncSession, runtime: Runtime, caller: Caller, release_id: UUID, cover: Readable
) -> Release:
    """Give a release another cover. It goes out with the next message."""
    release = await own_release(session, caller, release_id)
    release.cover = await take_cover(runtime, release.organization_id, cover)
    await audit.record(session, caller, "distribution.release.cover", "release", release.id)
    return release


async def own_release(session: AsyncSession, caller: Caller, release_id: UUID) -> Release:
    """The organization's release, locked until the transaction ends. Raises `NotFound`, `Forbidden`."""
    release = await queries.release(session, release_id, lock=True)
    if release is None or release.organization_id != caller.organization_id:
        raise NotFound(field="releaseId")
    if not policies.may_release(caller):
        raise Forbidden
    return release


async def take_cover(runtime: Runtime, organization_id: UUID, upload: Readable) -> dict[str, Any]:
    """Store a cover and a small picture of it. Raises `NotAnImage`, `TooLarge`."""
    async with receive(upload, covers.MAX_BYTES, runtime.scratch.path) as received:
        async with runtime.pictures:
            cover = await asyncio.to_thread(covers.probe, received.path)
            small = await asyncio.to_thread(covers.thumbnail, received.path)
        key = f"release-covers/{organization_id}/{received.sha256}.{cover.suffix}"
        await runtime.storage.put(key, received.path, f"image/{cover.format.lower()}")
        await runtime.storage.put(thumbnail_key(organization_id, received.sha256), small, "image/jpeg")
    return {
        "key": key,
        "sha256": received.sha256,
        "bytes": received.size,
        "format": cover.format,
        "width": cover.width,
        "height": cover.height,
    }


def thumbnail_key(organization_id: UUID, sha256: str) -> str:
    """Where the small picture of a cover is stored. Who knows the SHA-256 may see it: nobody can guess one."""
    return f"release-covers/{organization_id}/{sha256}-small.jpg"


async def add_track(
    session: AsyncSession, runtime: Runtime, caller: Caller, release_id: UUID, new: NewTrack, upload: Readable
) -> tuple[Track, Recording]:
    """Add a recording to a release. It keeps the ISRC it has, or is assigned one for life.

    Raises `NotFound`, `Forbidden`, `AlreadySent`, `AlreadyOnRelease`, `NotAudio`, `SplitsDoNotAddUp`, `InvalidIsrc`,
    `IsrcTaken`, `NoIsrcLeft`, `TooLarge`; then nothing is written.
    """
    release = await own_release(session, caller, release_id)
    number = 1 + max(await _last(session, Track, release), await _last(session, AwaitedTrack, release))
    track, recording = await record_track(session, runtime, release, number, new, upload)
    await audit.record(session, caller, "distribution.track.added", "release", release.id, isrc=recording.isrc)
    return track, recording


async def _last(session: AsyncSession, table: type[Track] | type[AwaitedTrack], release: Release) -> int:
    query = select(func.coalesce(func.max(table.number), 0)).where(table.release_id == release.id)
    return await session.scalar(query) or 0


async def supply_audio(
    session: AsyncSession, runtime: Runtime, caller: Caller, release_id: UUID, number: int, upload: Readable
) -> tuple[Track, Recording]:
    """The audio of a track that a feed has named. Raises what `add_track` does; then the track goes on waiting."""
    release = await own_release(session, caller, release_id)
    missing = (await awaited.of_releases(session, [release.id]))[release.id]
    row = next((row for row in missing if row.number == number), None)
    if row is None:
        raise NotFound(field="number")
    track, recording = await fulfil(session, runtime, release, row, upload)
    await audit.record(session, caller, "distribution.track.added", "release", release.id, isrc=recording.isrc)
    return track, recording


async def fulfil(
    session: AsyncSession, runtime: Runtime, release: Release, row: AwaitedTrack, upload: Readable
) -> tuple[Track, Recording]:
    """Make an awaited track one with a recording, under the code that it has."""
    new = NewTrack(
        title=row.title,
        display_artist=row.display_artist,
        isrc=row.isrc,
        contributors=tuple((credit["name"], credit["role"]) for credit in row.contributors),
        splits=(),
        lyrics=None,
        explicit=row.explicit,
    )
    made = await record_track(session, runtime, release, row.number, new, upload)
    await session.delete(row)
    await session.flush()
    return made


async def record_track(
    session: AsyncSession, runtime: Runtime, release: Release, number: int, new: NewTrack, upload: Readable
) -> tuple[Track, Recording]:
    """Look into an upload, and put its recording on the release, which is locked."""
    if new.splits:
        require_whole(new.splits)
    if (await queries.deliveries_of(session, [release.id]))[release.id]:
        raise AlreadySent(field="releaseId")
    if number > MOST_TRACKS:
        raise Invalid(_("A release has at most %(most)s tracks.", most=MOST_TRACKS), field="releaseId")
    async with receive(upload, runtime.settings.max_upload_bytes, runtime.scratch.path) as received:
        sound = await asyncio.to_thread(audio.probe, received.path)
        recording, made = await _recording(session, release, new, received, sound)
        if made:
            await runtime.storage.put(recording.audio["key"], received.path, f"audio/{sound.suffix}")
    if new.splits or made:
        await _set_splits(session, release, recording, new.splits)
    await _require_new_on(session, release, recording)
    track = Track(
        organization_id=release.organization_id,
        release_id=release.id,
        recording_id=recording.id,
        number=number,
        title=new.title,
    )
    session.add(track)
    await session.flush()
    return track, recording


async def remove_track(session: AsyncSession, caller: Caller, release_id: UUID, number: int) -> Release:
    """Take a track off a release that has not gone out; the later ones move up.

    The recording keeps its ISRC for life: the same file under the same title finds it again. Raises `NotFound`, `Forbidden`,
    `AlreadySent`.
    """
    release = await own_release(session, caller, release_id)
    if (await queries.deliveries_of(session, [release.id]))[release.id]:
        raise AlreadySent(field="releaseId")
    tracks: list[Track | AwaitedTrack] = [*(await awaited.of_releases(session, [release.id]))[release.id]]
    tracks += [track for track, _recording_ in (await queries.tracks(session, [release.id]))[release.id]]
    removed = next((track for track in tracks if track.number == number), None)
    if removed is None:
        raise NotFound(field="number")
    await session.delete(removed)
    await session.flush()
    for later in sorted((track for track in tracks if track.number > number), key=lambda track: track.number):
        later.number -= 1
        await session.flush()
    await audit.record(session, caller, "distribution.track.removed", "release", release.id, number=number)
    return release


async def _recording(
    session: AsyncSession, release: Release, new: NewTrack, received: Received, sound: audio.Sound
) -> tuple[Recording, bool]:
    """The recording of an upload: the one that has these bytes, title and code already, or a new one with its code."""
    organization = release.organization_id
    known = (
        await queries.recording_by_audio(session, organization, received.sha256, new.title)
        if new.isrc is None
        else await queries.recording_by_isrc(session, isrc.parse(new.isrc))
    )
    if known is not None:
        if known.organization_id != organization or known.audio_sha256 != received.sha256:
            raise IsrcTaken(field="isrc", isrc=known.isrc)
        return known, False
    code = (
        await codes.assign(session, organization)
        if new.isrc is None
        else await codes.enter(session, organization, new.isrc)
    )
    recording = Recording(
        organization_id=organization,
        isrc=code,
        title=new.title,
        display_artist=new.display_artist or release.display_artist,
        duration_ms=sound.duration_ms,
        explicit=new.explicit,
        lyrics=new.lyrics,
        contributors=[{"name": name, "role": role} for name, role in new.contributors],
        audio_sha256=received.sha256,
        audio={
            "key": f"audio/{organization}/{received.sha256}.{sound.suffix}",
            "bytes": received.size,
            "suffix": sound.suffix,
            "codec": sound.codec,
            "container": sound.container,
            "rate": sound.rate,
            "channels": sound.channels,
            "bits": sound.bit_depth,
        },
        audio_problems=[problem.stored() for problem in sound.problems],
    )
    session.add(recording)
    await session.flush()
    return recording, True


async def _require_new_on(session: AsyncSession, release: Release, recording: Recording) -> None:
    there = await session.scalar(
        select(Track.number).where(Track.release_id == release.id, Track.recording_id == recording.id)
    )
    if there is not None:
        raise AlreadyOnRelease(field="audio", number=there, isrc=recording.isrc)


async def _set_splits(session: AsyncSession, release: Release, recording: Recording, splits: Sequence[Share]) -> None:
    """Who is owed what from now on. Without splits the label is owed all."""
    shares = splits or (Share(release.label, "label", SHARE_PARTS),)
    await session.execute(delete(Split).where(Split.recording_id == recording.id))
    payees = await _payees(session, release.organization_id, {share.payee for share in shares})
    await session.execute(
        insert(Split),
        [
            {
                "organization_id": release.organization_id,
                "recording_id": recording.id,
                "position": position,
                "payee_id": payees[share.payee],
                "role": share.role,
                "share": share.parts,
            }
            for position, share in enumerate(shares)
        ],
    )


async def _payees(session: AsyncSession, organization_id: UUID, names: set[str]) -> dict[str, UUID]:
    await session.execute(
        upsert(Payee)
        .values([{"organization_id": organization_id, "name": name} for name in sorted(names)])
        .on_conflict_do_nothing()
    )
    rows = await session.execute(
        select(Payee.name, Payee.id).where(Payee.organization_id == organization_id, Payee.name.in_(names))
    )
    return {row.name: row.id for row in rows}
