"""Home: what must I do today? For each kind of organization its own work first."""

from __future__ import annotations

from starlette.responses import Response

from web.page import Page
from web.routing import Area

area = Area()
OPERATIONS = {
    "PUBLISHER": "HomeOfSeller",
    "AGENCY": "HomeOfTrader",
    "LABEL": "HomeOfLabel",
    "STUDIO": "HomeOfStudio",
    "PLATFORM": "HomeOfTrader",
    "OPERATOR": "HomeOfOperator",
}


@area.get("/")
async def home(page: Page) -> Response:
    viewer = await page.recognize()
    kind = viewer["organization"]["kind"]
    data = await page.ask(OPERATIONS[kind])
    return page.render(f"pages/home_{kind.lower()}.html", me=viewer, data=data)
