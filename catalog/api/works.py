"""Listing, changing, publishing and withdrawing works; rights in and holdbacks."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry
from strawberry.file_uploads import Upload

from catalog import policies, queries, service
from catalog.api.inputs import CreateWorkInput, UpdateWorkInput, changed, created
from catalog.api.scopes import ScopeInput
from catalog.api.types import Holdback, Mandate, Work, WorkConnection, WorkEdge
from catalog.assets import covers
from catalog.imports import queries as import_queries
from catalog.imports.errors import ImportUnknown
from catalog.models import WorkKind, WorkStatus
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _
from hub.storage import Readable
from hub.types import PageInfo, cursor, page_size, place, row_id, words

LONGEST_NOTE = 2_000
LONGEST_QUERY = 200
MOST_AT_ONCE = 100


def _place(after: str | None) -> tuple[datetime, UUID] | None:
    """The last work of the page before, by its last change."""
    if (value := place(after)) is None:
        return None
    moment, _bar, work_id = value.partition("|")
    try:
        return datetime.fromisoformat(moment), UUID(work_id)
    except ValueError as error:
        raise Invalid(_("This list cannot be continued from here. Start it again."), field="after") from error


@strawberry.type
class Queries:
    @strawberry.field
    async def work(self, info: Info, id: ID) -> Work | None:
        async with info.context.tx.use() as session:
            row = await queries.work(session, row_id(id))
        return Work.of(row) if row is not None and policies.may_see(info.context.caller, row) else None

    @strawberry.field(description="My organization's works, drafts and withdrawn ones among them; last changed first")
    async def my_works(
        self,
        info: Info,
        status: WorkStatus | None = None,
        kind: WorkKind | None = None,
        query: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> WorkConnection:
        caller = info.context.person
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.my_works(
                session,
                caller,
                status=status.value if status else None,
                kind=kind.value if kind else None,
                words=words(query, "query", longest=LONGEST_QUERY, required=False),
                before=_place(after),
                limit=size + 1,
            )
        edges = [
            WorkEdge(node=Work.of(row), cursor=cursor(f"{row.updated_at.isoformat()}|{row.id}")) for row in rows[:size]
        ]
        return WorkConnection(
            edges=edges,
            page_info=PageInfo(has_next_page=len(rows) > size, end_cursor=edges[-1].cursor if edges else None),
            total_count=total,
            facets=[],
        )


@strawberry.type
class Mutations:
    @strawberry.mutation(
        description="List a draft of my organization's. CONFLICT where it lists a work like it, unless evenIfAlike"
    )
    async def create_work(self, info: Info, input: CreateWorkInput, even_if_alike: bool = False) -> Work:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.create_work(session, caller, created(input), even_if_alike=even_if_alike)
            await session.refresh(row)
        return Work.of(row)

    @strawberry.mutation
    async def update_work(self, info: Info, work_id: ID, input: UpdateWorkInput) -> Work:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.editable(session, caller, row_id(work_id, "workId"))
            now = await service.facts_of(session, row)
            await service.update_work(session, caller, row, changed(now, input))
        info.context.forget()
        return Work.of(row)

    @strawberry.mutation(description="Show the work to everybody")
    async def publish_work(self, info: Info, work_id: ID) -> Work:
        caller = info.context.person
        async with info.context.tx.use() as session:
            return Work.of(await service.publish_work(session, caller, row_id(work_id, "workId")))

    @strawberry.mutation(description="Show several works to everybody, all or none; at most 100")
    async def publish_works(self, info: Info, work_ids: list[ID]) -> list[Work]:
        caller = info.context.person
        if not 1 <= len(work_ids) <= MOST_AT_ONCE:
            raise Invalid(_("Choose between 1 and %(most)s works.", most=MOST_AT_ONCE), field="workIds")
        ids = [row_id(work_id, f"workIds.{at}") for at, work_id in enumerate(work_ids)]
        async with info.context.tx.use() as session:
            return [Work.of(row) for row in await service.publish_works(session, caller, ids)]

    @strawberry.mutation(
        description="Show my organization's drafts to everybody, however many they are: of a kind, as words find them in myWorks,"
        " of an import; all without any of them. Answers how many they were"
    )
    async def publish_drafts(
        self, info: Info, kind: WorkKind | None = None, query: str | None = None, import_id: ID | None = None
    ) -> int:
        caller = info.context.person
        found = words(query, "query", longest=LONGEST_QUERY, required=False)
        chosen = {"kind": kind.value if kind else None, "query": found}
        async with info.context.tx.use() as session:
            if import_id is not None:
                job = await import_queries.catalog_import(session, row_id(import_id, "importId"))
                if job is None:
                    raise ImportUnknown(field="importId")
                chosen["import"] = str(job.id)
            return await service.publish_drafts(session, caller, chosen)

    @strawberry.mutation(description="Take the work off the shelf. What was agreed about it stays agreed")
    async def withdraw_work(self, info: Info, work_id: ID) -> Work:
        caller = info.context.person
        async with info.context.tx.use() as session:
            return Work.of(await service.withdraw_work(session, caller, row_id(work_id, "workId")))

    @strawberry.mutation(description="Give the work a cover: JPEG, PNG, WebP, TIFF or AVIF")
    async def set_cover(self, info: Info, work_id: ID, file: Upload) -> Work:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.editable(session, caller, row_id(work_id, "workId"))
            await covers.receive(session, info.context.runtime, caller, row, cast(Readable, file))
        info.context.forget()
        return Work.of(row)

    @strawberry.mutation(description="Say what the owner may sell")
    async def add_mandate(self, info: Info, work_id: ID, scope: ScopeInput) -> Mandate:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.add_mandate(session, caller, row_id(work_id, "workId"), scope.scope())
        info.context.forget()
        return Mandate.of(row)

    @strawberry.mutation(description="Keep a scope from sale; the note is for the owner's own people")
    async def add_holdback(self, info: Info, work_id: ID, scope: ScopeInput, note: str | None = None) -> Holdback:
        caller = info.context.person
        why = words(note, "note", longest=LONGEST_NOTE, required=False)
        async with info.context.tx.use() as session:
            row = await service.add_holdback(session, caller, row_id(work_id, "workId"), scope.scope(), why)
        info.context.forget()
        return Holdback.of(row)
