"""An index that is made anew from the tables: by several processes, beside the one that is searched."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from uuid import UUID

import pytest

from catalog.errors import IndexBeingMade
from catalog.search import making
from catalog.search.feed import PART, Follower
from catalog.search.index import Position, Progress, WorkIndex
from catalog.search.query import Filters, Reader
from catalog.search.service import index_of
from hub.runtime import Runtime
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.catalog import scope, work
from tests.kill.test_search import held

READER = Reader("vi", "TH")


@pytest.fixture
async def works(runtime: Runtime) -> list[UUID]:
    house = await actor(runtime, "song-lam")
    titles = {"th": "นิทานคำกลอนเกี่ยว", "zh": "金云翘传", "km": "រឿងគៀវ", "en": "The Tale of Kieu"}
    made = [
        await work(runtime, house, f"Truyện Kiều, tập {number}", language="vi", titles=titles, subjects=["FBC"])
        for number in range(5)
    ]
    mandates = [scope(["PRINT"], ["ASEAN"], without=["VN"])]
    made.append(await work(runtime, house, "聊齋誌異", description="鬼狐之事。", mandates=mandates))
    return made


async def test_processes_make_what_one_makes_by_itself(
    runtime: Runtime, works: list[UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PAGE", 2)
    alone = WorkIndex(tmp_path / "alone")
    await Follower(runtime, alone).open()
    monkeypatch.setattr(making, "FEWEST_TO_SHARE", 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0, 1})
    shared = WorkIndex(tmp_path / "shared")
    told: list[Progress] = []
    monkeypatch.setattr(shared, "tell", told.append)
    await Follower(runtime, shared).open()
    assert set(held(shared)) == {str(work_id) for work_id in works}
    assert held(shared) == held(alone)
    assert told == [Progress(done, 6) for done in (0, 2, 4, 6)]
    alone.close()
    shared.close()


async def test_what_is_there_is_searched_until_the_new_index_is_whole(
    runtime: Runtime, database: TestDatabase, works: list[UUID], tmp_path: Path
) -> None:
    root = tmp_path / "search"
    index = WorkIndex(root)
    runtime.parts[PART] = index
    try:
        with pytest.raises(IndexBeingMade) as refused:
            index_of(runtime)
        assert refused.value.params == {"done": 0, "works": 0}
        await Follower(runtime, index).open()
        assert index_of(runtime) is index
    finally:
        del runtime.parts[PART]

    first = index.path
    anew = index.anew()
    async with aclosing(making.made(runtime.database, index.tell)) as pages:
        async for page in pages:
            anew.add(page[:2])
    assert index.search("Kiều", READER, Filters()).total == 5
    assert index.making == Progress(6, 6)
    index.adopt(anew, Position(1, 1))
    assert index.size == 2
    assert index.position == Position(1, 1)
    assert not first.exists()
    index.close()

    again = WorkIndex(root)
    assert (again.size, again.path, again.position) == (2, anew.path, Position(1, 1))
    again.anew().add(["{}"])
    again.close()
    after = WorkIndex(root)
    assert [folder.name for folder in root.iterdir() if folder.is_dir()] == [after.path.name]
    assert (after.size, after.position) == (2, Position(1, 1)), "an index that was never whole is forgotten"
    after.close()
