"""Lists on their way out: ordered, written by a job with progress, kept for a while, fetched by a link that ends.

A file is written from its first work to its last in one go, so a job that is killed starts the file again; what was ordered and
what the file is called stay. Works are read in short transactions, a page at a time, while the writer works in a thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from catalog import policies, problems, queries
from catalog.errors import LinkOver, WorkUnknown
from catalog.exports import queries as export_queries
from catalog.exports.errors import ExportUnknown, FormatNotWritten, NotAllowedToExport, NothingToExport
from catalog.exports.gathering import exported
from catalog.exports.models import Export
from catalog.formats.exported import ExportedWork, Order
from catalog.formats.problems import Problem, WriteRefused
from catalog.formats.writers import WRITERS, Writer
from hub import audit, events, jobs, links
from hub.downloads import Opened, opened
from hub.runtime import Runtime
from hub.security import Caller

TASK = "catalog.export"
FORGET = "catalog.forget_export"
PURPOSE = "catalog.export"
PAGE = 100
KEPT = timedelta(days=14)
LINK = timedelta(hours=1)


class _Stopped(Exception):
    """The job ends before its file is whole."""


def writer_of(file_format: str, variant: str | None) -> tuple[str, Writer]:
    """The variant of a format and its writer; the format's first where none is named. FormatNotWritten."""
    variants = WRITERS.get(file_format, {})
    chosen = variant or next(iter(variants), "")
    if chosen not in variants:
        written = [f"{name} {each}" for name, found in WRITERS.items() for each in found]
        raise FormatNotWritten(field="variant" if variants else "format", formats=written)
    return chosen, variants[chosen]


async def order(
    session: AsyncSession,
    caller: Caller,
    *,
    file_format: str,
    variant: str | None,
    chosen: Mapping[str, Any],
) -> Export:
    """Have the caller's organization's works written into a file.

    NotAllowedToExport, FormatNotWritten, WorkUnknown for an id of `chosen` that is not theirs, NothingToExport.
    """
    if not policies.may_export(caller):
        raise NotAllowedToExport
    found = await queries.listed(session, caller.organization_id, chosen)
    if "ids" in chosen and sum(found.values()) < len(set(chosen["ids"])):
        raise WorkUnknown(field="workIds")
    variant, writer = writer_of(file_format, variant)
    total = sum(count for kind, count in found.items() if kind in writer.kinds)
    if not total:
        raise NothingToExport(field="workIds" if "ids" in chosen else "filter")
    [organization] = await accounts.organizations(session, [caller.organization_id])
    row = Export(
        organization_id=caller.organization_id,
        person_id=caller.person_id,
        format=file_format,
        variant=variant,
        chosen=dict(chosen),
        file_name=f"{organization.slug}-{file_format.lower()}-{datetime.now(UTC):%Y%m%d}{writer.suffix}",
        total=total,
        left_out=sum(found.values()) - total,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await audit.record(session, caller, "catalog.export.started", "export", row.id, format=file_format, works=total)
    organization_id = str(row.organization_id)
    lock = f"{TASK}:{organization_id}"
    await jobs.enqueue(session, TASK, lock=lock, export_id=str(row.id), organization_id=organization_id)
    return row


async def run(runtime: Runtime, export_id: UUID, organization_id: UUID) -> None:
    """Write the whole file and put it where its link finds it."""
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        row = await export_queries.catalog_export(session, export_id)
        if row is None or row.status != "RUNNING":
            return
        asked = await _asked(session, row)
    _variant, writer = writer_of(row.format, row.variant)
    with runtime.scratch.folder("export") as folder:
        path = folder / "list"
        try:
            await _write(_Pages(runtime, row, writer.kinds), writer, path, asked)
        except WriteRefused as refused:
            await _fail(runtime, export_id, organization_id, refused.problem)
            return
        key = f"exports/{organization_id}/{export_id}{writer.suffix}"
        await runtime.storage.put(key, path, writer.media_type)
        size = path.stat().st_size
    async with _row(runtime, export_id, organization_id) as (session, now):
        now.status, now.storage_key, now.bytes = "DONE", key, size
        now.total = now.done
        now.finished_at = datetime.now(UTC)
        await audit.record(session, None, "catalog.export.done", "export", export_id, works=now.done)
        await jobs.enqueue(
            session,
            FORGET,
            at=now.finished_at + KEPT,
            export_id=str(export_id),
            organization_id=str(organization_id),
        )


async def _fail(runtime: Runtime, export_id: UUID, organization_id: UUID, problem: Problem) -> None:
    async with _row(runtime, export_id, organization_id) as (session, now):
        now.status, now.problem, now.finished_at = "FAILED", problems.stored(problem), datetime.now(UTC)
        await audit.record(session, None, "catalog.export.failed", "export", export_id, code=problem.code)


async def _asked(session: AsyncSession, row: Export) -> Order:
    [organization] = await accounts.organizations(session, [row.organization_id])
    [person] = await accounts.people(session, [row.person_id])
    name = next(each.name for each in organization.names if each.original)
    return Order(sender=name, sent=row.created_at.astimezone(UTC), language=person.language)


async def forget(runtime: Runtime, export_id: UUID, organization_id: UUID) -> None:
    """Remove an export and its file."""
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        row = await export_queries.catalog_export(session, export_id, lock=True)
        if row is None:
            return
        if row.storage_key is not None:
            await runtime.storage.delete(row.storage_key)
        await session.delete(row)


@asynccontextmanager
async def _row(runtime: Runtime, export_id: UUID, organization_id: UUID) -> AsyncIterator[tuple[AsyncSession, Export]]:
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        row = await export_queries.catalog_export(session, export_id, lock=True)
        if row is None:
            raise ExportUnknown
        yield session, row
        await events.tell(session, f"export:{export_id}")


class _Pages:
    """The chosen works, page by page; what has been handed out is counted as done when the next page is asked for."""

    def __init__(self, runtime: Runtime, row: Export, kinds: Collection[str]) -> None:
        self.runtime = runtime
        self.row = row
        self.kinds = kinds
        self.after: UUID | None = None
        self.done = 0

    async def next(self) -> list[ExportedWork]:
        row = self.row
        async with _row(self.runtime, row.id, row.organization_id) as (session, now):
            now.done = self.done
            works = await queries.listed_page(session, row.organization_id, row.chosen, self.kinds, self.after, PAGE)
            page = await exported(session, works, record_format=row.format, machine=bool(row.chosen.get("machine")))
        self.done += len(page)
        self.after = page[-1].id if page else self.after
        return page


async def _write(pages: _Pages, writer: Writer, path: Path, asked: Order) -> None:
    """Have the writer work in a thread, on works that are read by this event loop."""
    loop = asyncio.get_running_loop()
    stopped = threading.Event()

    def works() -> Iterator[ExportedWork]:
        while page := asyncio.run_coroutine_threadsafe(pages.next(), loop).result():
            if stopped.is_set():
                raise _Stopped
            yield from page

    def write() -> None:
        with path.open("wb") as file:
            writer.write(works(), file, asked)

    writing = asyncio.ensure_future(asyncio.to_thread(write))
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        stopped.set()
        await asyncio.wait([writing])
        writing.exception()
        raise


def link(key: bytes, row: Export) -> str:
    """The path of a finished file, good for `LINK` from now."""
    ticket = links.ticket(key, PURPOSE, row.id, row.organization_id, LINK)
    return f"/exports/{row.id}/{ticket}/{row.file_name}"


async def open_link(runtime: Runtime, export_id: UUID, ticket: str) -> Opened:
    """The file behind a link. NOT_FOUND when the link is none of ours, or over, or the file has been removed."""
    organization_id = links.bearer(runtime.settings.key, PURPOSE, export_id, ticket)
    if organization_id is None:
        raise LinkOver
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        row = await export_queries.catalog_export(session, export_id)
    if row is None or row.storage_key is None:
        raise LinkOver
    return await opened(runtime, row.storage_key, row.file_name, writer_of(row.format, row.variant)[1].media_type)
