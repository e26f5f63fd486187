"""The engine, the base of all tables, and one transaction per request or job."""

from __future__ import annotations

import asyncio
import select
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from asyncpg import InterfaceError, PostgresError
from sqlalchemy import DateTime, MetaData, Text, event, func, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from hub.errors import NoWalls
from hub.security import Caller

RESTED = 5.0
"""Seconds out of use, after which a connection is asked whether it still answers before it is lent again."""


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


def acting(organization: str, person: str) -> str:
    """Columns, of a SELECT that finds one row, that say on whose behalf the transaction goes on; of two expressions for texts."""
    return f"set_config('banmao.organization', {organization}, true), set_config('banmao.person', {person}, true)"


ACT_FOR = text(f"SELECT {acting(':organization', ':person')}")


async def act_for(session: AsyncSession, organization: UUID | None, person: UUID | None = None) -> None:
    """Say to the database on whose behalf the rest of this transaction reads and writes (row-level security)."""
    await session.execute(ACT_FOR, {"organization": str(organization or ""), "person": str(person or "")})


def _connections(url: str, *, size: int, more: int) -> AsyncEngine:
    """A pool of connections.

    One that the server has closed, or that has rested for long, is asked whether it answers; if not, all are made anew. Asking
    each before it is lent, as SQLAlchemy's `pool_pre_ping` does, costs every request three round trips.
    """
    engine = create_async_engine(
        async_url(url), pool_size=size, max_overflow=more, pool_recycle=1800, hide_parameters=True
    )
    pool, dialect = engine.sync_engine.pool, engine.sync_engine.dialect

    @event.listens_for(pool, "checkin")
    def rest(_connection: object, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(pool, "checkout")
    def look(connection: Any, record: Any, _lent: object) -> None:
        rested = time.monotonic() - record.info.get("rests_since", time.monotonic())
        if rested > RESTED or _spoke_up(connection.driver_connection):
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error

    return engine


def _spoke_up(connection: Any) -> bool:
    """Whether the server has closed a resting connection, or has something to say on it unasked, such as why it will."""
    if connection.is_closed():
        return True
    heard = select.poll()
    heard.register(connection._transport.get_extra_info("socket"), select.POLLIN)
    return bool(heard.poll(0))


async def _driver(session: AsyncSession) -> Any:
    """asyncpg's own connection, that the session holds. One that reads holds the same to its end."""
    if (known := session.info.get("driver")) is not None:
        return known
    connection = await session.connection()
    assert connection.sync_connection is not None
    return connection.sync_connection.connection.driver_connection


@contextmanager
def _told() -> Iterator[None]:
    """What asyncpg refuses, told as SQLAlchemy tells it."""
    try:
        yield
    except (PostgresError, InterfaceError) as error:
        raise DBAPIError(None, None, error, hide_parameters=True) from error


async def _undone(driver: Any, transaction: Any) -> None:
    """Roll back, or give the connection up: nobody else may come into this transaction."""
    try:
        await transaction.rollback()
    except (PostgresError, InterfaceError, OSError):
        driver.terminate()
    except BaseException:
        driver.terminate()
        raise


async def rows(session: AsyncSession, statement: str, *values: Any) -> Sequence[Any]:
    """The rows of a SELECT, asked of asyncpg itself: `$1` … for values, columns by name or place.

    For what every page asks. SQLAlchemy takes several times as long for a statement as PostgreSQL does.
    """
    if session.new or session.dirty or session.deleted:
        await session.flush()
    driver = await _driver(session)
    if not driver.is_in_transaction():
        await session.execute(text("SELECT 1"))  # SQLAlchemy begins with the first statement of its own
    with _told():
        return cast(Sequence[Any], await driver.fetch(statement, *values))


class Database:
    """The application's connection pool."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = _connections(url, size=pool_size, more=pool_size)
        self._beside = _connections(url, size=1, more=3)
        unbegun = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, info={"beside": self._beside})
        self._readers = async_sessionmaker(unbegun, expire_on_commit=False, info={"beside": self._beside})

    @asynccontextmanager
    async def transaction(
        self, caller: Caller | None = None, *, organization: UUID | None = None, read_only: bool = False
    ) -> AsyncIterator[Transaction]:
        """Commit when the block ends, roll back when it raises.

        `organization` is for jobs, which act for an organization without a person.
        """
        person = caller.person_id if caller else None
        acts_for = caller.organization_id if caller else organization
        async with self._reading(acts_for, person) if read_only else self._writing(acts_for, person) as session:
            yield Transaction(session)

    @asynccontextmanager
    async def _writing(self, organization: UUID | None, person: UUID | None) -> AsyncIterator[AsyncSession]:
        async with self._sessions() as session:
            try:
                if organization is not None:
                    await act_for(session, organization, person)
                yield session
            except BaseException:
                await session.rollback()
                raise
            await session.commit()

    @asynccontextmanager
    async def _reading(self, organization: UUID | None, person: UUID | None) -> AsyncIterator[AsyncSession]:
        """The transaction is begun and ended without SQLAlchemy, which takes four times as long for it as PostgreSQL."""
        async with self._readers() as session:
            driver = session.info["driver"] = await _driver(session)
            transaction = driver.transaction(readonly=True)
            try:
                with _told():
                    await transaction.start()
                if organization is not None:
                    await act_for(session, organization, person)
                yield session
                with _told():
                    await transaction.commit()
            finally:
                if driver.is_in_transaction():
                    await _undone(driver, transaction)

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
