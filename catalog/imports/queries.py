"""What is asked of imports and of the records that they keep."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.imports.models import Import, ImportRow, KeptRecord
from catalog.models import Work, WorkStatus


async def catalog_import(session: AsyncSession, import_id: UUID, *, lock: bool = False) -> Import | None:
    """An import of the organization on whose behalf the transaction reads (row-level security)."""
    query = select(Import).where(Import.id == import_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def imports(
    session: AsyncSession, organization_id: UUID, before: UUID | None, limit: int
) -> tuple[Sequence[Import], int]:
    """The organization's imports, newest first, from just after `before`; and how many there are in all."""
    own = Import.organization_id == organization_id
    query = select(Import).where(own).order_by(Import.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Import.id < before)
    total = await session.scalar(select(func.count()).select_from(Import).where(own))
    return (await session.scalars(query)).all(), total or 0


async def import_rows(
    session: AsyncSession,
    import_id: UUID,
    *,
    outcome: str | None,
    troubled: bool,
    after: int,
    limit: int,
) -> Sequence[ImportRow]:
    """What became of records, in the order of the file; of one outcome, or with problems, where that is asked."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.position > after)
    if outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    if troubled:
        query = query.where(func.jsonb_array_length(ImportRow.problems) > 0)
    return (await session.scalars(query.order_by(ImportRow.position).limit(limit))).all()


async def imports_of_file(session: AsyncSession, storage_key: str, *, since: datetime) -> bool:
    """Is there an import of this file that still runs, or has ended since?"""
    alive = or_(Import.finished_at.is_(None), Import.finished_at > since)
    return await session.scalar(select(Import.id).where(Import.storage_key == storage_key, alive).limit(1)) is not None


async def applied(session: AsyncSession, preview_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The last import that confirmed each dry run."""
    query = select(Import.preview_id, Import.id).where(Import.preview_id.in_(preview_ids)).order_by(Import.id)
    return {preview_id: import_id for preview_id, import_id in await session.execute(query) if preview_id}


async def drafts(session: AsyncSession, import_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many titles that each import dealt with are drafts now."""
    query = (
        select(ImportRow.import_id, func.count(Work.id.distinct()).label("drafts"))
        .join(Work, Work.id == ImportRow.work_id)
        .where(ImportRow.import_id.in_(import_ids), Work.status == WorkStatus.DRAFT.value)
        .group_by(ImportRow.import_id)
    )
    return {row.import_id: row.drafts for row in await session.execute(query)}


async def kept_records(
    session: AsyncSession, work_ids: Collection[UUID], record_format: str
) -> Mapping[UUID, KeptRecord]:
    """The records of a format from which works came; the owner's alone (row-level security)."""
    query = select(KeptRecord).where(KeptRecord.work_id.in_(work_ids), KeptRecord.format == record_format)
    return {row.work_id: row for row in await session.scalars(query)}
