"""A whole hub of processes, in a folder and on ports of its own, for killing."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from banmao.processes import running_worker
from banmao.up import Hub
from hub.settings import ROOT, Settings
from tests.kill.watched import Remote, Watched


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def hub() -> Iterator[Watched]:
    home = Path(tempfile.mkdtemp(prefix="banmao-kill-"))
    home.chmod(0o755)
    settings = Settings(
        data=home, models=ROOT / "tests" / "data" / "models", argos_beam_size=1, port=free_port(), longest_pause=120
    )
    running = Hub(settings, demo=False)
    watched = Watched(running)
    try:
        running.start()
        watched.watch()
        yield watched
    finally:
        watched.leave()
        shutil.rmtree(home)


@pytest.fixture(scope="package")
async def api(hub: Watched) -> AsyncIterator[Remote]:
    """A client on the other side of the network; `runtime` is for making people, straight in the database."""
    async with running_worker(hub.hub.settings, hub.hub.app_url) as runtime, Remote(hub, runtime) as client:
        yield client
