"""Having a record wait for a person, and reading it back as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.formats.record import Original, Record
from catalog.imports.models import Import
from catalog.merging.models import Proposal, ProposalStatus, Reason

_RECORD = TypeAdapter(Record)
_KEPT = "original"


async def propose(
    session: AsyncSession, job: Import, record: Record, work_id: UUID, reason: Reason, score: int
) -> None:
    """Keep the whole record beside the work that it may be, in the place of an older one of the same key that waits."""
    statement = insert(Proposal).values(
        organization_id=job.organization_id,
        work_id=work_id,
        import_id=job.id,
        format=job.format,
        reference=record.reference,
        record=_stored(record),
        reason=reason.value,
        score=score,
    )
    new, table = statement.excluded, Proposal.__table__
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.organization_id, table.c.reference],
            index_where=table.c.status == ProposalStatus.OPEN.value,
            set_={
                "work_id": new.work_id,
                "import_id": new.import_id,
                "format": new.format,
                "record": new.record,
                "reason": new.reason,
                "score": new.score,
                "created_at": func.now(),
            },
        )
    )


def record_of(proposal: Proposal) -> Record:
    """The record that waits."""
    record = _RECORD.validate_python(proposal.record | {_KEPT: None})
    if kept := proposal.record[_KEPT]:
        record.original = Original.of(kept["dialect"], kept["content"].encode(), kept["digest"])
    return record


def _stored(record: Record) -> dict[str, Any]:
    """As JSON, the record itself as its text."""
    stored: dict[str, Any] = _RECORD.dump_python(replace(record, original=None), mode="json")
    if (kept := record.original) is not None:
        stored[_KEPT] = {"dialect": kept.dialect, "content": kept.content.decode(), "digest": kept.digest}
    return stored
