"""Every SELECT of overrides. Row-level security shows an organization its own."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.models import Person
from translation.overrides.models import Override

MOST_SHOWN = 20


async def of_text(session: AsyncSession, text_id: UUID, language: str) -> Sequence[tuple[Override, str]]:
    """The last overrides in a language with the names of who gave the reasons, the newest first."""
    rows = await session.execute(
        select(Override, Person.name)
        .join(Person, Person.id == Override.person_id)
        .where(Override.text_id == text_id, Override.language == language)
        .order_by(Override.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(override, name) for override, name in rows]
