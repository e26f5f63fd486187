"""What is asked of exports."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.exports.models import Export


async def catalog_export(session: AsyncSession, export_id: UUID, *, lock: bool = False) -> Export | None:
    """An export of the organization on whose behalf the transaction reads (row-level security)."""
    query = select(Export).where(Export.id == export_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def exports(
    session: AsyncSession, organization_id: UUID, before: UUID | None, limit: int
) -> tuple[Sequence[Export], int]:
    """The organization's exports, newest first, from just after `before`; and how many there are in all."""
    own = Export.organization_id == organization_id
    query = select(Export).where(own).order_by(Export.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Export.id < before)
    total = await session.scalar(select(func.count()).select_from(Export).where(own))
    return (await session.scalars(query)).all(), total or 0
