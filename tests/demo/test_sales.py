"""The demo's money, from the press of a button to closed statements: a whole hub with its platforms, on servers of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

import banmao.demo.accounts as demo_accounts
import banmao.demo.distribution as demo_distribution
from banmao.demo import releases, sales
from banmao.processes import running_worker
from banmao.up import Hub
from hub.settings import Settings
from tests import objects
from tests.databases import TestDatabase


@pytest.fixture
def hub(database: TestDatabase, tmp_path: Path) -> Iterator[Hub]:
    """On servers of the operator's own: PostgreSQL by two addresses, objects on S3."""
    home = Path(tempfile.mkdtemp(prefix="banmao-demo-"))
    home.chmod(0o755)
    with objects.rclone(tmp_path) as s3:
        settings = Settings(
            data=home,
            port=objects.free_port(),
            database_url=database.app_url,
            database_owner_url=database.owner_url,
            **objects.bucket(s3),
        )
        running = Hub(settings, demo=False)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            for log in sorted((home / "logs").iterdir()):
                sys.stdout.write(f"== {log.name}\n{log.read_text(errors='replace')[-20_000:]}\n")
            shutil.rmtree(home)


def test_the_month_before_is_reported() -> None:
    assert sales.reported(date(2026, 11, 23)).name == "2026-10"
    assert sales.reported(date(2027, 1, 1)).name == "2026-12"


def test_an_album_goes_abroad_and_its_money_comes_back_once(hub: Hub) -> None:
    async def release() -> None:
        async with running_worker(hub.settings, hub.app_url) as runtime:
            async with runtime.database.transaction() as tx:
                owners = await demo_accounts.load(tx.session)
                await demo_distribution.allocate(tx.session, owners)
            await demo_distribution.connect(runtime, owners, hub.sandbox_file)
            await releases.load(runtime, owners, sales.reported().start)

    def rows(query: str) -> list[tuple[int, ...]]:
        with psycopg.connect(hub.owner_url) as connection:
            return connection.execute(query).fetchall()

    asyncio.run(release())

    async def ask_again() -> None:
        """As a start does after one that was stopped between the reports and the statements."""
        async with running_worker(hub.settings, hub.app_url) as runtime:
            async with runtime.database.transaction() as tx:
                owners = await demo_accounts.load(tx.session)
            await sales.take_in(runtime, owners[demo_distribution.OPERATOR], json.loads(hub.sandbox_file.read_bytes()))

    assert rows("SELECT count(*) FROM deliveries") == [(0,)]
    sales.main(hub.settings, hub.app_url)
    assert rows("SELECT count(*) FROM fetched_reports") == [(3,)]
    asyncio.run(ask_again())
    assert rows("SELECT count(*) FROM fetched_reports") == [(3,)], "no platform reports the same sales anew"
    ((live, platforms),) = rows("SELECT count(*) FILTER (WHERE status = 'LIVE'), count(*) FROM deliveries")
    assert live == platforms == 3
    ((stated,),) = rows("SELECT count(*) FROM statements WHERE payable = earned AND earned > 0")
    assert stated == 6, "three payees, in the two currencies that the platforms pay in"
    earned = rows("SELECT sum(earned) FROM statements GROUP BY currency ORDER BY currency")
    assert earned == rows(
        "SELECT sum(r.total_minor) FROM sales_reports r JOIN organizations o ON o.id = r.organization_id"
        " WHERE o.kind = 'LABEL' GROUP BY currency ORDER BY currency"
    )
    sales.main(hub.settings, hub.app_url)
    assert not (hub.settings.data / "objects").exists()
    assert rows("SELECT count(*) FROM statements") == [(6,)]
    assert rows("SELECT count(*) FROM deliveries") == [(3,)]
