"""Decisions and writes of saved searches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.saved import queries
from catalog.saved.errors import SearchNameTaken, SearchUnknown, TooManySearches
from catalog.saved.models import SavedSearch
from hub.database import broken_constraint
from hub.security import Caller

MOST = 50
"""Searches that one person keeps in one organization."""


async def save(
    session: AsyncSession,
    caller: Caller,
    *,
    name: str,
    query: str,
    language: str,
    territory: str | None,
    filter: Mapping[str, Any],
) -> SavedSearch:
    """Keep a search; everything that it finds now counts as seen. SearchNameTaken, TooManySearches."""
    await queries.take_turn(session, caller)
    if len(await queries.mine(session, caller)) >= MOST:
        raise TooManySearches(most=MOST)
    row = SavedSearch(
        organization_id=caller.organization_id,
        person_id=caller.person_id,
        name=name,
        query=query,
        language=language,
        territory=territory,
        filter=dict(filter),
    )
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "saved_searches_organization_id_person_id_name_key":
            raise SearchNameTaken(field="name") from error
        raise
    await session.refresh(row)
    return row


async def look(session: AsyncSession, caller: Caller, search_id: UUID) -> SavedSearch:
    """The person has seen what the search finds: nothing of it is new any more. SearchUnknown."""
    row = await _mine(session, caller, search_id)
    row.seen_at = datetime.now(UTC)
    await session.flush()
    return row


async def remove(session: AsyncSession, caller: Caller, search_id: UUID) -> None:
    """SearchUnknown."""
    await session.delete(await _mine(session, caller, search_id))
    await session.flush()


async def _mine(session: AsyncSession, caller: Caller, search_id: UUID) -> SavedSearch:
    row = await queries.one(session, caller, search_id)
    if row is None:
        raise SearchUnknown(field="id")
    return row
