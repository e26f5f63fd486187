"""One application for all the requests of a file that are refused, since they leave nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from banmao.app import create_app
from banmao.embedded import Cluster
from hub.settings import ROOT, Settings
from tests.client import Api
from tests.databases import TestDatabase, fresh_database
from tests.factories.accounts import actor


@pytest.fixture(scope="module")
def shared_database(cluster: Cluster) -> Iterator[TestDatabase]:
    with fresh_database(cluster) as made:
        yield made


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
