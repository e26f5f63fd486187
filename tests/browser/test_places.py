"""Every place of every kind of organization: it fits desktop and phone, and axe-core finds nothing, light or dark."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Screens
from tests.client import Api
from tests.factories import marketplace
from tests.factories.accounts import actor

PLACES = {
    "guilin": (
        "PUBLISHER",
        "zh",
        "CN",
        (
            "/",
            "/works",
            "/works/new",
            "/search",
            "/negotiations",
            "/contracts",
            "/imports",
            "/settings",
            "/translation/glossary?find=royal",
            "/translation/memory",
            "/translation/files",
        ),
    ),
    "lilavadi": ("AGENCY", "th", "TH", ("/", "/search", "/settings/people")),
    "yongjiang": ("LABEL", "my", "MM", ("/", "/releases", "/releases/new", "/deliveries", "/statements")),
    "studio-ha-noi": ("STUDIO", "vi", "VN", ("/", "/deals", "/deals?view=list")),
    "rumduol": ("PLATFORM", "km", "KH", ("/", "/search")),
    "banmao": ("OPERATOR", "lo", "LA", ("/", "/sales", "/deliveries", "/statements")),
}


@pytest.mark.browser
@pytest.mark.parametrize("name", PLACES)
async def test_every_place_of_every_kind_fits_desktop_and_phone(api: Api, screens: Screens, name: str) -> None:
    kind, language, country, paths = PLACES[name]
    who = await actor(
        api.runtime,
        name=name,
        kind=kind,
        country=country,
        language=language,
        territories=[country] if kind == "STUDIO" else (),
    )
    if kind == "PUBLISHER":
        await marketplace.work(api, who)
    screen = await screens(who, language=language)
    for path in paths:
        await screen.becomes_desktop()
        page = await screen.open(path)
        assert await page.locator("h1").count() == 1, path
        place = path.strip("/").replace("/", "-").split("?")[0] or "home"
        await screen.picture(f"{kind.lower()}-{place}-{language}-desktop")
        await screen.accessible()
        await screen.becomes_phone()
        await screen.picture(f"{kind.lower()}-{place}-{language}-phone")
