"""The engine, the base of all tables, and one transaction per request or job."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Text, func, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hub.errors import NoWalls
from hub.security import Caller


class Base(DeclarativeBase):
    """Tables of all domains. Names of constraints are predictable: errors are told apart by them."""

    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )
    type_annotation_map = {str: Text(), datetime: DateTime(timezone=True), UUID: postgresql.UUID(as_uuid=True)}


class Identified:
    """A row with a time-ordered identifier (UUIDv7) of the database's making."""

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7(), sort_order=-10)


class Created:
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=90)


class Transaction:
    """One database transaction, lent to one coroutine at a time.

    Strawberry runs sibling resolvers concurrently and an AsyncSession serves one at a time, so everybody borrows it:

        async with tx.use() as session: ...

    `use` must not be nested in one coroutine. Services and queries are handed the session and never borrow it themselves.
    """

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def use(self) -> AsyncIterator[AsyncSession]:
        async with self._turn:
            yield self.session


class ShortTransactions(Transaction):
    """For subscriptions, which outlive any transaction: everybody who borrows gets a read-only transaction of its own."""

    def __init__(self, database: Database, caller: Caller | None) -> None:
        self._database = database
        self.caller = caller

    @asynccontextmanager
    async def use(self) -> AsyncIterator[AsyncSession]:
        async with self._database.transaction(self.caller, read_only=True) as tx:
            yield tx.session


async def act_for(session: AsyncSession, organization: UUID | None, person: UUID | None = None) -> None:
    """Say to the database on whose behalf the rest of this transaction reads and writes (row-level security)."""
    await session.execute(
        text(
            "SELECT set_config('banmao.organization', :organization, true), set_config('banmao.person', :person, true)"
        ),
        {"organization": str(organization or ""), "person": str(person or "")},
    )


class Database:
    """The application's connection pool."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
        )
        self._beside = create_async_engine(
            async_url(url), pool_size=1, max_overflow=3, pool_pre_ping=True, pool_recycle=1800, hide_parameters=True
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, info={"beside": self._beside})

    @asynccontextmanager
    async def transaction(
        self, caller: Caller | None = None, *, organization: UUID | None = None, read_only: bool = False
    ) -> AsyncIterator[Transaction]:
        """Commit when the block ends, roll back when it raises.

        `organization` is for jobs, which act for an organization without a person.
        """
        async with self._sessions() as session:
            if read_only:
                await session.execute(text("SET TRANSACTION READ ONLY"))
            person = caller.person_id if caller else None
            await act_for(session, caller.organization_id if caller else organization, person)
            try:
                yield Transaction(session)
            except BaseException:
                await session.rollback()
                raise
            await session.commit()

    async def require_walls(self) -> None:
        """NoWalls when this role is not subject to row-level security: it owns the tables, or may pass by their policies."""
        async with self._sessions() as session:
            unwalled = await session.scalar(
                text(
                    "SELECT bool_or(rolsuper OR rolbypassrls) OR EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user"
                    " AND schemaname = 'public') FROM pg_roles WHERE rolname = current_user"
                )
            )
        if unwalled:
            raise NoWalls

    async def close(self) -> None:
        await self.engine.dispose()
        await self._beside.dispose()


@asynccontextmanager
async def aside(session: AsyncSession) -> AsyncIterator[AsyncSession]:
    """A short transaction beside `session`'s, which stays when that one is rolled back.

    It has connections of its own: were they of the same pool, enough requests at once would wait for each other for ever.
    """
    async with AsyncSession(session.info["beside"]) as apart, apart.begin():
        yield apart


def async_url(url: str) -> str:
    """`postgresql://…` for asyncpg."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def broken_constraint(error: DBAPIError) -> str | None:
    """The name of the constraint that refused a write, if one did."""
    cause: Any = error.orig
    while cause is not None:
        if name := getattr(cause, "constraint_name", None):
            return str(name)
        cause = cause.__cause__
    return None


def not_a_value(error: DBAPIError) -> bool:
    """Whether a value was refused for what it is: too large, not text, no date (SQLSTATE class 22), outside a CHECK (23514)."""
    cause: Any = error.orig
    while cause is not None:
        if str(getattr(cause, "sqlstate", None)).startswith(("22", "23514")):
            return True
        cause = cause.__cause__
    return False
