"""Whether a scope is free now: asked before every offer, and again when it is accepted and signed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Work
from catalog.rights import Scope
from hub.security import Caller
from marketplace import queries
from marketplace.availability import Block, Standing, blocks
from marketplace.errors import NotAvailable, RightsTaken
from marketplace.parties import party
from marketplace.refusals import refusal


async def check(session: AsyncSession, work_id: UUID, scope: Scope) -> list[Block]:
    """Every reason why the scope is not free."""
    return blocks(scope, (await queries.standings(session, [work_id]))[work_id])


async def require_free(
    session: AsyncSession, caller: Caller | None, work: Work, scope: Scope, *, besides: UUID | None = None
) -> None:
    """RIGHTS_TAKEN or NOT_AVAILABLE unless the whole scope is free; what the contract `besides` holds does not count."""
    standing = (await queries.standings(session, [work.id], besides=besides))[work.id]
    if found := blocks(scope, standing):
        raise await refuse(session, caller, work, scope, found, standing)


async def refuse(
    session: AsyncSession, caller: Caller | None, work: Work, scope: Scope, found: Sequence[Block], standing: Standing
) -> RightsTaken | NotAvailable:
    """The error for a scope of which `found` cannot be had, told to whoever asked."""
    own = caller is not None and caller.organization_id == work.owner_id
    return refusal(scope, found, standing, await party(session, work.owner_id), to_seller=own)
