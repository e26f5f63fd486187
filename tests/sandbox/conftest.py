"""One sandbox for most tests (each delivers releases of its own), and desks without doors for the rules."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest

from sandbox import database
from sandbox.home import Home
from sandbox.intake import Intake
from sandbox.settings import load
from tests.sandbox.desk import Desk
from tests.sandbox.partner import Partner, connected
from tests.sandbox.process import Sandbox, configuration, sandbox

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The shipped platforms, in a hurry, on 23 November 2026."""
    folder = tmp_path_factory.mktemp("sandbox")
    with sandbox(folder / "home", "--config", str(configuration(folder)), "--today", TODAY.isoformat()) as running:
        yield running


@pytest.fixture
async def nusantara(box: Sandbox) -> AsyncIterator[Partner]:
    async with connected(box, "nusantara") as partner:
        yield partner


@pytest.fixture
async def mekong(box: Sandbox) -> AsyncIterator[Partner]:
    async with connected(box, "mekong") as partner:
        yield partner


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Nusantara Play's reception desk alone, in this process: one step at a time."""
    settings = load(configuration(tmp_path, settle=0, quiet=3600))
    home = Home(tmp_path / "home")
    home.create()
    database.prepare(home.database)
    platform = settings.platforms[0]
    return Desk(home, Intake(platform, settings, home, None, lambda: TODAY))
