"""Migrations from empty and back, walls that the application cannot climb, a log that only grows."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from banmao import migrate
from banmao.embedded import Cluster
from hub import audit
from hub.errors import NoWalls
from hub.runtime import Runtime, running
from hub.settings import Settings
from tests.databases import TestDatabase
from tests.factories.accounts import actor


def tables(database: TestDatabase) -> set[str]:
    return {name for (name,) in database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_migrations_go_down_to_nothing_and_up_again(database: TestDatabase) -> None:
    full = tables(database)
    assert {"works", "negotiations", "rights_claims", "procrastinate_jobs"} <= full
    migrate.downgrade(database.owner_url)
    assert tables(database) == {"alembic_version"}
    functions = database.rows(
        "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    assert functions == []
    migrate.upgrade(database.owner_url)
    assert tables(database) == full


@pytest.mark.filterwarnings("ignore:Did not recognize type:sqlalchemy.exc.SAWarning")
def test_the_tables_are_what_the_models_say(database: TestDatabase) -> None:
    migrate.check(database.owner_url)


def test_the_application_owns_nothing_and_cannot_climb_the_walls(database: TestDatabase) -> None:
    assert database.rows("SELECT count(*) FROM pg_class WHERE relowner = 'banmao_app'::regrole") == [(0,)]
    assert database.rows("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = 'banmao_app'") == [(False,)]
    with psycopg.connect(database.app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("ALTER TABLE negotiations DISABLE ROW LEVEL SECURITY")


async def test_the_audit_log_refuses_change_and_deletion(runtime: Runtime, database: TestDatabase) -> None:
    someone = await actor(runtime)
    async with runtime.database.transaction(someone.caller) as tx:
        await audit.record(tx.session, someone.caller, "accounts.test", "person", uuid4())
    for statement in ("UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"):
        for url in (database.app_url, database.owner_url):
            with psycopg.connect(url) as connection, pytest.raises(psycopg.Error):
                connection.execute(statement)
    assert database.count("audit_log") == 1


async def test_a_transaction_acts_for_one_organization_only(runtime: Runtime, database: TestDatabase) -> None:
    someone = await actor(runtime)
    async with runtime.database.transaction(someone.caller) as tx:
        assert await tx.session.scalar(text("SELECT banmao_organization()")) == someone.organization_id
    async with runtime.database.transaction() as tx:
        assert await tx.session.scalar(text("SELECT banmao_organization()")) is None


async def test_a_transaction_that_fails_writes_nothing(runtime: Runtime, database: TestDatabase) -> None:
    someone = await actor(runtime)
    with pytest.raises(ZeroDivisionError):
        async with runtime.database.transaction(someone.caller) as tx:
            await audit.record(tx.session, someone.caller, "accounts.test", "person", uuid4())
            raise ZeroDivisionError
    assert database.count("audit_log") == 0
    with pytest.raises(DBAPIError):
        async with runtime.database.transaction(someone.caller, read_only=True) as tx:
            await audit.record(tx.session, someone.caller, "accounts.test", "person", uuid4())
    assert database.count("audit_log") == 0


async def test_a_role_that_passes_by_the_walls_is_refused(database: TestDatabase, settings: Settings) -> None:
    with pytest.raises(NoWalls) as refused:
        async with running(settings, database.owner_url):
            pytest.fail("the hub ran without walls")
    assert "BANMAO_DATABASE_OWNER_URL" in refused.value.sentence("en")


async def test_the_hub_runs_on_a_server_with_roles_of_other_names(cluster: Cluster, settings: Settings) -> None:
    """As on an operator's own server: two roles and an empty database, nothing else prepared."""
    root = cluster.url("postgres", cluster.credentials.superuser, "postgres")
    name = "elsewhere"
    with psycopg.connect(root, autocommit=True) as connection:
        for role in ("hub_owner", "hub_app"):
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret-of-the-test'")
        connection.execute(f"CREATE DATABASE {name} OWNER hub_owner")
    owner, app = (cluster.url(role, "secret-of-the-test", name) for role in ("hub_owner", "hub_app"))
    try:
        migrate.upgrade(owner, app)
        async with running(settings, app) as runtime:
            someone = await actor(runtime)
            async with runtime.database.transaction(someone.caller) as tx:
                assert await tx.session.scalar(text("SELECT count(*) FROM organizations")) == 1
        migrate.downgrade(owner, app)
    finally:
        with psycopg.connect(root, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute("DROP ROLE hub_owner, hub_app")
