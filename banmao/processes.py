"""What runs in the web and the worker process: the runtime, and the parts that domains start with it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import catalog.assets.tasks
import catalog.exports.tasks
import catalog.imports.tasks
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
    catalog.imports.tasks,
    catalog.exports.tasks,
    catalog.assets.tasks,
    marketplace.tasks,
    distribution.tasks,
)
"""Importing them registers their jobs: any process may enqueue one, a worker runs it."""

PATIENCE = 15.0
"""Seconds for which the web waits for its search index before it answers whatever else it is asked."""
COLLECTED_AFTER = 20_000
"""Objects that are new before garbage is looked for: a chunk of an import makes more than the default of 700 each moment."""


def spare_the_collector() -> None:
    """Leave what is imported out of every search for garbage: it stays, and looking it through took a quarter of an import."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 10, 10)


@asynccontextmanager
async def running_web(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    async with running(settings, database_url) as runtime, following(runtime, PATIENCE):
        yield runtime


@asynccontextmanager
async def running_worker(settings: Settings, database_url: str) -> AsyncIterator[Runtime]:
    async with running(settings, database_url) as runtime:
        await asyncio.to_thread(runtime.scratch.sweep)
        yield runtime
