"""Killed at any moment: nothing that was answered is forgotten, nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from sandbox import catalogue, verdicts
from sandbox.home import Home, HomeInUse, Paths
from tests.sandbox import ern
from tests.sandbox.desk import Desk
from tests.sandbox.ern import Deal, album
from tests.sandbox.partner import answer, answers, connected, http, releases, s3_client, until, upload
from tests.sandbox.process import Sandbox, configuration

pytestmark = pytest.mark.kill


class Killed(BaseException):
    """Stands in for SIGKILL: nothing catches it on the way."""


def _killing(original: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def killed(*arguments: Any, **named: Any) -> Any:
        if after:
            original(*arguments, **named)
        raise Killed

    return killed


MOMENTS = [
    (Path, "rename", True),
    (verdicts, "record", False),
    (verdicts, "record", True),
    (catalogue, "accept", True),
    (Paths, "publish", False),
    (Paths, "publish", True),
    (verdicts, "mark_placed", True),
    (shutil, "rmtree", False),
]


@pytest.mark.parametrize(("owner", "name", "after"), MOMENTS, ids=[f"{name}-{after}" for _, name, after in MOMENTS])
@pytest.mark.parametrize("sound", [True, False], ids=["sound", "spoiled"])
def test_a_step_that_was_cut_off_is_finished_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, after: bool, sound: bool
) -> None:
    made = album(tracks=1, deals=(Deal(("ID",) if sound else ("CN",)),))
    files = made.delivery()
    desk.lay(files, made.folder())
    with monkeypatch.context() as cut:
        cut.setattr(owner, name, _killing(getattr(owner, name), after=after))
        try:
            desk.step()
        except Killed:
            pass
        else:
            assert (name, sound) in {("rmtree", True), ("accept", False)}, "this moment never came"
    for _ in range(2):
        desk.step()
    told = desk.answer(made.message_id)
    assert told.accepted is sound
    assert len(desk.messages()) == 1
    assert [list(release["territories"]) for release in desk.catalogue()] == ([["ID"]] if sound else [])
    assert not any(desk.intake.paths.work.iterdir())
    assert not any(desk.intake.paths.inbox.glob("N_*"))
    desk.take(files, made.folder())
    assert desk.answer(made.message_id) == told
    assert Counter(message["verdict"] for message in desk.messages())["repeated"] == 1


async def test_killed_and_started_again_while_releases_pour_in(tmp_path: Path) -> None:
    box = Sandbox(tmp_path / "home", ("--config", str(configuration(tmp_path, settle=0.02)), "--today", "2026-11-23"))
    box.start()
    first = box.info
    albums = [album(tracks=1) for _ in range(12)]
    for made in albums:
        folder = box.home / "platforms" / "nusantara" / "root" / "inbox" / made.folder()
        for name, content in made.delivery().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    await asyncio.sleep(random.uniform(0.1, 0.8))
    servers = _children(box)
    box.kill()
    await until(lambda: servers != [] and not any(Path(f"/proc/{pid}").exists() for pid in servers))
    box.start()
    async with connected(box, "nusantara") as partner:
        told = [await answer(partner, made.message_id) for made in albums]
        assert all(each.accepted for each in told)
        assert len(await answers(partner)) == len(albums)
    with http(box) as client:
        came = client.get("/platforms/nusantara/messages").json()["messages"]
    assert sorted(message["message_id"] for message in came) == sorted(made.message_id for made in albums)
    for made in albums:
        live = releases(box, "nusantara", made.icpn)
        assert live is not None
        assert [len(offers) for offers in live["territories"].values()] == [1, 1]
    assert box.info | {"pid": first["pid"]} == first
    assert box.stop() == 0
    assert not (box.home / "sandbox.json").exists()
    assert box.said().splitlines() == [f"sandbox ready: {box.home / 'sandbox.json'}"] * 2


def test_two_sandboxes_cannot_share_a_folder(box: Sandbox) -> None:
    with pytest.raises(HomeInUse), Home(box.home).locked():
        pass


async def test_the_s3_server_is_started_again_when_it_dies(box: Sandbox) -> None:
    platform = box.platform("mekong")
    port = platform["endpoint_url"].rpartition(":")[2]
    (child,) = [pid for pid in _children(box) if f":{port}" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(child, signal.SIGKILL)

    def serves_again() -> bool:
        try:
            s3_client(platform).list_objects_v2(Bucket="mekong")
        except BotoCoreError:
            return False
        return True

    await until(serves_again)
    made = album(tracks=1, recipient=ern.MEKONG, deals=(Deal(("TH",)),))
    async with connected(box, "mekong") as partner:
        await upload(partner, made.delivery(), made.folder())
        assert (await answer(partner, made.message_id)).accepted


def _children(box: Sandbox) -> list[int]:
    pid = box.info["pid"]
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
