"""One application for all the requests of a file that are refused, since they leave nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from banmao.app import create_app
from banmao.embedded import APP, OWNER, Cluster
from hub.settings import ROOT, Settings
from tests.client import Api
from tests.conftest import TEMPLATE
from tests.databases import TestDatabase
from tests.factories.accounts import actor


@pytest.fixture(scope="module")
def shared_database(cluster: Cluster, request: pytest.FixtureRequest) -> TestDatabase:
    name = f"shared_{request.module.__name__.rsplit('.', 1)[-1]}"
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
async def shared(shared_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    folder: Path = tmp_path_factory.mktemp("hub")
    models = ROOT / "tests" / "data" / "models"
    settings = Settings(
        data=folder,
        models=models,
        argos_beam_size=1,
        max_request_bytes=300_000,
        max_upload_bytes=600_000,
        longest_pause=0.3,
    )
    app = create_app(settings, shared_database.app_url)
    async with app.router.lifespan_context(app), Api(app, app.state.runtime) as client:
        yield client


@pytest.fixture(scope="module")
async def token(shared: Api) -> str:
    """Of somebody who may do everything in an organization of their own."""
    return (await actor(shared.runtime, "walled-house")).token
