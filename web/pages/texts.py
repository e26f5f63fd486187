"""Texts in ten languages: where each rendering comes from, and a person who approves or corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hub.errors import NotFound
from web.forms import Form
from web.page import Page, Refused
from web.routing import Area

area = Area()
TO_CHECK = frozenset({"MACHINE", "OUTDATED", "CHECK_FAILED"})


async def table(page: Page, text_id: str) -> Mapping[str, Any]:
    """A text in all ten languages, with how many want a look and which can be drafted."""
    data = await page.ask("Renderings", textId=text_id)
    text: Mapping[str, Any] = page.found(data["textRenderings"])
    rows = text["renderings"]
    return {
        **text,
        "to_check": sum(row["status"] in TO_CHECK for row in rows),
        "to_draft": [row["language"] for row in rows if row["status"] == "NOT_TRANSLATED" and row["draftable"]],
    }


async def _row(page: Page) -> dict[str, Any]:
    """What the parts of one row need: the text, the row that the address names, and its source."""
    text = await table(page, page.part("text"))
    rows = {row["language"]: row for row in text["renderings"]}
    row = rows.get(page.part("language"))
    if row is None or not text["editable"]:
        raise page.refusing(NotFound())
    source = next((other for other in text["renderings"] if other["status"] == "ORIGINAL"), row)
    return {"text": text, "row": row, "source": source, "shown_as": "work"}


@area.get("/texts/{text:uuid}/{language}")
async def rendering_form(page: Page) -> Response:
    template = "parts/rendering_form.html" if page.is_fragment else "pages/rendering.html"
    return page.render(template, **await _row(page), form=None, back=page.own_path(page.query.get("back", "/works")))


@area.get("/texts/{text:uuid}/{language}/row")
async def rendering_row(page: Page) -> Response:
    """The row as it stands: what leaving the form without saving brings back."""
    context = await _row(page)
    return page.render("parts/rendering_row.html", **context, back=page.own_path(page.query.get("back", "/works")))


@area.post("/texts/{text:uuid}/drafts")
async def request_drafts(page: Page) -> Response:
    """Ask the engines for what is missing; the drafts come as jobs finish. Before `review`, whose address has this shape too."""
    form = await page.form()
    await page.do("RequestTranslation", form, textId=page.part("text"), languages=form.many("language"))
    return page.go(page.own_path(form.value("back") or "/works"), "drafts")


@area.post("/texts/{text:uuid}/{language}")
async def review(page: Page) -> Response:
    """A person approves the words as they are, or corrects them."""
    form = await page.form()
    fragment = page.is_fragment
    back = page.own_path(form.value("back") or "/works")
    try:
        await page.do(
            "ReviewText",
            form,
            textId=page.part("text"),
            language=page.part("language"),
            text=form.value("text"),
            reason=form.value("reason") or None,
        )
    except Refused as refused:
        form.refuse(refused.refusal)
        again = Form(form.sent, form.errors, form.general)
        template = "parts/rendering_form.html" if fragment else "pages/rendering.html"
        status = 200 if fragment else refused.refusal.status
        return page.render(template, status, **await _row(page), form=again, back=back)
    if not fragment:
        return page.go(back, "saved")
    return page.render("parts/rendering_row.html", **await _row(page), back=back)
