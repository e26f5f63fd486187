"""Saved searches in GraphQL."""

from __future__ import annotations

from datetime import datetime

import strawberry

from catalog.api.filters import WorkFilter, kept
from catalog.api.scopes import ScopeType
from catalog.api.search import LONGEST_QUERY, reader_of
from catalog.models import WorkKind
from catalog.saved import models, queries, service
from catalog.search import service as search
from catalog.search.query import Reader
from catalog.search.standing import Availability
from hub.context import ID, Info
from hub.types import LanguageTag, Territory, row_id, words

LONGEST_NAME = 80


@strawberry.type(description="What a saved search is narrowed by, as WorkFilter takes it")
class SavedFilter:
    kinds: list[WorkKind]
    original_languages: list[LanguageTag]
    subjects: list[str]
    countries: list[Territory]
    availability: list[Availability]
    available_for: ScopeType | None

    @classmethod
    def of(cls, filter: WorkFilter) -> SavedFilter:
        asked = filter.scope()
        return cls(
            kinds=list(filter.kinds or ()),
            original_languages=list(filter.original_languages or ()),
            subjects=list(filter.subjects or ()),
            countries=list(filter.countries or ()),
            availability=list(filter.availability or ()),
            available_for=ScopeType.of(asked) if asked else None,
        )


@strawberry.type(description="A search that the caller keeps. seenAt: when they last looked")
class SavedSearch:
    id: ID
    name: str
    query: str
    language: LanguageTag
    territory: Territory | None
    seen_at: datetime
    row: strawberry.Private[models.SavedSearch]

    @strawberry.field
    def filter(self) -> SavedFilter:
        return SavedFilter.of(kept(self.row.filter))

    @strawberry.field(description="Works published since the caller last looked")
    async def new_count(self, info: Info) -> int:
        filter = kept(self.row.filter)
        async with info.context.tx.use() as session:
            return await search.count_newer(
                session,
                info.context.runtime,
                text=self.row.query,
                reader=Reader(self.row.language, self.row.territory),
                filters=filter.filters(),
                available_for=filter.scope(),
                since=self.row.seen_at,
            )

    @classmethod
    def of(cls, row: models.SavedSearch) -> SavedSearch:
        return cls(
            id=ID(str(row.id)),
            name=row.name,
            query=row.query,
            language=LanguageTag(row.language),
            territory=Territory(row.territory) if row.territory else None,
            seen_at=row.seen_at,
            row=row,
        )


@strawberry.type
class Queries:
    @strawberry.field(description="The caller's saved searches, by name")
    async def saved_searches(self, info: Info) -> list[SavedSearch]:
        async with info.context.tx.use() as session:
            rows = await queries.mine(session, info.context.person)
        return [SavedSearch.of(row) for row in rows]


@strawberry.type
class Mutations:
    @strawberry.mutation(description="Keep a search under a name. What it finds now counts as seen")
    async def save_search(
        self,
        info: Info,
        name: str,
        query: str,
        language: LanguageTag | None = None,
        territory: Territory | None = None,
        filter: WorkFilter | None = None,
    ) -> SavedSearch:
        caller = info.context.person
        reader = reader_of(info, language, territory)
        given = filter or WorkFilter()
        given.filters()
        given.scope()
        async with info.context.tx.use() as session:
            row = await service.save(
                session,
                caller,
                name=" ".join((words(name, "name", longest=LONGEST_NAME) or "").split()),
                query=words(query, "query", longest=LONGEST_QUERY, required=False) or "",
                language=reader.language,
                territory=reader.territory,
                filter=given.as_json(),
            )
        return SavedSearch.of(row)

    @strawberry.mutation(description="The caller has looked: nothing that the search finds is new any more")
    async def look_at_saved_search(self, info: Info, id: ID) -> SavedSearch:
        caller = info.context.person
        async with info.context.tx.use() as session:
            return SavedSearch.of(await service.look(session, caller, row_id(id)))

    @strawberry.mutation(description="Answers what is left")
    async def remove_saved_search(self, info: Info, id: ID) -> list[SavedSearch]:
        caller = info.context.person
        async with info.context.tx.use() as session:
            await service.remove(session, caller, row_id(id))
            rows = await queries.mine(session, caller)
        return [SavedSearch.of(row) for row in rows]
