"""A negotiation: what changed, is it still free, what do I answer, until when?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from hub.i18n import Message, _
from web import facts
from web.forms import Form
from web.labels import STATES, label
from web.page import Page, Refused
from web.pages.offers import on_the_table
from web.routing import Area

area = Area()
STEPS = (_("Offer"), _("Negotiation"), _("Agreement"), _("Contract signed"))
STEP_OF = {"OPEN": 2, "AGREED": 4, "SIGNED": 5}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a compared value: kept, taken out (`del`) or put in (`ins`)."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One term in two versions."""

    name: Message
    before: list[Part]
    after: list[Part]
    changed: bool


def compare(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Row]:
    """The terms of two versions side by side; without `before`, the first version alone."""
    old, new = (_facts(terms) if terms else None for terms in (before, after))
    rows = []
    for place, (name, values) in enumerate(new or []):
        was = old[place][1] if old else values
        if not values and not was:
            continue
        rows.append(
            Row(
                name,
                [Part("" if item in values else "del", item) for item in was] or [Part("", "—")],
                [Part("" if item in was else "ins", item) for item in values] or [Part("", "—")],
                list(was) != list(values),
            )
        )
    return rows


def _facts(terms: Mapping[str, Any]) -> list[tuple[Message, list[str]]]:
    scope = terms["scope"]
    money = [(_("Advance"), terms["advance"]), (_("Minimum guarantee"), terms["minimumGuarantee"])]
    territories = scope["territories"]
    return [
        (_("Rights"), [label("right", right) for right in scope["rights"]]),
        (
            _("Territory"),
            [facts.territories(territories)]
            if len(territories) > 8
            else [facts.territory(code) for code in territories],
        ),
        (
            _("Languages"),
            [facts.languages(None)]
            if scope["languages"] is None
            else [facts.language(tag) for tag in scope["languages"]],
        ),
        (_("Term"), [facts.term(scope["period"])]),
        (_("Exclusivity"), [str(_("Exclusive") if scope["exclusive"] else _("Non-exclusive"))]),
        *((name, [amount["formatted"]] if amount else []) for name, amount in money),
        (_("Royalty"), [facts.percent(terms["royaltyPercent"])] if terms["royaltyPercent"] else []),
        (_("Special terms"), [terms["note"]["text"]] if terms["note"] else []),
    ]


@area.get("/negotiations")
async def negotiations(page: Page) -> Response:
    status = page.query.get("status")
    data = await page.ask(
        "Negotiations",
        status=[status] if status in STATES["negotiation"] else None,
        first=25,
        after=page.query.get("after"),
    )
    found = data["negotiations"]
    return page.render(
        "pages/negotiations.html",
        found=found,
        status=status,
        me=page.organization_id,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.get("/negotiations/{id:uuid}")
async def negotiation(page: Page) -> Response:
    return await _show(page, None)


async def _show(page: Page, form: Form | None, status: int = 200) -> Response:
    talk = await on_the_table(page, page.part("id"))
    offers: Sequence[Mapping[str, Any]] = sorted(talk["offers"], key=lambda offer: offer["version"])
    latest = offers[-1]
    with_version = page.query.get("with", "")
    before = next((offer for offer in offers[:-1] if str(offer["version"]) == with_version), None)
    before = before or (offers[-2] if len(offers) > 1 else None)
    rows = compare(before["terms"] if before else None, latest["terms"])
    me = page.organization_id
    mine_to_answer = talk["status"] == "OPEN" and bool(talk["awaiting"]) and talk["awaiting"]["id"] == me
    answer = None
    if talk["status"] == "OPEN":
        scope = latest["terms"]["scope"]
        answer = (
            await page.ask(
                "Availability",
                workId=talk["work"]["id"],
                scope={key: scope[key] for key in ("rights", "territories", "languages", "period", "exclusive")},
            )
        )["availability"]
    return page.render(
        "pages/negotiation.html",
        status,
        talk=talk,
        offers=offers,
        latest=latest,
        before=before,
        rows=rows,
        changes=sum(row.changed for row in rows),
        me=me,
        mine_to_answer=mine_to_answer,
        side=_("seller") if talk["seller"]["id"] == me else _("buyer"),
        other=talk["buyer"] if talk["seller"]["id"] == me else talk["seller"],
        answer=answer,
        steps=STEPS,
        step=STEP_OF.get(talk["status"], 2),
        form=form,
    )


@area.get("/negotiations/{id:uuid}/news")
async def news(page: Page) -> Response:
    """What a page that stays open asks now and then: a note when something has come since it was read."""
    talk = page.found((await page.ask("NegotiationNews", id=page.part("id")))["negotiation"])
    newest = max(offer["version"] for offer in talk["offers"])
    seen = {name: page.query.get(name, "") for name in ("status", "version", "messages")}
    now = {"status": talk["status"], "version": str(newest), "messages": str(len(talk["messages"]))}
    return page.render(
        "parts/negotiation_news.html",
        negotiation_id=page.part("id"),
        query=urlencode(seen),
        offer=newest if now["version"] != seen["version"] else None,
        changed=now != seen,
    )


@area.post("/negotiations/{id:uuid}/withdraw")
async def withdraw(page: Page) -> Response:
    form = await page.form()
    await page.do("WithdrawOffer", form, negotiationId=page.part("id"))
    return page.go(f"/negotiations/{page.part('id')}", "withdrawn")


@area.post("/negotiations/{id:uuid}/accept")
async def accept(page: Page) -> Response:
    """Accept the version that was read, not one that came in the meantime: its id is in the form."""
    form = await page.form()
    try:
        data = await page.do("AcceptOffer", form, negotiationId=page.part("id"), offerId=form.value("offer"))
    except Refused as refused:
        return await _show(page, Form(form.sent, {}, refused.refusal.message), refused.refusal.status)
    contract = data["acceptOffer"]["contract"]
    return page.go(f"/contracts/{contract['id']}" if contract else f"/negotiations/{page.part('id')}", "accepted")


@area.post("/negotiations/{id:uuid}/decline")
async def decline(page: Page) -> Response:
    form = await page.form()
    await page.do("DeclineOffer", form, negotiationId=page.part("id"), reason=form.value("reason") or None)
    return page.go(f"/negotiations/{page.part('id')}", "declined")


@area.post("/negotiations/{id:uuid}/messages")
async def write(page: Page) -> Response:
    form = await page.form()
    try:
        await page.do("SendMessage", form, negotiationId=page.part("id"), text=form.value("text"))
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _show(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/negotiations/{page.part('id')}#talk", "message")
