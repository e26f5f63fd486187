"""Files of translations on their way in: received, looked at, shown, and taken over when a person says so.

The preview writes nothing. Taking over reads the file again and decides again, chunk by chunk, each in one transaction; a job
that was killed goes on after the last chunk, and what came in twice is the same the second time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit, jobs
from hub.characters import only_text
from hub.errors import TooLarge
from hub.i18n import Message, _
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import Readable
from hub.storage import receive as receive_upload
from translation import queries as texts
from translation import service
from translation.exchange import policies, queries, tmx, xliff
from translation.exchange.deciding import BY_PERSON, Decision, Outcome, decide
from translation.exchange.errors import ExchangeUnknown, NotAllowedToExchange, NotShown
from translation.exchange.models import Direction, Exchange, Format, Status
from translation.exchange.units import Of, Unit
from translation.exchange.xml import FileRefused, local, root_of
from translation.glossary import glossary_of
from translation.memory.service import put

TASK = "translation.take"
CHUNK = 50
MOST_SHOWN = 200
LONGEST_NAME = 255
WRITTEN = (Outcome.NEW, Outcome.CHANGED)
SHOWN_FIRST = (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW)


async def receive(session: AsyncSession, runtime: Runtime, caller: Caller, upload: Readable) -> Exchange:
    """Keep a file and have it looked at. NotAllowedToExchange, TOO_LARGE; what is wrong inside is said by the job."""
    if not policies.may_exchange(caller):
        raise NotAllowedToExchange
    limit = runtime.settings.max_upload_bytes
    try:
        async with receive_upload(upload, limit, runtime.scratch.path) as received:
            file_format = await asyncio.to_thread(_format, received.path)
            key = f"exchanges/{caller.organization_id}/{uuid4()}.xml"
            await runtime.storage.put(key, received.path, "application/xml")
            size = received.size
    except TooLarge as error:
        raise TooLarge(field="file", limit=limit) from error
    name = only_text(Path(str(getattr(upload, "filename", None) or "")).name)[:LONGEST_NAME]
    row = Exchange(
        organization_id=caller.organization_id,
        person_id=caller.person_id,
        direction=Direction.IN,
        format=file_format,
        file_name=name or f"translations.{file_format.lower()}",
        storage_key=key,
        bytes=size,
        chosen={"shared": caller.organization_kind == "OPERATOR"},
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await audit.record(session, caller, "translation.exchange.received", "exchange", row.id)
    await _enqueue(session, row)
    return row


async def confirm(session: AsyncSession, caller: Caller, exchange_id: UUID) -> Exchange:
    """Take over what has been shown. ExchangeUnknown, NotShown."""
    if not policies.may_exchange(caller):
        raise NotAllowedToExchange
    row = await queries.exchange(session, exchange_id, lock=True)
    if row is None:
        raise ExchangeUnknown(field="id")
    if row.status != Status.PREVIEW:
        raise NotShown(field="id")
    row.status, row.done, row.counts, row.person_id = Status.APPLYING, 0, {}, caller.person_id
    await session.flush()
    await audit.record(session, caller, "translation.exchange.confirmed", "exchange", row.id)
    await _enqueue(session, row)
    return row


async def run(runtime: Runtime, exchange_id: UUID, organization_id: UUID) -> None:
    """Look at a file, or take it over, whichever its state asks for; from wherever an earlier run was stopped."""
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        row = await queries.exchange(session, exchange_id)
    if row is None or row.storage_key is None or row.status not in (Status.RUNNING, Status.APPLYING):
        return
    applying = row.status == Status.APPLYING
    reader = tmx.read if row.format == Format.TMX else xliff.read
    with runtime.scratch.folder("exchange") as folder:
        path = folder / "file"
        await runtime.storage.fetch(row.storage_key, path)
        try:
            if not applying:
                total = await asyncio.to_thread(lambda: sum(1 for _unit in reader(path)))
                if not total:
                    raise FileRefused(_("There is no translation between two of the hub's languages in this file."))
                async with _locked(runtime, row) as (_session, now):
                    now.total, now.done, now.counts, now.shown = total, 0, {}, []
            done = row.done if applying else 0
            units = islice(reader(path), done, None)
            while chunk := await asyncio.to_thread(lambda: list(islice(units, CHUNK))):
                await _deal_with(runtime, row, chunk, applying=applying)
        except FileRefused as refused:
            await _fail(runtime, row, refused.message, refused.line)
            return
    async with _locked(runtime, row) as (session, now):
        now.status = Status.DONE if applying else Status.PREVIEW
        now.finished_at = datetime.now(UTC)
        if applying:
            await audit.record(session, None, "translation.exchange.taken", "exchange", row.id, **now.counts)


async def _deal_with(runtime: Runtime, row: Exchange, units: Sequence[Unit], *, applying: bool) -> None:
    async with _locked(runtime, row) as (session, now):
        whose = None if now.chosen.get("shared") else row.organization_id
        glossary = await glossary_of(session, row.organization_id)
        decisions = await decide(session, row.organization_id, whose, units, glossary)
        if applying:
            await _write(session, now, whose, decisions)
        now.done += len(units)
        now.counts = dict(Counter(now.counts) + Counter(decision.outcome.value for decision in decisions))
        if not applying:
            shown = [*now.shown, *(one.stored for one in decisions if one.outcome in SHOWN_FIRST)]
            order = [outcome.value for outcome in SHOWN_FIRST]
            now.shown = sorted(shown, key=lambda one: order.index(one["outcome"]))[:MOST_SHOWN]


async def _write(session: AsyncSession, row: Exchange, memory_of: UUID | None, decisions: Sequence[Decision]) -> None:
    taken = [decision for decision in decisions if decision.outcome in WRITTEN]
    for decision in taken:
        unit, target = decision.unit, decision.target
        text = await texts.text(session, unit.id) if unit.of is Of.TEXT and unit.id else None
        if text is None:
            continue
        if target.state in BY_PERSON:
            await service.approve(session, text, target.language, target.words, row.person_id)
        else:
            await service.supply(session, text, {target.language: target.words}, person_id=row.person_id)
    entries = [
        {
            "organization_id": memory_of,
            "source_language": decision.unit.source_language,
            "target_language": decision.target.language,
            "source": decision.unit.source.strip(),
            "target": decision.target.words.strip(),
            "person_id": row.person_id,
            "text_id": None,
            "level": "TEXT",
            "shared": False,
            "confidential": memory_of is not None,
        }
        for decision in taken
        if decision.unit.of is Of.MEMORY
    ]
    await put(session, entries)


async def _fail(runtime: Runtime, row: Exchange, message: Message, line: int | None) -> None:
    async with _locked(runtime, row) as (_session, now):
        now.status, now.finished_at = Status.FAILED, datetime.now(UTC)
        now.problem = {"msgid": message.msgid, "params": message.params, "line": line}


@asynccontextmanager
async def _locked(runtime: Runtime, row: Exchange) -> AsyncIterator[tuple[AsyncSession, Exchange]]:
    owner = row.organization_id
    async with runtime.database.transaction(organization=owner) as tx, tx.use() as session:
        now = await queries.exchange(session, row.id, lock=True)
        if now is None:
            raise ExchangeUnknown
        yield session, now


async def _enqueue(session: AsyncSession, row: Exchange) -> None:
    organization_id = str(row.organization_id)
    await jobs.enqueue(
        session,
        TASK,
        lock=f"{TASK}:{organization_id}",
        exchange_id=str(row.id),
        organization_id=organization_id,
    )


def _format(path: Path) -> Format:
    """By the root; what is neither is called XLIFF, and refused by its reader with the reason."""
    try:
        return Format.TMX if local(root_of(path)) == "tmx" else Format.XLIFF
    except FileRefused:
        return Format.XLIFF
