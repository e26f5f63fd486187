"""Working files go with their work, and with the process that they were of, also when that is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from banmao.processes import running_web, running_worker
from hub.scratch import Scratch
from hub.settings import ROOT, Settings
from tests.databases import TestDatabase

WORKING = """
import sys, time
from pathlib import Path
from hub.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
with scratch.folder("delivery") as folder:
    (folder / "resource").write_bytes(b"half a song")
    print(folder, flush=True)
    time.sleep(120)
"""


@contextmanager
def at_work(home: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process in the middle of its work, and the folder that it works in."""
    process = subprocess.Popen([sys.executable, "-c", WORKING, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, Path(process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_folder_goes_with_its_work_and_the_rest_with_the_process(tmp_path: Path) -> None:
    with Scratch(tmp_path) as scratch:
        with scratch.folder("import") as folder:
            (folder / "message.xml").write_bytes(b"<ONIXMessage/>")
        assert not folder.exists()
        (scratch.path / "upload-1").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_uses_is_not(tmp_path: Path) -> None:
    with (
        Scratch(tmp_path) as scratch,
        at_work(tmp_path) as (killed, left),
        at_work(tmp_path) as (_alive, used),
        scratch.folder("report") as own,
    ):
        assert scratch.sweep() == 0
        killed.kill()
        killed.wait()
        assert left.exists(), "nobody has swept yet"
        assert scratch.sweep() == 1
        assert not left.parent.exists()
        assert (used / "resource").read_bytes() == b"half a song"
        assert own.exists()
        assert scratch.sweep() == 0


def test_what_cannot_be_removed_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_work(tmp_path) as (killed, left):
        killed.kill()
        killed.wait()

    def refuse(_folder: Path) -> None:
        raise PermissionError

    with Scratch(tmp_path) as scratch:
        with monkeypatch.context() as held:
            held.setattr("hub.scratch.shutil.rmtree", refuse)
            assert scratch.sweep() == 0
        assert left.exists()
        assert scratch.sweep() == 1
        assert not left.exists()


async def test_a_worker_sweeps_as_it_starts(settings: Settings, database: TestDatabase) -> None:
    home = settings.scratch_folder
    assert home.is_relative_to(settings.data)
    with at_work(home) as (killed, left):
        async with running_web(settings, database.app_url) as web:
            killed.kill()
            killed.wait()
            assert left.exists(), "the web process leaves sweeping to the worker"
            with web.scratch.folder("upload") as used:
                async with running_worker(settings, database.app_url):
                    assert not left.parent.exists()
                    assert used.exists()
    assert list(home.iterdir()) == []
