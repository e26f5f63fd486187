"""Making an offer and answering one with another: the same terms, the same form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from starlette.responses import Response

from hub.i18n import _
from hub.money import EXPONENTS
from web.forms import Form, percentage
from web.page import Page, Refused
from web.pages.scopes import SCOPE_NAMES, of_terms, scope_input
from web.pages.search import overviews
from web.pages.works import load, wanted
from web.routing import Area

area = Area()
NAMES = SCOPE_NAMES | {
    "advance": "advance",
    "royaltyPercent": "royalty",
    "minimumGuarantee": "guarantee",
    "expiresAt": "expires",
    "minor": "advance",
}
USUAL = {"currency": "USD"}
"""What a form proposes before anybody has named an amount."""


def terms_input(form: Form) -> dict[str, Any] | None:
    """`TermsInput` of the contract, or None with the wrong fields named."""
    scope = scope_input(form)
    advance, guarantee = form.money("advance"), form.money("guarantee")
    royalty, note = form.value("royalty"), form.value("note")
    percent = percentage(royalty)
    if royalty and percent is None:
        form.wrong("royalty", _("Enter a percentage such as 7 or 7.5."))
    if form.errors or scope is None:
        return None
    return {
        "scope": scope,
        "advance": advance,
        "royaltyPercent": None if percent is None else str(percent),
        "minimumGuarantee": guarantee,
        "note": note or None,
    }


def expiry(form: Form) -> str | None:
    """The moment after the last day on which an offer holds; None when no day was entered or it is wrong."""
    day = form.day("expires") if form.value("expires") else None
    return datetime.combine(day + timedelta(days=1), time(), UTC).isoformat() if day else None


@area.get("/works/{id:uuid}/offer")
async def offer_form(page: Page) -> Response:
    return await _offer(page, None)


async def _offer(page: Page, form: Form | None, status: int = 200) -> Response:
    work = await load(page, page.part("id"))
    overview = (await overviews(page, [work["id"]])).get(work["id"])
    page.place = "/search"
    return page.render(
        "pages/offer.html",
        status,
        work=work,
        negotiation=None,
        scope=wanted(page, work, overview),
        terms=None,
        form=form,
    )


@area.post("/works/{id:uuid}/offer")
async def make_offer(page: Page) -> Response:
    form = await page.form()
    work_id = page.part("id")
    terms = terms_input(form)
    expires = expiry(form)
    status = 422
    if terms is not None and not form.errors:
        try:
            data = await page.do(
                "MakeOffer",
                form,
                input={
                    "workId": work_id,
                    "terms": terms,
                    "message": form.value("message") or None,
                    "expiresAt": expires,
                },
            )
            return page.go(f"/negotiations/{data['makeOffer']['id']}", "offer")
        except Refused as refused:
            form.refuse(refused.refusal, NAMES)
            status = refused.refusal.status
    return await _offer(page, Form(form.sent, form.errors, form.general), status)


async def on_the_table(page: Page, negotiation_id: str) -> Mapping[str, Any]:
    data = await page.ask("Negotiation", id=negotiation_id)
    talk: Mapping[str, Any] = page.found(data["negotiation"])
    return talk


@area.get("/negotiations/{id:uuid}/counter")
async def counter_form(page: Page) -> Response:
    return await _counter(page, None)


async def _counter(page: Page, form: Form | None, status: int = 200) -> Response:
    talk = await on_the_table(page, page.part("id"))
    terms = talk["offers"][-1]["terms"]
    advance, guarantee, note = terms["advance"], terms["minimumGuarantee"], terms["note"]
    return page.render(
        "pages/offer.html",
        status,
        work=talk["work"],
        negotiation=talk,
        scope=of_terms(talk["work"]["kind"], terms["scope"]),
        terms={
            "advance": major(advance),
            "advance_currency": (advance or guarantee or USUAL)["currency"],
            "royalty": terms["royaltyPercent"] or "",
            "guarantee": major(guarantee),
            "guarantee_currency": (guarantee or advance or USUAL)["currency"],
            "note": (note["original"] or note)["text"] if note else "",
        },
        form=form,
    )


def major(money: Mapping[str, Any] | None) -> str:
    """An amount as a person types it: 550000 USD → 5500.00."""
    if money is None:
        return ""
    places = EXPONENTS[money["currency"]]
    digits = str(money["minor"]).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


@area.post("/negotiations/{id:uuid}/counter")
async def counter(page: Page) -> Response:
    form = await page.form()
    terms = terms_input(form)
    status = 422
    if terms is not None:
        try:
            await page.do(
                "CounterOffer", form, negotiationId=page.part("id"), terms=terms, message=form.value("message") or None
            )
            return page.go(f"/negotiations/{page.part('id')}", "offer")
        except Refused as refused:
            form.refuse(refused.refusal, NAMES)
            status = refused.refusal.status
    return await _counter(page, Form(form.sent, form.errors, form.general), status)
