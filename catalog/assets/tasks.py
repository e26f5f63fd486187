"""Jobs of covers and samples."""

from __future__ import annotations

from uuid import UUID

from catalog.assets import covers, examining, marking, service
from hub.jobs import task
from hub.runtime import Runtime


@task(covers.SIZES)
async def draw_cover_sizes(runtime: Runtime, *, asset_id: str, organization_id: str) -> None:
    """Draw the sizes of a cover that no page waited for."""
    await covers.draw_sizes(runtime, UUID(asset_id), UUID(organization_id))


@task(service.CHECK)
async def check_sample(runtime: Runtime, *, sample_id: str, upload_id: str, organization_id: str) -> None:
    """Find out what a new sample is, and keep it or say why not."""
    await examining.run(runtime, UUID(sample_id), UUID(upload_id), UUID(organization_id))


@task(service.FORGET_COPY)
async def forget_copy(runtime: Runtime, *, copy_id: str, pages: int) -> None:
    """Remove the files of a marked copy; who had it stays written down."""
    await marking.forget(runtime, UUID(copy_id), pages)


@task(service.FORGET_SAMPLE)
async def forget_sample(runtime: Runtime, *, sample_id: str) -> None:
    """Remove the files of a sample that its owner has removed."""
    await examining.forget(runtime, UUID(sample_id))
