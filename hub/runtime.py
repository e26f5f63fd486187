"""The running parts of one process: settings, database, storage, secrets, events, working files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from hub.database import Database
from hub.events import Events
from hub.scratch import Scratch
from hub.security import Vault
from hub.settings import Settings
from hub.storage import Storage, open_storage


@dataclass
class Runtime:
    """Made once per process; resolvers and jobs reach everything through it.

    `parts` holds what a domain starts with the process (a search index, translation engines), under the domain's name.
    `pictures`: whoever unfolds one takes a turn; a few kilobytes can hold half a gigabyte.
    """

    settings: Settings
    database: Database
    storage: Storage
    vault: Vault
    events: Events
    scratch: Scratch
    parts: dict[str, Any] = field(default_factory=dict)
    pictures: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))


@asynccontextmanager
async def running(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    """Open the parts that every process needs, and close them."""
    database = Database(database_url)
    events = Events(database_url)
    try:
        await database.require_walls()
        with Scratch(settings.scratch_folder) as scratch:
            yield Runtime(settings, database, open_storage(settings), Vault(settings.key), events, scratch)
    finally:
        await events.close()
        await database.close()
