"""Everything that went out, and each platform's answer."""

from __future__ import annotations

from starlette.responses import Response

from web.labels import STATES
from web.page import Page
from web.pages.releases import MOVING
from web.routing import Area

area = Area()


@area.get("/deliveries")
async def deliveries(page: Page) -> Response:
    status = page.query.get("status")
    data = await page.ask(
        "Deliveries",
        status=[status] if status in STATES["delivery"] else None,
        first=25,
        after=page.query.get("after"),
    )
    found = data["deliveries"]
    return page.render(
        "pages/deliveries.html",
        found=found,
        status=status,
        moving=any(edge["node"]["status"] in MOVING for edge in found["edges"]),
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post("/deliveries/{id:uuid}/retry")
async def retry(page: Page) -> Response:
    form = await page.form()
    await page.do("RetryDelivery", form, id=page.part("id"))
    return page.go(page.own_path(form.value("next") or "/deliveries"), "sending")
