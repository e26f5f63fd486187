"""The records of a file, chunk by chunk, read while earlier ones are being written.

Understanding records is work for a processor of its own: a long file is read by a child process, which hands its records through
a pipe that holds it back when it is too far ahead. A short one is read in a thread: no process starts in the time that takes.
The child knows no secret, writes nothing, and ends with whoever started it. What it cannot read it says as `FileRefused`; of what
it hands over, only records are taken.
"""

from __future__ import annotations

import asyncio
import io
import pickle
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager, suppress
from datetime import date
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from catalog.formats.problems import FileRefused, Problem

if TYPE_CHECKING:  # the child imports no more than its own format needs
    from catalog.formats.readers import Reader
    from catalog.formats.record import Record

Chunks: TypeAlias = "AsyncGenerator[list[Record], None]"
Chunked: TypeAlias = "Callable[[], AbstractAsyncContextManager[Chunks]]"
ROOT = Path(__file__).resolve().parent.parent.parent
CHUNK = 200
"""Records that are dealt with in one transaction."""
APART = 256 * 1024
"""Bytes from which a file is read in a process of its own."""
PACK = 20
"""Records that travel together: unpacking more at once would keep everybody else waiting."""
AT_A_TIME = 10
"""Records that are looked at before whatever waits has its turn."""
AHEAD = 1024 * 1024
"""Bytes of records that may wait, beside those in the pipe."""
TOLD = frozenset(
    {
        ("builtins", "frozenset"),
        ("catalog.formats.problems", "Problem"),
        ("catalog.formats.record", "Credit"),
        ("catalog.formats.record", "Original"),
        ("catalog.formats.record", "Record"),
        ("catalog.formats.record", "Words"),
        ("catalog.identifiers", "Fault"),
        ("catalog.identifiers", "Identified"),
        ("catalog.rights", "RightType"),
        ("catalog.rights", "Scope"),
        ("copyreg", "__newobj__"),
        ("datetime", "date"),
    }
)
"""All that a record is made of, beside texts, numbers and lists."""
_LENGTH = 8


class ReaderEnded(Exception):
    """The process that read the file is gone before the end of it: somebody killed it, or the file brought it down."""


@asynccontextmanager
async def opened(
    reader: Reader, path: Path, received: date, look: Callable[[Record], object]
) -> AsyncIterator[Chunked]:
    """Answers what reads the file at `path` from its beginning, each time that it is called. FileRefused, ReaderEnded.

    The file came in on the day `received`. The first reading has begun by then, so that somebody may survey the file meanwhile.
    Each record is shown to `look` before its chunk is asked for, while an earlier chunk waits for the database.
    """
    way = _in_a_process if _is_long(path) else _in_a_thread
    async with AsyncExitStack() as early:
        begun = [await early.enter_async_context(way(reader, path, received))]

        @asynccontextmanager
        async def chunks() -> AsyncIterator[Chunks]:
            async with early.pop_all() if begun else AsyncExitStack() as open_now:
                found = begun.pop() if begun else await open_now.enter_async_context(way(reader, path, received))
                yield await open_now.enter_async_context(aclosing(_ahead(found, look)))

        yield chunks


def _is_long(path: Path) -> bool:
    return path.stat().st_size >= APART


async def _ahead(chunks: Chunks, look: Callable[[Record], object]) -> Chunks:
    """Each chunk, while the one that follows is being fetched and looked at."""

    async def following() -> list[Record]:
        chunk: list[Record] = await anext(chunks, [])
        for place, record in enumerate(chunk):
            look(record)
            if place % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return chunk

    coming = asyncio.create_task(following())
    try:
        while chunk := await coming:
            coming = asyncio.create_task(following())
            yield chunk
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError, FileRefused, ReaderEnded):
            await coming
        await chunks.aclose()


@asynccontextmanager
async def _in_a_thread(reader: Reader, path: Path, received: date) -> AsyncIterator[Chunks]:
    """Reading stays in one thread, one chunk ahead."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "import") as thread, path.open("rb") as file:
        records = reader.records(file, received)

        async def found() -> Chunks:
            chunk = await loop.run_in_executor(thread, _next, records, CHUNK)
            while chunk:
                ahead = loop.run_in_executor(thread, _next, records, CHUNK)
                try:
                    yield chunk
                finally:
                    chunk = await ahead

        yield found()


def _next(records: Iterator[Record], size: int) -> list[Record]:
    return list(islice(records, size))


@asynccontextmanager
async def _in_a_process(reader: Reader, path: Path, received: date) -> AsyncIterator[Chunks]:
    asked = (reader.records.__module__, reader.records.__name__, str(path), received.isoformat())
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, *asked),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        limit=AHEAD,
    )
    try:
        yield _handed_over(child)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _handed_over(child: asyncio.subprocess.Process) -> Chunks:
    chunk: list[Record] = []
    while pack := await _unpacked(child):
        chunk += pack
        while len(chunk) >= CHUNK:
            yield chunk[:CHUNK]
            chunk = chunk[CHUNK:]
    if chunk:
        yield chunk


class _Records(pickle.Unpickler):
    """What the child hands over is made of records alone: a file that has taken the child over can call nothing else here."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in TOLD:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a record")
        return super().find_class(module, name)


async def _unpacked(child: asyncio.subprocess.Process) -> list[Record]:
    assert child.stdout is not None
    try:
        length = int.from_bytes(await child.stdout.readexactly(_LENGTH), "big")
        said = _Records(io.BytesIO(await child.stdout.readexactly(length))).load()
    except asyncio.IncompleteReadError as error:
        raise ReaderEnded(f"status {await child.wait()}") from error
    except pickle.UnpicklingError as error:
        raise ReaderEnded(str(error)) from error
    if isinstance(said, Problem):
        raise FileRefused(said)
    return cast("list[Record]", said)


def main(module: str, function: str, path: str, received: str) -> None:
    """The child's side: packs of records, and at the end an empty one, or the problem that ended it."""
    with Path(path).open("rb") as file:
        records = getattr(import_module(module), function)(file, date.fromisoformat(received))
        while True:
            try:
                said: list[Record] | Problem = _next(records, PACK)
            except FileRefused as refused:
                said = refused.problem
            packed = pickle.dumps(said, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.write(len(packed).to_bytes(_LENGTH, "big") + packed)
            sys.stdout.buffer.flush()
            if not said or isinstance(said, Problem):
                return


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BrokenPipeError:
        sys.stderr.close()  # whoever asked is gone, and wants to know nothing more
