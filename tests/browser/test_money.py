"""Sales and statements on the screen: long names of files, many columns, figures that are plotted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from hub.runtime import Runtime
from tests.browser.conftest import Screens
from tests.client import Api
from tests.factories import release as make
from tests.factories.dsr import Sold, report, written
from tests.web.visitor import Visitor

FILE = "DSR_PADPIDA2026112301B_PADPIDA2026010101N_NusantaraPlay_2026-10_Multi_1of1_20261123T122737004.tsv"
PLACES = ("TH", "VN", "MY", "SG", "ID", "PH", "KH", "LA", "MM", "BN", "TL")


@pytest.mark.browser
async def test_a_report_and_its_statement_fit_desktop_and_phone(
    api: Api, runtime: Runtime, screens: Screens, work_off: Callable[[], Awaitable[None]]
) -> None:
    musician = await make.label(runtime, person="韦小云")
    await make.allocate(runtime, musician.organization_id)
    await make.channel(runtime, (await make.operator(runtime)).organization_id)
    release = await make.release(api, musician)
    isrc = (await make.track(api, musician, release, "刘三姐"))["isrc"]
    visitor = await Visitor(api.app, musician).open("/sales")
    sold = written(report([Sold(isrc, place, 100, f"{70 + number}.00") for number, place in enumerate(PLACES)]))
    await visitor.send("/sales", {}, files={"file": (FILE, sold, "text/tab-separated-values")})
    read = visitor.path
    for _round in range(3):
        await work_off()
    await visitor.open("/sales")
    await visitor.send("/sales/close", {"period": "2026-10"})
    statement = visitor.page.xpath("//tbody//a/@href")[0]

    screen = await screens(musician, language="my")
    for name, path in (("sales", "/sales"), ("report", read), ("statements", "/statements"), ("statement", statement)):
        await screen.becomes_desktop()
        page = await screen.open(path)
        await screen.picture(f"{name}-my-desktop")
        await screen.accessible()
        await screen.becomes_phone()
        await screen.picture(f"{name}-my-phone")
    rows = page.locator("table.plot", has=page.locator("caption")).first.locator("tbody tr")
    assert await rows.count() == 9, "eight territories, and the other three together"
    assert await rows.nth(7).locator(".bar-cell").count() == 1
    assert await rows.nth(8).locator(".bar-cell").count() == 0
