"""A worker killed in the middle of a delivery: another goes on, nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub import jobs
from hub.runtime import Runtime
from hub.settings import ROOT
from tests.client import Api
from tests.databases import TestDatabase
from tests.distribution.partners import Faults, sftp_partner
from tests.distribution.test_channels import acknowledged
from tests.factories import release as make
from tests.factories.distribution import sound

WORKER = """
import asyncio, sys
from banmao.processes import running_worker
from hub import jobs
from hub.settings import Settings

async def main(url):
    async with running_worker(Settings(), url) as runtime:
        await jobs.work(runtime, url)

asyncio.run(main(sys.argv[1]))
"""


async def until(what: Callable[[], Any], seconds: float = 180) -> Any:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if found := await asyncio.to_thread(what):
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("it did not happen in time")


@pytest.mark.kill
@pytest.mark.parametrize("answered", [False, True], ids=["before the message", "after the answer"])
async def test_a_killed_delivery_goes_on_and_repeats_nothing(
    api: Api, runtime: Runtime, database: TestDatabase, tmp_path: Path, answered: bool
) -> None:
    root, faults = tmp_path / "root", Faults()
    root.mkdir()
    faults.hold_after = 300_000
    async with sftp_partner(root, faults) as settings:
        desk, who = await make.operator(runtime), await make.label(runtime)
        await make.channel(runtime, desk.organization_id, settings)
        await make.allocate(runtime, who.organization_id)
        release = await make.release(api, who)
        audio = sound(8, container="WAV")
        await make.track(api, who, release, audio=audio)
        (pressed,) = (await api.data(make.PUBLISH, {"id": release}, token=who.token))["publishAbroad"]
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            WORKER,
            database.app_url,
            cwd=ROOT,
            env={**os.environ, "BANMAO_DATA": str(api.runtime.settings.data)},
        )
        try:
            await asyncio.wait_for(faults.held.wait(), 180)
        finally:
            worker.send_signal(signal.SIGKILL)
            await worker.wait()
        faults.release()
        (part,) = root.rglob("*.part")
        held = part.stat().st_size
        assert 0 < held < len(audio), "the worker was killed in the middle of a file"
        assert not list(root.rglob("*.xml")), "without its message a delivery is no delivery"
        assert database.rows("SELECT step FROM delivery_attempts") == [("PREPARED",)]
        answer = root / "inbox" / "acknowledgements" / f"ACK_{pressed['messageId']}_20261123093020000.xml"
        answer.parent.mkdir(parents=True)
        if answered:
            answer.write_bytes(acknowledged(pressed["messageId"]))
        faults.written = 0
        other = asyncio.create_task(jobs.work(runtime, database.app_url))
        try:
            if not answered:
                await until(lambda: list(root.rglob("*.xml")))
                await until(lambda: database.rows("SELECT 1 FROM deliveries WHERE status = 'SENT'"))
                answer.write_bytes(acknowledged(pressed["messageId"]))
            await until(lambda: database.rows("SELECT 1 FROM deliveries WHERE status = 'LIVE'"))
        finally:
            other.cancel()
            await asyncio.gather(other, return_exceptions=True)
        (delivery,) = await make.deliveries(api, who, release)
        assert (delivery["status"], delivery["messageId"]) == ("LIVE", pressed["messageId"])
        assert database.count("delivery_attempts") == 1
        if answered:
            assert faults.written == 0, "what has been answered is not sent again"
        else:
            (folder,) = [path for path in (root / "inbox").iterdir() if path.name != "acknowledgements"]
            (file,) = (folder / "resources").glob("*.wav")
            assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(audio).digest()
            assert faults.written < len(audio), "what had arrived is not sent again"
