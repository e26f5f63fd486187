"""Jobs of distribution. Every one may be run twice."""

from __future__ import annotations

from uuid import UUID

from distribution import delivering, feeds, unpacking
from distribution.revenue import fetching, importing
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


@task(feeds.TAKE_FILES)
async def take_files(runtime: Runtime, *, organization_id: str, release_id: str) -> None:
    """Take the audio and the cover of a release out of the archive that its feed came in."""
    await unpacking.take_files(runtime, UUID(organization_id), UUID(release_id))


@task("distribution.check_report")
async def check_report(runtime: Runtime, *, organization_id: str, report_id: str) -> None:
    """Read a sales report, and accept or reject it."""
    await importing.check(runtime, UUID(organization_id), UUID(report_id))


@task("distribution.book_report")
async def book_report(runtime: Runtime, *, organization_id: str, report_id: str, paid: int, waits: int = 0) -> None:
    """Price, split and post an accepted report."""
    await importing.book(runtime, UUID(organization_id), UUID(report_id), paid, waits)


@task("distribution.fetch_reports", every="* * * * * */30", attempts=1)
async def fetch_reports(runtime: Runtime) -> None:
    """Look into every channel's outbox for new reports."""
    await fetching.fetch_all(runtime)
