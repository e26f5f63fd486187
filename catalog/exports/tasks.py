"""Jobs of exports."""

from __future__ import annotations

from uuid import UUID

from catalog.exports import service
from hub.jobs import task
from hub.runtime import Runtime


@task(service.TASK)
async def export_file(runtime: Runtime, *, export_id: str, organization_id: str) -> None:
    """Write a file of titles."""
    await service.run(runtime, UUID(export_id), UUID(organization_id))


@task(service.FORGET)
async def forget_export(runtime: Runtime, *, export_id: str, organization_id: str) -> None:
    """Remove a file that was written a while ago."""
    await service.forget(runtime, UUID(export_id), UUID(organization_id))
