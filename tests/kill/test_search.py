"""Processes that keep a search index die at random moments: what is left, caught up, is what a rebuild makes."""

from __future__ import annotations

import asyncio
import random
import sys
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from tantivy import Index, Query

from catalog import service
from catalog.search.feed import Follower
from catalog.search.index import WorkIndex
from catalog.search.schema import schema
from hub.runtime import Runtime
from hub.settings import ROOT
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import scope, work

pytestmark = pytest.mark.kill
DEATHS = 20
WORKS = 24
TERMS = ("title_vi", "titles", "bodies", "names", "sounds", "offered", "standing_TH", "within", "kind", "whole")
BREED = """
import asyncio, os, random, signal, sys, time
from pathlib import Path
from catalog.search.feed import Follower
from catalog.search.index import WorkIndex
from banmao.processes import running_worker
from hub.settings import Settings

data, url, folder, deaths = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])

async def follow(said: int) -> None:
    async with running_worker(Settings(data=data), url) as runtime:
        follower = Follower(runtime, WorkIndex(folder))
        os.write(said, b"b")
        await follower.open()
        os.write(said, b"o")
        await follower.run()

chance = random.Random(20)
for _death in range(deaths):
    heard, said = os.pipe()
    child = os.fork()
    if not child:
        asyncio.run(follow(said))
        os._exit(1)
    os.close(said)
    for _word in range(chance.choice((1, 2, 2))):
        assert os.read(heard, 1), "the process died by itself"
    time.sleep(chance.random() * 0.12)
    os.kill(child, signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    os.close(heard)
print(deaths)
"""
"""Imports once, then lets one process after the other follow the feed, each killed at a moment of its opening, catching up or
committing."""


def held(index: WorkIndex) -> dict[str, set[tuple[str, str]]]:
    """Of every work in the index, the terms that find it."""
    searcher = Index.open(str(index.path)).searcher()
    found: dict[str, set[tuple[str, str]]] = {
        work_id: set() for work_id, _works in searcher.terms_with_prefix("id", "")
    }
    for field in TERMS:
        for term, works in searcher.terms_with_prefix(field, ""):
            if works:
                hits = searcher.search(Query.term_query(schema(), field, term), 1000).hits
                for _score, address in hits:
                    found[str(searcher.doc(address)["id"][0])].add((field, term))
    return {work_id: terms for work_id, terms in found.items() if terms}


async def test_an_index_whose_processes_die_twenty_times_equals_a_rebuild(
    runtime: Runtime, database: TestDatabase, tmp_path: Path
) -> None:
    chance = random.Random(20)
    house = await actor(runtime)
    works = [await work(runtime, house, f"Tập {number}", language="vi", published=False) for number in range(WORKS)]
    folder = tmp_path / "index"
    folder.mkdir()
    changing = asyncio.create_task(_change(runtime, house, works, chance))
    breeder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BREED, str(tmp_path / "data"), database.app_url, str(folder), str(DEATHS)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _nothing = await breeder.communicate()
    assert (breeder.returncode, said) == (0, f"{DEATHS}\n".encode())
    changing.cancel()
    with suppress(asyncio.CancelledError):
        await changing
    survivor = WorkIndex(folder)
    assert survivor.position is not None, "some of its commits were kept"
    await Follower(runtime, survivor).catch_up()
    fresh = WorkIndex(tmp_path / "fresh")
    await Follower(runtime, fresh).catch_up()
    shown = {str(row[0]) for row in database.rows("SELECT id FROM works WHERE status = 'PUBLISHED'")}
    assert set(held(fresh)) == shown
    assert held(survivor) == held(fresh)
    assert survivor.size == fresh.size == len(shown)
    survivor.close()
    fresh.close()


async def _change(runtime: Runtime, house: Actor, works: list[UUID], chance: random.Random) -> None:
    """Publish, withdraw and grant, one thing after the other, until cancelled."""
    published: set[UUID] = set()
    while True:
        made = chance.choice(works)
        async with runtime.database.transaction(house.caller) as tx, tx.use() as session:
            if made not in published:
                await service.publish_work(session, house.caller, made)
                published.add(made)
            elif chance.random() < 0.5:
                await service.withdraw_work(session, house.caller, made)
                published.remove(made)
            else:
                territory = chance.choice(["TH", "VN", "LA"])
                await service.add_mandate(session, house.caller, made, scope(["PRINT"], [territory]))
        await asyncio.sleep(0.02)
