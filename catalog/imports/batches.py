"""Decisions about the records of a chunk on their way into the tables: works that are new are written together.

Whatever changes, withdraws or proposes is written one by one, after what is new before it: it may speak of that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import listing, queries, service
from catalog.formats.readers import READERS
from catalog.formats.record import Original, Record
from catalog.imports import arrivals, deciding
from catalog.imports import queries as import_queries
from catalog.imports.arrivals import Arrival
from catalog.imports.deciding import Decision, Outcome
from catalog.imports.models import Import, KeptRecord
from catalog.models import Holdback, Mandate, Work, WorkStatus
from hub.bulk import new_ids

DELETED = ""
"""Digest of a record that its sender has deleted. When it comes again, the work is a draft again."""
KEEP = text(
    "INSERT INTO kept_records (work_id, format, owner_id, dialect, digest, content)"
    " SELECT given.work_id, :format, :owner, dialect, digest, content"
    " FROM unnest(CAST(:works AS uuid[]), CAST(:dialects AS text[]), CAST(:digests AS bytea[]), CAST(:contents AS bytea[]))"
    " AS given(work_id, dialect, digest, content) ON CONFLICT (work_id, format) DO UPDATE"
    " SET dialect = excluded.dialect, digest = excluded.digest, content = excluded.content"
)
"""Contents travel as they are: as JSON they would be twice as long."""


def original_of(row: KeptRecord) -> Original:
    return Original(row.dialect, row.content, row.digest.hex())


def kept_after(before: Original | None, record: Record, original: Original, record_format: str) -> Original:
    """What is kept once `record`, which is `original` in its file, has come; `before` is what was."""
    if before is None or not (record.withdraws or record.partial):
        return original
    before, merged = replace(before, digest=DELETED), READERS[record_format].merged
    return merged(before, original) if record.partial and merged else before


class Batch:
    """One chunk of one import, in its transaction."""

    def __init__(self, session: AsyncSession, job: Import, deleted: Collection[UUID]) -> None:
        """`deleted`: works that the sender has withdrawn before."""
        self.session = session
        self.job = job
        self._deleted = deleted
        self._ids: list[UUID] = []
        self._new: list[tuple[Work, Record]] = []
        self._written: set[UUID] = set()
        self._originals: dict[UUID, Original] = {}

    async def add(self, record: Record, decision: Decision, room: int) -> Work | None:
        """Take a decision. Answers the work that the record now tells of. `room`: how many records may still come."""
        match decision.outcome:
            case Outcome.SKIPPED:
                return None
            case Outcome.UNCHANGED:
                return decision.work
            case Outcome.CREATED:
                return await self._list(record, room)
        await self._write_new()
        decision = await self._current(decision)
        if decision.work is not None and decision.work.id in self._deleted and not record.withdraws:
            decision.work.status = WorkStatus.DRAFT.value
        work = await deciding.carry_out(self.session, self.job, record, decision)
        if work is not None:
            await self._keep(work, record)
        return work

    async def write(self) -> None:
        """Write what has not been written yet."""
        await self._write_new()
        await keep(self.session, self.job.organization_id, self.job.format, self._originals)
        self._originals = {}

    async def _list(self, record: Record, room: int) -> Work:
        if not self._ids:
            self._ids = (await new_ids(self.session, room))[::-1]
        work = Work(
            id=self._ids.pop(),
            owner_id=self.job.organization_id,
            status=WorkStatus.DRAFT.value,
            record_reference=record.reference,
        )
        self._new.append((work, record))
        await self._keep(work, record)
        return work

    async def _keep(self, work: Work, record: Record) -> None:
        """Of a deletion only that it was one; of an update the record as it is with the parts that it brings."""
        if record.original is None or work.record_reference not in (record.reference, *record.aliases):
            return
        rows: Mapping[UUID, KeptRecord] = {}
        if record.withdraws or record.partial:
            rows = await import_queries.kept_records(self.session, [work.id], self.job.format)
        before = original_of(rows[work.id]) if work.id in rows else None
        self._originals[work.id] = kept_after(before, record, record.original, self.job.format)

    async def _current(self, decision: Decision) -> Decision:
        """The decision about the row itself, where its work was new a moment ago."""
        if decision.work is None or decision.work.id not in self._written:
            return decision
        return replace(decision, work=await queries.work(self.session, decision.work.id))

    async def _write_new(self) -> None:
        new, self._new = self._new, []
        if not new:
            return
        session, job = self.session, self.job
        source = job.format.lower()
        listed = [(work.id, deciding.facts_of(record)) for work, record in new]
        await listing.write_works(session, job.organization_id, listed, person_id=job.person_id)
        mandates = [(work.id, scope) for work, record in new for scope in record.mandates]
        await listing.write_rights(session, Mandate, mandates, source=source)
        holdbacks = [(work.id, scope) for work, record in new for scope in record.holdbacks]
        await listing.write_rights(session, Holdback, holdbacks, source=source)
        await service.announce(session, [work.id for work, _record in new])
        self._written |= {work.id for work, _record in new}
        carried = {work.id: record for work, record in new if record.carried is not None}
        for work in await queries.works(session, list(carried)) if carried else ():
            await arrivals.tell(session, Arrival(work, carried[work.id], deciding.origin_of(job)))


async def keep(session: AsyncSession, owner_id: UUID, record_format: str, originals: Mapping[UUID, Original]) -> None:
    """Keep the records that works came from, in the place of older ones."""
    if originals:
        kept = {
            "works": list(originals),
            "dialects": [one.dialect for one in originals.values()],
            "digests": [bytes.fromhex(one.digest) for one in originals.values()],
            "contents": [one.packed for one in originals.values()],
            "format": record_format,
            "owner": owner_id,
        }
        await session.execute(KEEP, kept)
