"""Every SELECT of releases, channels and deliveries. Those of money are in `revenue.queries`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from distribution.models import (
    Channel,
    Delivery,
    DeliveryAttempt,
    Payee,
    Recording,
    Release,
    Split,
    Track,
)


async def release(session: AsyncSession, release_id: UUID, *, lock: bool = False) -> Release | None:
    query = select(Release).where(Release.id == release_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def releases(session: AsyncSession, first: int, after: UUID | None) -> tuple[Sequence[Release], int]:
    """Releases, newest first, and how many there are."""
    query = select(Release).order_by(Release.id.desc()).limit(first + 1)
    if after is not None:
        query = query.where(Release.id < after)
    total = await session.scalar(select(func.count()).select_from(Release))
    return (await session.scalars(query)).all(), total or 0


async def releases_by_id(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Release]:
    rows = await session.scalars(select(Release).where(Release.id.in_(ids)))
    return {row.id: row for row in rows}


async def tracks(session: AsyncSession, release_ids: Collection[UUID]) -> Mapping[UUID, list[tuple[Track, Recording]]]:
    """The tracks of releases in their order, each with its recording."""
    rows = await session.execute(
        select(Track, Recording)
        .join(Recording, Recording.id == Track.recording_id)
        .where(Track.release_id.in_(release_ids))
        .order_by(Track.release_id, Track.number)
    )
    found: dict[UUID, list[tuple[Track, Recording]]] = {release_id: [] for release_id in release_ids}
    for track, recording in rows:
        found[track.release_id].append((track, recording))
    return found


async def recording_by_isrc(session: AsyncSession, code: str) -> Recording | None:
    return (await session.scalars(select(Recording).where(Recording.isrc == code))).one_or_none()


async def recording_by_audio(session: AsyncSession, organization_id: UUID, sha256: str, title: str) -> Recording | None:
    """The organization's recording with these very bytes and this title."""
    return (
        await session.scalars(
            select(Recording)
            .where(
                Recording.organization_id == organization_id,
                Recording.audio_sha256 == sha256,
                func.lower(Recording.title) == title.lower(),
            )
            .order_by(Recording.id)
            .limit(1)
        )
    ).one_or_none()


async def splits(session: AsyncSession, recording_ids: Collection[UUID]) -> Mapping[UUID, list[tuple[Split, str]]]:
    """The splits of recordings in their order, each with its payee's name."""
    rows = await session.execute(
        select(Split, Payee.name)
        .join(Payee, Payee.id == Split.payee_id)
        .where(Split.recording_id.in_(recording_ids))
        .order_by(Split.recording_id, Split.position)
    )
    found: dict[UUID, list[tuple[Split, str]]] = {recording_id: [] for recording_id in recording_ids}
    for split, name in rows:
        found[split.recording_id].append((split, name))
    return found


async def channels(session: AsyncSession, *, everything: bool = False) -> Sequence[Channel]:
    """Channels that take deliveries, by name; with `everything`, those that are switched off too."""
    query = select(Channel).order_by(Channel.name, Channel.id)
    return (await session.scalars(query if everything else query.where(Channel.active))).all()


async def channels_by_id(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Channel]:
    rows = await session.scalars(select(Channel).where(Channel.id.in_(ids)))
    return {row.id: row for row in rows}


async def delivery(session: AsyncSession, delivery_id: UUID, *, lock: bool = False) -> Delivery | None:
    query = select(Delivery).where(Delivery.id == delivery_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def deliveries_of(session: AsyncSession, release_ids: Collection[UUID]) -> Mapping[UUID, list[Delivery]]:
    rows = await session.scalars(
        select(Delivery).where(Delivery.release_id.in_(release_ids)).order_by(Delivery.release_id, Delivery.id)
    )
    found: dict[UUID, list[Delivery]] = {release_id: [] for release_id in release_ids}
    for row in rows:
        found[row.release_id].append(row)
    return found


async def deliveries(
    session: AsyncSession, statuses: Collection[str] | None, first: int, after: UUID | None
) -> tuple[Sequence[Delivery], int]:
    """Deliveries in some states (None: in any), newest first, and how many there are."""
    rows, count = (
        select(Delivery).order_by(Delivery.id.desc()).limit(first + 1),
        select(func.count()).select_from(Delivery),
    )
    if statuses is not None:
        rows, count = rows.where(Delivery.status.in_(statuses)), count.where(Delivery.status.in_(statuses))
    if after is not None:
        rows = rows.where(Delivery.id < after)
    return (await session.scalars(rows)).all(), await session.scalar(count) or 0


async def attempts(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, DeliveryAttempt]:
    rows = await session.scalars(select(DeliveryAttempt).where(DeliveryAttempt.id.in_(ids)))
    return {row.id: row for row in rows}


async def attempt(session: AsyncSession, attempt_id: UUID, *, lock: bool = False) -> DeliveryAttempt | None:
    query = select(DeliveryAttempt).where(DeliveryAttempt.id == attempt_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def was_sent(session: AsyncSession, delivery_id: UUID) -> bool:
    """Whether any message about the release may have reached the channel."""
    return bool(
        await session.scalar(
            select(
                select(DeliveryAttempt.id)
                .where(
                    DeliveryAttempt.delivery_id == delivery_id,
                    DeliveryAttempt.step.in_(("PREPARED", "SENT", "ANSWERED")),
                )
                .exists()
            )
        )
    )
