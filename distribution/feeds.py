"""A label's own feed, taken in by the catalogue (DDEX ERN): releases with their recordings, under the codes that they have.

A message is the whole truth about its release. Recordings that the hub has are put on it; of the others it keeps title and
code until their audio comes, with the archive or by hand. No code is ever assigned here. What has gone out to a platform keeps
its tracks; a message without deals takes it down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from catalog.formats.ern.model import Carried
from catalog.formats.ern.model import Track as Told
from catalog.imports import arrivals
from catalog.imports.arrivals import Arrival
from catalog.models import Work, WorkStatus
from distribution import isrc, policies, publishing, queries
from distribution.awaited import ISRC_RANGE, ISRC_TAKEN, of_releases
from distribution.models import AwaitedTrack, Isrc, IsrcAllocation, Recording, Release, Track
from distribution.packaging import GTIN_TAKEN
from distribution.service import MOST_TRACKS
from hub import audit, jobs
from hub.database import broken_constraint

FORMAT = "ERN"
TAKE_FILES = "distribution.take_files"
_ASIDE = 100_000
"""Added to track numbers while they change places: no two may be the same at any moment."""


@arrivals.listener
async def take_release(session: AsyncSession, arrival: Arrival) -> None:
    """Make the release what the message says. Of somebody who may not release anything, only the catalogue takes it."""
    record, work = arrival.record, arrival.work
    if arrival.origin.format != FORMAT or not await _may_release(session, arrival):
        return
    carried = Carried.restored(record.carried) if record.carried is not None else None
    release = await _known(session, work, [record.reference, *record.aliases], carried)
    if work.status == WorkStatus.WITHDRAWN.value or carried is None or carried.withdrawn:
        if release is not None:
            await publishing.withdraw(session, release)
        return
    if not carried.tracks and release is None:
        return
    before = None if release is None else (_told(release), await _order(session, release))
    if release is None:
        release = Release(organization_id=work.owner_id)
    await _tell(session, release, work, record.reference, carried, arrival.origin.import_id)
    if not (await queries.deliveries_of(session, [release.id]))[release.id]:
        await _put_tracks(session, release, carried.tracks[:MOST_TRACKS], arrival.origin.import_id)
    await _take_files(session, release)
    if before != (_told(release), await _order(session, release)):
        await audit.record(session, None, "distribution.release.fed", "release", release.id)


async def _may_release(session: AsyncSession, arrival: Arrival) -> bool:
    owner, person = arrival.work.owner_id, arrival.origin.person_id
    membership = await accounts.membership(session, person, owner) if person else None
    [organization] = await accounts.organizations(session, [owner])
    return membership is not None and policies.may_feed(organization.kind, membership.roles)


async def _known(session: AsyncSession, work: Work, keys: Sequence[str], carried: Carried | None) -> Release | None:
    """The organization's release that the message means, locked: by the feed's names, else by its barcode."""
    same: ColumnElement[bool] = Release.feed_reference.in_(keys)
    if carried is not None and carried.gtin is not None:
        same = or_(same, Release.gtin == carried.gtin)
    query = select(Release).where(Release.organization_id == work.owner_id, same).with_for_update()
    found = (await session.scalars(query.order_by(Release.id))).all()
    return next((row for row in found if row.feed_reference in keys), found[0] if found else None)


async def _tell(
    session: AsyncSession, release: Release, work: Work, reference: str, carried: Carried, import_id: UUID | None
) -> None:
    release.work_id = work.id
    release.title = carried.title
    release.language = carried.language
    release.display_artist = carried.display_artist
    release.label = carried.label
    release.release_date = carried.released
    release.genre = carried.genre
    release.feed_reference = reference
    entry = carried.cover_entry if release.cover is None else None
    feed: dict[str, Any] = {
        "p_line": _line(carried.p_line),
        "c_line": _line(carried.c_line),
        "problem": None,
        "cover_entry": entry,
        "import_id": str(import_id) if entry and import_id else None,
    }
    if release.feed != feed | {"problem": (release.feed or {}).get("problem")}:
        release.feed = feed
    session.add(release)
    await session.flush()
    await session.refresh(release)
    if carried.gtin is not None and release.gtin is None:
        await _set_gtin(session, release, carried.gtin)


def _line(said: tuple[int, str] | None) -> dict[str, Any] | None:
    return {"year": said[0], "text": said[1]} if said else None


async def _set_gtin(session: AsyncSession, release: Release, gtin: str) -> None:
    """The barcode that the feed gives, unless it names another organization's release, which cannot be seen from here."""
    try:
        async with session.begin_nested():
            release.gtin = gtin
            await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) != "releases_gtin_key":
            raise
        await session.refresh(release)
        release.feed = (release.feed or {}) | {"problem": GTIN_TAKEN}
        await session.flush()


async def _put_tracks(session: AsyncSession, release: Release, told: Sequence[Told], import_id: UUID | None) -> None:
    """Tracks and awaited tracks in the order of the message: none that it does not name, each recording once."""
    wanted = {track.isrc: track for track in reversed(told)}
    there = {recording.isrc: track for track, recording in (await queries.tracks(session, [release.id]))[release.id]}
    waiting = {row.isrc: row for row in (await of_releases(session, [release.id]))[release.id]}
    for code, track in there.items():
        if code not in wanted:
            await session.delete(track)
    recordings = await _recordings(session, wanted)
    for code, row in waiting.items():
        if code not in wanted or code in recordings:
            await session.delete(row)
    await session.flush()
    if any(there[code].number != named.number for code, named in wanted.items() if code in there):
        for code in wanted.keys() & there.keys():
            there[code].number += _ASIDE
        await session.flush()
    faults = await _faults(session, release.organization_id, wanted.keys() - recordings.keys())
    for code, named in wanted.items():
        if (recording := recordings.get(code)) is None:
            _await(session, release, named, waiting.get(code), import_id, faults.get(code))
        elif code in there:
            there[code].number, there[code].title = named.number, named.title
        else:
            session.add(
                Track(
                    organization_id=release.organization_id,
                    release_id=release.id,
                    recording_id=recording.id,
                    number=named.number,
                    title=named.title,
                )
            )
    await session.flush()


async def _recordings(session: AsyncSession, wanted: Mapping[str, Told]) -> Mapping[str, Recording]:
    """The organization's recordings that have these codes."""
    rows = await session.scalars(select(Recording).where(Recording.isrc.in_(wanted)))
    return {row.isrc: row for row in rows}


async def _faults(session: AsyncSession, organization_id: UUID, codes: Sequence[str] | set[str]) -> Mapping[str, str]:
    """Why a recording cannot be made under its code: others have it, or the hub is to assign it."""
    query = select(Isrc.code).where(Isrc.code.in_(codes), Isrc.organization_id != organization_id)
    found = dict.fromkeys(await session.scalars(query), ISRC_TAKEN)
    ranges = await session.scalars(select(IsrcAllocation).where(IsrcAllocation.organization_id == organization_id))
    for row in ranges:
        allocation = isrc.Allocation(row.prefix, row.year, row.first, row.last)
        for code in codes:
            if allocation.covers(code) and int(code[7:]) >= row.next:
                found.setdefault(code, ISRC_RANGE)
    return found


def _await(
    session: AsyncSession,
    release: Release,
    told: Told,
    row: AwaitedTrack | None,
    import_id: UUID | None,
    fault: str | None,
) -> None:
    values = {
        "number": told.number,
        "title": told.title,
        "display_artist": told.display_artist,
        "duration_ms": told.duration_ms,
        "explicit": told.explicit,
        "contributors": [{"name": name, "role": role} for name, role in told.contributors],
        "file": told.stored()["file"],
    }
    if row is None:
        row = AwaitedTrack(organization_id=release.organization_id, release_id=release.id, isrc=told.isrc)
        session.add(row)
    elif row.file != values["file"]:
        row.problem = None
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    if fault is not None or row.problem in {ISRC_TAKEN, ISRC_RANGE}:
        row.problem = fault
    if told.entry is not None and import_id is not None and fault is None:
        row.entry, row.import_id, row.problem = told.entry, import_id, None


async def _take_files(session: AsyncSession, release: Release) -> None:
    """Have what came along with the message taken out of its archive, by a job."""
    waiting = (await of_releases(session, [release.id]))[release.id]
    if any(row.entry for row in waiting) or (release.feed or {}).get("cover_entry"):
        await jobs.enqueue(
            session,
            TAKE_FILES,
            lock=f"release:{release.id}",
            organization_id=str(release.organization_id),
            release_id=str(release.id),
        )


def _told(release: Release) -> tuple[object, ...]:
    return (
        release.work_id, release.title, release.language, release.display_artist, release.label, release.release_date,
        release.genre, release.gtin, release.feed_reference, release.feed,
    )  # fmt: skip


async def _order(session: AsyncSession, release: Release) -> list[tuple[int, str, str]]:
    """Tracks by number, title and code, whether their audio is there or not."""
    there = (await queries.tracks(session, [release.id]))[release.id]
    waiting = (await of_releases(session, [release.id]))[release.id]
    order = [(track.number, track.title, recording.isrc) for track, recording in there]
    return sorted([*order, *((row.number, row.title, row.isrc) for row in waiting)])
