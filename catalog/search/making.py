"""Works for an index that is made anew: read from the tables and cut by several processes, as the one that writes wants them.

Reading rows and cutting words is Python's work, of which one process does a few hundred works a second.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from threading import Thread
from uuid import UUID

from catalog import queries, taken
from catalog.search.documents import documents
from catalog.search.index import Progress
from catalog.search.schema import WorkDocument, learn, values
from hub.database import Database

log = logging.getLogger("banmao.search")
PAGE = 250
"""Works that a process reads at once."""
FEWEST_TO_SHARE = 4_000
"""Works from which on it is worth waiting two seconds for other processes to start."""
MOST_MAKERS = 6
WAITING = 3
"""Pages for each process that are asked for before they are wanted."""
SAID_EVERY = 10.0
"""Seconds between two lines of the log."""


async def made(database: Database, say: Callable[[Progress], None]) -> AsyncGenerator[list[str], None]:
    """Every published work as JSON of `schema.values`, a page at a time, in order. To be closed: it may hold processes."""
    works, done, said = await _count(database), 0, time.monotonic()
    say(Progress(done, works))
    with _makers(database.url, works) as makers:
        async with aclosing(_pages(database, makers)) as pages:
            async for page in pages:
                yield page
                done += len(page)
                say(Progress(done, works))
                if time.monotonic() - said > SAID_EVERY:
                    said = time.monotonic()
                    log.info("making the search index: %s of %s works", f"{done:,}", f"{works:,}")


async def _pages(database: Database, makers: _Makers | None) -> AsyncGenerator[list[str], None]:
    asked: deque[asyncio.Future[list[str]]] = deque()
    try:
        last: UUID | None = None
        while ids := await _ids(database, last):
            last = ids[-1]
            if makers is None:
                yield await _read(database, ids)
                continue
            asked.append(asyncio.wrap_future(makers.pool.submit(_made, ids)))
            if len(asked) > makers.number * WAITING:
                yield await asked.popleft()
        while asked:
            yield await asked.popleft()
    finally:
        for page in asked:
            page.cancel()


async def _count(database: Database) -> int:
    async with database.transaction(read_only=True) as tx, tx.use() as session:
        return await queries.count_published(session)


async def _ids(database: Database, last: UUID | None) -> Sequence[UUID]:
    async with database.transaction(read_only=True) as tx, tx.use() as session:
        return await queries.published_ids(session, last, PAGE)


async def _read(database: Database, work_ids: Sequence[UUID]) -> list[str]:
    async with database.transaction(read_only=True) as tx, tx.use() as session:
        found = await documents(session, set(work_ids))
    return await asyncio.to_thread(_written, found)


def _written(works: Sequence[WorkDocument]) -> list[str]:
    return [json.dumps(values(work), ensure_ascii=False) for work in works]


@dataclass(frozen=True, slots=True)
class _Makers:
    pool: ProcessPoolExecutor
    number: int


@contextmanager
def _makers(url: str, works: int) -> Iterator[_Makers | None]:
    """Processes that read and cut; None where this one does it sooner by itself."""
    number = min(len(os.sched_getaffinity(0)), MOST_MAKERS)
    if works < FEWEST_TO_SHARE or number < 2:
        yield None
        return
    pool = ProcessPoolExecutor(
        number, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(url, taken.sources())
    )
    try:
        yield _Makers(pool, number)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_maker: tuple[asyncio.Runner, Database] | None = None


def _begin(url: str, sources: Sequence[taken.Source]) -> None:
    """In a process that reads and cuts. It ends with the one that asks, however that ends."""
    global _maker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    taken.know(sources)
    learn()
    _maker = asyncio.Runner(), Database(url, pool_size=1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _made(work_ids: Sequence[UUID]) -> list[str]:
    assert _maker is not None
    runner, database = _maker
    return runner.run(_read(database, work_ids))
