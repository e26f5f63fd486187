"""Ten scripts on the screen: fonts of our own, marks that do not collide, words that fit a phone."""

from __future__ import annotations

import pytest

from hub.i18n import LANGUAGES
from tests.browser.conftest import Screens

MARKED = {
    "th": ("ที", "ที่"),
    "lo": ("ທີ", "ທີ່"),
    "vi": ("Ê", "Ễ"),
    "km": ("ក", "ក្ដី"),
    "my": ("က", "ကြွေ"),
}
INK = """([text, language]) => {
  const canvas = document.createElement("canvas");
  canvas.width = 200; canvas.height = 200;
  const pen = canvas.getContext("2d");
  const box = document.createElement("span");
  box.lang = language; box.textContent = text; document.body.append(box);
  pen.font = `64px ${getComputedStyle(box).fontFamily}`;
  box.remove();
  pen.fillText(text, 40, 130);
  const dots = pen.getImageData(0, 0, 200, 200).data;
  let top = 200, bottom = 0;
  for (let y = 0; y < 200; y++) for (let x = 0; x < 200; x++)
    if (dots[4 * (200 * y + x) + 3] > 60) { top = Math.min(top, y); bottom = Math.max(bottom, y); }
  return bottom - top;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("language", MARKED)
async def test_stacked_marks_stand_on_top_of_each_other(screens: Screens, language: str) -> None:
    """Drawn by our own fonts, a letter with one more mark is higher (or deeper) than without."""
    screen = await screens(language=language)
    page = await screen.open("/sign-in")
    plain, marked = MARKED[language]
    await page.evaluate("(text) => document.fonts.load('64px \"Noto Sans\"', text)", marked)
    for family in ("Noto Sans Thai", "Noto Sans Lao", "Noto Sans Khmer", "Noto Sans Myanmar"):
        await page.evaluate("([family, text]) => document.fonts.load(`64px '${family}'`, text)", [family, marked])
    heights = [await page.evaluate(INK, [text, language]) for text in (plain, marked)]
    assert heights[1] > heights[0] + 4


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_entrance_fits_in_every_language(screens: Screens, language: str) -> None:
    screen = await screens(language=language)
    page = await screen.open("/sign-in")
    assert await page.locator("html").get_attribute("lang") == language
    await screen.picture(f"sign-in-{language}-desktop")
    await screen.becomes_phone()
    await screen.picture(f"sign-in-{language}-phone")


@pytest.mark.browser
async def test_fonts_come_from_here_and_only_those_a_page_shows(screens: Screens) -> None:
    screen = await screens(language="km")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    await screen.open("/sign-in")
    fonts = {url.rsplit("/", 1)[-1] for url in asked if url.endswith(".woff2")}
    assert any(name.startswith("noto-sans-khmer") for name in fonts)
    assert not any("serif-lao" in name for name in fonts)
    assert all(url.startswith(screen.address) for url in asked)
