"""The list of an organization's own works, drafts too."""

from __future__ import annotations

from starlette.responses import Response

from web.forms import Form
from web.labels import LABELS, STATES
from web.page import Page, Refused
from web.routing import Area

area = Area()
PAGE_SIZE = 25
FARTHEST_YEAR = 9999
NAMES = {
    "originalLanguage": "language",
    "contributors": "contributor",
    "name": "contributor",
    "role": "contributor",
    "identifiers": "identifier",
    "value": "identifier",
    "publicationYear": "year",
    "countryOfOrigin": "country",
}
"""The operation's fields of a work by the form's."""


@area.get("/works")
async def catalogue(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, form: Form | None, code: int = 200) -> Response:
    status, kind = page.query.get("status"), page.query.get("kind")
    data = await page.ask(
        "MyWorks",
        query=page.query.get("find") or None,
        status=status if status in STATES["work_status"] else None,
        kind=kind if kind in LABELS["kind"] else None,
        first=PAGE_SIZE,
        after=page.query.get("after"),
    )
    works = data["myWorks"]
    return page.render(
        "pages/catalogue.html",
        code,
        works=works,
        status=status,
        form=form,
        next=page.here(after=works["pageInfo"]["endCursor"]),
    )


@area.post("/works/publish")
async def publish_drafts(page: Page) -> Response:
    form = await page.form()
    kind = form.value("kind")
    try:
        data = await page.do(
            "PublishDrafts", form, kind=kind if kind in LABELS["kind"] else None, query=form.value("find") or None
        )
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _list(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go("/works?status=PUBLISHED", "all-published" if data["publishDrafts"] else None)


@area.get("/works/new")
async def new_work_form(page: Page) -> Response:
    return page.render("pages/work_new.html", form=None, listed=None)


@area.post("/works/new")
async def new_work(page: Page) -> Response:
    form = await page.form()
    title = form.value("title")
    contributors = [
        {"name": name, "role": role} for name, role in form.lines("contributor", "contributor", "role") if name.strip()
    ]
    isbn = form.value("identifier")
    try:
        data = await page.do(
            "CreateWork",
            form,
            evenIfAlike=form.flag("another"),
            input={
                "kind": form.value("kind"),
                "originalLanguage": form.value("language"),
                "title": title,
                "description": form.value("description") or None,
                "contributors": contributors or None,
                "identifiers": [{"scheme": form.value("scheme"), "value": isbn}] if isbn else None,
                "publicationYear": form.number("year", least=-FARTHEST_YEAR, most=FARTHEST_YEAR, optional=True),
                "countryOfOrigin": form.value("country") or None,
            },
        )
    except Refused as refused:
        form.refuse(refused.refusal, NAMES)
        params = refused.refusal.params
        return page.render(
            "pages/work_new.html",
            refused.refusal.status,
            form=Form(form.sent, form.errors, form.general),
            listed=params if "workId" in params and "title" in params else None,
        )
    return page.go(f"/works/{data['createWork']['id']}", "saved")
