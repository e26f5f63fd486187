"""An upload that is cut off, paused and gone on with after a reload; a sample read on a phone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import PHONE, Screens
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import files
from tests.factories.accounts import actor
from tests.factories.catalog import work

SHARE = """mutation ($id: ID!, $until: DateTime!) { shareSample(sampleId: $id, everybody: true, expiresAt: $until) { id } }"""


@pytest.mark.browser
async def test_an_upload_goes_on_after_a_cut_and_a_reload(
    api: Api, screens: Screens, database: TestDatabase, tmp_path: Path, work_off: Callable[[], Awaitable[None]]
) -> None:
    owner = await actor(api.runtime, "guilin", country="CN", language="zh")
    book = await work(api.runtime, owner)
    chapter = tmp_path / "第一回.pdf"
    chapter.write_bytes(files.paper(2, ballast=9 * 1024 * 1024))
    screen = await screens(owner, language="zh")
    page = await screen.open(f"/works/{book}/samples")
    cut = 0

    async def stumble(route: Route) -> None:
        """The second piece is cut off once, and everything after it until the page is loaded again."""
        nonlocal cut
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            cut += 1
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/uploads/*", stumble)
    await page.set_input_files("#file", chapter)
    await page.get_by_role("button", name="添加此样本").click()
    await expect(page.locator("[data-state=lost]")).to_be_visible(timeout=30_000)
    await page.locator("[data-pause]").click()
    await expect(page.locator("[data-state=paused]")).to_be_visible()
    await screen.picture("samples-upload-zh")
    assert database.rows("SELECT received FROM uploads") == [(4 * 1024 * 1024,)]
    await page.unroute("**/uploads/*")
    screen.complaints.clear()
    await page.reload()
    await expect(page.locator("[data-interrupted-name]")).to_have_text("第一回.pdf")
    await page.set_input_files("#file", chapter)
    await page.get_by_role("button", name="添加此样本").click()
    await expect(page.locator("#samples")).to_contain_text("第一回.pdf", timeout=30_000)
    assert cut >= 1
    assert database.rows("SELECT received = length, parts FROM uploads") == [(True, 3)], "one upload, not begun anew"
    await work_off()
    await expect(page.locator("#samples")).to_contain_text("2 页")

    [(sample,)] = database.rows("SELECT id FROM samples")
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    await api.data(SHARE, {"id": str(sample), "until": until}, token=owner.token)
    buyer = await actor(api.runtime, "padauk", country="MM", language="my", person="ခင်သီတာ")
    phone = await screens(buyer, language="my", size=PHONE)
    read = await phone.open(f"/samples/{sample}")
    first = read.locator("main ol img").first
    await expect(first).to_be_visible()
    await read.wait_for_function("document.querySelector('main ol img').naturalWidth > 600")
    await phone.picture("sample-my")
    await phone.accessible()
    for path in (f"/samples/{sample}", "/samples"):
        await screen.open(path)
        await screen.picture(f"samples{path.count('/')}-zh")
        await screen.accessible()
