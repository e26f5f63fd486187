"""Sales and statements through the pages: reports in, a period closed, amounts that add up before the reader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import release as make
from tests.factories.accounts import Actor
from tests.factories.dsr import Sold, report, written
from tests.web.visitor import Visitor

WorkOff = Callable[[], Awaitable[None]]
SPLITS = [{"payee": "韦小云", "role": "prf", "share": "0.7"}, {"payee": "乔羽", "role": "lyr", "share": "0.3"}]


@pytest.fixture
async def musician(runtime: Runtime) -> Actor:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    await make.channel(runtime, (await make.operator(runtime)).organization_id)
    return who


async def test_a_report_becomes_a_statement_that_adds_up(
    api: Api, musician: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    release = await make.release(api, musician)
    isrc = (await make.track(api, musician, release, "刘三姐", splits=SPLITS))["isrc"]
    visitor = await Visitor(api.app, musician).open("/sales")
    sold = written(report([Sold(isrc, "TH", 100, "70.00"), Sold(isrc, "VN", 50, "30.00")]))
    await visitor.send("/sales", {}, files={"file": ("DSR_2026-10.tsv", sold, "text/tab-separated-values")})
    page = visitor.path
    assert "Being checked" in visitor.text()
    for _round in range(3):
        await work_off()
    await visitor.open(page)
    assert "Booked" in visitor.text()
    assert visitor.text('//*[@class="figure"][span="Lines"]/b') == "2"

    await visitor.open("/sales")
    await visitor.send("/sales/close", {"period": "October"})
    assert visitor.status == 422
    assert visitor.page.xpath('//input[@id="period"]/@aria-invalid') == ["true"]
    assert database.count("statements") == 0
    this_month = f"{datetime.now(UTC):%Y-%m}"
    await visitor.send("/sales/close", {"period": this_month})
    assert visitor.status == 422
    assert visitor.text('//p[@id="period-error"]').startswith("This period is not over yet.")
    assert database.counts("statements", "closed_periods") == {"statements": 0, "closed_periods": 0}
    await visitor.send("/sales/close", {"period": "2026-10"})
    assert visitor.path == "/statements?period=2026-10"
    assert "October 2026" in visitor.text()
    assert "US$70.00" in visitor.text('//tr[contains(., "韦小云")]')
    await visitor.open(visitor.page.xpath('//tr[contains(., "韦小云")]//a/@href')[0])
    assert visitor.text('//*[@class="figure"][span="To be paid to you"]/b') == "US$70.00"
    assert "Thailand" in visitor.text("//main")
    assert len(visitor.page.xpath('//section[@aria-labelledby="l"]//tbody/tr')) == 2
    amounts = visitor.page.xpath('//td[@class="num" and (@data-label="Yours" or @data-label="Reported")]/text()')
    assert len(amounts) == 6
    assert all(amount.startswith("US$") and amount.endswith(".00") for amount in amounts), amounts


async def test_a_broken_report_is_refused_with_the_line_that_is_wrong(
    api: Api, musician: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    rows = report([Sold("AA6Q72600001", "TH", 100, "70.00")])
    rows[-1][-1] = "999"
    visitor = await Visitor(api.app, musician).open("/sales")
    await visitor.send("/sales", {}, files={"file": ("broken.tsv", written(rows), "text/tab-separated-values")})
    page = visitor.path
    await work_off()
    await visitor.open(page)
    assert "Refused" in visitor.text()
    assert "Line " in visitor.text('//section[@aria-labelledby="p"]')
    assert database.count("ledger_postings") == 0
