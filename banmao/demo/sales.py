"""The demo's money: its albums go abroad, the platforms report last month's sales, the month is closed.

It waits for platforms to answer, so `./run` plays it beside an open hub. Whatever of it has happened stays as it is.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

import banmao.demo.accounts as demo_accounts
from banmao.demo.deals import caller_for
from banmao.demo.distribution import OPERATOR
from banmao.demo.releases import ALBUMS
from banmao.processes import running_worker
from distribution import publishing, queries
from distribution.models import DeliveryStatus
from distribution.revenue import fetching, periods, statements
from distribution.revenue import queries as money
from distribution.revenue.models import ReportStatus
from distribution.revenue.periods import Period
from hub.runtime import Runtime
from hub.settings import Settings

PATIENCE = 180.0
"""Seconds for the platforms to put an album on sale, and for their reports to be booked."""


def main(settings: Settings, database_url: str) -> None:
    asyncio.run(_play(settings, database_url))


def reported(today: date | None = None) -> Period:
    """The month before this one."""
    first = (today or datetime.now(UTC).date()).replace(day=1)
    return periods.parse((first - timedelta(days=1)).strftime("%Y-%m"))


async def _play(settings: Settings, database_url: str) -> None:
    sheet = settings.path("sandbox", "sandbox.json")
    async with running_worker(settings, database_url) as runtime:
        async with runtime.database.transaction() as tx:
            owners = await demo_accounts.load(tx.session)
        for label in {owners[album.owner] for album in ALBUMS if album.abroad}:
            async with runtime.database.transaction(organization=label, read_only=True) as tx:
                told = await money.statements(tx.session, None, 1, None)
            if not told[1]:
                await _sell(runtime, label, owners[OPERATOR], sheet)


async def _sell(runtime: Runtime, label: UUID, operator: UUID, sheet: Path) -> None:
    abroad = [album.title for album in ALBUMS if album.abroad]
    async with runtime.database.transaction(organization=label) as tx:
        caller = await caller_for(tx.session, label)
        found, _total = await queries.releases(tx.session, len(ALBUMS), None)
        sent = [release.id for release in found if release.title in abroad]
        for release in sent:
            await publishing.publish_abroad(tx.session, caller, release, None)

    async def on_sale() -> list[str]:
        async with runtime.database.transaction(organization=label, read_only=True) as tx:
            deliveries = await queries.deliveries_of(tx.session, sent)
        return [
            f"delivery {one.id} is {one.status} {one.problems}"
            for some in deliveries.values()
            for one in some
            if one.status != DeliveryStatus.LIVE.value
        ]

    await _until(on_sale)
    papers = json.loads(await asyncio.to_thread(sheet.read_bytes))
    await take_in(runtime, operator, papers)

    async def booked() -> list[str]:
        expected = len(papers["platforms"])
        async with runtime.database.transaction(organization=label, read_only=True) as tx:
            reports, total = await money.reports(tx.session, label, expected, None)
        open_still = [f"report {one.id} is {one.status}" for one in reports if one.status != ReportStatus.BOOKED.value]
        return open_still or ([f"{total} reports of {expected}"] if total < expected else [])

    await _until(booked)
    async with runtime.database.transaction(organization=operator) as tx:
        await statements.close_period(tx.session, await caller_for(tx.session, operator), reported())


async def take_in(runtime: Runtime, operator: UUID, papers: dict[str, Any]) -> None:
    """Have each platform report the month once, and fetch what it reports: asked again, it would report the same sales anew."""
    await fetching.fetch_all(runtime)
    async with runtime.database.transaction(organization=operator, read_only=True) as tx:
        channels = {channel.id: channel.slug for channel in await queries.channels(tx.session)}
        reports, _total = await money.reports(tx.session, operator, len(channels), None)
    heard = {channels.get(report.channel_id) for report in reports}
    headers = {"Authorization": f"Bearer {papers['http']['key']}"}
    async with httpx.AsyncClient(base_url=papers["http"]["url"], headers=headers, timeout=60) as client:
        for platform in papers["platforms"]:
            if platform["id"] not in heard:
                answer = await client.post(f"/platforms/{platform['id']}/sales", params={"period": reported().name})
                answer.raise_for_status()
    await fetching.fetch_all(runtime)


async def _until(waited_for: Callable[[], Awaitable[list[str]]]) -> None:
    """Wait until nothing is waited for any more. TimeoutError says what still is."""
    deadline = time.monotonic() + PATIENCE
    while waiting := await waited_for():
        if time.monotonic() > deadline:
            raise TimeoutError("; ".join(waiting))
        await asyncio.sleep(1)
