"""Texts and memory on their way out: ordered, written by a job, kept for a while, fetched by a link that ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit, jobs, links
from hub.downloads import Opened, opened
from hub.i18n import supported
from hub.runtime import Runtime
from hub.security import Caller
from translation import queries as texts
from translation.choice import PERSONS
from translation.exchange import policies, queries, tmx, xliff
from translation.exchange.errors import ExchangeUnknown, LinkOver, NotAllowedToExchange, NothingToSend
from translation.exchange.models import Direction, Exchange, Format, Status
from translation.exchange.queries import Chosen
from translation.exchange.units import Of, State, Target, Unit
from translation.memory import fingerprint
from translation.memory.models import MemoryEntry
from translation.models import Origin, Rendering, Text

TASK = "translation.send"
FORGET = "translation.forget_exchange"
PURPOSE = "translation.exchange"
PAGE = 500
KEPT = timedelta(days=14)
LINK = timedelta(hours=1)
SUFFIXES = {Format.TMX: tmx.SUFFIX, Format.XLIFF: xliff.SUFFIX}
MEDIA_TYPES = {Format.TMX: tmx.MEDIA_TYPE, Format.XLIFF: xliff.MEDIA_TYPE}


async def order(
    session: AsyncSession, caller: Caller, file_format: Format, chosen: Chosen, *, version: str = "2.1"
) -> Exchange:
    """Have texts or memory written into a file. NotAllowedToExchange, NothingToSend."""
    if not policies.may_exchange(caller):
        raise NotAllowedToExchange
    total = await _count(session, caller.organization_id, _memory_of(caller), chosen)
    if not total:
        raise NothingToSend(field="targets")
    languages = "-".join([chosen.source or "all", *(chosen.targets if len(chosen.targets) == 1 else [])])
    name = f"{chosen.of.lower()}-{languages}-{datetime.now(UTC):%Y%m%d}{SUFFIXES[file_format]}"
    row = Exchange(
        organization_id=caller.organization_id,
        person_id=caller.person_id,
        direction=Direction.OUT,
        format=file_format,
        chosen={
            "of": chosen.of,
            "source": chosen.source,
            "targets": list(chosen.targets),
            "purposes": list(chosen.purposes),
            "missing": chosen.missing,
            "version": version,
            "shared": _memory_of(caller) is None,
        },
        file_name=name,
        total=total,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await audit.record(session, caller, "translation.exchange.ordered", "exchange", row.id, format=file_format)
    await jobs.enqueue(session, TASK, exchange_id=str(row.id), organization_id=str(row.organization_id))
    return row


async def run(runtime: Runtime, exchange_id: UUID, organization_id: UUID) -> None:
    """Write the whole file. One that was killed is begun again."""
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        row = await queries.exchange(session, exchange_id)
    if row is None or row.status != Status.RUNNING:
        return
    pages = _Pages(runtime, row)
    file_format = Format(row.format)
    with runtime.scratch.folder("exchange") as folder:
        path = folder / "file"
        await asyncio.to_thread(_write, path.open("wb"), pages, asyncio.get_running_loop(), row)
        key = f"exchanges/{organization_id}/{exchange_id}{SUFFIXES[file_format]}"
        await runtime.storage.put(key, path, MEDIA_TYPES[file_format])
        size = path.stat().st_size
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        now = await queries.exchange(session, exchange_id, lock=True)
        if now is None:
            raise ExchangeUnknown
        now.status, now.storage_key, now.bytes = Status.DONE, key, size
        now.done = now.total = pages.done
        now.finished_at = datetime.now(UTC)
        await audit.record(session, None, "translation.exchange.written", "exchange", exchange_id, units=pages.done)
        await jobs.enqueue(
            session,
            FORGET,
            at=now.finished_at + KEPT,
            exchange_id=str(exchange_id),
            organization_id=str(organization_id),
        )


def _write(file: BinaryIO, pages: _Pages, loop: asyncio.AbstractEventLoop, row: Exchange) -> None:
    def units() -> Iterator[Unit]:
        while page := asyncio.run_coroutine_threadsafe(pages.next(), loop).result():
            yield from page

    with file:
        if row.format == Format.TMX:
            tmx.write(file, units())
        else:
            chosen = Chosen.of_row(row)
            version = row.chosen["version"]
            xliff.write(file, units(), chosen.source or "", chosen.targets[0], Of(chosen.of), version=version)


class _Pages:
    """The chosen units, page by page; what has been handed out counts as done."""

    def __init__(self, runtime: Runtime, row: Exchange) -> None:
        self.runtime = runtime
        self.row = row
        self.chosen = Chosen.of_row(row)
        self.after: UUID | None = None
        self.done = 0

    async def next(self) -> list[Unit]:
        owner = self.row.organization_id
        async with self.runtime.database.transaction(organization=owner) as tx, tx.use() as session:
            now = await queries.exchange(session, self.row.id, lock=True)
            if now is not None:
                now.done = self.done
            if self.chosen.of == Of.MEMORY:
                whose = None if self.row.chosen["shared"] else owner
                entries = await queries.entries(session, whose, self.chosen, self.after, PAGE)
                self.after = entries[-1].id if entries else self.after
                page = [_of_entry(entry) for entry in entries]
            else:
                found = await queries.texts(session, owner, self.chosen, self.after, PAGE)
                self.after = found[-1].id if found else self.after
                rows = await texts.renderings(session, [text.id for text in found], self.chosen.targets)
                page = [_of_text(text, rows.get(text.id, []), self.chosen.targets) for text in found]
        self.done += len(page)
        return page


def _of_text(text: Text, rows: Sequence[Rendering], targets: Sequence[str]) -> Unit:
    source = supported(text.language) or text.language
    made = tuple(_target(text, rows, language) for language in targets if language != source)
    return Unit(Of.TEXT, source, text.words, made, text.id, text.purpose)


def _target(text: Text, rows: Sequence[Rendering], language: str) -> Target:
    """What there is of the present words in a language: a person's words, else a draft that passed its checks."""
    said = {Origin(row.origin): row for row in rows if row.language == language and row.text_version == text.version}
    row = next((said[origin] for origin in PERSONS if origin in said), None)
    if row is not None:
        state = State.FINAL if row.origin == Origin.REVIEWED else State.TRANSLATED
        return Target(language, row.words, state, fingerprint(row.words).hex())
    draft = said.get(Origin.MACHINE)
    if draft is not None and not draft.problems:
        return Target(language, draft.words, State.TRANSLATED, fingerprint(draft.words).hex(), machine=True)
    return Target(language, "", State.INITIAL)


def _of_entry(entry: MemoryEntry) -> Unit:
    target = Target(entry.target_language, entry.target, State.FINAL)
    return Unit(Of.MEMORY, entry.source_language, entry.source, (target,), entry.id, uses=entry.uses)


async def _count(session: AsyncSession, organization_id: UUID, memory_of: UUID | None, chosen: Chosen) -> int:
    if chosen.of == Of.MEMORY:
        return await queries.count_entries(session, memory_of, chosen)
    return await queries.count_texts(session, organization_id, chosen)


def _memory_of(caller: Caller) -> UUID | None:
    return None if caller.organization_kind == "OPERATOR" else caller.organization_id


async def forget(runtime: Runtime, exchange_id: UUID, organization_id: UUID) -> None:
    """Remove a file and the note of it."""
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        row = await queries.exchange(session, exchange_id, lock=True)
        if row is not None:
            if row.storage_key is not None:
                await runtime.storage.delete(row.storage_key)
            await session.delete(row)


def link(key: bytes, row: Exchange) -> str:
    """The path of a finished file, good for `LINK` from now."""
    return f"/exchanges/{row.id}/{links.ticket(key, PURPOSE, row.id, row.organization_id, LINK)}/{row.file_name}"


async def open_link(runtime: Runtime, exchange_id: UUID, ticket: str) -> Opened:
    """The file behind a link. LinkOver when the link is none of ours, or over, or the file has been removed."""
    organization_id = links.bearer(runtime.settings.key, PURPOSE, exchange_id, ticket)
    if organization_id is None:
        raise LinkOver
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        row = await queries.exchange(session, exchange_id)
    if row is None or row.storage_key is None or row.direction != Direction.OUT:
        raise LinkOver
    return await opened(runtime, row.storage_key, row.file_name, MEDIA_TYPES[Format(row.format)])
