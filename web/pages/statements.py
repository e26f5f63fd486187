"""Statements: how much, why that much, from where?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from hub.i18n import Message, _, current_language, ngettext, pgettext
from hub.money import Money
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


@dataclass(frozen=True, slots=True)
class Total:
    """One row of a breakdown; `width` is in percent of the longest bar, None for what is several places together."""

    label: str
    amount: str
    width: float | None


def bars(totals: Sequence[Mapping[str, Any]], name: Callable[[Mapping[str, Any]], str], limit: int) -> list[Total]:
    """The largest totals, and all the others as one row: together they are what was earned."""
    longest = max((abs(int(item["amount"]["minor"])) for item in totals), default=0) or 1
    rows = [
        Total(name(item), item["amount"]["formatted"], round(100 * abs(int(item["amount"]["minor"])) / longest, 1))
        for item in totals[:limit]
    ]
    if others := totals[limit:]:
        together = Money(sum(int(item["amount"]["minor"]) for item in others), others[0]["amount"]["currency"])
        words = ngettext("%(count)s more", "%(count)s more", len(others))
        rows.append(Total(str(words), together.render(current_language(), in_column=True), None))
    return rows


def course(statement: Mapping[str, Any], all_of_them: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The payee's statements of the same length of period and in the same currency, oldest first, up to this one."""
    quarterly = "Q" in statement["period"]
    mine = [
        item
        for item in all_of_them
        if item["payee"] == statement["payee"]
        and item["earned"]["currency"] == statement["earned"]["currency"]
        and ("Q" in item["period"]) == quarterly
        and item["period"] <= statement["period"]
    ]
    return sorted(mine, key=lambda item: str(item["period"]))[-12:]


def drawn(before: Sequence[Mapping[str, Any]], width: int, height: int) -> charts.Chart:
    """What was earned period by period, in a drawing of `width` × `height` pixels."""
    return charts.bars(
        [int(item["earned"]["minor"]) for item in before],
        [facts.short_period(item["period"]) for item in before],
        [item["earned"]["formatted"] for item in before],
        width,
        height,
    )


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
    data = await page.ask("Statement", id=page.part("id"), first=20, after=page.query.get("after"))
    found = page.found(data["statement"])
    before = course(found, [edge["node"] for edge in (await page.ask("Earlier"))["statements"]["edges"]])
    return page.render(
        "pages/statement.html",
        statement=found,
        course=before,
        wide=drawn(before, 1120, 220),
        narrow=drawn(before, 330, 200),
        chain=chain(found),
        territories=bars(found["byTerritory"], lambda item: facts.territory(item["key"]), 8),
        channels=bars(found["byChannel"], lambda item: str(item["label"]), 6),
        titles=found["byTitle"],
        next=page.here(after=found["lines"]["pageInfo"]["endCursor"]),
    )
