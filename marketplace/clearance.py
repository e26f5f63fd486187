"""Whether a scope is free now: asked before every offer, and again when it is accepted and signed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Work
from catalog.rights import Scope
from marketplace import queries
from marketplace.availability import Block, blocks, refusal
from marketplace.parties import party


async def check(session: AsyncSession, work_id: UUID, scope: Scope) -> list[Block]:
    """Every reason why the scope is not free."""
    return blocks(scope, (await queries.standings(session, [work_id]))[work_id])


async def require_free(session: AsyncSession, work: Work, scope: Scope, *, besides: UUID | None = None) -> None:
    """RIGHTS_TAKEN or NOT_AVAILABLE unless the whole scope is free; what the contract `besides` holds does not count."""
    standing = (await queries.standings(session, [work.id], besides=besides))[work.id]
    if found := blocks(scope, standing):
        raise refusal(scope, found, await party(session, work.owner_id))
