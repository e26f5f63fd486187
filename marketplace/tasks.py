"""Jobs of the marketplace: what happens when time is up."""

from __future__ import annotations

from uuid import UUID

from hub.jobs import task
from hub.runtime import Runtime
from marketplace import service, signing


@task("marketplace.expire")
async def expire(runtime: Runtime, *, negotiation_id: str, organization_id: str) -> None:
    """End a negotiation that was not answered in time."""
    async with runtime.database.transaction(organization=UUID(organization_id)) as tx:
        await service.expire(tx.session, UUID(negotiation_id))


@task("marketplace.release_unsigned")
async def release_unsigned(runtime: Runtime, *, contract_id: str, organization_id: str) -> None:
    """Let go of rights whose contract was not signed in time."""
    async with runtime.database.transaction(organization=UUID(organization_id)) as tx:
        await signing.release_unsigned(tx.session, UUID(contract_id))
