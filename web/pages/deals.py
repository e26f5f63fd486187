"""A studio's deals: where does each stand, what is late?"""

from __future__ import annotations

from starlette.responses import Response

from web.labels import STATES
from web.page import Page
from web.routing import Area

area = Area()
STAGES = ("EXPLORING", "OFFERED", "NEGOTIATING", "SIGNING", "WON")
"""The lanes of the board; what was lost is in the list."""


@area.get("/deals")
async def deals(page: Page) -> Response:
    data = await page.ask("StudioDeals", first=100)
    found = [edge["node"] for edge in data["studioDeals"]["edges"]]
    view = "list" if page.query.get("view") == "list" else "board"
    only_late = page.query.get("late") == "yes"
    shown = [deal for deal in found if deal["late"]] if only_late else found
    return page.render(
        "pages/deals.html",
        summary=data["studioSummary"],
        totals={item["stage"]: item for item in data["studioSummary"]["stages"]},
        lanes={
            stage: [deal for deal in shown if deal["stage"] == stage]
            for stage in (STAGES if view == "board" else STATES["deal"])
        },
        view=view,
        stages=list(STATES["deal"]),
        only_late=only_late,
        all_path=page.here(late=None),
        late_path=page.here(late="yes"),
        board_path=page.here(view=None),
        list_path=page.here(view="list"),
    )


@area.post("/deals/{id:uuid}/move")
async def move(page: Page) -> Response:
    form = await page.form()
    await page.do(
        "MoveDeal",
        form,
        dealId=page.part("id"),
        stage=form.value("stage"),
        nextStep=form.value("next_step") or None,
        dueOn=form.value("due_on") or None,
    )
    return page.go("/deals", "saved")
