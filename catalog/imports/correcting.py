"""Handing problems back: a person's own list with what to correct in it, or, where a format has no cells, a list of the problems.

Made by a job in the language of the one who asks, kept as long as the import, fetched by a link that ends.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import policies, problems
from catalog.errors import LinkOver, NotAllowedToList
from catalog.formats.problems import FileRefused
from catalog.formats.readers import XLSX
from catalog.formats.sheets import corrected
from catalog.formats.sheets.columns import REMARK, header
from catalog.formats.sheets.corrected import Remark, asked_in_order
from catalog.formats.sheets.text import inert
from catalog.imports import queries
from catalog.imports.errors import ImportUnknown, NothingToCorrect
from catalog.imports.models import Import
from hub import audit, events, jobs, links
from hub.downloads import Opened, opened
from hub.errors import NotFound
from hub.i18n import _
from hub.runtime import Runtime
from hub.security import Caller

TASK = "catalog.correct"
PURPOSE = "catalog.correction"
LINK = timedelta(hours=1)
PAGE = 500
SUFFIXES: Final = {"XLSX": ".xlsx", "CSV": ".csv"}
"""Formats that are handed back themselves; of the others, `.csv` lists the problems."""
REPORT: Final = (_("Line"), _("Record"), _("Title"), _("Place"), _("What to correct"))


async def order(session: AsyncSession, caller: Caller, import_id: UUID) -> Import:
    """Have the problems of an import handed back in the caller's language. ImportUnknown, NothingToCorrect."""
    if not policies.may_list(caller):
        raise NotAllowedToList
    row = await queries.catalog_import(session, import_id, lock=True)
    if row is None:
        raise ImportUnknown(field="importId")
    if row.status == "RUNNING" or not await queries.import_rows(
        session, import_id, outcome=None, troubled=True, after=0, limit=1
    ):
        raise NothingToCorrect(field="importId")
    if row.correction != "RUNNING" and (row.correction_key is None or row.correction_language != caller.language):
        row.correction, row.correction_key, row.correction_language = "RUNNING", None, caller.language
        organization = str(row.organization_id)
        await jobs.enqueue(session, TASK, import_id=str(import_id), organization_id=organization)
        await audit.record(session, caller, "catalog.import.corrected", "import", row.id)
    return row


async def run(runtime: Runtime, import_id: UUID, organization_id: UUID) -> None:
    """Make the file. One that is made again stands in the place of the first."""
    async with _row(runtime, import_id, organization_id) as (_session, row):
        if row.correction != "RUNNING":
            return
        file_format, storage_key, language = row.format, row.storage_key, row.correction_language or "en"
    suffix = SUFFIXES.get(file_format, ".csv")
    key = f"imports/{organization_id}/{import_id}-{language}{suffix}"
    status = "DONE"
    with runtime.scratch.folder("correct") as folder:
        try:
            if file_format in SUFFIXES:
                await runtime.storage.fetch(storage_key, folder / "sent")
            await _gather(runtime, import_id, organization_id, folder / "rows")
            await asyncio.to_thread(_make, file_format, folder, language)
            await runtime.storage.put(key, folder / "made", XLSX if suffix == ".xlsx" else "text/csv")
        except (FileRefused, NotFound):
            status = "FAILED"
    async with _row(runtime, import_id, organization_id) as (_session, row):
        row.correction, row.correction_key = status, key if status == "DONE" else None


@asynccontextmanager
async def _row(runtime: Runtime, import_id: UUID, organization_id: UUID) -> AsyncIterator[tuple[AsyncSession, Import]]:
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        row = await queries.catalog_import(session, import_id, lock=True)
        assert row is not None
        yield session, row
        await events.tell(session, f"import:{import_id}")


async def _gather(runtime: Runtime, import_id: UUID, organization_id: UUID, path: Path) -> None:
    """The rows with problems, one JSON a line, in the order of the file: a hundred thousand of them are not held at once."""
    after = 0
    with path.open("w", encoding="utf8") as file:
        while True:
            async with (
                runtime.database.transaction(organization=organization_id, read_only=True) as tx,
                tx.use() as session,
            ):
                rows = await queries.import_rows(
                    session, import_id, outcome=None, troubled=True, after=after, limit=PAGE
                )
            for row in rows:
                kept = {"line": row.line, "reference": row.reference, "title": row.title, "problems": row.problems}
                file.write(json.dumps(kept, ensure_ascii=False) + "\n")
            if len(rows) < PAGE:
                return
            after = rows[-1].position


def _gathered(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf8") as file:
        yield from map(json.loads, file)


def _make(file_format: str, folder: Path, language: str) -> None:
    rows = _gathered(folder / "rows")
    with (folder / "made").open("w+b") as target:
        if file_format not in SUFFIXES:
            _report(rows, target, language)
            return
        heading = header(REMARK).render(language)
        remarks = asked_in_order((row["line"], _remarks(row["problems"], row["line"], language)) for row in rows)
        write = corrected.workbook if file_format == "XLSX" else corrected.delimited
        with (folder / "sent").open("rb") as source:
            write(source, target, remarks, heading)


def _remarks(kept: Sequence[dict[str, Any]], line: int, language: str) -> list[Remark]:
    return [
        Remark(
            one["field"],
            problems.sentence(one).render(language),
            one["params"].get("value"),
            one["params"].get("fix"),
        )
        for one in kept
        if one["line"] == line
    ]


def _report(rows: Iterator[dict[str, Any]], target: BinaryIO, language: str) -> None:
    text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([word.render(language) for word in REPORT])
    for row in rows:
        for one in row["problems"]:
            said = (row["reference"], row["title"] or "", one["field"] or "", problems.sentence(one).render(language))
            writer.writerow([one["line"] or row["line"], *map(inert, said)])
    text.detach()


def link(key: bytes, row: Import) -> str:
    """The path of a finished file, good for `LINK` from now."""
    ticket = links.ticket(key, PURPOSE, row.id, row.organization_id, LINK)
    return f"/imports/{row.id}/corrected/{ticket}/corrected{SUFFIXES.get(row.format, '.csv')}"


async def open_link(runtime: Runtime, import_id: UUID, ticket: str) -> Opened:
    """The file behind a link. NOT_FOUND when the link is none of ours, or over, or the file has been removed."""
    organization_id = links.bearer(runtime.settings.key, PURPOSE, import_id, ticket)
    if organization_id is None:
        raise LinkOver
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        row = await queries.catalog_import(session, import_id)
    if row is None or row.correction_key is None:
        raise LinkOver
    suffix = SUFFIXES.get(row.format, ".csv")
    media_type = XLSX if suffix == ".xlsx" else "text/csv; charset=utf-8"
    return await opened(runtime, row.correction_key, f"corrected{suffix}", media_type)
