"""What a kill leaves behind, and a client who asks again until there is an answer."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import psycopg
from psycopg import sql

from banmao.up import Hub
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase

PATIENCE = 120.0
UNDECIDED = ("UNAVAILABLE", "INTERNAL")
"""Codes of an answer after which nobody knows, or nothing has happened: one asks again."""


@dataclass
class Watched:
    """A hub whose parts are killed, and started again as `./run` starts them."""

    hub: Hub
    said: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _tending: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.hub.say = self.said.append

    def watch(self) -> None:
        """Do what `./run` does twice a second, until `leave`."""

        def tend() -> None:
            while not self._over.wait(0.5):
                self.hub.tend()

        self._over.clear()
        self._tending = threading.Thread(target=tend, name="watch")
        self._tending.start()

    def leave(self) -> None:
        """Stop all of it, as Ctrl-C does."""
        self._over.set()
        if self._tending is not None:
            self._tending.join()
        self.hub.stop()

    @property
    def database(self) -> TestDatabase:
        return TestDatabase("banmao", self.hub.owner_url, self.hub.app_url)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.database.rows(query, *parameters)

    def change(self, statement: LiteralString | sql.Composed, *parameters: Any) -> None:
        """Carry out a statement as the owner of the tables."""
        with psycopg.connect(self.hub.owner_url, autocommit=True) as connection:
            connection.execute(statement, parameters or None)

    def kill(self, *names: str) -> None:
        """SIGKILL: no goodbye, no cleaning up."""
        for name in names:
            process = self.hub.part(name).process
            assert process is not None
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    def crash_postgresql(self) -> None:
        """SIGKILL for the server's first process; the others find out by themselves."""
        assert self.hub.cluster is not None
        os.kill(int((self.hub.cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    async def answers(self) -> None:
        """Until the database answers again."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.rows("SELECT 1")
            except psycopg.OperationalError:
                assert time.monotonic() < until, self.said
                await asyncio.sleep(0.05)
            else:
                return

    async def when(self, query: str, enough: Callable[[int], bool], *parameters: Any) -> int:
        """Look at a number in the database until it is enough, as often as can be."""

        def look() -> int:
            until = time.monotonic() + PATIENCE
            with psycopg.connect(self.hub.owner_url, autocommit=True) as connection:
                while time.monotonic() < until:
                    (row,) = connection.execute(query, parameters or None).fetchall()
                    if enough(row[0]):
                        return int(row[0])
            raise AssertionError(f"{query} stayed {row[0]}")

        return await asyncio.to_thread(look)

    async def settled(self) -> None:
        """Until no job is due, nor in anybody's hands."""
        due = """
        SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'
            OR (status = 'todo' AND coalesce(scheduled_at, now()) < now() + interval '1 minute')
        """
        until = time.monotonic() + PATIENCE
        while self.rows(due)[0][0]:
            assert time.monotonic() < until, self.rows(
                "SELECT task_name, status::text, attempts, scheduled_at FROM procrastinate_jobs"
                " WHERE status IN ('todo', 'doing')"
            )
            await asyncio.sleep(0.2)

    def failed(self) -> Sequence[tuple[Any, ...]]:
        return self.rows("SELECT task_name, args FROM procrastinate_jobs WHERE status IN ('failed', 'aborted')")


Death = Callable[[Watched], None]
DEATHS: dict[str, Death] = {
    "the web process": lambda hub: hub.kill("web"),
    "the worker": lambda hub: hub.kill("worker"),
    "postgresql": lambda hub: hub.crash_postgresql(),
}


class Remote(Api):
    """Asks over the network, where answers may never come."""

    def __init__(self, hub: Watched, runtime: Runtime) -> None:
        self.hub = hub
        self.runtime = runtime
        self.http = httpx.AsyncClient(base_url=hub.hub.settings.address, timeout=30)

    @cached_property
    def app(self) -> Any:  # type: ignore[override]
        raise AssertionError("the application is another process")

    async def insist(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """Ask until there is an answer, each time with the same Idempotency-Key, as a client should."""
        key = options.pop("key", None) or uuid4().hex
        until = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await self.ask(query, variables, key=key, **options)
            except (httpx.TransportError, json.JSONDecodeError):
                answer = {}
            codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
            if answer and not codes & set(UNDECIDED):
                return answer
            assert time.monotonic() < until, answer
            await asyncio.sleep(0.1)
