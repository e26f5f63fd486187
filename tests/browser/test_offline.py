"""Without a network a reader is told so in their language, by a page that the browser kept."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Screens


@pytest.mark.browser
async def test_a_lost_connection_is_said_in_the_readers_language(screens: Screens) -> None:
    screen = await screens(language="th")
    page = await screen.open("/sign-in")
    await page.evaluate("navigator.serviceWorker.ready")
    await page.wait_for_function("async () => Boolean(await caches.match('/offline'))")
    await screen.context.set_offline(True)
    await page.goto(f"{screen.address}/works")
    assert await page.locator("html").get_attribute("lang") == "th"
    assert await page.locator("main .empty h1").count() == 1
    screen.complaints.clear()
