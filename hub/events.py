"""News between processes: PostgreSQL's NOTIFY, told when the transaction commits, heard by whoever subscribes."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL = "banmao"
BACKLOG = 256


async def tell(session: AsyncSession, topic: str, **news: str) -> None:
    """Tell every process, if and when this transaction commits. `topic` is like `negotiation:<id>`; ids only, no words."""
    await session.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": CHANNEL, "payload": json.dumps({"topic": topic, **news})},
    )


class Events:
    """One listening connection per process, fanned out to its subscribers. It reconnects by itself."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._subscribers: dict[str, set[asyncio.Queue[dict[str, Any]]]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """News of `topics`, from now on. A subscriber that falls far behind loses the oldest."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        for topic in topics:
            self._subscribers[topic].add(queue)
        if self._task is None:
            self._task = asyncio.create_task(self._listen(), name="events")
        await self._listening.wait()

        async def news() -> AsyncIterator[dict[str, Any]]:
            while True:
                yield await queue.get()

        try:
            yield news()
        finally:
            for topic in topics:
                self._subscribers[topic].discard(queue)
                if not self._subscribers[topic]:
                    del self._subscribers[topic]

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        while True:
            lost = asyncio.Event()
            try:
                connection = await asyncpg.connect(self._url)
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.5)
                continue
            try:
                connection.add_termination_listener(lambda _connection, lost=lost: lost.set())
                await connection.add_listener(CHANNEL, self._hear)
                self._listening.set()
                await lost.wait()
            finally:
                self._listening.clear()
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await connection.close(timeout=1)

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        news = json.loads(str(payload))
        for queue in self._subscribers.get(news["topic"], ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(news)
