"""Batches in GraphQL. What they are started from, works, is the catalogue's to say."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum

import strawberry

from hub.context import ID, Info
from hub.types import Connection, LanguageTag, after_row, connection, page_size, row_id
from translation import errors
from translation.batches import queries, service
from translation.batches.models import Batch, BatchPart
from translation.desk.api import Purpose


@strawberry.enum
class TranslationBatchStatus(Enum):
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    DONE = "DONE"


@strawberry.type
class NamedCount:
    name: str
    texts: int


@strawberry.type(
    description="One language of a batch. done of total texts are dealt with: had (there already), remembered (exact memory),"
    " drafted, withheld (a check failed), unreached (no engine, by source language). suggested: of the last two, memory has"
    " something similar"
)
class TranslationBatchPart:
    language: LanguageTag
    total: int
    done: int
    had: int
    remembered: int
    drafted: int
    withheld: int
    unreached: list[NamedCount]
    suggested: int
    engines: list[NamedCount]
    characters_per_second: float | None
    waits_until: datetime | None
    given_up: bool
    problem: str | None = strawberry.field(description="Why it waits or was given up")

    @classmethod
    def of(cls, part: BatchPart, total: int, language: str) -> TranslationBatchPart:
        kind = getattr(errors, part.problem, None) if part.problem else None
        waits = part.waits_until if part.waits_until and part.waits_until > datetime.now(UTC) else None
        return cls(
            language=LanguageTag(part.language),
            total=total,
            done=min(part.position, total),
            had=part.had,
            remembered=part.remembered,
            drafted=part.drafted,
            withheld=part.withheld,
            unreached=_counts(part.unreached),
            suggested=part.suggested,
            engines=_counts(part.engines),
            characters_per_second=part.characters / part.seconds if part.seconds else None,
            waits_until=waits,
            given_up=part.given_up,
            problem=kind.default.render(language) if kind else None,
        )


def _counts(found: dict[str, int]) -> list[NamedCount]:
    return [NamedCount(name=name, texts=count) for name, count in sorted(found.items())]


@strawberry.type(
    description="total and done count a text once for each language. secondsLeft: at the pace so far; null when unknown"
)
class TranslationBatch:
    id: ID
    status: TranslationBatchStatus
    texts: int
    total: int
    done: int
    seconds_left: int | None
    purposes: list[Purpose]
    chosen: list[str] = strawberry.field(description="How the list was chosen, as name=value")
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    parts: list[TranslationBatchPart]

    @classmethod
    def of(cls, row: Batch, parts: list[BatchPart], language: str) -> TranslationBatch:
        total = row.texts * len(parts)
        done = sum(min(part.position, row.texts) for part in parts)
        return cls(
            id=ID(str(row.id)),
            status=TranslationBatchStatus(row.status),
            texts=row.texts,
            total=total,
            done=done,
            seconds_left=_left(row, done, total),
            purposes=[Purpose(purpose) for purpose in row.purposes],
            chosen=[f"{name}={value}" for name, value in sorted(row.chosen.items())],
            created_at=row.created_at,
            updated_at=row.updated_at,
            finished_at=row.finished_at,
            parts=[TranslationBatchPart.of(part, row.texts, language) for part in parts],
        )


def _left(row: Batch, done: int, total: int) -> int | None:
    """Seconds, at the pace since the start. A pause makes the pace look slower than it is."""
    spent = (row.updated_at - row.created_at).total_seconds()
    if row.status != "RUNNING" or not done or spent <= 0:
        return None
    return round((total - done) * spent / done)


async def shown(info: Info, row: Batch) -> TranslationBatch:
    """A batch with its parts, for whoever started or watches it."""
    async with info.context.tx.use() as session:
        parts = (await queries.parts(session, [row.id])).get(row.id, [])
    return TranslationBatch.of(row, parts, info.context.language)


@strawberry.type
class Queries:
    @strawberry.field
    async def translation_batch(self, info: Info, id: ID) -> TranslationBatch | None:
        """A batch of my organization's; null when there is none."""
        async with info.context.tx.use() as session:
            row = await queries.batch(session, row_id(id))
        return await shown(info, row) if row else None

    @strawberry.field(description="My organization's batches, newest first")
    async def translation_batches(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[TranslationBatch]:
        caller = info.context.person
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.batches(session, caller.organization_id, after_row(after), size + 1)
            parts = await queries.parts(session, [row.id for row in rows[:size]])
        language = info.context.language
        return connection(rows, total, size, lambda row: TranslationBatch.of(row, parts.get(row.id, []), language))


@strawberry.type
class Mutations:
    @strawberry.mutation(description="Stop after the chunk that is under way")
    async def pause_translation(self, info: Info, id: ID) -> TranslationBatch:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.pause(session, caller, row_id(id))
        return await shown(info, row)

    @strawberry.mutation(description="Go on; languages that were given up are tried again")
    async def resume_translation(self, info: Info, id: ID) -> TranslationBatch:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.resume(session, caller, row_id(id))
        return await shown(info, row)

    @strawberry.mutation(description="Stop for good; what has been drafted stays")
    async def cancel_translation(self, info: Info, id: ID) -> TranslationBatch:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.cancel(session, caller, row_id(id))
        return await shown(info, row)
