"""Every SELECT of samples. What a reader may not see, row-level security leaves out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Date, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.assets.models import Opening, Sample, SampleCopy, SampleGrant, SampleOpening


async def sample(session: AsyncSession, sample_id: UUID, *, lock: bool = False) -> Sample | None:
    """A sample that has not been removed."""
    query = select(Sample).where(Sample.id == sample_id, Sample.removed_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def samples(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Sample]:
    """Removed ones too: a report names them."""
    return (await session.scalars(select(Sample).where(Sample.id.in_(ids)))).all()


async def of_works(session: AsyncSession, work_ids: Collection[UUID]) -> Mapping[UUID, list[Sample]]:
    """The samples of each work, oldest first."""
    query = select(Sample).where(Sample.work_id.in_(work_ids), Sample.removed_at.is_(None)).order_by(Sample.id)
    found: dict[UUID, list[Sample]] = defaultdict(list)
    for row in await session.scalars(query):
        found[row.work_id].append(row)
    return found


async def mine(
    session: AsyncSession, organization_id: UUID, before: UUID | None, limit: int
) -> tuple[Sequence[Sample], int]:
    """The organization's samples, newest first, from just after `before`; and how many there are in all."""
    own = select(Sample).where(Sample.organization_id == organization_id, Sample.removed_at.is_(None))
    page = own.order_by(Sample.id.desc()).limit(limit)
    if before is not None:
        page = page.where(Sample.id < before)
    total = await session.scalar(select(func.count()).select_from(own.subquery()))
    return (await session.scalars(page)).all(), total or 0


async def grants(session: AsyncSession, sample_ids: Collection[UUID]) -> Mapping[UUID, list[SampleGrant]]:
    """Who is shown each sample, as far as the reader may know: the owner all that was not taken back, others their own."""
    query = select(SampleGrant).where(SampleGrant.sample_id.in_(sample_ids), SampleGrant.revoked_at.is_(None))
    found: dict[UUID, list[SampleGrant]] = defaultdict(list)
    for row in await session.scalars(query.order_by(SampleGrant.id)):
        found[row.sample_id].append(row)
    return found


async def grant(session: AsyncSession, grant_id: UUID, *, lock: bool = False) -> SampleGrant | None:
    query = select(SampleGrant).where(SampleGrant.id == grant_id, SampleGrant.revoked_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def reaching(session: AsyncSession, sample_id: UUID) -> SampleGrant | None:
    """By which grant a reader who is not of the owner sees the sample: the one that names them best."""
    query = select(SampleGrant).where(
        SampleGrant.sample_id == sample_id, SampleGrant.revoked_at.is_(None), SampleGrant.expires_at > func.now()
    )
    nearest = (SampleGrant.email.is_(None), SampleGrant.to_id.is_(None), SampleGrant.id)
    return (await session.scalars(query.order_by(*nearest).limit(1))).one_or_none()


async def copy_of_today(
    session: AsyncSession, sample_id: UUID, person_id: UUID, organization_id: UUID
) -> SampleCopy | None:
    query = select(SampleCopy).where(
        SampleCopy.sample_id == sample_id,
        SampleCopy.person_id == person_id,
        SampleCopy.organization_id == organization_id,
        SampleCopy.day == func.current_date(),
    )
    return (await session.scalars(query)).one_or_none()


async def copy_by_code(session: AsyncSession, owner_id: UUID, code: str) -> SampleCopy | None:
    query = select(SampleCopy).where(SampleCopy.code == code, SampleCopy.owner_id == owner_id)
    return (await session.scalars(query)).one_or_none()


class Tally(NamedTuple):
    """How often something was opened, how often as a file, by how many people, and when last."""

    openings: int
    downloads: int
    people: int
    last: datetime


_TALLY = (
    func.count(),
    func.count().filter(SampleOpening.how == Opening.DOWNLOAD.value),
    func.count(SampleOpening.person_id.distinct()),
    func.max(SampleOpening.created_at),
)


async def tallies(session: AsyncSession, sample_ids: Collection[UUID]) -> Mapping[UUID, Tally]:
    query = select(SampleOpening.sample_id, *_TALLY).where(SampleOpening.sample_id.in_(sample_ids))
    rows = await session.execute(query.group_by(SampleOpening.sample_id))
    return {row[0]: Tally(*row[1:]) for row in rows}


async def by_organization(session: AsyncSession, sample_id: UUID) -> Sequence[tuple[UUID, Tally]]:
    """Who opened it, most often first."""
    query = select(SampleOpening.organization_id, *_TALLY).where(SampleOpening.sample_id == sample_id)
    query = query.group_by(SampleOpening.organization_id).order_by(func.count().desc(), SampleOpening.organization_id)
    return [(row[0], Tally(*row[1:])) for row in await session.execute(query)]


async def today(session: AsyncSession, zone: str) -> date:
    """The day that it is now in a zone."""
    found: date = (await session.scalars(select(cast(func.timezone(zone, func.now()), Date)))).one()
    return found


async def by_day(session: AsyncSession, sample_id: UUID, zone: str, since: date) -> Mapping[date, int]:
    """Openings of each day of a zone's calendar that had any."""
    day = cast(func.timezone(zone, SampleOpening.created_at), Date)
    query = select(day, func.count()).where(SampleOpening.sample_id == sample_id, day >= since).group_by(day)
    return {row[0]: row[1] for row in await session.execute(query)}


async def openings(
    session: AsyncSession, sample_id: UUID, before: UUID | None, limit: int
) -> tuple[Sequence[SampleOpening], int]:
    """Openings, newest first, from just after `before`; and how many there are in all."""
    of_it = SampleOpening.sample_id == sample_id
    page = select(SampleOpening).where(of_it).order_by(SampleOpening.id.desc()).limit(limit)
    if before is not None:
        page = page.where(SampleOpening.id < before)
    total = await session.scalar(select(func.count()).select_from(SampleOpening).where(of_it))
    return (await session.scalars(page)).all(), total or 0
