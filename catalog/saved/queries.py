"""Every SELECT of saved searches. Row-level security leaves only the person's own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.saved.models import SavedSearch
from hub.security import Caller


async def mine(session: AsyncSession, caller: Caller) -> Sequence[SavedSearch]:
    """By name."""
    query = select(SavedSearch).where(
        SavedSearch.person_id == caller.person_id, SavedSearch.organization_id == caller.organization_id
    )
    return (await session.scalars(query.order_by(func.lower(SavedSearch.name), SavedSearch.id))).all()


async def one(session: AsyncSession, caller: Caller, search_id: UUID) -> SavedSearch | None:
    query = select(SavedSearch).where(
        SavedSearch.id == search_id,
        SavedSearch.person_id == caller.person_id,
        SavedSearch.organization_id == caller.organization_id,
    )
    return (await session.scalars(query)).one_or_none()


async def take_turn(session: AsyncSession, caller: Caller) -> None:
    """One of a person's savings at a time, until the transaction ends: so that counting them means something."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"saved-searches {caller.person_id}"}
    )
