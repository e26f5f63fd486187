"""Pages by keyboard alone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, SETTLED, Screens
from tests.client import Api
from tests.factories.accounts import actor

STOP = """() => {
  const now = document.activeElement;
  if (!now || now === document.body) return null;
  const seen = now.closest(".drop") || now, box = seen.getBoundingClientRect(), style = getComputedStyle(seen);
  const path = [];
  for (let at = now; at.parentElement; at = at.parentElement)
    path.unshift(at.tagName + [...at.parentElement.children].indexOf(at));
  return {path: path.join(">"), ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    inside: box.top >= 0 && box.bottom <= innerHeight && box.width > 0};
}"""


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


@pytest.mark.browser
async def test_every_stop_of_a_page_can_be_seen(api: Api, screens: Screens) -> None:
    """By Tab through a whole page: what has the focus is in the window, shows a ring, and none is visited twice."""
    screen = await screens(await actor(api.runtime))
    page = await screen.open("/settings")
    visited: list[str] = []
    while True:
        await page.keyboard.press("Tab")
        await page.evaluate(SETTLED)
        stop = await page.evaluate(STOP)
        if stop is None or stop["path"] in visited:
            break
        assert stop["ring"] >= 2, stop
        assert stop["inside"], stop
        visited.append(stop["path"])
    assert len(visited) > 15


@pytest.mark.browser
async def test_a_question_before_a_step_takes_the_focus_and_gives_it_back(api: Api, screens: Screens) -> None:
    screen = await screens(await actor(api.runtime, kind="OPERATOR"))
    page = await screen.open("/sales")
    await page.locator("#period").fill("2026-10")
    await page.locator("button.seal").focus()
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.closest('dialog')?.id") == "confirm"
    await page.keyboard.press("Escape")
    assert not await page.locator("#confirm").evaluate("dialog => dialog.open")
    assert await page.evaluate("document.activeElement.matches('button.seal')")


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/sign-in", "/offline", "/nothing-here"])
async def test_pages_without_an_account_satisfy_axe(screens: Screens, path: str) -> None:
    screen = await screens(language="th")
    await screen.page.goto(screen.address + path)
    await screen.accessible()
    screen.complaints[:] = [said for said in screen.complaints if "404" not in said]
