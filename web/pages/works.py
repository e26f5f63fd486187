"""A work: what is free where; for the seller what is theirs to sell, for the buyer whether they can have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from hub.i18n import Message, _
from web import facts
from web.forms import Form
from web.page import Page, Refused
from web.pages.scopes import SCOPE_NAMES, ScopeFields, as_address, as_form, proposal, scope_input
from web.pages.search import overviews
from web.pages.texts import table
from web.routing import Area

area = Area()
ENTRIES = ("mandate", "holdback", "license")


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something that already takes rights away: a license, a holdback, an offer that is talked about."""

    icon: str
    done: bool
    heading: str
    words: str
    when: str | Message
    href: str | None = None


async def load(page: Page, work_id: str) -> Mapping[str, Any]:
    data = await page.ask("Work", id=work_id)
    work: Mapping[str, Any] = page.found(data["work"])
    return work


@area.get("/works/{id:uuid}")
async def show(page: Page) -> Response:
    work = await load(page, page.part("id"))
    overview = (await overviews(page, [work["id"]])).get(work["id"])
    if overview and not work["editable"]:
        page.place = "/search"
        overview = {**overview, "rights": [right for right in overview["rights"] if facts.is_offered(right)]}
    rights = [item["right"] for item in overview["rights"]] if overview else []
    asked = page.query.get("right")
    context: dict[str, Any] = {
        "work": work,
        "samples": (await page.ask("Samples", workId=work["id"]))["samples"],
        "overview": overview or {"rights": []},
        "offers": any(facts.is_offered(right) for right in overview["rights"]) if overview else False,
        "chosen": asked if asked in rights else (rights[0] if rights else None),
        "territory": page.country,
        "here": facts.here(overview, page.country) if overview else None,
        "form": None,
    }
    if work["editable"]:
        described = work["description"]
        context |= {
            "titles": await table(page, work["title"]["textId"]),
            "descriptions": await table(page, described["textId"]) if described else None,
            "commitments_list": commitments(await page.ask("WorkCommitments", id=work["id"])),
        }
    else:
        similar = await page.glance("SimilarWorks", workId=work["id"], territory=page.country)
        context |= {"scope": wanted(page, work, overview), "answer": None}
        context |= {"similar": similar["similarWorks"] if similar else ()}
    return page.render("pages/work.html", **context)


def wanted(page: Page, work: Mapping[str, Any], overview: Mapping[str, Any] | None) -> ScopeFields:
    """What a buyer may ask for: the rights that are offered, from the address or the first that is free for them."""
    scope = proposal(work["kind"], page.country, page.language, page.request.query_params)
    if overview is None:
        return scope
    listed = [right["right"] for right in overview["rights"] if facts.is_offered(right)]
    offered = [right for right in scope.offered if right in listed]
    asked = [right for right in page.many("right") if right in offered]
    here = facts.here(overview, page.country)
    free = [right for state in ("free", "part") for right in offered if right in here[state]]
    return replace(scope, offered=offered, rights=asked or (free or offered)[:1])


def commitments(owned: Mapping[str, Any]) -> list[Commitment]:
    """Offers, holdbacks and licenses of a work, what is still open first."""
    found = []
    for edge in owned["negotiations"]["edges"]:
        talk = edge["node"]
        scope = talk["offers"][-1]["terms"]["scope"]
        buyer = talk["buyer"]["name"]["text"]
        found.append(
            _commitment(
                "talk",
                False,
                scope,
                str(_("Under negotiation with %(buyer)s", buyer=buyer)),
                f"/negotiations/{talk['id']}",
            )
        )
    for holdback in owned["work"]["holdbacks"]:
        closed = holdback["scope"]
        found.append(Commitment("clock", False, _asked(closed), str(_("Held back")), facts.term(closed["period"])))
    for license_ in owned["licenses"]:
        found.append(_commitment("seal", license_["status"] == "ACTIVE", license_["scope"], license_["licensee"]))
    return found


def _commitment(icon: str, done: bool, scope: Mapping[str, Any], words: str, href: str | None = None) -> Commitment:
    return Commitment(icon, done, _summary(scope), words, facts.term(scope["period"]), href)


@area.get("/works/{id:uuid}/availability")
async def availability(page: Page) -> Response:
    """Is this scope free? The verdict with its reasons, as a part of the page or as a page of its own."""
    work = await load(page, page.part("id"))
    if not work["editable"]:
        page.place = "/search"
    form = as_form(page.request.query_params)
    scope = scope_input(form) if form.sent else None
    answer = None
    if scope is not None:
        try:
            answer = (await page.ask("Availability", workId=work["id"], scope=scope))["availability"]
        except Refused as refused:
            if refused.refusal.code != "INVALID":
                raise
            form.refuse(refused.refusal, SCOPE_NAMES)
    return page.render(
        "parts/availability.html" if page.is_fragment else "pages/availability.html",
        work=work,
        form=form,
        answer=answer,
        query=as_address(form),
        summary=_summary(scope) if scope else "",
        scope=proposal(work["kind"], page.country, page.language, page.request.query_params),
    )


def _summary(scope: Mapping[str, Any]) -> str:
    return f"{_asked(scope)} · {_('exclusive') if scope['exclusive'] else _('non-exclusive')}"


def _asked(scope: Mapping[str, Any]) -> str:
    """Rights, territories and languages: what a holdback closes, which is neither exclusive nor not."""
    return " · ".join(
        (
            facts.labels(scope["rights"], "right"),
            facts.territories(scope["territories"]),
            facts.languages(scope["languages"]),
        )
    )


@area.post("/works/{id:uuid}/publish")
async def publish(page: Page) -> Response:
    form = await page.form()
    work_id = page.part("id")
    await page.do("PublishWork", form, id=work_id)
    return page.go(f"/works/{work_id}", "published")


@area.post("/works/{id:uuid}/withdraw")
async def withdraw(page: Page) -> Response:
    form = await page.form()
    work_id = page.part("id")
    await page.do("WithdrawWork", form, id=work_id)
    return page.go(f"/works/{work_id}", "saved")


@area.post("/works/{id:uuid}/cover")
async def set_cover(page: Page) -> Response:
    form = await page.form()
    work_id = page.part("id")
    await page.do("SetCover", form, workId=work_id, file=form.file("file"))
    return page.go(f"/works/{work_id}", "saved")


# ------------------------------------------------------------------ rights in


@area.get("/works/{id:uuid}/rights")
async def rights_form(page: Page) -> Response:
    return await _rights(page, None)


async def _rights(page: Page, form: Form | None, status: int = 200) -> Response:
    work = await load(page, page.part("id"))
    owned = page.found((await page.ask("WorkRightsIn", id=work["id"]))["work"])
    return page.render(
        "pages/work_rights.html",
        status,
        work=work,
        mandates=owned["mandates"],
        holdbacks=owned["holdbacks"],
        scope=proposal(work["kind"], page.country, "every"),
        form=form,
        entry=form.value("entry") if form else page.query.get("entry", "mandate"),
    )


@area.post("/works/{id:uuid}/rights")
async def enter_rights(page: Page) -> Response:
    """A mandate, a holdback, or a license agreed outside the hub: one scope, three meanings."""
    form = await page.form()
    work_id = page.part("id")
    entry = form.choice("entry", ENTRIES)
    scope = scope_input(form)
    if scope is None or form.errors:
        return await _rights(page, Form(form.sent, form.errors, form.general), 422)
    try:
        if entry == "holdback":
            await page.do("AddHoldback", form, workId=work_id, scope=scope, note=form.value("note") or None)
        elif entry == "license":
            await page.do("RecordLicense", form, workId=work_id, scope=scope, licensee=form.value("licensee"))
        else:
            await page.do("AddMandate", form, workId=work_id, scope=scope)
    except Refused as refused:
        form.refuse(refused.refusal, SCOPE_NAMES)
        return await _rights(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/works/{work_id}", "saved")
