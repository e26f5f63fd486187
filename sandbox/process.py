"""Everything that one sandbox process runs: the doors, the reception desks, the HTTP side; started together, stopped together."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn

from sandbox import api, database, s3, sftp
from sandbox.home import Home
from sandbox.intake import Intake
from sandbox.reports import Reporter
from sandbox.schema import Schema
from sandbox.settings import Platform, Settings

log = logging.getLogger(__name__)

VERSION = 1
PAUSE_AFTER_FAILURE = 1.0


@dataclass(frozen=True)
class Ports:
    """Loopback ports; 0 asks for a free one."""

    http: int = 0
    sftp: int = 0
    s3: int = 0


class _Server(uvicorn.Server):
    """Signals belong to the process, not to its HTTP side."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(home: Home, settings: Settings, ports: Ports, standards: Path | None, today: Callable[[], date]) -> None:
    """Serve until SIGTERM or SIGINT. The caller holds the home's lock."""
    home.withdraw()
    database.prepare(home.database)
    schema = await asyncio.to_thread(Schema, standards) if standards is not None else None
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        desks = [Intake(platform, settings, home, schema, today) for platform in settings.platforms]
        for desk in desks:
            desk.paths.create()
        accounts = _accounts(home, settings)
        acceptor = await sftp.listen(accounts, home.host_key(), home.port("sftp", ports.sftp), settings.limits)
        stack.push_async_callback(acceptor.wait_closed)
        stack.callback(acceptor.close)
        doors = await _open_s3(stack, home, settings, ports.s3)
        key = home.secret("http_key")
        reporters = {
            platform.id: Reporter(platform, settings, home.paths(platform), home.database)
            for platform in settings.platforms
        }
        http_port = await stack.enter_async_context(
            _serving(api.create(settings, home.database, reporters, key, today), home.port("http", ports.http))
        )
        for desk in desks:
            stack.push_async_callback(
                _ended,
                asyncio.create_task(_attend(desk, reporters[desk.platform.id], home, settings, stopping)),
                stopping,
            )
        home.announce(
            {
                "version": VERSION,
                "pid": os.getpid(),
                "http": {"url": f"http://127.0.0.1:{http_port}", "key": key},
                "sftp": {
                    "host": "127.0.0.1",
                    "port": acceptor.get_port(),
                    "host_key": home.host_key().export_public_key().decode().strip(),
                },
                **_announced_s3(doors),
                "schema": schema is not None,
                "senders": list(settings.senders),
                "platforms": [_announced(home, platform, doors.get(platform.id)) for platform in settings.platforms],
            }
        )
        stack.callback(home.withdraw)
        print(f"sandbox ready: {home.announcement}", flush=True)  # noqa: T201  the one line that says so
        await stopping.wait()


async def _attend(desk: Intake, reporter: Reporter, home: Home, settings: Settings, stopping: asyncio.Event) -> None:
    """Let a reception desk work, step by step, until the process stops. A step that fails is told and tried again."""

    def step(connection: sqlite3.Connection) -> None:
        reporter.place(connection)
        desk.step(connection)

    with database.connection(home.database) as connection:
        while not stopping.is_set():
            pause = settings.limits.poll_seconds
            try:
                await asyncio.to_thread(step, connection)
            except Exception:
                log.exception("%s: the reception desk stumbled", desk.platform.id)
                pause = PAUSE_AFTER_FAILURE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)


async def _ended(task: asyncio.Task[None], stopping: asyncio.Event) -> None:
    stopping.set()
    await task


@contextlib.asynccontextmanager
async def _serving(application: Any, port: int) -> AsyncIterator[int]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = _Server(uvicorn.Config(application, log_level="warning", access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if serving.done():
                serving.result()
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def _open_s3(stack: contextlib.AsyncExitStack, home: Home, settings: Settings, port: int) -> dict[str, s3.Door]:
    """One endpoint for each S3 platform, so that its keys open nothing else; the asked port goes to the first."""
    doors: dict[str, s3.Door] = {}
    for platform in settings.platforms:
        if platform.protocol == "s3":
            access, secret = (
                home.secret(f"{platform.id}_access_key_id", 12),
                home.secret(f"{platform.id}_secret_access_key"),
            )
            door = s3.Door(
                home.paths(platform).root,
                home.port(f"s3 {platform.id}", port),
                access,
                secret,
                home.log / f"rclone-{platform.id}.log",
            )
            stack.push_async_callback(door.close)
            await door.open()
            doors[platform.id] = door
            port = 0
    return doors


def _accounts(home: Home, settings: Settings) -> dict[str, sftp.Account]:
    return {
        platform.id: sftp.Account(
            platform,
            home.paths(platform),
            home.secret(f"{platform.id}_password"),
            home.folder / "platforms" / platform.id / "authorized_keys",
        )
        for platform in settings.platforms
        if platform.protocol == "sftp"
    }


def _announced_s3(doors: dict[str, s3.Door]) -> dict[str, Any]:
    return {"s3": {"endpoint_url": next(iter(doors.values())).url, "region": s3.REGION}} if doors else {}


def _announced(home: Home, platform: Platform, door: s3.Door | None) -> dict[str, Any]:
    if door is None:
        return api.described(platform) | {
            "username": platform.id,
            "password": home.secret(f"{platform.id}_password"),
            "inbox": "/inbox",
            "acknowledgements": "/inbox/acknowledgements",
            "reports": "/outgoing",
        }
    return api.described(platform) | {
        "endpoint_url": door.url,
        "region": s3.REGION,
        "bucket": platform.id,
        "access_key_id": home.secret(f"{platform.id}_access_key_id", 12),
        "secret_access_key": home.secret(f"{platform.id}_secret_access_key"),
        "inbox": "inbox/",
        "acknowledgements": "inbox/acknowledgements/",
        "reports": "reports/",
    }
