"""Real parts for every test: PostgreSQL from its wheel, a database per test, built by Alembic; the whole application."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from xdist.remote import Producer

from banmao import migrate
from banmao.app import create_app
from banmao.embedded import OWNER, Cluster
from banmao.processes import running_worker
from hub import jobs
from hub.runtime import Runtime
from hub.settings import ROOT, Settings
from tests.client import Api
from tests.databases import TEMPLATE, TestDatabase, fresh_database
from tests.order import ByHub, killing_first

MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 6 * 1024**3

if list((ROOT / "graphql").rglob("*.py")):
    raise RuntimeError("graphql/ holds Python: it would shadow graphql-core")


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests write in memory where there is enough of it: databases are made and dropped several times as fast."""
    if hasattr(config, "workerinput") or "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    if shutil.disk_usage(MEMORY).free < ENOUGH_MEMORY:
        return
    for left in MEMORY.glob("banmao-tests-*"):
        if not Path("/proc", left.name.rpartition("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = MEMORY / f"banmao-tests-{os.getpid()}"
    folder.mkdir(mode=0o755)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = killing_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHub:
    return ByHub(config, log)


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
def database(cluster: Cluster) -> Iterator[TestDatabase]:
    """A fresh database of this test's own."""
    with fresh_database(cluster) as made:
        yield made


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
