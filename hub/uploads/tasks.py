"""Jobs of uploads."""

from __future__ import annotations

from uuid import UUID

from hub.jobs import task
from hub.runtime import Runtime
from hub.uploads import service


@task(service.EXPIRE)
async def expire(runtime: Runtime, *, upload_id: str, organization_id: str) -> None:
    """Forget an upload whose time is over. It was enqueued with the upload, for this moment."""
    async with runtime.database.transaction(organization=UUID(organization_id)) as tx:
        await service.discard(tx.session, runtime, UUID(upload_id))
