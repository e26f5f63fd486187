"""Pages by keyboard alone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, Screens
from tests.client import Api
from tests.factories.accounts import actor


@pytest.mark.browser
async def test_the_first_stop_leads_past_the_frame(api: Api, screens: Screens) -> None:
    screen = await screens(await actor(api.runtime))
    page = await screen.open("/settings")
    await page.keyboard.press("Tab")
    assert await page.locator(":focus").get_attribute("class") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


@pytest.mark.browser
async def test_a_menu_opens_closes_and_gives_the_focus_back(api: Api, screens: Screens) -> None:
    screen = await screens(await actor(api.runtime, language="vi"))
    page = await screen.open("/settings")
    menu = page.locator("details.menu").first
    await menu.locator("summary").focus()
    await page.keyboard.press("Enter")
    assert await menu.evaluate("menu => menu.open")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    assert not await menu.evaluate("menu => menu.open")
    assert await page.evaluate("document.activeElement.tagName") == "SUMMARY"
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="ខ្មែរ").click()
    await page.wait_for_url("**/settings")
    assert await page.locator("html").get_attribute("lang") == "km"


@pytest.mark.browser
async def test_the_look_changes_at_once_and_stays(api: Api, screens: Screens) -> None:
    screen = await screens(await actor(api.runtime))
    page = await screen.open("/settings")
    await page.locator("summary.person").click()
    async with page.expect_response("**/theme"):
        await page.get_by_role("button", name="Dark").click()
    assert await page.locator("html").get_attribute("data-theme") == "dark"
    await page.reload()
    assert await page.locator("html").get_attribute("data-theme") == "dark"
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 18, 21)"


@pytest.mark.browser
async def test_a_refused_form_has_the_focus_on_the_first_wrong_field(screens: Screens) -> None:
    screen = await screens(size=PHONE)
    page = await screen.open("/sign-in")
    await page.get_by_label("E-mail").fill("nobody@nowhere.example")
    await page.get_by_label("Password").fill("not-the-password")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[aria-invalid]")
    assert await page.evaluate("document.activeElement.id") == "password"
    screen.complaints[:] = [said for said in screen.complaints if "401" not in said]
