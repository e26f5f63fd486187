"""Statements: how much, why that much, from where?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from hub.i18n import Message, _, pgettext
from web import charts, facts
from web.page import Page
from web.routing import Area

area = Area()


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain from what was earned to what is paid; `start` and `width` are in percent of the longest."""

    name: Message
    amount: str
    start: float
    width: float
    series: str


def chain(statement: Mapping[str, Any]) -> list[Link]:
    """Opening and earnings, less what is recouped and held, down to what is payable: it adds up before the reader."""
    minor = {name: int(statement[name]["minor"]) for name in ("opening", "earned", "recouped", "held", "payable")}
    longest = max(abs(minor["opening"]) + abs(minor["earned"]), abs(minor["payable"]), 1)

    def link(name: Message, key: str, start: int, series: str, sign: str = "") -> Link:
        width = min(100.0, 100 * abs(minor[key]) / longest)
        return Link(name, sign + statement[key]["formatted"], max(0.0, 100 * start / longest), width, series)

    after_recouped = minor["opening"] + minor["earned"] - minor["recouped"]
    return [
        link(_("Carried over"), "opening", 0, "c6"),
        link(_("Earned in this period"), "earned", minor["opening"], "c1"),
        link(_("Recouped against the advance"), "recouped", after_recouped, "c3", "−" if minor["recouped"] else ""),
        link(pgettext("money", "Held"), "held", after_recouped - minor["held"], "c6", "−" if minor["held"] else ""),
    ]


def bars(totals: Sequence[Mapping[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Totals with their length in percent of the largest."""
    largest = max((abs(int(item["amount"]["minor"])) for item in totals), default=0) or 1
    return [{**item, "width": round(100 * abs(int(item["amount"]["minor"])) / largest, 1)} for item in totals[:limit]]


def course(statement: Mapping[str, Any], all_of_them: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The payee's statements of the same length of period and in the same currency, oldest first, up to this one."""
    quarterly = "Q" in statement["period"]
    mine = [
        item
        for item in all_of_them
        if item["payee"] == statement["payee"]
        and item["earned"]["currency"] == statement["currency"]
        and ("Q" in item["period"]) == quarterly
        and item["period"] <= statement["period"]
    ]
    return sorted(mine, key=lambda item: str(item["period"]))[-12:]


@area.get("/statements")
async def statements(page: Page) -> Response:
    period = page.query.get("period") or None
    data = await page.ask("Statements", period=period, first=25, after=page.query.get("after"))
    found = data["statements"]
    return page.render(
        "pages/statements.html", found=found, period=period, next=page.here(after=found["pageInfo"]["endCursor"])
    )


@area.get("/statements/{id:uuid}")
async def statement(page: Page) -> Response:
    data = await page.ask("Statement", id=page.part("id"), first=50, after=page.query.get("after"))
    found = page.found(data["statement"])
    before = course(found, [edge["node"] for edge in (await page.ask("Earlier"))["statements"]["edges"]])
    values = [int(item["earned"]["minor"]) for item in before]
    labels = [facts.short_period(item["period"]) for item in before]
    words = [item["earned"]["formatted"] for item in before]
    return page.render(
        "pages/statement.html",
        statement=found,
        course=before,
        wide=charts.bars(values, labels, words, 1120, 220),
        narrow=charts.bars(values, labels, words, 330, 200),
        chain=chain(found),
        territories=bars(found["byTerritory"], 8),
        channels=bars(found["byChannel"], 6),
        titles=found["byTitle"],
        next=page.here(after=found["lines"]["pageInfo"]["endCursor"]),
    )
