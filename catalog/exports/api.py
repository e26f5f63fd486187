"""Taking lists of titles out, in GraphQL."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from catalog import problems
from catalog.exports import models, queries
from catalog.exports import service as exports
from catalog.formats.writers import WRITERS
from catalog.imports.api import CatalogFormat
from catalog.models import WorkKind, WorkStatus
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _
from hub.types import (
    BigInt,
    Connection,
    Problem,
    after_row,
    connection,
    page_size,
    problem,
    row_id,
    words,
)

LONGEST_QUERY = 200
LONGEST_VARIANT = 40


@strawberry.enum
class ExportStatus(Enum):
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@strawberry.input(description="As in myWorks; without any of them, every work")
class CatalogExportFilter:
    status: WorkStatus | None = None
    kind: WorkKind | None = None
    query: str | None = None


@strawberry.type(description="A format that lists are written in, and the kinds of work that it can tell of")
class CatalogExportFormat:
    format: CatalogFormat
    variant: str
    kinds: list[WorkKind]


@strawberry.type(
    description="done: works written so far, of total. leftOut: works that were chosen and that the format cannot tell of."
    " downloadUrl: a path good for an hour, null until the file is whole"
)
class CatalogExport:
    id: ID
    status: ExportStatus
    format: CatalogFormat
    variant: str
    file_name: str
    total: int
    done: int
    left_out: int
    bytes: BigInt | None
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    row: strawberry.Private[models.Export]

    @strawberry.field
    def download_url(self, info: Info) -> str | None:
        if self.status is not ExportStatus.DONE:
            return None
        return exports.link(info.context.runtime.settings.key, self.row)

    @strawberry.field(description="Why it failed")
    def problem(self, info: Info) -> Problem | None:
        kept = self.row.problem
        if kept is None:
            return None
        return problem(kept["code"], problems.sentence(kept), info.context.language, field=kept["field"])

    @classmethod
    def of(cls, row: models.Export) -> CatalogExport:
        return cls(
            id=ID(str(row.id)),
            status=ExportStatus(row.status),
            format=CatalogFormat(row.format),
            variant=row.variant,
            file_name=row.file_name,
            total=row.total,
            done=row.done,
            left_out=row.left_out,
            bytes=BigInt(row.bytes) if row.bytes is not None else None,
            created_at=row.created_at,
            finished_at=row.finished_at,
            expires_at=row.finished_at + exports.KEPT if row.finished_at else None,
            row=row,
        )


@strawberry.type
class Queries:
    @strawberry.field(description="What lists can be written in; the first variant of a format is the usual one")
    def catalog_export_formats(self) -> list[CatalogExportFormat]:
        return [
            CatalogExportFormat(
                format=CatalogFormat(name),
                variant=variant,
                kinds=[kind for kind in WorkKind if kind.value in one.kinds],
            )
            for name, variants in WRITERS.items()
            for variant, one in variants.items()
        ]

    @strawberry.field
    async def catalog_export(self, info: Info, id: ID) -> CatalogExport | None:
        """An export of my organization's; null when there is none."""
        async with info.context.tx.use() as session:
            row = await queries.catalog_export(session, row_id(id))
        return CatalogExport.of(row) if row else None

    @strawberry.field(description="My organization's exports, newest first")
    async def catalog_exports(self, info: Info, first: int = 20, after: str | None = None) -> Connection[CatalogExport]:
        caller = info.context.person
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.exports(session, caller.organization_id, after_row(after), size + 1)
        return connection(rows, total, size, CatalogExport.of)


@strawberry.type
class Mutations:
    @strawberry.mutation(
        description="Write titles of my organization's into a file, those of workIds or those that filter finds. It runs as a"
        " job: ask catalogExport how far it is. machineDrafts: take along translations that nobody has checked"
    )
    async def export_catalog(
        self,
        info: Info,
        format: CatalogFormat,
        variant: str | None = None,
        work_ids: list[ID] | None = None,
        filter: CatalogExportFilter | None = None,
        machine_drafts: bool | None = False,
    ) -> CatalogExport:
        caller = info.context.person
        chosen = _chosen(work_ids, filter) | ({"machine": True} if machine_drafts else {})
        async with info.context.tx.use() as session:
            row = await exports.order(
                session,
                caller,
                file_format=format.value,
                variant=words(variant, "variant", longest=LONGEST_VARIANT, required=False),
                chosen=chosen,
            )
        return CatalogExport.of(row)


def _chosen(work_ids: list[ID] | None, asked: CatalogExportFilter | None) -> dict[str, Any]:
    """`models.Export.chosen`."""
    if work_ids is not None:
        if asked is not None:
            raise Invalid(_("Choose titles one by one or by a filter, not both."), field="filter")
        return {"ids": sorted({str(row_id(work_id, f"workIds.{at}")) for at, work_id in enumerate(work_ids)})}
    found = asked or CatalogExportFilter()
    return {
        "status": found.status.value if found.status else None,
        "kind": found.kind.value if found.kind else None,
        "query": words(found.query, "filter.query", longest=LONGEST_QUERY, required=False),
    }
