"""Every SELECT of the glossaries. Row-level security leaves out the glossaries of other organizations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from translation.glossary.models import Term

Version = tuple[int, datetime | None]


async def version(session: AsyncSession, organization_id: UUID | None) -> Version:
    """Changes whenever a term that the organization uses does: how many there are, and when the last one was touched."""
    row = await session.execute(
        select(func.count(), func.max(Term.updated_at)).where(
            or_(Term.organization_id == organization_id, Term.organization_id.is_(None))
        )
    )
    count, changed = row.one()
    return count, changed


async def terms(session: AsyncSession, organization_id: UUID | None) -> Sequence[Term]:
    """The terms of an organization and the hub's own, with their words."""
    return (
        await session.scalars(
            select(Term)
            .where(or_(Term.organization_id == organization_id, Term.organization_id.is_(None)))
            .options(selectinload(Term.words))
            .order_by(Term.id)
        )
    ).all()
