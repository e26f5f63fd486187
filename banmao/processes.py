"""What runs in the web and the worker process: the runtime, and the parts that domains start with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import catalog.assets.tasks
import catalog.tasks
import distribution.tasks
import hub.uploads.tasks
import marketplace.tasks
import translation.tasks
from catalog.search.feed import following
from hub.runtime import Runtime, running
from hub.settings import Settings

JOBS = (
    hub.uploads.tasks,
    translation.tasks,
    catalog.tasks,
    catalog.assets.tasks,
    marketplace.tasks,
    distribution.tasks,
)
"""Importing them registers their jobs: any process may enqueue one, a worker runs it."""


@asynccontextmanager
async def running_web(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    async with running(settings, database_url) as runtime, following(runtime):
        yield runtime


@asynccontextmanager
async def running_worker(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    async with running(settings, database_url) as runtime:
        await asyncio.to_thread(runtime.scratch.sweep)
        yield runtime
