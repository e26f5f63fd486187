"""A studio's deals: where does each stand, what is late?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from hub.i18n import Message, _
from web import facts
from web.labels import STATES, state
from web.page import Page
from web.routing import Area

area = Area()
STAGES = ("EXPLORING", "OFFERED", "NEGOTIATING", "SIGNING", "WON")
"""The lanes of the board; what was lost is in the list."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage and what its deals come to; `width` is in percent of the longest bar."""

    label: Message
    amount: str
    width: float


@dataclass(frozen=True, slots=True)
class Plot:
    heading: Message
    rows: list[Bar]


def plotted(summary: Mapping[str, Any]) -> Plot | None:
    """The board's stages beside each other: by value where all deals are in one currency, else by their number."""
    totals = {item["stage"]: item for item in summary["stages"]}
    values = [value for stage in STAGES if stage in totals for value in totals[stage]["value"]]
    currencies = {value["currency"] for value in values}
    by_value = len(currencies) == 1

    def size(stage: str) -> int:
        if stage not in totals:
            return 0
        return sum(int(value["minor"]) for value in totals[stage]["value"]) if by_value else totals[stage]["count"]

    longest = max(map(size, STAGES))
    if not longest:
        return None

    def words(stage: str) -> str:
        if not by_value:
            return facts.number(size(stage))
        return facts.sums(totals[stage]["value"]) if size(stage) else "—"

    heading = (
        _("Value by stage, %(currency)s", currency=facts.currency(*currencies)) if by_value else _("Deals by stage")
    )
    return Plot(
        heading,
        [Bar(state("deal", stage).label, words(stage), round(100 * size(stage) / longest, 1)) for stage in STAGES],
    )


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
        stages_plot=plotted(data["studioSummary"]),
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
