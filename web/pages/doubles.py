"""Records that may be works that are listed already: side by side, and what a person says of them."""

from __future__ import annotations

from starlette.responses import Response

from web.forms import Form
from web.page import Page, Refused
from web.routing import Area

area = Area()
PAGE_SIZE = 20
EQUAL = 100
DECISIONS = ("MERGE", "LIST", "LEAVE_OUT")


@area.get("/doubles")
async def doubles(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("PossibleDoubles", least=0, first=PAGE_SIZE, after=page.query.get("after"))
    found = data["possibleDoubles"]
    equal = (await page.ask("EqualDoubles"))["possibleDoubles"]["totalCount"]
    return page.render(
        "pages/doubles.html",
        status,
        found=found,
        equal=equal,
        form=form,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post("/doubles")
async def decide(page: Page) -> Response:
    form = await page.form()
    decision = form.choice("decision", DECISIONS)
    if form.errors:
        return await _list(page, Form(form.sent, form.errors, form.sentences[0]), 422)
    try:
        await page.do("DecideDoubles", form, ids=form.many("id"), decision=decision)
    except Refused as refused:
        return await _list(page, Form(form.sent, {}, refused.refusal.message), refused.refusal.status)
    return page.go("/doubles", "saved")


@area.post("/doubles/equal")
async def merge_equal(page: Page) -> Response:
    """Merge everything whose title is the same to the letter; a job does it."""
    form = await page.form()
    await page.do("DecideAllDoubles", form, decision="MERGE", least=EQUAL)
    return page.go("/doubles", "saved")
