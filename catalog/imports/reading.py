"""The records of a file, chunk by chunk, read while earlier ones are being written.

Understanding records is work for a processor of its own: a long file is read by a child process, which hands its records through
a pipe that holds it back when it is too far ahead. A short one is read in a thread: no process starts in the time that takes.
The child knows no secret, writes nothing, and ends with whoever started it; what it cannot read it says as `FileRefused`.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from catalog.formats.problems import FileRefused, Problem

if TYPE_CHECKING:  # the child imports no more than its own format needs
    from catalog.formats.readers import Reader
    from catalog.formats.record import Record

Chunks: TypeAlias = "AsyncGenerator[list[Record], None]"
ROOT = Path(__file__).resolve().parent.parent.parent
CHUNK = 200
"""Records that are dealt with in one transaction."""
APART = 1_000
"""Records from which a file is read in a process of its own."""
AHEAD = 1024 * 1024
"""Bytes of records that may wait, beside those in the pipe."""
_LENGTH = 8


class ReaderEnded(Exception):
    """The process that read the file is gone before the end of it: somebody killed it, or the file brought it down."""


@asynccontextmanager
async def chunks(reader: Reader, path: Path, received: date, total: int) -> AsyncIterator[Chunks]:
    """The `total` records of the file at `path`, which came in on the day `received`. FileRefused, ReaderEnded."""
    way = _in_a_thread if total < APART else _in_a_process
    async with way(reader, path, received) as found:
        yield found


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
    asked = (reader.records.__module__, reader.records.__name__, str(path), received.isoformat(), str(CHUNK))
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
    assert child.stdout is not None
    while True:
        try:
            length = int.from_bytes(await child.stdout.readexactly(_LENGTH), "big")
            said = pickle.loads(await child.stdout.readexactly(length))  # noqa: S301  # written by `main` below
        except asyncio.IncompleteReadError as error:
            raise ReaderEnded(f"status {await child.wait()}") from error
        if isinstance(said, Problem):
            raise FileRefused(said)
        if not said:
            return
        yield said


def main(module: str, function: str, path: str, received: str, size: str) -> None:
    """The child's side: chunks of records, and at the end an empty one, or the problem that ended it."""
    with Path(path).open("rb") as file:
        records = getattr(import_module(module), function)(file, date.fromisoformat(received))
        while True:
            try:
                said: list[Record] | Problem = _next(records, int(size))
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
