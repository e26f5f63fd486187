"""Real parts for every test: PostgreSQL from its wheel, a database per test, built by Alembic; the whole application."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from banmao import migrate
from banmao.app import create_app
from banmao.embedded import APP, OWNER, Cluster
from banmao.processes import running_worker
from hub import jobs
from hub.runtime import Runtime
from hub.settings import ROOT, Settings
from tests.client import Api
from tests.databases import TestDatabase

TEMPLATE = "template_banmao"

if list((ROOT / "graphql").rglob("*.py")):
    raise RuntimeError("graphql/ holds Python: it would shadow graphql-core")


def needs(available: bool, reason: str) -> None:
    """Skip a test whose outside part is missing; in CI that is a failure."""
    if not available:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must have it: {reason}")
        pytest.skip(reason)


@pytest.fixture(scope="session")
def standards() -> Path:
    """The standards' own files (BANMAO_STANDARDS, or ../shared/standards)."""
    folder = Path(os.environ.get("BANMAO_STANDARDS", ROOT.parent / "shared" / "standards"))
    needs(folder.is_dir(), "the standards' files are not here (BANMAO_STANDARDS)")
    return folder


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this test process, with a migrated template database."""
    home = Path(tempfile.mkdtemp(prefix="banmao-test-"))
    home.chmod(0o755)
    made = Cluster(home / "postgres", durable=False)
    made.start()
    with psycopg.connect(made.url("postgres", made.credentials.superuser, "postgres"), autocommit=True) as root:
        made.create_database(root, TEMPLATE)
    migrate.upgrade(made.url(OWNER, made.credentials.owner, TEMPLATE))
    yield made
    made.stop()
    shutil.rmtree(home)


@pytest.fixture
def database(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[TestDatabase]:
    """A fresh database of this test's own."""
    name = f"t{os.urandom(6).hex()}"
    root = cluster.url("postgres", cluster.credentials.superuser, "postgres")
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER)
            )
        )
    yield TestDatabase(
        name=name,
        owner_url=cluster.url(OWNER, cluster.credentials.owner, name),
        app_url=cluster.url(APP, cluster.credentials.app, name),
    )
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", models=ROOT / "tests" / "data" / "models", argos_beam_size=1)


@pytest.fixture
async def runtime(settings: Settings, database: TestDatabase) -> AsyncIterator[Runtime]:
    """The running parts of a worker process."""
    async with running_worker(settings, database.app_url) as running:
        yield running


@pytest.fixture
async def api(settings: Settings, database: TestDatabase) -> AsyncIterator[Api]:
    """The whole web application, asked as outside clients ask it."""
    app = create_app(settings, database.app_url)
    async with app.router.lifespan_context(app), Api(app, app.state.runtime) as client:
        yield client


@pytest.fixture
def work_off(runtime: Runtime, database: TestDatabase) -> Callable[[], Awaitable[None]]:
    """Carry out every job that is due."""

    async def run() -> None:
        await jobs.work(runtime, database.app_url, wait=False)

    return run
