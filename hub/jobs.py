"""The job queue, in PostgreSQL (procrastinate).

A job is enqueued in the transaction of its cause, so it exists exactly when its cause does. Tasks are written to be run
twice: a worker that dies is noticed by its missing heartbeat and its jobs are run again by another.

    @task("translation.draft")
    async def draft(runtime: Runtime, *, text_id: str, languages: list[str]) -> None: ...

    await enqueue(session, "translation.draft", text_id=str(text.id), languages=["th"])
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.runtime import Runtime

P = ParamSpec("P")
Task = Callable[Concatenate[Runtime, P], Awaitable[None]]
log = logging.getLogger("banmao.jobs")

HEARTBEAT = 2.0
DEAD_AFTER = 10.0
MOST_TAKEOVERS = 12
"""A job that ends every worker which takes it must not do so for ever."""
_tasks: dict[str, tuple[Callable[..., Awaitable[None]], int]] = {}
_periodic: list[tuple[str, str]] = []


def task(name: str, *, attempts: int = 6, every: str | None = None) -> Callable[[Task[P]], Task[P]]:
    """Register a task. `attempts`: how often in all, waits doubling from two seconds. `every`: a cron line with seconds last."""

    def register(function: Task[P]) -> Task[P]:
        if name in _tasks:
            raise ValueError(f"two tasks are named {name}")
        _tasks[name] = (function, attempts)
        if every:
            _periodic.append((name, every))
        return function

    return register


async def enqueue(
    session: AsyncSession,
    name: str,
    *,
    lock: str | None = None,
    once: str | None = None,
    at: datetime | None = None,
    priority: int = 0,
    **args: Any,
) -> None:
    """Enqueue in this transaction. `lock`: jobs of one lock run one after another; `once`: at most one waits under this name."""
    if name not in _tasks:
        raise ValueError(f"no task is named {name}")
    waiting = ""
    if once is not None:
        waiting = (
            " WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs"
            " WHERE queueing_lock = CAST(:once AS text) AND status = 'todo')"
        )
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:once, 7))"), {"once": once})
    await session.execute(
        text(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', CAST(:name AS text), :priority, CAST(:lock AS text),"
            " CAST(:once AS text), CAST(:args AS jsonb), CAST(:at AS timestamptz))::procrastinate_job_to_defer_v1])"
            + waiting
        ),
        {"name": name, "priority": priority, "lock": lock, "once": once, "args": json.dumps(args), "at": at},
    )


async def enqueue_many(
    session: AsyncSession, name: str, each: Sequence[Mapping[str, Any]], *, priority: int = 0
) -> None:
    """Enqueue a job for every set of arguments, in one statement."""
    if name not in _tasks:
        raise ValueError(f"no task is named {name}")
    if each:
        await session.execute(
            text(
                "SELECT procrastinate_defer_jobs_v1(array_agg(ROW('default', CAST(:name AS text), CAST(:priority AS integer),"
                " NULL, NULL, args, NULL)::procrastinate_job_to_defer_v1 ORDER BY place))"
                " FROM jsonb_array_elements(CAST(:each AS jsonb)) WITH ORDINALITY AS given(args, place)"
            ),
            {"name": name, "priority": priority, "each": json.dumps([*map(dict, each)])},
        )


def make_app(runtime: Runtime, url: str) -> App:
    """A procrastinate app whose tasks are ours, each handed the runtime."""
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))

    def bind(function: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def run(context: JobContext, *_timestamp: int, **args: Any) -> None:
            await _no_longer_waits(app, context.job)
            args.pop("timestamp", None)
            await function(runtime, **args)

        return run

    for name, (function, attempts) in _tasks.items():
        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        app.task(name=name, retry=retry, pass_context=True)(bind(function))
    for name, line in _periodic:
        app.periodic(cron=line, periodic_id="hub")(app.tasks[name])
    return app


async def work(runtime: Runtime, url: str, *, concurrency: int = 4, wait: bool = True) -> None:
    """Run jobs until cancelled (or, without `wait`, until none is due). Jobs of dead workers are taken over.

    A database that goes away is waited for.
    """
    while True:
        try:
            await _work(make_app(runtime, url), concurrency, wait)
        except ConnectorException:
            if not wait:
                raise
        if not wait:
            return
        log.warning("the worker has lost the database; it starts again")
        await asyncio.sleep(1)


async def _work(app: App, concurrency: int, wait: bool) -> None:
    async with app.open_async():
        watch = asyncio.create_task(_take_over(app)) if wait else None
        try:
            await app.run_worker_async(
                concurrency=concurrency,
                wait=wait,
                fetch_job_polling_interval=0.3,
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
                shutdown_graceful_timeout=5 if wait else 600,
                listen_notify=wait,
            )
        finally:
            if watch is not None:
                watch.cancel()


async def _no_longer_waits(app: App, job: Job) -> None:
    """Give up the name under which the job waited: another may wait under it now, and both must be able to be run again."""
    if job.queueing_lock is not None:
        query = "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %(id)s"
        await app.connector.execute_query_async(query, id=job.id)


async def _take_over(app: App) -> None:
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER)
        except ConnectorException:
            log.warning("the database cannot be reached; looking for stalled jobs again soon")
            stalled = []
        for job in stalled:
            try:
                await _again(app, job)
            except ConnectorException:
                log.warning(
                    "job %s of a dead worker is not taken over: another worker was faster, or soon will be", job.id
                )
        await asyncio.sleep(HEARTBEAT)


async def _again(app: App, job: Job) -> None:
    if job.attempts >= MOST_TAKEOVERS:
        log.error("job %s has outlived %s workers and is given up: %s", job.id, job.attempts, job.task_name)
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        return
    log.warning("job %s of a dead worker is taken over: %s", job.id, job.task_name)
    await _no_longer_waits(app, job)
    await app.job_manager.retry_job(job)
