"""One hub for all the tests of a file, for files whose tests keep to organizations and rows of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from banmao.app import create_app
from banmao.embedded import APP, OWNER, Cluster
from banmao.processes import running_worker
from hub import jobs
from hub.runtime import Runtime
from hub.settings import ROOT, Settings
from tests.client import Api
from tests.conftest import TEMPLATE
from tests.databases import TestDatabase


@dataclass
class Hub:
    """The web application, a worker's runtime, and the database of both."""

    api: Api
    worker: Runtime
    database: TestDatabase

    async def work_off(self) -> None:
        """Carry out every job that is due."""
        await jobs.work(self.worker, self.database.app_url, wait=False)


@pytest.fixture(scope="module")
def one_database(cluster: Cluster, request: pytest.FixtureRequest) -> TestDatabase:
    name = f"one_{request.module.__name__.rsplit('.', 1)[-1]}"
    root = cluster.url("postgres", cluster.credentials.superuser, "postgres")
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER)
            )
        )
    return TestDatabase(
        name=name,
        owner_url=cluster.url(OWNER, cluster.credentials.owner, name),
        app_url=cluster.url(APP, cluster.credentials.app, name),
    )


@pytest.fixture(scope="module")
async def one_hub(one_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hub]:
    models = ROOT / "tests" / "data" / "models"
    settings = Settings(data=tmp_path_factory.mktemp("hub"), models=models, argos_beam_size=1)
    app = create_app(settings, one_database.app_url)
    async with (
        app.router.lifespan_context(app),
        Api(app, app.state.runtime) as client,
        running_worker(settings, one_database.app_url) as worker,
    ):
        yield Hub(client, worker, one_database)
