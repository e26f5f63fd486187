"""The listing desk as its people use it: an agent who searches, a house that translates and exports, a label with a feed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from lxml import etree
from playwright.async_api import Page, expect

from distribution.messages import ern
from hub.runtime import Runtime
from tests.browser.conftest import PHONE, Screens
from tests.catalog.test_search import within_a_second
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import catalog
from tests.factories import release as make
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import Credit
from tests.factories.distribution import message, sound
from translation.batches import service as batches

pytestmark = pytest.mark.browser
WorkOff = Callable[[], Awaitable[None]]
BLANKS = """() => {
  window.blanks = 0;
  const look = () => { if (!document.querySelector("#results article")) window.blanks += 1; };
  new MutationObserver(look).observe(document.getElementById("main"), { childList: true, subtree: true });
}"""


@pytest.fixture
async def house(api: Api) -> Actor:
    return await actor(api.runtime, name="guilin", country="CN", language="zh", person="陈静")


async def follows(page: Page, words: str, works: int) -> None:
    """Type as people do, and wait until the page shows so many works."""
    await page.locator("#q").press_sequentially(words, delay=40)
    await expect(page.locator("#results article")).to_have_count(works)


async def test_an_agent_finds_narrows_keeps_and_comes_back(api: Api, screens: Screens, house: Actor) -> None:
    river, *others = [
        await catalog.work(
            api.runtime,
            house,
            title,
            titles={"km": khmer, "en": english},
            contributors=[Credit("Pu Songling", "aut", "蒲松龄")],
            kind=kind,
            subjects=["FN"],
            mandates=[catalog.scope(("PRINT",), territories)],
        )
        for title, khmer, english, kind, territories in (
            ("河伯传", "រឿងព្រះទន្លេ", "The River God", "BOOK", ("KH",)),
            ("河伯画传", "រឿងគំនូរព្រះទន្លេ", "The River God in Pictures", "COMIC", ("TH",)),
            ("聊斋志异", "រឿងចម្លែក", "Strange Tales", "BOOK", ("KH",)),
        )
    ]
    await within_a_second(api, [river, *others], "")
    agent = await actor(api.runtime, name="phnom-penh", kind="AGENCY", country="KH", language="km", person="សុខា")
    screen = await screens(agent, language="km")
    page = await screen.open("/search")
    await page.evaluate(BLANKS)
    await page.locator("#q").focus()
    await follows(page, "ទន្លេ", 2)
    assert await page.evaluate("window.blanks") == 0, "the page never blanks while typing"
    assert "q=" in page.url

    box, options = page.locator("#q"), page.locator("#suggestions [role=option]")
    await expect(box).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("ArrowDown")
    chosen = await box.get_attribute("aria-activedescendant")
    assert chosen is not None
    await expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowUp")
    assert await box.get_attribute("aria-activedescendant") is None
    await screen.accessible()
    await page.keyboard.press("Escape")
    await expect(options).to_have_count(0)
    await expect(box).to_have_attribute("aria-expanded", "false")

    await page.locator("#facets [name=kind][value=BOOK]").check()
    await expect(page.locator("#results article")).to_have_count(1)
    await page.go_back()
    await expect(page.locator("#results article")).to_have_count(2)
    await page.go_forward()
    await expect(page.locator("#results .chip")).to_have_count(1)
    await screen.picture("search-narrowed-km")

    await page.locator("#keep summary").click()
    await page.locator("#search-name").fill("ទន្លេ")
    await page.locator("#keep form[action='/search/saved'] button").click()
    await page.wait_for_url("**/search?*kind=BOOK*")
    await page.goto(f"{screen.address}/")
    page = await screen.open("/search")
    await page.locator("#keep form[action$='/open'] button").click()
    await expect(page.locator("#results article")).to_have_count(1)

    await page.locator("#results h2 a").click()
    await page.wait_for_url(f"**/works/{river}*")
    alike = page.locator(f"main a[href^='/works/{others[0]}']")
    await expect(alike.first).to_be_visible()
    await screen.accessible()
    await page.go_back()
    await expect(page.locator("#results article")).to_have_count(1)

    await screen.becomes_phone()
    await screen.open("/search?q=zzzz")
    await expect(page.locator("#results .empty")).to_be_visible()
    await page.locator("[data-dialog=facets-phone]").click()
    await expect(page.locator("#p-facets")).to_be_visible()
    await screen.picture("search-filters-km")
    await screen.accessible()


async def test_a_house_translates_reviews_and_exports(
    api: Api, screens: Screens, house: Actor, database: TestDatabase, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "CHUNK", 2)
    for title, words in (("报价", "我们接受您的报价。"), ("谢谢", "谢谢。"), ("首印", "首印3,000册。")):
        await catalog.work(api.runtime, house, title, description=words)
    database.rows("DELETE FROM procrastinate_jobs WHERE task_name = 'translation.draft' RETURNING 1")
    screen = await screens(house, language="zh")
    page = await screen.open("/translation/batches")
    for box in await page.locator("input[name=language]").all():
        await box.set_checked(await box.get_attribute("value") == "en")
    await page.locator("form[method=post] button.main-act").click()
    await page.wait_for_url("**/translation/batches/*-*")
    await page.locator("form[action$='/pause'] button").click()
    await expect(page.locator("form[action$='/resume'] button")).to_be_visible()
    await work_off()
    assert database.rows("SELECT count(*) FROM renderings WHERE language = 'en'") == [(0,)], "a paused list rests"
    await screen.accessible()
    await page.locator("form[action$='/resume'] button").click()
    await expect(page.locator("#run[hx-get]")).to_be_attached()
    while database.rows("SELECT 1 FROM translation_batches WHERE status = 'RUNNING'"):
        await work_off()
        await asyncio.sleep(0.05)
    await expect(page.locator("#run[hx-get]")).to_have_count(0)
    await screen.picture("batch-done-zh")

    page = await screen.open("/translation?language=en&purpose=DESCRIPTION")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/translation/*-*/en*")
    first = page.url
    await page.keyboard.press("j")
    await page.wait_for_url(lambda url: url != first)
    await page.keyboard.press("k")
    await page.wait_for_url(first)
    field = page.locator("#text")
    await page.keyboard.press("e")
    await expect(field).to_be_focused()
    await field.fill("First printing of 300 copies.")
    await expect(page.locator("#findings .answered")).not_to_have_count(0)
    await expect(page.locator("#reason")).to_be_visible()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#reason")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#reason")).to_be_focused()
    screen.complaints[:] = [said for said in screen.complaints if "422" not in said]
    assert await field.input_value() == "First printing of 300 copies.", "what was typed is still there"
    await screen.picture("review-reason-zh")
    await screen.accessible()
    await page.locator("#reason").fill("合同已改为三百册。")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(lambda url: url != first)
    await page.goto(first)
    await expect(page.locator("[aria-labelledby=o]")).to_contain_text("合同已改为三百册。")
    await expect(page.locator("[aria-labelledby=o]")).to_contain_text("陈静")
    await page.keyboard.press("Escape")
    await page.wait_for_url("**/translation?*")

    page = await screen.open("/translation/quality")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await screen.picture("quality-zh")
    await screen.accessible()

    page = await screen.open("/exports")
    await page.locator("aside button.main-act").click()
    await expect(page.locator("#exports[hx-get]")).to_be_attached()
    await expect(page.locator("#exports progress")).to_be_visible()
    await work_off()
    link = page.locator("#exports a[download]")
    await expect(link).to_be_visible()
    async with page.expect_download() as started:
        await link.click()
    written = await (await started.value).path()
    titles = etree.parse(written).findall(".//{*}TitleText")
    assert {title.text for title in titles} >= {"报价", "谢谢", "首印"}
    await screen.accessible()
    await page.goto(f"{screen.address}/imports")
    await page.set_input_files("input[name=file]", written)
    await page.locator("form[enctype] button.main-act").click()
    await page.wait_for_url("**/imports/*-*")
    await work_off()
    await expect(page.locator("#run .figures")).to_contain_text("3")
    assert database.count("works") == 3, "what was taken out is known when it comes back"


async def test_a_label_brings_the_audio_that_its_feed_lacks(
    api: Api, screens: Screens, runtime: Runtime, work_off: WorkOff
) -> None:
    musician = await make.label(runtime)
    await make.allocate(runtime, musician.organization_id)
    phone = await screens(musician, language="lo", size=PHONE)
    page = await phone.open("/imports")
    feed = ern.build(message()).replace(b"AA6Q7", b"ZZ1AB")
    await page.set_input_files("input[name=file]", {"name": "feed.xml", "mimeType": "application/xml", "buffer": feed})
    await page.locator("form[enctype] button.main-act").click()
    await page.wait_for_url("**/imports/*-*")
    await work_off()
    await page.locator("form[action$='/apply'] button").click()
    await work_off()
    await phone.open("/releases")
    await page.locator("main a[href^='/releases/']:not([href$='/new'])").first.click()
    await page.locator("a[href$='/tracks/1/audio']").click()
    await page.wait_for_url("**/tracks/1/audio")
    await phone.picture("track-audio-lo")
    await phone.accessible()
    await page.set_input_files("#audio", {"name": "1.flac", "mimeType": "audio/flac", "buffer": sound(0.7)})
    await page.locator("form[enctype] button.main-act").click()
    await page.wait_for_url(lambda url: not url.endswith("/audio"))
    await expect(page.locator("main")).to_contain_text("FLAC")
    await expect(page.locator("a[href$='/tracks/1/audio']")).to_have_count(0)
