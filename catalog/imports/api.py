"""Importing lists of titles, in GraphQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any, cast

import strawberry
from strawberry.file_uploads import Upload

from catalog import problems
from catalog.imports import comparing, correcting, models, queries
from catalog.imports import service as imports
from catalog.loaders import AppliedLoader, ImportDraftsLoader
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _
from hub.storage import Readable
from hub.types import Connection, Edge, PageInfo, Problem, after_row, connection, page, page_size, place, row_id


@strawberry.enum
class CatalogFormat(Enum):
    ONIX = "ONIX"
    XLSX = "XLSX"
    CSV = "CSV"
    AVAILS = "AVAILS"
    ERN = "ERN"
    AUTO = strawberry.enum_value("AUTO", description="On input: whatever the content of the file says")


@strawberry.enum
class ImportStatus(Enum):
    RUNNING = "RUNNING"
    PREVIEW = "PREVIEW"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.enum(description="What becomes of a record. PROPOSED: it may be a double, and waits for a person")
class ImportOutcome(Enum):
    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    PROPOSED = "PROPOSED"
    SKIPPED = "SKIPPED"


@strawberry.enum
class CorrectionStatus(Enum):
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.type(
    description="The sender's own list with what to correct in it. url: a path good for an hour, null until it is made"
)
class CatalogImportCorrection:
    status: CorrectionStatus
    url: str | None


@strawberry.type(
    description="total: records in the file, 0 until it is read through; done: dealt with so far; proposed: possible doubles;"
    " whole: all of the file is taken, or nothing; previewId: the dry run that this import confirmed"
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
    unchanged: int
    whole: bool
    preview_id: ID | None
    created_at: datetime
    finished_at: datetime | None
    row: strawberry.Private[models.Import]

    @strawberry.field
    def problems(self, info: Info) -> list[Problem]:
        return [_problem(kept, info.context.language) for kept in self.row.problems]

    @strawberry.field(description="The import that confirmed this dry run last")
    async def applied_id(self, info: Info) -> ID | None:
        found = await info.context.load(AppliedLoader, self.row.id) if self.row.dry_run else None
        return ID(str(found)) if found else None

    @strawberry.field(description="How many of its titles are drafts now, which publishDrafts would show to everybody")
    async def drafts(self, info: Info) -> int:
        done = self.row.status == ImportStatus.DONE.value
        return (done and await info.context.load(ImportDraftsLoader, self.row.id)) or 0

    @strawberry.field(description="Null until correctImport has been asked for")
    def correction(self, info: Info) -> CatalogImportCorrection | None:
        row = self.row
        if row.correction is None:
            return None
        url = correcting.link(info.context.runtime.settings.key, row) if row.correction_key else None
        return CatalogImportCorrection(status=CorrectionStatus(row.correction), url=url)

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
            unchanged=row.unchanged,
            whole=row.whole,
            preview_id=ID(str(row.preview_id)) if row.preview_id else None,
            created_at=row.created_at,
            finished_at=row.finished_at,
            row=row,
        )


@strawberry.type(
    description="A field that differs, as the reader says it; before or after is null where there is nothing"
)
class CatalogImportChange:
    field: str
    label: str
    before: str | None
    after: str | None


@strawberry.type(
    description="One record of the file. line: where it starts, or its row; workId: the work that it is about"
)
class CatalogImportRow:
    position: int
    line: int
    reference: str
    title: str | None
    outcome: ImportOutcome
    work_id: ID | None
    changes: list[CatalogImportChange]
    problems: list[Problem]

    @classmethod
    def of(cls, row: models.ImportRow, language: str) -> CatalogImportRow:
        changes = [
            CatalogImportChange(
                field=kept["field"],
                label=comparing.said_field(kept["field"], language),
                before=comparing.said(kept["field"], kept["before"], language),
                after=comparing.said(kept["field"], kept["after"], language),
            )
            for kept in row.changes
        ]
        return cls(
            position=row.position,
            line=row.line,
            reference=row.reference,
            title=row.title,
            outcome=ImportOutcome(row.outcome.upper()),
            work_id=ID(str(row.work_id)) if row.work_id else None,
            changes=changes,
            problems=[_problem(kept, language) for kept in row.problems],
        )


@strawberry.type
class CatalogImportRowConnection:
    edges: list[Edge[CatalogImportRow]]
    page_info: PageInfo


def _problem(kept: Mapping[str, Any], language: str) -> Problem:
    message = problems.sentence(kept).render(language)
    return Problem(code=kept["code"], field=kept["field"], line=kept["line"], message=message)


@strawberry.type
class Queries:
    @strawberry.field(
        description="What became of each record of an import of my organization's, or would, in the order of the file; of one"
        " outcome, or with problems only. Kept for thirty days"
    )
    async def catalog_import_rows(
        self,
        info: Info,
        import_id: ID,
        outcome: ImportOutcome | None = None,
        with_problems: bool = False,
        first: int = 20,
        after: str | None = None,
    ) -> CatalogImportRowConnection:
        size, last = page_size(first, info), _position(place(after))
        async with info.context.tx.use() as session:
            rows = await queries.import_rows(
                session,
                row_id(import_id, "importId"),
                outcome=outcome.value.lower() if outcome else None,
                troubled=with_problems,
                after=last,
                limit=size + 1,
            )
        language = info.context.language
        edges, page_info = page(rows, size, lambda row: CatalogImportRow.of(row, language), at=attrgetter("position"))
        return CatalogImportRowConnection(edges=edges, page_info=page_info)

    @strawberry.field
    async def catalog_import(self, info: Info, id: ID) -> CatalogImport | None:
        """An import of my organization's; null when there is none."""
        async with info.context.tx.use() as session:
            row = await queries.catalog_import(session, row_id(id))
        return CatalogImport.of(row) if row else None

    @strawberry.field(description="My organization's imports, newest first")
    async def catalog_imports(self, info: Info, first: int = 20, after: str | None = None) -> Connection[CatalogImport]:
        caller = info.context.person
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.imports(session, caller.organization_id, after_row(after), size + 1)
        return connection(rows, total, size, CatalogImport.of)


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

    @strawberry.mutation(
        description="Import for good, from the same file, what has been previewed: its good part, or, when it is to be taken as a"
        " whole, all of it or nothing"
    )
    async def apply_import(self, info: Info, import_id: ID, whole: bool | None = False) -> CatalogImport:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await imports.apply(session, caller, row_id(import_id, "importId"), whole=bool(whole))
        return CatalogImport.of(row)

    @strawberry.mutation(
        description="Hand back the file with what to correct in it, in my language: wrong cells marked, a column of remarks. Of a"
        " format without cells, a list of the problems. It runs as a job: ask catalogImport for correction"
    )
    async def correct_import(self, info: Info, import_id: ID) -> CatalogImport:
        caller = info.context.person
        async with info.context.tx.use() as session:
            return CatalogImport.of(await correcting.order(session, caller, row_id(import_id, "importId")))


def _position(after: str | None) -> int:
    """The place in the file that a cursor stands for. INVALID for what is none."""
    if after is None:
        return 0
    if not (after.isascii() and after.isdigit() and len(after) < 9):
        raise Invalid(_("This list cannot be continued from here. Start it again."), field="after")
    return int(after)
