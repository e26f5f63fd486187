"""The story's pages, walked by its people; a picture of each, in their languages."""

from __future__ import annotations

import asyncio

import pytest

from hub.runtime import Runtime
from tests.browser.conftest import PHONE, Screens
from tests.client import Api
from tests.factories import catalog, marketplace
from tests.factories import release as make
from tests.factories.accounts import PASSWORD, Actor, actor
from tests.factories.catalog import Credit
from tests.factories.distribution import picture, sound

TITLES = {
    "en": "The Classic of Mountains and Seas",
    "th": "ซานไห่จิง คัมภีร์แห่งขุนเขาและท้องทะเล",
    "vi": "Sơn Hải Kinh",
    "km": "គម្ពីរភ្នំ និងសមុទ្រ",
    "my": "တောင်နှင့်ပင်လယ် ကျမ်း",
}
BLURBS = {
    "en": "A guide through the mountains and seas of the four quarters, with gods, plants and wondrous beasts.",
    "th": "คัมภีร์โบราณของจีนที่พาผู้อ่านท่องภูเขาและทะเลทั้งสี่ทิศ พบเทพเจ้า สมุนไพร และสัตว์วิเศษ",
}


@pytest.fixture
async def seller(api: Api) -> Actor:
    return await actor(api.runtime, name="guilin", country="CN", language="zh", person="陈静")


@pytest.fixture
async def buyer(api: Api) -> Actor:
    return await actor(api.runtime, name="lilavadi", kind="AGENCY", country="TH", language="th", person="พิมพ์ลดา")


@pytest.mark.browser
async def test_a_deal_on_two_screens(api: Api, screens: Screens, seller: Actor, buyer: Actor) -> None:
    work = await catalog.work(
        api.runtime,
        seller,
        "山海经",
        titles=TITLES,
        description="带领读者走遍四方山海的中国古书，记载神祇、草木与异兽。",
        descriptions=BLURBS,
        contributors=[Credit("Guo Pu", "ann", "郭璞")],
        year=-300,
        mandates=[catalog.scope(("PRINT", "EBOOK", "AUDIOBOOK"), ("WORLD",), without=("CN",))],
        holdbacks=[catalog.scope(("AUDIOBOOK",), ("TH", "VN"))],
    )
    bangkok = await screens(buyer, language="th")
    page = await bangkok.open("/search?q=สัตว์วิเศษ")
    for _attempt in range(50):
        if await page.locator("article").count():
            break
        await asyncio.sleep(0.2)
        await page.reload()
    await bangkok.picture("search-th-desktop")
    await bangkok.accessible()
    await page.locator("article h2 a").click()
    await page.wait_for_url(f"**/works/{work}")
    await bangkok.picture("work-th-desktop")
    await bangkok.accessible()
    await page.locator("#right-EBOOK, input[name=right][value=EBOOK]").first.check()
    await page.locator("form[hx-get*=availability] button").click()
    await page.locator("#answer a.seal").click()
    await page.wait_for_url("**/offer?**")
    await page.locator("#advance").fill("4000")
    await page.locator("#royalty").fill("7")
    await page.locator("#message").fill("เราจะพิมพ์ 3,000 เล่ม")
    await bangkok.picture("offer-th-desktop")
    await bangkok.accessible()
    await page.locator("button.seal").click()
    await page.wait_for_url("**/negotiations/*")
    talk = page.url.removeprefix(bangkok.address)

    guilin = await screens(seller, language="zh", size=PHONE)
    page = await guilin.open("/")
    await guilin.picture("home-zh-phone")
    await page.goto(f"{guilin.address}{talk}/counter")
    await page.locator("#advance").fill("5500")
    await page.locator("button.seal").click()
    await page.wait_for_url(f"**{talk}")
    await guilin.picture("negotiation-zh-phone")

    page = await bangkok.open(talk)
    await bangkok.picture("negotiation-th-desktop")
    await bangkok.accessible()
    await page.locator("aside button.seal").click()
    await page.locator("#confirm [data-yes]").click()
    await page.wait_for_url("**/contracts/*")
    contract = page.url.removeprefix(bangkok.address)
    for screen in (bangkok, guilin):
        page = await screen.open(contract)
        await page.locator("#password").fill(PASSWORD)
        await page.locator("#sign button.seal").click()
        await page.wait_for_selector("#sign", state="detached")
    await guilin.picture("contract-zh-phone")
    await guilin.accessible()
    await bangkok.picture("contract-th-desktop")


@pytest.mark.browser
async def test_an_album_is_published_from_a_phone(api: Api, runtime: Runtime, screens: Screens) -> None:
    musician = await make.label(runtime, person="韦小云")
    await make.allocate(runtime, musician.organization_id)
    await make.channel(runtime, (await make.operator(runtime)).organization_id)
    screen = await screens(musician, language="zh", size=PHONE)
    page = await screen.open("/releases/new")
    await page.locator("#title").fill("隔江弦歌")
    await page.locator("#artist").fill("韦小云")
    await page.locator("#release_date").fill("2026-11-27")
    await page.locator("#genre").fill("Folk")
    await page.locator("#cover").set_input_files(
        {"name": "cover.jpg", "mimeType": "image/jpeg", "buffer": picture(1400, 1400)}
    )
    assert await page.locator("[data-drop-name]").inner_text() == "cover.jpg"
    await page.locator("main form button.main-act").click()
    await page.wait_for_url("**/releases/*-*")
    release = page.url
    await page.goto(f"{release}/tracks/new")
    await page.locator("#title").fill("茉莉花")
    await page.locator("#audio").set_input_files({"name": "1.flac", "mimeType": "audio/flac", "buffer": sound(0.8)})
    await page.locator("main form button.main-act").click()
    await page.wait_for_url(release)
    await screen.picture("release-zh-phone-before")
    await screen.accessible()
    await page.locator("button.seal").click()
    await page.wait_for_selector("#platforms[hx-get]")
    await screen.picture("release-zh-phone-after")
    await screen.accessible()


@pytest.mark.browser
async def test_a_studio_signs_in_and_moves_its_deal(api: Api, screens: Screens, seller: Actor) -> None:
    studio = await actor(
        api.runtime, name="ha-noi", kind="STUDIO", country="VN", territories=["VN"], language="vi", person="minh"
    )
    work = await catalog.work(
        api.runtime, seller, "山海经", titles=TITLES, mandates=[catalog.scope(("PRINT",), ("WORLD",), without=("CN",))]
    )
    for name, country, language in (("song-lam", "VN", "vi"), ("rim-nan", "TH", "th")):
        asked = marketplace.scope(rights=["PRINT"], territories=[country], languages=[language])
        local = await actor(api.runtime, name=name, country=country, language=language)
        await marketplace.offer(api, local, str(work), terms=marketplace.terms(scope=asked))

    hanoi = await screens(language="vi")
    page = await hanoi.open("/sign-in")
    await page.locator("#email").fill(studio.email)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("main button.main-act").click()
    await page.wait_for_url(f"{hanoi.address}/")
    await hanoi.picture("studio-home-vi-desktop")
    page = await hanoi.open("/deals")
    tickets = page.locator("article.ticket")
    assert await tickets.count() == 1, "Thailand's deal is not Hanoi's"
    assert await page.locator("details.lane[data-tone] >> article.ticket").count() == 1
    await hanoi.accessible()
    await tickets.locator("summary").click()
    await tickets.locator("select").select_option("NEGOTIATING")
    await tickets.locator("input[name=next_step]").fill("Gọi lại cho Nhà sách Sông Lam")
    await tickets.locator("input[name=due_on]").fill("2026-12-01")
    await tickets.locator("form button").click()
    await page.wait_for_selector("text=Gọi lại cho Nhà sách Sông Lam")
    lane = page.locator("details.lane", has=page.locator("article.ticket"))
    assert "Thương lượng" in await lane.locator("h2").inner_text()
    await hanoi.picture("studio-deals-vi-desktop")
    await hanoi.becomes_phone()
    await hanoi.picture("studio-deals-vi-phone-dark")
