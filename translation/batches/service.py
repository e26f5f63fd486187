"""Batches: started, carried out chunk by chunk, paused, resumed, cancelled.

A batch is a chain of short jobs: each deals with the next chunk of the language that is furthest behind, and enqueues the next
job in the transaction that moves the language's position. So a worker that dies repeats at most one chunk, whose results nobody
has seen; whoever waits in a talk is served between two chunks; and a pause takes effect within one. A language whose engine
cannot be had waits, while the others go on.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit, events, jobs
from hub.errors import Forbidden, HubError, Unavailable
from hub.i18n import LANGUAGES, supported
from hub.runtime import Runtime
from hub.security import Caller
from translation import drafting, memory, policies, service
from translation import queries as texts
from translation.batches import queries
from translation.batches.models import Batch, BatchPart, BatchText
from translation.desk import service as desk
from translation.engines import Engines, engines_of
from translation.errors import BatchOver, BatchUnknown, NothingToTranslate
from translation.glossary import Glossary, glossary_of
from translation.memory import Hit
from translation.models import Text

TASK = "translation.batch"
PRIORITY = -10
"""Below single drafts (0) and talk (10)."""
CHUNK = 256
CHUNK_CHARACTERS = 24_000
FIRST_WAIT, LONGEST_WAIT, MOST_FAILURES = 5.0, 300.0, 12
log = logging.getLogger("banmao.translation")


async def start(
    session: AsyncSession,
    caller: Caller,
    *,
    chosen: Select[UUID],
    described: Mapping[str, Any],
    purposes: Collection[str],
    languages: Collection[str],
) -> Batch:
    """Translate the texts of `chosen` (their ids) into `languages`. FORBIDDEN, NothingToTranslate: then nothing is written."""
    if not policies.may_run_batches(caller):
        raise Forbidden
    wanted = [language for language in LANGUAGES if language in languages]
    if not wanted or not await queries.left(session, chosen, wanted):
        raise NothingToTranslate(field="languages")
    row = Batch(
        organization_id=caller.organization_id,
        person_id=caller.person_id,
        chosen=dict(described),
        purposes=sorted(purposes),
        texts=0,
    )
    session.add(row)
    await session.flush()
    order = func.row_number().over(order_by=(Text.language, Text.id)) - 1
    listed = select(literal(row.id), order, Text.id).where(
        Text.id.in_(chosen), Text.organization_id == caller.organization_id
    )
    await session.execute(insert(BatchText).from_select(["batch_id", "position", "text_id"], listed))
    row.texts = await session.scalar(select(func.count()).where(BatchText.batch_id == row.id)) or 0
    session.add_all(BatchPart(batch_id=row.id, language=language) for language in wanted)
    await session.flush()
    await session.refresh(row)
    await audit.record(session, caller, "translation.batch.started", "batch", row.id, texts=row.texts, languages=wanted)
    await _enqueue(session, row)
    return row


async def pause(session: AsyncSession, caller: Caller, batch_id: UUID) -> Batch:
    """Stop after the chunk that is under way. BatchOver when it has ended."""
    return await _move(session, caller, batch_id, "PAUSED")


async def resume(session: AsyncSession, caller: Caller, batch_id: UUID) -> Batch:
    """Go on; languages that were given up are tried again, and none waits. BatchOver when it was cancelled."""
    return await _move(session, caller, batch_id, "RUNNING")


async def cancel(session: AsyncSession, caller: Caller, batch_id: UUID) -> Batch:
    """Stop for good after the chunk that is under way; what has been drafted stays."""
    return await _move(session, caller, batch_id, "CANCELLED")


async def _move(session: AsyncSession, caller: Caller, batch_id: UUID, status: str) -> Batch:
    row = await queries.batch(session, batch_id, lock=True)
    if row is None:
        raise BatchUnknown(field="id")
    if not policies.may_run_batches(caller):
        raise Forbidden
    rows = (await queries.parts(session, [row.id]))[row.id]
    unfinished = any(part.position < row.texts for part in rows)
    if row.status == "CANCELLED" or (row.status == "DONE" and not (status == "RUNNING" and unfinished)):
        raise BatchOver(field="id")
    if status == "RUNNING":
        for part in rows:
            part.given_up, part.failures, part.waits_until, part.problem = False, 0, None, None
    before, row.status = row.status, status
    row.updated_at = datetime.now(UTC)
    row.finished_at = row.updated_at if status == "CANCELLED" else None
    await session.flush()
    if status == "RUNNING":
        await _enqueue(session, row)
    if before != status:
        await audit.record(session, caller, f"translation.batch.{status.lower()}", "batch", row.id)
    await events.tell(session, f"batch:{row.id}")
    return row


async def _enqueue(session: AsyncSession, row: Batch, *, at: datetime | None = None) -> None:
    """The next job of the chain; at most one waits. No lock: a released one wakes no worker, and positions guard themselves."""
    name = f"{TASK}:{row.id}" if at is None else f"{TASK}:{row.id}:later"
    await jobs.enqueue(
        session,
        TASK,
        once=name,
        at=at,
        priority=PRIORITY,
        batch_id=str(row.id),
        organization_id=str(row.organization_id),
    )


@dataclass
class _Chunk:
    """Texts of one batch for one language, and what was made of them before it is written."""

    batch: Batch
    language: str
    start: int
    end: int
    had: int
    glossary: Glossary
    remembered: list[tuple[Text, Hit]]
    by_source: dict[tuple[str, bool], list[Text]]
    drafts: list[service.Checked] = field(default_factory=list)
    unreached: list[Text] = field(default_factory=list)
    seconds: float = 0.0
    characters: int = 0


async def take(runtime: Runtime, batch_id: UUID, organization_id: UUID) -> None:
    """Deal with the next chunk of a batch, if it is still to go on."""
    database = runtime.database
    async with database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        chunk = await _next(session, batch_id)
    if chunk is None:
        await _go_on(runtime, batch_id, organization_id)
        return
    engines = engines_of(runtime)
    await engines.ready()
    try:
        await _draft(engines, chunk)
    except HubError as error:
        log.warning("batch %s rests in %s: %s", batch_id, chunk.language, error)
        await _failed(runtime, chunk, error)
        return
    await _write(runtime, chunk)


async def _next(session: AsyncSession, batch_id: UUID) -> _Chunk | None:
    row = await queries.batch(session, batch_id)
    if row is None or row.status != "RUNNING":
        return None
    now = datetime.now(UTC)
    ready = [
        part
        for part in (await queries.parts(session, [row.id]))[row.id]
        if not part.over(row.texts) and (part.waits_until is None or part.waits_until <= now)
    ]
    if not ready:
        return None
    part = min(ready, key=lambda one: one.position)
    found = _within(await queries.texts(session, row.id, part.position, CHUNK))
    there = [text for _position, text in found if text is not None]
    rows = await texts.renderings(session, [text.id for text in there], [part.language])
    left = [text for text in there if service.missing(text, rows.get(text.id, []), [part.language])]
    remembered: list[tuple[Text, Hit]] = []
    by_source: dict[tuple[str, bool], list[Text]] = defaultdict(list)
    for source, group in _grouped(left).items():
        hits = await memory.recall_many(
            session, row.organization_id, source, part.language, [text.words for text in group]
        )
        for text, hit in zip(group, hits, strict=True):
            if hit is not None:
                remembered.append((text, hit))
            else:
                by_source[source, memory.is_confidential(text)].append(text)
    return _Chunk(
        batch=row,
        language=part.language,
        start=part.position,
        end=found[-1][0] + 1 if found else row.texts,
        had=len(found) - len(left),
        glossary=await glossary_of(session, row.organization_id),
        remembered=remembered,
        by_source=dict(by_source),
    )


def _within(found: Sequence[tuple[int, Text | None]]) -> Sequence[tuple[int, Text | None]]:
    """As many as make a chunk of `CHUNK_CHARACTERS`; at least one."""
    size = 0
    for place, (_position, text) in enumerate(found):
        size += len(text.words) if text is not None else 0
        if place and size > CHUNK_CHARACTERS:
            return found[:place]
    return found


def _grouped(rows: Sequence[Text]) -> dict[str, list[Text]]:
    grouped: dict[str, list[Text]] = defaultdict(list)
    for text in rows:
        grouped[supported(text.language) or text.language].append(text)
    return grouped


async def _draft(engines: Engines, chunk: _Chunk) -> None:
    """Draft what memory did not have, in one call of the engine for each source language."""
    for (source, confidential), group in chunk.by_source.items():
        if engines.reach(source, chunk.language, confidential=confidential) is None:
            chunk.unreached += group
            continue
        began = time.monotonic()
        chunk.drafts += await drafting.checked(
            engines, chunk.glossary, group, source, chunk.language, confidential=confidential
        )
        chunk.seconds += time.monotonic() - began
        chunk.characters += sum(len(text.words) for text in group)


async def _write(runtime: Runtime, chunk: _Chunk) -> None:
    """Store a chunk, move on and enqueue what is next, all or nothing; nothing when another run was faster.

    What has been made is kept even if the batch was paused or cancelled meanwhile.
    """
    owner, language = chunk.batch.organization_id, chunk.language
    async with runtime.database.transaction(organization=owner) as tx, tx.use() as session:
        row = await queries.batch(session, chunk.batch.id, lock=True)
        assert row is not None
        part = await queries.part(session, row.id, language)
        if part.position != chunk.start:
            return
        await service.store_remembered(
            session, language, [(text, hit.target, hit.person_id) for text, hit in chunk.remembered]
        )
        await memory.count_uses(session, [hit.entry_id for _text, hit in chunk.remembered])
        await service.store_drafts(session, language, chunk.drafts)
        withheld = [one.text for one in chunk.drafts if one.problems]
        part.suggested += await desk.note_similar(session, [*chunk.unreached, *withheld], language)
        part.position = chunk.end
        part.had += chunk.had
        part.remembered += len(chunk.remembered)
        part.drafted += len(chunk.drafts) - len(withheld)
        part.withheld += len(withheld)
        part.unreached = _added(part.unreached, [supported(text.language) or text.language for text in chunk.unreached])
        part.engines = _added(part.engines, [one.draft.engine for one in chunk.drafts])
        part.seconds += chunk.seconds
        part.characters += chunk.characters
        part.failures, part.waits_until, part.problem = 0, None, None
        row.updated_at = datetime.now(UTC)
        await session.flush()
        await _onwards(session, row)


def _added(counts: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    added = dict(counts)
    for name in names:
        added[name] = added.get(name, 0) + 1
    return added


async def _failed(runtime: Runtime, chunk: _Chunk, error: HubError) -> None:
    """Let a language wait, longer each time; give it up when nothing but a person's hand can help."""
    owner = chunk.batch.organization_id
    async with runtime.database.transaction(organization=owner) as tx, tx.use() as session:
        row = await queries.batch(session, chunk.batch.id, lock=True)
        assert row is not None
        part = await queries.part(session, row.id, chunk.language)
        if part.position != chunk.start:
            return
        part.failures += 1
        part.problem = type(error).__name__
        part.given_up = not isinstance(error, Unavailable) or part.failures >= MOST_FAILURES
        wait = min(FIRST_WAIT * 2.0 ** (part.failures - 1), LONGEST_WAIT)
        part.waits_until = None if part.given_up else datetime.now(UTC) + timedelta(seconds=wait)
        row.updated_at = datetime.now(UTC)
        await session.flush()
        await _onwards(session, row)


async def _go_on(runtime: Runtime, batch_id: UUID, organization_id: UUID) -> None:
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        row = await queries.batch(session, batch_id, lock=True)
        if row is not None:
            await _onwards(session, row)


async def _onwards(session: AsyncSession, row: Batch) -> None:
    """Enqueue the next job of a running batch, at once or when the first language has waited; or end it."""
    await events.tell(session, f"batch:{row.id}")
    if row.status != "RUNNING":
        return
    left = [part for part in (await queries.parts(session, [row.id]))[row.id] if not part.over(row.texts)]
    if not left:
        row.status, row.finished_at = "DONE", datetime.now(UTC)
        await audit.record(session, None, "translation.batch.done", "batch", row.id)
        return
    waits = [part.waits_until for part in left]
    soonest = None if None in waits else min(moment for moment in waits if moment is not None)
    await _enqueue(session, row, at=soonest)
