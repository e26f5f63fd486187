"""The memory in GraphQL."""

from __future__ import annotations

from datetime import datetime

import strawberry

from hub.context import ID, Info
from hub.types import (
    Connection,
    LanguageTag,
    after_row,
    connection,
    known_language,
    page_size,
    row_id,
    words,
)
from translation.memory import keeping, models, policies, queries, service
from translation.memory.fuzzy import Kind
from translation.memory.queries import Owner

LONGEST_WORDS = 20_000
LONGEST_QUERY = 200
strawberry.enum(
    Kind, name="DifferenceKind", description="REMOVED: in the remembered source alone; ADDED: in the asked words alone"
)
strawberry.enum(Owner, name="MemoryOwner", description="SHARED: lent by others, or kept for all by the operator")


@strawberry.type(description="own: of the caller's organization. shared: all may use it. uses: how often it was used")
class MemoryEntry:
    id: ID
    source_language: LanguageTag
    target_language: LanguageTag
    source: str
    target: str
    own: bool
    shared: bool
    confidential: bool
    editable: bool
    uses: int
    used_at: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, row: models.MemoryEntry, info: Info) -> MemoryEntry:
        caller = info.context.person
        return cls(
            id=ID(str(row.id)),
            source_language=LanguageTag(row.source_language),
            target_language=LanguageTag(row.target_language),
            source=row.source,
            target=row.target,
            own=row.organization_id == caller.organization_id,
            shared=row.shared or row.organization_id is None,
            confidential=row.confidential,
            editable=policies.may_change_entry(caller, row),
            uses=row.uses,
            used_at=row.used_at,
            updated_at=row.updated_at,
        )


@strawberry.type(description="shares: the organization lends its memory to all. lent: how many of its entries that are")
class MemorySettings:
    shares: bool
    entries: int
    lent: int
    editable: bool
    shareable: bool


@strawberry.type
class Difference:
    kind: Kind
    words: str


@strawberry.type(
    description="score: 100 the same words, 60 to 99 similar ones. difference: from the remembered source to the asked words"
)
class MemorySuggestion:
    entry_id: ID
    source: str
    target: str
    score: int
    own: bool
    uses: int
    difference: list[Difference]


@strawberry.type
class Queries:
    @strawberry.field(description="The newest first; query: words of the source or the target")
    async def memory_entries(
        self,
        info: Info,
        query: str | None = None,
        source_language: LanguageTag | None = None,
        target_language: LanguageTag | None = None,
        owner: Owner | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[MemoryEntry]:
        caller, limit = info.context.person, page_size(first, info)
        wanted = queries.Wanted(
            words(query, "query", longest=LONGEST_QUERY, required=False), source_language, target_language, owner
        )
        async with info.context.tx.use() as session:
            rows, total = await queries.page(session, caller.organization_id, wanted, after_row(after), limit + 1)
        return connection(rows, total, limit, lambda row: MemoryEntry.of(row, info))

    @strawberry.field
    async def memory_settings(self, info: Info) -> MemorySettings:
        return await _settings(info)

    @strawberry.field(
        description="What was said before for these words or similar ones; the best first, own before others'"
    )
    async def memory_suggestions(
        self, info: Info, text: str, source_language: LanguageTag, target_language: LanguageTag, first: int | None = 5
    ) -> list[MemorySuggestion]:
        caller = info.context.person
        asked = words(text, "text", longest=LONGEST_WORDS) or ""
        source, target = (
            known_language(source_language, "sourceLanguage"),
            known_language(target_language, "targetLanguage"),
        )
        async with info.context.tx.use() as session:
            found = await service.suggest(
                session, caller.organization_id, source, target, asked, limit=page_size(first, info)
            )
        return [
            MemorySuggestion(
                entry_id=ID(str(one.entry_id)),
                source=one.source,
                target=one.target,
                score=one.score,
                own=one.own,
                uses=one.uses,
                difference=[Difference(kind=change.kind, words=change.words) for change in one.difference],
            )
            for one in found
        ]


@strawberry.type
class Mutations:
    @strawberry.mutation
    async def correct_memory_entry(self, info: Info, id: ID, target: str) -> MemoryEntry:
        caller = info.context.person
        said = words(target, "target", longest=LONGEST_WORDS) or ""
        async with info.context.tx.use() as session:
            row = await keeping.correct(session, caller, row_id(id), said)
        return MemoryEntry.of(row, info)

    @strawberry.mutation
    async def delete_memory_entry(self, info: Info, id: ID) -> ID:
        caller = info.context.person
        async with info.context.tx.use() as session:
            await keeping.forget(session, caller, row_id(id))
        return id

    @strawberry.mutation(
        description="Lend the organization's memory to all, or take it back. Talk and notes are never lent"
    )
    async def share_memory(self, info: Info, shares: bool) -> MemorySettings:
        caller = info.context.person
        async with info.context.tx.use() as session:
            await keeping.share(session, caller, shares)
        return await _settings(info)


async def _settings(info: Info) -> MemorySettings:
    caller = info.context.person
    async with info.context.tx.use() as session:
        shares = await queries.shares(session, caller.organization_id)
        entries, lent = await queries.counts(session, caller.organization_id)
    return MemorySettings(
        shares=shares,
        entries=entries,
        lent=lent,
        editable=policies.may_keep_memory(caller),
        shareable=policies.may_share(caller),
    )
