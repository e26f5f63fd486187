"""Files read beside the process that writes: the same records, the same refusals, and a reader that somebody kills."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import date
from pathlib import Path

import pytest

from catalog.formats.problems import FileRefused
from catalog.formats.readers import READERS, Reader
from catalog.formats.record import Record
from catalog.imports import reading, service
from catalog.imports.reading import Chunked, Chunks, ReaderEnded, opened
from tests.catalog.test_import import WorkOff, send
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.onix import message, product, sales_rights

DAY = date(2026, 11, 23)
CHUNK = 3
MANY = 3_000
TITLES = ("三国演义", "聊斋志异", "西厢记", "水浒传", "红楼梦", "儒林外史", "镜花缘", "封神演义")


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is long enough for a process of its own."""
    monkeypatch.setattr(reading, "APART", 0)


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, "xiangshan", country="CN", language="zh")


def content(key: str = "r") -> bytes:
    said = [
        product(f"{key}{number}", isbn="", title=title, rights=sales_rights("01", regions="WORLD"))
        for number, title in enumerate(TITLES)
    ]
    return message(said).replace(b"<ProductIDType>15</ProductIDType>", b"<ProductIDType>01</ProductIDType>")


async def all_of(path: Path) -> list[Record]:
    async with opening(path) as found:
        return [record async for chunk in found for record in chunk]


@asynccontextmanager
async def opening(path: Path) -> AsyncIterator[Chunks]:
    async with opened(READERS["ONIX"], path, DAY, lambda record: None) as chunks, chunks() as found:
        yield found


def children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread that has just ended
            found.update(map(int, (task / "children").read_text().split()))
    return found


async def test_a_process_hands_over_what_a_thread_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, before = tmp_path / "list.xml", children()
    path.write_bytes(content())
    handed_over = await all_of(path)
    monkeypatch.setattr(reading, "APART", path.stat().st_size + 1)
    assert handed_over == await all_of(path)
    assert [record.titles[0].text for record in handed_over] == [*TITLES]
    assert handed_over[0].original is not None
    assert "三国演义" in handed_over[0].original.content.decode()
    path.write_bytes(content()[:-200])
    monkeypatch.setattr(reading, "APART", 0)
    with pytest.raises(FileRefused) as refused:
        await all_of(path)
    assert (refused.value.problem.code, refused.value.problem.line is not None) == ("XML_MALFORMED", True)
    assert children() == before


async def test_a_reader_that_is_left_or_killed_leaves_nothing_running(tmp_path: Path) -> None:
    path, before = tmp_path / "list.xml", children()
    path.write_bytes(message([product(f"r{number}", isbn="") for number in range(MANY)]))
    async with opening(path) as found:
        assert len(await anext(found)) == reading.CHUNK
    assert children() == before
    async with opening(path) as found:
        await anext(found)
        [child] = children() - before
        os.kill(child, signal.SIGKILL)
        with pytest.raises(ReaderEnded, match="-9"):
            async for _chunk in found:
                await asyncio.sleep(0)
    assert children() == before


async def test_an_import_goes_on_with_another_reader_and_gives_up_a_file_that_ends_them_all(
    api: Api, publisher: Actor, database: TestDatabase, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHUNK", CHUNK)
    monkeypatch.setattr(reading, "opened", ending(readers=1))
    answer = await send(api, publisher, content("r"), work_off)
    assert (answer["status"], answer["total"], answer["done"], answer["created"]) == ("DONE", 8, 8, 8)
    assert database.count("works") == database.count("catalog_import_rows") == 8

    monkeypatch.setattr(reading, "opened", ending(readers=service.READERS_IN_A_ROW))
    given_up = await send(api, publisher, content("s"), work_off, language="th")
    assert (given_up["status"], given_up["done"]) == ("FAILED", CHUNK)
    assert [problem["code"] for problem in given_up["problems"]] == ["READER_ENDED"]
    assert database.count("catalog_import_rows") == 8 + CHUNK


def ending(*, readers: int) -> Callable[..., AbstractAsyncContextManager[Chunked]]:
    """`opened`, of whose readers the first are gone after their first chunk."""
    left = readers

    @asynccontextmanager
    async def few(
        reader: Reader, path: Path, received: date, look: Callable[[Record], object]
    ) -> AsyncIterator[Chunked]:
        async with opened(reader, path, received, look) as chunks:

            @asynccontextmanager
            async def some() -> AsyncIterator[Chunks]:
                nonlocal left
                left -= 1
                dies = left >= 0
                async with chunks() as found:

                    async def one_and_no_more() -> Chunks:
                        async for chunk in found:
                            yield chunk
                            if dies:
                                raise ReaderEnded("status -9")

                    yield one_and_no_more()

            yield some

    return few


def test_the_process_that_reads_holds_nothing_of_the_database_or_of_the_doors() -> None:
    modules = sorted({reader.records.__module__ for reader in READERS.values()})
    heavy = {"sqlalchemy", "asyncpg", "strawberry", "boto3"}
    asked = f"import sys, {', '.join(modules)}; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=reading.ROOT, check=True, capture_output=True, text=True)
    assert (len(modules) > 3, done.stdout) == (True, "[]\n")


@pytest.mark.parametrize("planted", [os.system, sys.exit, Path])
async def test_a_reader_that_a_file_has_taken_over_calls_nothing(
    tmp_path: Path, planted: Callable[..., object]
) -> None:
    class Planted:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return planted, (f"touch {tmp_path}/called",)

    packed = pickle.dumps([Planted()])
    (tmp_path / "pack").write_bytes(len(packed).to_bytes(8, "big") + packed)
    child = await asyncio.create_subprocess_exec("cat", str(tmp_path / "pack"), stdout=asyncio.subprocess.PIPE)
    with pytest.raises(ReaderEnded, match="is no part of a record"):
        await anext(reading._handed_over(child))
    await child.wait()
    assert not (tmp_path / "called").exists()
