"""What a page weighs, what it keeps for the next one, and whether it stands still while it loads."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, Screens
from tests.client import Api
from tests.factories import catalog
from tests.factories.accounts import actor

FIRST_VISIT = 600_000
"""Bytes over the wire for a first page with everything that it needs: ten seconds on a slow 3G line."""
FETCHED = """() => performance.getEntriesByType("resource").map((entry) => ({
  url: entry.name, bytes: entry.transferSize, blocking: entry.renderBlockingStatus === "blocking"}))"""
SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh", "th", "my", "km"])
async def test_pages_are_light_stand_still_and_fetch_once(api: Api, screens: Screens, language: str) -> None:
    who = await actor(api.runtime, language=language)
    work = await catalog.work(
        api.runtime, who, "山海经", contributors=[], mandates=[catalog.scope(("PRINT", "EBOOK"), ("WORLD",))]
    )
    screen = await screens(who, language=language, size=PHONE)
    page = await screen.open(f"/works/{work}")
    fetched = await page.evaluate(FETCHED)
    assert all(item["url"].startswith(screen.address) for item in fetched)
    assert sum(item["bytes"] for item in fetched) < FIRST_VISIT
    assert not any("fonts-zh" in item["url"] for item in fetched if item["blocking"])
    assert await page.evaluate(SHIFTED) < 0.1
    fetched = await (await screen.open(f"/works/{work}")).evaluate(FETCHED)
    assert [item["url"] for item in fetched if item["bytes"] and "/static/" in item["url"]] == []
    assert await page.evaluate(SHIFTED) < 0.1
