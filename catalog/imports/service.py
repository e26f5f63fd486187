"""Files of titles on their way in: received, surveyed, taken chunk by chunk, each chunk in one transaction.

A file is read twice: first to its end, so that one that breaks off changes nothing; then for its records. A killed job
goes on with the first record that no committed chunk has dealt with. A dry run keeps what would become of each record, and
nothing else. A file that is taken as a whole is looked at once more before the first record is written: what cannot be taken
then stops it, and until it is written nobody changes by hand what it was compared with (`catalog.undisturbed`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import policies, problems
from catalog.errors import NotAllowedToList
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.readers import READERS, Reader, recognise
from catalog.formats.record import Record
from catalog.imports import comparing, deciding, queries, reading
from catalog.imports.batches import DELETED, Batch
from catalog.imports.comparing import Change, Standing
from catalog.imports.deciding import Outcome
from catalog.imports.earlier import Earlier
from catalog.imports.errors import FormatNotRead, ImportUnknown, NotPreviewed
from catalog.imports.models import Import, ImportRow
from catalog.imports.reading import Chunked, ReaderEnded
from catalog.models import Work
from catalog.undisturbed import undisturbed
from hub import audit, events, jobs
from hub.bulk import insert_rows, one_of_many
from hub.characters import only_text
from hub.errors import NotFound, TooLarge
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import Readable
from hub.storage import receive as receive_upload

log = logging.getLogger("banmao.imports")

TASK = "catalog.import"
FORGET = "catalog.forget_import"
AUTO = "AUTO"
"""In the place of a format: what the content says."""
READERS_IN_A_ROW = 3
"""Processes that a file may bring down before it is given up."""
MOST_PROBLEMS_OF_A_RECORD = 20
LONGEST_SHOWN = 300
KEPT = timedelta(days=30)
"""How long the file and what became of each record can be looked at after the import."""
MOST_PROBLEMS = 500
LONGEST_NAME = 255


async def receive(
    session: AsyncSession, runtime: Runtime, caller: Caller, upload: Readable, *, file_format: str, dry_run: bool
) -> Import:
    """Keep the file and enqueue its import. NotAllowedToList, FormatNotRead (at `file` where AUTO finds none), TOO_LARGE."""
    if not policies.may_list(caller):
        raise NotAllowedToList
    if file_format != AUTO and file_format not in READERS:
        raise FormatNotRead(field="format", formats=list(READERS))
    limit = runtime.settings.max_upload_bytes
    try:
        async with receive_upload(upload, limit, runtime.scratch.path) as received:
            if file_format == AUTO:
                file_format = await asyncio.to_thread(_recognised, received.path)
            reader = READERS[file_format]
            key = f"imports/{caller.organization_id}/{uuid4()}{reader.suffix}"
            await runtime.storage.put(key, received.path, reader.media_type)
    except TooLarge as error:
        raise TooLarge(field="file", limit=limit) from error
    name = getattr(upload, "filename", None)
    row = Import(
        organization_id=caller.organization_id,
        person_id=caller.person_id,
        format=file_format,
        dry_run=dry_run,
        file_name=only_text(Path(str(name or "")).name)[:LONGEST_NAME] or None,
        storage_key=key,
    )
    return await _start(session, caller, row)


def _recognised(path: Path) -> str:
    with path.open("rb") as file:
        found = recognise(file)
    if found is None:
        raise FormatNotRead(field="file", formats=list(READERS))
    return found


async def apply(session: AsyncSession, caller: Caller, import_id: UUID, *, whole: bool = False) -> Import:
    """Import for good what has been previewed: its good part, or, `whole`, all of it or nothing. ImportUnknown, NotPreviewed."""
    if not policies.may_list(caller):
        raise NotAllowedToList
    seen = await queries.catalog_import(session, import_id)
    if seen is None:
        raise ImportUnknown(field="importId")
    if seen.status != "PREVIEW":
        raise NotPreviewed(field="importId")
    row = Import(
        organization_id=seen.organization_id,
        person_id=caller.person_id,
        format=seen.format,
        dry_run=False,
        file_name=seen.file_name,
        storage_key=seen.storage_key,
        preview_id=seen.id,
        whole=whole,
    )
    return await _start(session, caller, row)


async def _start(session: AsyncSession, caller: Caller, row: Import) -> Import:
    session.add(row)
    await session.flush()
    await session.refresh(row)
    await audit.record(session, caller, "catalog.import.started", "import", row.id)
    organization = str(row.organization_id)
    lock = f"{TASK}:{organization}"
    await jobs.enqueue(session, TASK, lock=lock, import_id=str(row.id), organization_id=organization)
    return row


async def run(runtime: Runtime, import_id: UUID, organization_id: UUID) -> None:
    """The whole import, from wherever an earlier run was stopped."""
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx, tx.use() as session:
        row = await queries.catalog_import(session, import_id)
    if row is None or row.status != "RUNNING":
        return
    progress = _Progress(runtime, import_id, organization_id)
    reader = READERS[row.format]
    try:
        async with (
            _local(runtime, row.storage_key) as path,
            reading.opened(reader, path, row.created_at.astimezone(UTC).date(), deciding.look) as chunks,
        ):
            await progress.surveyed(await asyncio.to_thread(_survey, reader, path))
            async with undisturbed(runtime.database, organization_id) if row.whole else nullcontext():
                if row.whole and row.checked_at is None:
                    await _read(progress, chunks, writes=False)
                    await progress.checked()
                await _read(progress, chunks, writes=not row.dry_run)
    except FileRefused as refused:
        await progress.finish("FAILED", refused.problem)
    except NotFound:
        await progress.finish("FAILED", Problem("FILE_GONE"))
    except ReaderEnded:
        await progress.finish("FAILED", Problem("READER_ENDED"))
    except _NotWhole as found:
        await progress.finish("FAILED", Problem("NOT_WHOLE", params={"count": str(found.skipped)}))
    else:
        await progress.finish("PREVIEW" if row.dry_run else "DONE")


@asynccontextmanager
async def _local(runtime: Runtime, key: str) -> AsyncIterator[Path]:
    with runtime.scratch.folder("import") as folder:
        path = folder / "message"
        await runtime.storage.fetch(key, path)
        yield path


def _survey(reader: Reader, path: Path) -> int:
    """Read to the end without keeping anything. FileRefused where the file breaks, or holds no record."""
    with path.open("rb") as file:
        total = reader.count(file)
    if total == 0:
        raise FileRefused(Problem("ONIX_EMPTY"))
    return total


class _NotWhole(Exception):
    """Records of a file that was to be taken as a whole cannot be taken. Nothing has been written."""

    def __init__(self, skipped: int) -> None:
        super().__init__(skipped)
        self.skipped = skipped


async def _read(progress: _Progress, chunks: Chunked, *, writes: bool) -> None:
    """Take the file. A process that ended while it read is followed by another, which goes on. ReaderEnded."""
    for _another in range(READERS_IN_A_ROW - 1):
        try:
            return await _take(progress, chunks, writes=writes)
        except ReaderEnded as ended:
            log.warning(
                "import %s: the process that read the file is gone (%s); another begins", progress.import_id, ended
            )
    return await _take(progress, chunks, writes=writes)


async def _take(progress: _Progress, chunks: Chunked, *, writes: bool) -> None:
    """Deal with the records in chunks, while those that follow are being read."""
    start = 0
    with Earlier() as earlier:
        async with chunks() as found:
            async for chunk in found:
                dealt_with = min(max(progress.done - start, 0), len(chunk))
                for record in chunk[:dealt_with]:
                    earlier.add(record)
                if dealt_with < len(chunk):
                    await progress.deal_with(start + dealt_with, chunk[dealt_with:], earlier, writes=writes)
                start += len(chunk)


class _Progress:
    """What of one import is in the tables; every method is one transaction. `done`: records that a run has dealt with."""

    def __init__(self, runtime: Runtime, import_id: UUID, organization_id: UUID) -> None:
        self.runtime = runtime
        self.import_id = import_id
        self.organization_id = organization_id
        self.total = self.done = 0

    @asynccontextmanager
    async def _row(self) -> AsyncIterator[tuple[AsyncSession, Import]]:
        database = self.runtime.database
        async with database.transaction(organization=self.organization_id) as tx, tx.use() as session:
            row = await queries.catalog_import(session, self.import_id, lock=True)
            assert row is not None
            yield session, row
            await events.tell(session, f"import:{self.import_id}")

    async def surveyed(self, total: int) -> None:
        async with self._row() as (_session, row):
            self.total = row.total = total
            self.done = row.done

    async def deal_with(self, start: int, chunk: Sequence[Record], earlier: Earlier, *, writes: bool) -> None:
        """Decide and write a chunk; the count of what is done moves with it."""
        async with self._row() as (session, row):
            if row.done != start:
                raise RuntimeError(f"another worker is at record {row.done} of import {row.id}")
            await one_of_many(session)
            known = await deciding.known(session, self.organization_id, chunk, earlier)
            meant = [*known.by_reference.values(), *known.by_identifier.values()]
            standings = await comparing.standings(session, meant, row.format)
            found: list[Problem] = []
            rows: list[dict[str, object]] = []
            outcomes: Counter[Outcome] = Counter()
            batch = Batch(session, row, {work_id for work_id, one in standings.items() if one.digest == DELETED})
            for position, record in enumerate(chunk, start + 1):
                decision = deciding.decide(record, known)
                standing = standings.get(decision.work.id) if decision.work else None
                decision, changes = comparing.compared(record, decision, standing, row.format)
                doubts = deciding.doubts(record)
                own = [*record.problems, *doubts, *([decision.problem] if decision.problem else [])]
                found += own
                work = await batch.add(record, decision, len(chunk)) if writes else None
                known.learn(record, work)
                outcomes[decision.outcome] += 1
                rows.append(_kept(position, record, decision.outcome, work or decision.work, standing, changes, own))
            await batch.write()
            await insert_rows(session, ImportRow, rows, import_id=row.id, organization_id=row.organization_id)
            _count(row, outcomes)
            self.done = row.done = start + len(chunk)
            row.problems = _together(row.problems, found)

    async def checked(self) -> None:
        """Every record of a file that is taken as a whole can be taken: begin again, and write. _NotWhole."""
        async with self._row() as (session, row):
            if row.skipped:
                raise _NotWhole(row.skipped)
            await session.execute(delete(ImportRow).where(ImportRow.import_id == row.id))
            row.checked_at = datetime.now(UTC)
            self.done = row.done = row.created = row.updated = row.unchanged = row.proposed = 0
            row.problems = []

    async def finish(self, status: str, problem: Problem | None = None) -> None:
        async with self._row() as (session, row):
            row.status = status
            row.finished_at = datetime.now(UTC)
            if problem is not None:
                row.problems = [problems.stored(problem)]
            await jobs.enqueue(
                session,
                FORGET,
                at=row.finished_at + KEPT,
                import_id=str(row.id),
                organization_id=str(self.organization_id),
            )
            counts = {"created": row.created, "updated": row.updated, "proposed": row.proposed, "skipped": row.skipped}
            await audit.record(session, None, f"catalog.import.{status.lower()}", "import", row.id, **counts)


def _count(row: Import, outcomes: Counter[Outcome]) -> None:
    row.created += outcomes[Outcome.CREATED]
    row.updated += outcomes[Outcome.UPDATED]
    row.unchanged += outcomes[Outcome.UNCHANGED]
    row.proposed += outcomes[Outcome.PROPOSED]
    row.skipped += outcomes[Outcome.SKIPPED]


def _kept(
    position: int,
    record: Record,
    outcome: Outcome,
    work: Work | None,
    standing: Standing | None,
    changes: Sequence[Change],
    found: Sequence[Problem],
) -> dict[str, object]:
    """What of a record is kept for whoever looks at the import."""
    title = record.titles[0].text if record.titles else standing.facts.title.text if standing else None
    return {
        "position": position,
        "line": record.line,
        "reference": record.reference[:LONGEST_SHOWN],
        "title": title[:LONGEST_SHOWN] if title else None,
        "outcome": outcome.value,
        "work_id": work.id if work else None,
        "changes": [change.stored() for change in changes],
        "problems": [problems.stored(problem) for problem in found[:MOST_PROBLEMS_OF_A_RECORD]],
    }


async def forget(runtime: Runtime, import_id: UUID, organization_id: UUID) -> None:
    """Remove what was kept of an import but its counts, and its file once no other import needs it."""
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        row = await queries.catalog_import(session, import_id, lock=True)
        if row is None:
            return
        await session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
        keys = {row.correction_key} - {None}
        if not await queries.imports_of_file(session, row.storage_key, since=datetime.now(UTC) - KEPT):
            keys.add(row.storage_key)
        row.correction = row.correction_key = None
    for key in keys:
        assert key is not None
        await runtime.storage.delete(key)


def _together(kept: list[dict[str, object]], found: Sequence[Problem]) -> list[dict[str, object]]:
    """The first problems in order, and how many more there are."""
    more = 0
    if kept and kept[-1]["code"] == "MORE_PROBLEMS":
        params = kept[-1]["params"]
        assert isinstance(params, dict)
        more, kept = int(params["count"]), kept[:-1]
    listed = [*kept, *(problems.stored(problem) for problem in found)]
    more += max(0, len(listed) - MOST_PROBLEMS)
    listed = listed[:MOST_PROBLEMS]
    return [*listed, problems.stored(Problem("MORE_PROBLEMS", params={"count": str(more)}))] if more else listed
