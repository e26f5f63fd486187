"""Connections are lent without being asked first: what that must not cost, whatever becomes of them meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from accounts import queries
from accounts.models import Organization
from banmao.embedded import Cluster
from banmao.processes import running_worker
from hub import database as hub_database
from hub.database import Database, not_a_value, rows
from hub.settings import Settings
from tests.databases import TestDatabase, fresh_database
from tests.factories.accounts import Actor, actor

WHO = "SELECT banmao_organization()"


@pytest.fixture(scope="module")
def kept(cluster: Cluster) -> Iterator[TestDatabase]:
    with fresh_database(cluster) as made:
        yield made


@pytest.fixture(scope="module")
async def someone(kept: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Actor]:
    async with running_worker(Settings(data=tmp_path_factory.mktemp("hub")), kept.app_url) as runtime:
        yield await actor(runtime)


@pytest.fixture
async def pool(kept: TestDatabase) -> AsyncIterator[Database]:
    """One connection, so that whatever is left in it is found by the next."""
    made = Database(kept.app_url, pool_size=1)
    made.engine.sync_engine.pool._max_overflow = 0  # type: ignore[attr-defined]
    yield made
    await made.close()


def hang_up(cluster: Cluster, database: TestDatabase) -> None:
    with psycopg.connect(cluster.url("postgres", cluster.credentials.superuser, "postgres"), autocommit=True) as root:
        ended = root.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (database.name,)
        )
        assert ended.fetchall()


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_connection_that_the_server_has_closed_is_not_lent(
    pool: Database, cluster: Cluster, kept: TestDatabase, read_only: bool
) -> None:
    for _time in range(2):
        async with pool.transaction(read_only=read_only) as tx:
            assert await tx.session.scalar(text("SELECT 1")) == 1
        hang_up(cluster, kept)


async def test_a_connection_that_has_rested_is_asked_first(pool: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    dialect = pool.engine.sync_engine.dialect
    ping = dialect.do_ping

    def do_ping(connection: Any) -> bool:
        asked.append(connection)
        return bool(ping(connection))

    monkeypatch.setattr(dialect, "do_ping", do_ping)
    for _time in range(2):
        async with pool.transaction(read_only=True):
            pass
    assert not asked
    monkeypatch.setattr(hub_database, "RESTED", -1.0)
    async with pool.transaction(read_only=True) as tx:
        assert await tx.session.scalar(text("SELECT 1")) == 1
    assert len(asked) == 1


@pytest.mark.parametrize("read_only", [True, False])
async def test_nothing_of_one_transaction_is_left_for_the_next(pool: Database, someone: Actor, read_only: bool) -> None:
    async with pool.transaction(someone.caller, read_only=read_only) as tx:
        assert await tx.session.scalar(text(WHO)) == someone.organization_id
    with pytest.raises(ZeroDivisionError):
        async with pool.transaction(someone.caller, read_only=read_only):
            raise ZeroDivisionError
    with pytest.raises(DBAPIError):
        async with pool.transaction(someone.caller, read_only=read_only) as tx:
            await tx.session.execute(text("SELECT 1 / 0"))
    async with pool.transaction() as tx:
        assert await tx.session.scalar(text(WHO)) is None
        assert await tx.session.scalar(text("SHOW transaction_read_only")) == "off"


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_request_that_is_given_up_leaves_no_transaction_open(
    pool: Database, someone: Actor, read_only: bool
) -> None:
    async def sleep() -> None:
        async with pool.transaction(someone.caller, read_only=read_only) as tx:
            await rows(tx.session, "SELECT pg_sleep(20)")

    for seconds in (0.0, 0.001, 0.005, 0.2):
        task = asyncio.create_task(sleep())
        await asyncio.sleep(seconds)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(10):
            async with pool.transaction() as tx:
                assert await tx.session.scalar(text(WHO)) is None


async def test_a_connection_lost_within_a_transaction_is_told_and_not_lent_again(
    pool: Database, cluster: Cluster, kept: TestDatabase
) -> None:
    with pytest.raises(DBAPIError):
        async with pool.transaction(read_only=True) as tx:
            hang_up(cluster, kept)
            await rows(tx.session, "SELECT 1")
    async with pool.transaction(read_only=True) as tx:
        assert (await rows(tx.session, "SELECT 1"))[0][0] == 1


async def test_rows_see_what_the_session_has_not_yet_written(pool: Database, someone: Actor) -> None:
    async with pool.transaction() as tx:
        made = await tx.session.scalar(select(Organization).where(Organization.id == someone.organization_id))
        assert made is not None
        made.country = "LA"
        found = await rows(tx.session, "SELECT country FROM organizations WHERE id = $1", made.id)
        assert [row["country"] for row in found] == ["LA"]
        await tx.session.rollback()


async def test_rows_begin_a_transaction_where_there_is_none(pool: Database, someone: Actor) -> None:
    told = "SELECT set_config('banmao.organization', $1, true)"
    async with pool.transaction() as tx:
        await rows(tx.session, told, str(someone.organization_id))
        assert await tx.session.scalar(text(WHO)) == someone.organization_id


async def test_what_rows_are_refused_is_told_as_ever(pool: Database) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with pool.transaction(read_only=True) as tx:
            await rows(tx.session, "SELECT 1 / $1::int", 0)
    assert not_a_value(refused.value)


async def test_a_token_stands_for_its_person_and_makes_the_transaction_act_for_them(
    pool: Database, someone: Actor
) -> None:
    async with pool.transaction(read_only=True) as tx:
        assert await queries.caller_of(tx.session, someone.token) == someone.caller
        assert await tx.session.scalar(text(WHO)) is None
        assert await queries.caller_of(tx.session, someone.token, act=True) == someone.caller
        assert await tx.session.scalar(text(WHO)) == someone.organization_id
        assert await tx.session.scalar(text("SELECT current_setting('banmao.person')")) == str(someone.person_id)


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE tokens SET revoked_at = now()",
        "UPDATE tokens SET expires_at = now()",
        "UPDATE people SET disabled_at = now()",
        "DELETE FROM memberships",
    ],
)
async def test_a_token_that_stands_for_nobody_any_more_makes_nobody_act(
    pool: Database, someone: Actor, ended: str
) -> None:
    async with pool.transaction() as tx:
        await tx.session.execute(text(ended))
        assert await queries.caller_of(tx.session, someone.token, act=True) is None
        assert await tx.session.scalar(text(WHO)) is None
        await tx.session.rollback()
