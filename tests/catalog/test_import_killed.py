"""A worker killed in the middle of an import: another goes on, nothing is lost and nothing comes twice."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import pytest

from hub import jobs
from hub.runtime import Runtime
from hub.settings import ROOT
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.onix import message, product

RECORDS = 60
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


def progress(database: TestDatabase) -> tuple[str, int, int]:
    """Status, records dealt with, works written."""
    ((status, done),) = database.rows("SELECT status, done FROM catalog_imports")
    return status, done, database.count("works")


async def until(database: TestDatabase, status: str, done: int, seconds: float) -> tuple[str, int, int]:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        now = await asyncio.to_thread(progress, database)
        if now[0] == status and now[1] >= done:
            return now
        await asyncio.sleep(0.05)
    raise AssertionError(progress(database))


@pytest.mark.kill
async def test_a_killed_import_goes_on_where_it_stopped(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    someone = await actor(api.runtime, "xiangshan", country="CN", language="zh")
    listed = message([product(f"r{number}", isbn="", title=f"第{number}卷") for number in range(RECORDS)]).replace(
        b"<ProductIDType>15</ProductIDType>", b"<ProductIDType>01</ProductIDType>"
    )
    await api.data(
        "mutation ($file: Upload!) { importCatalog(file: $file, format: ONIX) { id } }",
        {"file": None},
        token=someone.token,
        files={"file": ("list.xml", listed, "application/xml")},
    )
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        WORKER,
        database.app_url,
        cwd=ROOT,
        env={**os.environ, "BANMAO_DATA": str(api.runtime.settings.data)},
    )
    try:
        await until(database, "RUNNING", 1, 180)
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    status, done, works = progress(database)
    assert (status, works) == ("RUNNING", done), "a chunk is written whole or not at all"
    assert 0 < done < RECORDS, "the worker was killed in the middle"
    other = asyncio.create_task(jobs.work(runtime, database.app_url, concurrency=1))
    try:
        assert await until(database, "DONE", RECORDS, 180) == ("DONE", RECORDS, RECORDS)
    finally:
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
    assert database.rows("SELECT created, updated, skipped FROM catalog_imports") == [(RECORDS, 0, 0)]
    assert database.rows("SELECT count(DISTINCT record_reference) FROM works") == [(RECORDS,)]
