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
        """News of `topics`, from now on. A subscriber that falls far behind loses the oldest.

        When the connection was lost, news may have been missed: each topic is then told once more, without details.
        """
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        for topic in topics:
            self._subscribers[topic].add(queue)

        async def news() -> AsyncIterator[dict[str, Any]]:
            while True:
                yield await queue.get()

        try:
            if self._task is None:
                self._task = asyncio.create_task(self._listen(), name="events")
            await self._listening.wait()
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
        again = False
        while True:
            try:
                connection = await asyncpg.connect(self._url)
                try:
                    await self._follow(connection, again)
                finally:
                    self._listening.clear()
                    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                        await connection.close(timeout=1)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(0.5)
            again = True

    async def _follow(self, connection: asyncpg.Connection, again: bool) -> None:
        """Listen until the connection is lost. `again`: it was lost before, and news with it."""
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, self._hear)
        self._listening.set()
        if again:
            for topic in list(self._subscribers):
                self._pass_on({"topic": topic})
        await lost.wait()

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._pass_on(json.loads(str(payload)))

    def _pass_on(self, news: dict[str, Any]) -> None:
        for queue in self._subscribers.get(news["topic"], ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(news)
