"""Every SELECT of merging."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries as catalog
from catalog.merging.alike import Likeness, likeness
from catalog.merging.models import Proposal, ProposalStatus, RecordAlias, WorkKey
from catalog.models import Work, WorkStatus
from hub.bulk import among
from translation import queries as texts
from translation.models import Origin, Rendering

PERSONS = (Origin.SUPPLIED.value, Origin.REVIEWED.value)


async def keyed(session: AsyncSession, owner_id: UUID, keys: Collection[int]) -> Mapping[int, set[UUID]]:
    """Which of the owner's works carry each of `keys`. Withdrawn ones are works too."""
    found: dict[int, set[UUID]] = defaultdict(set)
    if keys:
        query = select(WorkKey.key, WorkKey.work_id).where(WorkKey.owner_id == owner_id, among(WorkKey.key, keys))
        for key, work_id in await session.execute(query):
            found[key].add(work_id)
    return found


async def likenesses(session: AsyncSession, works: Sequence[Work]) -> dict[UUID, Likeness]:
    """What each work is compared by: its own title, those that persons gave it in other languages, and who made it."""
    titles = {row.id: [row.words] for row in await texts.texts(session, [work.title_id for work in works])}
    given = select(Rendering.text_id, Rendering.words).where(
        Rendering.text_id.in_(titles), Rendering.origin.in_(PERSONS)
    )
    for text_id, words in await session.execute(given.order_by(Rendering.language)):
        titles[text_id].append(words)
    credited = await catalog.contributors(session, [work.id for work in works])
    return {
        work.id: likeness(
            titles.get(work.title_id, ()),
            [name for row in credited.get(work.id, ()) for name in (row.name, row.name_original) if name],
            work.kind,
        )
        for work in works
    }


async def by_aliases(session: AsyncSession, owner_id: UUID, references: Collection[str]) -> Mapping[str, Work]:
    """The owner's works by the keys of records that were merged into them."""
    query = select(RecordAlias.reference, Work).join(Work, Work.id == RecordAlias.work_id)
    rows = await session.execute(
        query.where(RecordAlias.owner_id == owner_id, among(RecordAlias.reference, references))
    )
    return {row.reference: row.Work for row in rows}


async def left_out(session: AsyncSession, owner_id: UUID, references: Collection[str]) -> set[str]:
    """Records that a person has left out before."""
    query = select(Proposal.reference).where(
        Proposal.organization_id == owner_id,
        among(Proposal.reference, references),
        Proposal.status == ProposalStatus.LEFT_OUT.value,
    )
    return set(await session.scalars(query))


async def proposed_for(session: AsyncSession, owner_id: UUID, reference: str) -> UUID | None:
    """The work that a waiting record may be."""
    query = select(Proposal.work_id).where(
        Proposal.organization_id == owner_id,
        Proposal.reference == reference,
        Proposal.status == ProposalStatus.OPEN.value,
    )
    return await session.scalar(query)


async def proposal(session: AsyncSession, proposal_id: UUID, *, lock: bool = False) -> Proposal | None:
    """A proposal of the organization on whose behalf the transaction reads (row-level security)."""
    query = select(Proposal).where(Proposal.id == proposal_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def open_proposals(
    session: AsyncSession, organization_id: UUID, *, least: int, before: tuple[int, UUID] | None, limit: int
) -> tuple[Sequence[Proposal], int]:
    """What waits for the organization with at least a score, the likeliest first; and how much there is in all."""
    waiting = select(Proposal).where(
        Proposal.organization_id == organization_id,
        Proposal.status == ProposalStatus.OPEN.value,
        Proposal.score >= least,
    )
    total = await session.scalar(select(func.count()).select_from(waiting.subquery()))
    page = waiting.order_by(Proposal.score.desc(), Proposal.id.desc()).limit(limit)
    if before is not None:
        page = page.where(tuple_(Proposal.score, Proposal.id) < tuple_(*before))
    return (await session.scalars(page)).all(), total or 0


async def without_keys(session: AsyncSession, limit: int) -> Sequence[Work]:
    """Works that were listed before there were keys."""
    query = select(Work).where(~select(WorkKey.key).where(WorkKey.work_id == Work.id).exists())
    return (await session.scalars(query.where(Work.status != WorkStatus.WITHDRAWN.value).limit(limit))).all()
