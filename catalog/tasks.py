"""Jobs of the catalogue."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select

from catalog.merging import keys
from catalog.merging import queries as proposals
from catalog.merging import service as merging
from catalog.merging.models import ProposalStatus
from catalog.models import SearchChange
from hub.jobs import task
from hub.runtime import Runtime

KEPT_CHANGES = 1_000_000
KEYED_AT_ONCE = 200


@task(merging.TASK)
async def decide_doubles(runtime: Runtime, *, organization_id: str, person_id: str, status: str, least: int) -> None:
    """Carry out one decision on everything that waits, a few at a time; what cannot be decided so goes on waiting."""
    await merging.work_off(runtime, UUID(organization_id), UUID(person_id), ProposalStatus(status), least)


@task("catalog.key_works", every="*/10 * * * * 0")
async def key_works(runtime: Runtime) -> None:
    """Give works that were listed before there were keys theirs, so that their doubles are noticed."""
    while True:
        async with runtime.database.transaction() as tx, tx.use() as session:
            works = await proposals.without_keys(session, KEYED_AT_ONCE)
            await keys.rewrite(session, works)
        if len(works) < KEYED_AT_ONCE:
            return


@task("catalog.forget_changes", every="23 3 * * * 0")
async def forget_changes(runtime: Runtime) -> None:
    """Keep the search feed short. An index that has not seen what is forgotten is made again from the tables."""
    newest = select(func.max(SearchChange.seq) - KEPT_CHANGES).scalar_subquery()
    async with runtime.database.transaction() as tx, tx.use() as session:
        await session.execute(delete(SearchChange).where(SearchChange.seq < newest))
