"""Deciding on possible doubles: the same work, another one, or not wanted."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import policies, undisturbed
from catalog import queries as catalog
from catalog.errors import IdentifierTaken, NotAllowedToList
from catalog.imports import deciding
from catalog.imports.arrivals import Origin
from catalog.merging import queries
from catalog.merging.errors import AlreadyDecided, CannotBeListed, ProposalUnknown
from catalog.merging.models import Proposal, ProposalStatus, RecordAlias
from catalog.merging.waiting import record_of
from hub import audit, jobs
from hub.runtime import Runtime
from hub.security import Caller

log = logging.getLogger("banmao.catalog")
TASK = "catalog.decide_doubles"
AT_ONCE = 50


async def decide(
    session: AsyncSession, caller: Caller, proposal_ids: Sequence[UUID], status: ProposalStatus
) -> list[Proposal]:
    """Carry out one decision on several proposals, all or none.

    ProposalUnknown, AlreadyDecided, CannotBeListed, ListBeingTaken.
    """
    if not policies.may_list(caller):
        raise NotAllowedToList
    await undisturbed.ask(session, caller.organization_id)
    decided = {
        proposal_id: await _decide(session, caller, proposal_id, status) for proposal_id in sorted(set(proposal_ids))
    }
    return [decided[proposal_id] for proposal_id in proposal_ids]


async def decide_all(session: AsyncSession, caller: Caller, status: ProposalStatus, least: int) -> int:
    """Have a job carry out one decision on everything that waits with at least this score. Answers how much that is."""
    if not policies.may_list(caller):
        raise NotAllowedToList
    _rows, total = await queries.open_proposals(session, caller.organization_id, least=least, before=None, limit=1)
    organization = str(caller.organization_id)
    await jobs.enqueue(
        session,
        TASK,
        lock=f"catalog.import:{organization}",
        organization_id=organization,
        person_id=str(caller.person_id),
        status=status.value,
        least=least,
    )
    await audit.record(session, caller, "catalog.doubles.decided", "organization", caller.organization_id, count=total)
    return total


async def _decide(session: AsyncSession, caller: Caller, proposal_id: UUID, status: ProposalStatus) -> Proposal:
    proposal = await queries.proposal(session, proposal_id, lock=True)
    if proposal is None:
        raise ProposalUnknown(field="proposalIds")
    if proposal.status != ProposalStatus.OPEN.value:
        if proposal.status == status.value:
            return proposal
        raise AlreadyDecided(field="proposalIds")
    await carry_out(session, proposal, status, caller.person_id)
    await audit.record(
        session, caller, f"catalog.double.{status.value.lower()}", "work", proposal.listed_id or proposal.work_id
    )
    return proposal


async def carry_out(session: AsyncSession, proposal: Proposal, status: ProposalStatus, person_id: UUID) -> None:
    """Write what was decided on a proposal that is open and locked. CannotBeListed."""
    record = record_of(proposal)
    origin = Origin(proposal.format, proposal.import_id, person_id)
    work = await catalog.work(session, proposal.work_id, lock=True)
    assert work is not None
    if status is ProposalStatus.MERGED:
        if work.record_reference not in (None, record.reference):
            alias = {"owner_id": work.owner_id, "reference": record.reference, "work_id": work.id}
            table = RecordAlias.__table__
            await session.execute(
                insert(RecordAlias)
                .values(alias)
                .on_conflict_do_update(index_elements=[table.c.owner_id, table.c.reference], set_={"work_id": work.id})
            )
        await deciding.tell(session, work, record, origin)
        proposal.listed_id = work.id
    elif status is ProposalStatus.LISTED:
        try:
            listed = await deciding.list_record(session, work.owner_id, record, origin)
        except IdentifierTaken as taken:
            params = {name: taken.params[name] for name in ("scheme", "value", "workId")}
            raise CannotBeListed(field="proposalIds", **params) from taken
        proposal.listed_id = listed.id
    proposal.status = status.value
    proposal.decided_by = person_id
    proposal.decided_at = datetime.now(UTC)
    await session.flush()


async def work_off(
    runtime: Runtime, organization_id: UUID, person_id: UUID, status: ProposalStatus, least: int
) -> None:
    """Decide everything that waits with at least this score, the likeliest first, each in a transaction of its own."""
    last: tuple[int, UUID] | None = None
    while True:
        async with _acting(runtime, organization_id) as session:
            rows, _total = await queries.open_proposals(
                session, organization_id, least=least, before=last, limit=AT_ONCE
            )
            waiting = [(row.score, row.id) for row in rows]
        for last in waiting:
            try:
                async with _acting(runtime, organization_id) as session:
                    proposal = await queries.proposal(session, last[1], lock=True)
                    if proposal is not None and proposal.status == ProposalStatus.OPEN.value:
                        await carry_out(session, proposal, status, person_id)
            except (CannotBeListed, IdentifierTaken) as error:
                log.info("the possible double %s goes on waiting: %s", last[1], error)
        if len(waiting) < AT_ONCE:
            return


@asynccontextmanager
async def _acting(runtime: Runtime, organization_id: UUID) -> AsyncIterator[AsyncSession]:
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        yield session
