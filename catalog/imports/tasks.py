"""Jobs of imports."""

from __future__ import annotations

from uuid import UUID

from catalog.imports import correcting, service
from hub.jobs import task
from hub.runtime import Runtime


@task(service.TASK)
async def import_file(runtime: Runtime, *, import_id: str, organization_id: str) -> None:
    """Take in a file of titles."""
    await service.run(runtime, UUID(import_id), UUID(organization_id))


@task(service.FORGET)
async def forget_import(runtime: Runtime, *, import_id: str, organization_id: str) -> None:
    """Remove the file and the rows of an import that has ended a while ago."""
    await service.forget(runtime, UUID(import_id), UUID(organization_id))


@task(correcting.TASK)
async def correct_file(runtime: Runtime, *, import_id: str, organization_id: str) -> None:
    """Hand back a file with what to correct in it."""
    await correcting.run(runtime, UUID(import_id), UUID(organization_id))
