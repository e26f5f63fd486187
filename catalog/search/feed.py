"""Following the change feed: each process keeps an index of its own, at most a moment behind the tables."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import aclosing, asynccontextmanager, contextmanager
from math import inf
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from catalog import queries
from catalog.search import making
from catalog.search.documents import documents
from catalog.search.index import Position, WorkIndex
from catalog.search.schema import learn
from catalog.service import SEARCH_TOPIC
from hub.runtime import Runtime

log = logging.getLogger("banmao.search")
PART = "catalog.search"
BATCH = 500
PATIENCE = 0.5
"""Seconds after which the feed is looked at again, whether news came or not."""
MOST_PROCESSES = 64


class Follower:
    """Keeps one index up with the feed."""

    def __init__(self, runtime: Runtime, index: WorkIndex) -> None:
        self.runtime = runtime
        self.index = index
        self.opened = asyncio.Event()
        self._position = index.position
        self._stopping = asyncio.Event()

    async def catch_up(self) -> int:
        """Take in everything that has been committed. Answers how many changes that were."""
        if self._position is None:
            self._position = await self._rebuild()
        taken = 0
        while self._position is not None and (changes := await self._changes(self._position)):
            await self._index([change.work_id for change in changes])
            self._position = Position(changes[-1].xid, changes[-1].seq)
            await asyncio.to_thread(self.index.commit, self._position)
            taken += len(changes)
        return taken

    async def run(self) -> None:
        """Follow until `stop`. A database that is away is waited for."""
        async with self.runtime.events.subscribe(SEARCH_TOPIC) as news:
            heard = asyncio.ensure_future(anext(news))
            stopped = asyncio.ensure_future(self._stopping.wait())
            try:
                while not self._stopping.is_set():
                    try:
                        await (self.catch_up() if self.opened.is_set() else self.open())
                    except (DBAPIError, OSError, BrokenExecutor):
                        log.warning("the search index cannot follow the tables; trying again soon", exc_info=True)
                    await asyncio.wait([heard, stopped], timeout=PATIENCE, return_when=FIRST_COMPLETED)
                    if heard.done():
                        heard = asyncio.ensure_future(anext(news))
            finally:
                heard.cancel()
                stopped.cancel()

    def stop(self) -> None:
        """End `run` after what it is about: a commit is never cut off."""
        self._stopping.set()

    async def _changes(self, after: Position) -> Sequence[queries.Change]:
        async with self.runtime.database.transaction(read_only=True) as tx, tx.use() as session:
            return await queries.changes(session, after.xid, after.seq, BATCH)

    async def open(self) -> None:
        """Go on from where the index was left; from the tables where the feed has forgotten what it has not seen."""
        async with self.runtime.database.transaction(read_only=True) as tx, tx.use() as session:
            oldest = await queries.oldest_change(session)
        if self._position is not None and oldest is not None and self._position.seq < oldest - 1:
            self._position = None
        await self.catch_up()
        self.opened.set()

    async def _rebuild(self) -> Position | None:
        """Index every published work; what was searched so far still is. None when it was stopped.

        What changes meanwhile comes after the horizon and is taken in next.
        """
        async with self.runtime.database.transaction(read_only=True) as tx, tx.use() as session:
            position = Position(*await queries.feed_horizon(session))
        anew = await asyncio.to_thread(self.index.anew)
        async with aclosing(making.made(self.runtime.database, self.index.tell)) as pages:
            async for page in pages:
                if self._stopping.is_set():
                    return None
                await asyncio.to_thread(anew.add, page)
        await asyncio.to_thread(self.index.adopt, anew, position)
        log.info("the search index holds %s works", f"{self.index.size:,}")
        return position

    async def _index(self, work_ids: Collection[UUID]) -> None:
        async with self.runtime.database.transaction(read_only=True) as tx, tx.use() as session:
            made = await documents(session, set(work_ids))
        shown = {work.id for work in made}
        gone = [str(work_id) for work_id in work_ids if str(work_id) not in shown]
        await asyncio.to_thread(self.index.apply, made, gone)


@asynccontextmanager
async def following(runtime: Runtime, patience: float = inf) -> AsyncIterator[WorkIndex]:
    """Open this process's index, bring it up to date, and keep it so while the block lasts. It is `runtime.parts[PART]`.

    After `patience` seconds the block begins with an index that is still being made or brought up to date.
    """
    with _own_folder(runtime.settings.path("search")) as folder:
        await asyncio.to_thread(learn)
        index = await asyncio.to_thread(WorkIndex, folder)
        follower = Follower(runtime, index)
        task = asyncio.create_task(follower.run(), name="search feed")
        opened = asyncio.create_task(follower.opened.wait())
        try:
            await asyncio.wait(
                [task, opened], timeout=None if patience == inf else patience, return_when=FIRST_COMPLETED
            )
            if task.done():
                await task
            runtime.parts[PART] = index
            yield index
        finally:
            opened.cancel()
            follower.stop()
            runtime.parts.pop(PART, None)
            await task
            await asyncio.to_thread(index.close)


@contextmanager
def _own_folder(root: Path) -> Iterator[Path]:
    """The first folder of `root` that no other process holds; it is held until the block, or the process, ends."""
    for number in range(MOST_PROCESSES):
        folder = root / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        try:
            yield folder
        finally:
            os.close(handle)
        return
    raise RuntimeError(f"{MOST_PROCESSES} processes hold every folder of {root}")
