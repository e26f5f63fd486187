"""Debian's chromium on the whole application, over a real socket; pictures of pages are kept in `shots/` (git ignores them)."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from hub.settings import ROOT
from tests.client import Api
from tests.conftest import needs
from tests.factories.accounts import Actor
from web.page import LANGUAGE, SESSION

CHROMIUM = shutil.which("chromium")
SHOTS = ROOT / "shots"
DESKTOP, PHONE = (1280, 900), (390, 844)
OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth;
  const beyond = [...document.querySelectorAll("main *, header *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > width + 1 && !element.closest(".tabs, .sr, .ridges, dialog, details:not([open])");
  });
  const cut = [...document.querySelectorAll(".card.flush > *")].filter(
    (part) => part.getBoundingClientRect().right > part.parentElement.getBoundingClientRect().right + 1);
  return [...beyond, ...cut].slice(0, 5).map((element) => `${element.tagName}.${element.className}`);
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
AXE = Axe()
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    needs(CHROMIUM is not None, "Debian's chromium is not here")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def address(api: Api) -> AsyncIterator[str]:
    """The application of `api`, listening."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(api.app, lifespan="off", log_level="error"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


@dataclass
class Screen:
    """A person at a browser. What the browser complains about fails the test when the screen is closed."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str]

    async def open(self, path: str) -> Page:
        answer = await self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        await self.page.evaluate("document.fonts.ready")
        return self.page

    async def picture(self, name: str) -> Path:
        """Keep a picture of the whole page; nothing may stand out of it sideways."""
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}.png"
        await self.page.screenshot(path=path, full_page=True)
        assert await self.page.evaluate(OVERFLOWING) == [], name
        return path

    async def accessible(self) -> None:
        """Nothing that axe-core objects to under WCAG 2.2 AA; afterwards the page is in the theme it was in."""
        dark = await self.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        await self._satisfies({"runOnly": RULES, "resultTypes": ["violations"]})
        await self.page.emulate_media(color_scheme="light" if dark else "dark")
        await self.page.evaluate(SETTLED)
        await self._satisfies({"runOnly": ["color-contrast"], "resultTypes": ["violations"]})
        await self.page.emulate_media(color_scheme="dark" if dark else "light")

    async def _satisfies(self, options: dict[str, Any]) -> None:
        found = await AXE.run(self.page, options=options)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    async def becomes_phone(self) -> None:
        """The same page at once as a phone at night shows it."""
        await self.page.emulate_media(color_scheme="dark")
        await self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    async def becomes_desktop(self) -> None:
        await self.page.emulate_media(color_scheme="light")
        await self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


class Screens:
    """Opens screens for people and sizes."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.open: list[Screen] = []

    async def __call__(
        self,
        who: Actor | None = None,
        *,
        language: str = "en",
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
    ) -> Screen:
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            has_touch=size is PHONE,
            reduced_motion="reduce",
            locale=language,
        )
        cookies: list[Any] = [{"name": LANGUAGE, "value": language, "url": self.address}]
        if who:
            cookies.append({"name": SESSION, "value": who.token, "url": self.address})
        await context.add_cookies(cookies)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        screen = Screen(context, page, self.address, complaints)
        self.open.append(screen)
        return screen


@pytest.fixture
async def screens(chromium: Browser, address: str) -> AsyncIterator[Screens]:
    opened = Screens(chromium, address)
    yield opened
    for screen in opened.open:
        await screen.context.close()
    assert [complaint for screen in opened.open for complaint in screen.complaints] == []
