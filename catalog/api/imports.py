"""Importing lists of titles, in GraphQL."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import cast

import strawberry
from strawberry.file_uploads import Upload

from catalog import imports, models, problems, queries
from hub.context import ID, Info
from hub.storage import Readable
from hub.types import PageInfo, Problem, cursor, page_size, place, row_id


@strawberry.enum
class CatalogFormat(Enum):
    ONIX = "ONIX"
    XLSX = "XLSX"
    CSV = "CSV"
    AVAILS = "AVAILS"
    ERN = "ERN"


@strawberry.enum
class ImportStatus(Enum):
    RUNNING = "RUNNING"
    PREVIEW = "PREVIEW"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.type(
    description="total: records in the file, 0 until it is read through; done: dealt with so far; proposed: possible doubles"
)
class CatalogImport:
    id: ID
    status: ImportStatus
    format: CatalogFormat
    dry_run: bool
    file_name: str | None
    total: int
    done: int
    created: int
    updated: int
    proposed: int
    skipped: int
    created_at: datetime
    finished_at: datetime | None
    row: strawberry.Private[models.Import]

    @strawberry.field
    def problems(self, info: Info) -> list[Problem]:
        return [
            Problem(
                code=kept["code"],
                field=kept["field"],
                line=kept["line"],
                message=problems.sentence(kept).render(info.context.language),
            )
            for kept in self.row.problems
        ]

    @classmethod
    def of(cls, row: models.Import) -> CatalogImport:
        return cls(
            id=ID(str(row.id)),
            status=ImportStatus(row.status),
            format=CatalogFormat(row.format),
            dry_run=row.dry_run,
            file_name=row.file_name,
            total=row.total,
            done=row.done,
            created=row.created,
            updated=row.updated,
            proposed=row.proposed,
            skipped=row.skipped,
            created_at=row.created_at,
            finished_at=row.finished_at,
            row=row,
        )


@strawberry.type
class CatalogImportEdge:
    node: CatalogImport
    cursor: str


@strawberry.type
class CatalogImportConnection:
    edges: list[CatalogImportEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class Queries:
    @strawberry.field
    async def catalog_import(self, info: Info, id: ID) -> CatalogImport | None:
        """An import of my organization's; null when there is none."""
        async with info.context.tx.use() as session:
            row = await queries.catalog_import(session, row_id(id))
        return CatalogImport.of(row) if row else None

    @strawberry.field(description="My organization's imports, newest first")
    async def catalog_imports(self, info: Info, first: int = 20, after: str | None = None) -> CatalogImportConnection:
        caller = info.context.person
        size, last = page_size(first, info), place(after)
        async with info.context.tx.use() as session:
            rows, total = await queries.imports(
                session, caller.organization_id, row_id(last, "after") if last else None, size + 1
            )
        edges = [CatalogImportEdge(node=CatalogImport.of(row), cursor=cursor(row.id)) for row in rows[:size]]
        return CatalogImportConnection(
            edges=edges,
            page_info=PageInfo(has_next_page=len(rows) > size, end_cursor=edges[-1].cursor if edges else None),
            total_count=total,
        )


@strawberry.type
class Mutations:
    @strawberry.mutation(description="Take in a list of titles. It runs as a job: ask catalogImport how far it is")
    async def import_catalog(
        self, info: Info, file: Upload, format: CatalogFormat, dry_run: bool | None = False
    ) -> CatalogImport:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await imports.receive(
                session,
                info.context.runtime,
                caller,
                cast(Readable, file),
                file_format=format.value,
                dry_run=bool(dry_run),
            )
        return CatalogImport.of(row)

    @strawberry.mutation(description="Import for good, from the same file, what has been previewed")
    async def apply_import(self, info: Info, import_id: ID) -> CatalogImport:
        caller = info.context.person
        async with info.context.tx.use() as session:
            return CatalogImport.of(await imports.apply(session, caller, row_id(import_id, "importId")))
