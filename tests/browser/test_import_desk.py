"""A publisher in a browser brings a spreadsheet: template, preview, the file with corrections, confirmed, on a phone."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable

import openpyxl
import pytest

from tests.browser.conftest import PHONE, Screens
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.sheets import HEADINGS, LIAOZHAI, SANGUO, workbook

pytestmark = pytest.mark.browser
WRONG = ("k3", "红楼梦", "zh", "978702OOO22O8", "曹雪芹", "2567", "Wrld; L")


async def test_a_list_is_looked_at_corrected_and_taken_over(
    api: Api,
    screens: Screens,
    work_off: Callable[[], Awaitable[None]],
    database: TestDatabase,
) -> None:
    someone: Actor = await actor(api.runtime, "xiangshan", country="CN", language="zh")
    screen = await screens(someone, language="th", size=PHONE)
    page = await screen.open("/imports")
    async with page.expect_download() as started:
        await page.click('a[href="/templates/titles-th.xlsx"]')
    template = await (await started.value).path()
    sheet = openpyxl.load_workbook(io.BytesIO(template.read_bytes())).worksheets[0]
    assert sheet["A1"].value == "รหัสของคุณ"
    content = workbook([HEADINGS, SANGUO, LIAOZHAI, WRONG])
    await page.set_input_files("input[name=file]", {"name": "list.xlsx", "mimeType": "", "buffer": content})
    await page.click("form[enctype] button.main-act")
    await page.wait_for_url("**/imports/*-*")
    await work_off()
    await page.wait_for_selector('#run [name="take"]')
    assert database.count("works") == 0
    await page.click('a[href="?show=SKIPPED"]')
    assert "พุทธศักราช" in await page.inner_text(".records")
    await screen.picture("import-desk-th")
    await screen.accessible()
    await page.click('form[action$="/correct"] button')
    await work_off()
    async with page.expect_download() as corrected:
        await page.click("#corrected a[download]")
    marked = openpyxl.load_workbook(io.BytesIO((await (await corrected.value).path()).read_bytes())).active
    assert marked["H4"].value
    await page.click('form[action$="/apply"] button')
    await page.wait_for_selector("#run[hx-get]")
    await work_off()
    await page.wait_for_selector('a[href="/works?status=DRAFT"]')
    assert database.count("works") == 2
