"""Jobs of distribution. Every one may be run twice."""

from __future__ import annotations

from uuid import UUID

from distribution import delivering
from hub.jobs import task
from hub.runtime import Runtime


@task("distribution.deliver")
async def deliver(runtime: Runtime, *, organization_id: str, attempt_id: str, tries: int = 0) -> None:
    """Prepare and send one message, from wherever it stands."""
    await delivering.deliver(runtime, UUID(organization_id), UUID(attempt_id), tries)


@task("distribution.look")
async def look(runtime: Runtime, *, organization_id: str, attempt_id: str, looks: int = 0) -> None:
    """Look whether the partner has answered a message."""
    await delivering.look(runtime, UUID(organization_id), UUID(attempt_id), looks)


@task("distribution.go_live")
async def go_live(runtime: Runtime, *, organization_id: str, attempt_id: str) -> None:
    """The day on which an accepted release may be sold."""
    await delivering.go_live(runtime, UUID(organization_id), UUID(attempt_id))
