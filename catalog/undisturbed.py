"""While a list is taken as a whole, nobody changes by hand what its organization lists: what was checked stays so until written.

The import holds a lock on a connection of its own, so that it ends with the worker, however that ends. Persons ask for their
share of it, and are told to try again instead of being kept waiting.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.errors import ListBeingTaken
from hub.database import Database

_LOCK = "hashtextextended(:name, 11)"


async def ask(session: AsyncSession, organization_id: UUID) -> None:
    """Before a person changes which titles an organization lists, or what they are known by. ListBeingTaken."""
    shared = text(f"SELECT pg_try_advisory_xact_lock_shared({_LOCK})")
    if not await session.scalar(shared, _named(organization_id)):
        raise ListBeingTaken


@asynccontextmanager
async def undisturbed(database: Database, organization_id: UUID) -> AsyncIterator[None]:
    """Changes that are under way are waited for; those that come later are refused until the block ends."""
    async with database.engine.connect() as opened:
        connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"SELECT pg_advisory_lock({_LOCK})"), _named(organization_id))
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a connection that is gone has let go
                await connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"), _named(organization_id))


def _named(organization_id: UUID) -> dict[str, str]:
    return {"name": f"taken as a whole:{organization_id}"}
