"""Jobs of covers and samples."""

from __future__ import annotations

from uuid import UUID

from catalog.assets import covers
from hub.jobs import task
from hub.runtime import Runtime


@task(covers.SIZES)
async def draw_cover_sizes(runtime: Runtime, *, asset_id: str, organization_id: str) -> None:
    """Draw the sizes of a cover that no page waited for."""
    await covers.draw_sizes(runtime, UUID(asset_id), UUID(organization_id))
