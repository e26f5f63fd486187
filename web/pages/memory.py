"""The memory: what was said before, searched, corrected, taken out; lent to all or not."""

from __future__ import annotations

from starlette.responses import Response

from hub.i18n import LANGUAGES
from web.forms import Form
from web.page import Page, Refused
from web.routing import Area

area = Area()
PAGE_SIZE = 25
HERE = "/translation/memory"
OWNERS = ("OWN", "SHARED")


@area.get(HERE)
async def memory(page: Page) -> Response:
    return await _list(page)


async def _list(page: Page, wrong: dict[str, Form] | None = None, status: int = 200) -> Response:
    """`wrong`: the form of an entry that was refused, by the entry's id."""
    source, target, owner = (page.query.get(name, "") for name in ("from", "into", "owner"))
    words = page.query.get("find", "").strip()
    chosen = {
        "source": source if source in LANGUAGES else None,
        "target": target if target in LANGUAGES else None,
        "owner": owner if owner in OWNERS else None,
    }
    data = await page.ask(
        "Memory",
        query=words[:200] or None,
        sourceLanguage=chosen["source"],
        targetLanguage=chosen["target"],
        owner=chosen["owner"],
        first=PAGE_SIZE,
        after=page.query.get("after"),
    )
    similar = []
    if words and chosen["source"] and chosen["target"] and source != target:
        asked = {"text": words, "sourceLanguage": source, "targetLanguage": target}
        similar = (await page.ask("SimilarInMemory", **asked))["memorySuggestions"]
    found = data["memoryEntries"]
    return page.render(
        "pages/memory.html",
        status,
        found=found,
        settings=data["memorySettings"],
        similar=similar,
        chosen=chosen,
        find=words,
        wrong=wrong or {},
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post(HERE + "/{id:uuid}")
async def correct(page: Page) -> Response:
    form = await page.form()
    try:
        await page.do("CorrectMemoryEntry", form, id=page.part("id"), target=form.value("target"))
    except Refused as refused:
        form.refuse(refused.refusal)
        sent = Form(form.sent, form.errors, form.general)
        return await _list(page, {page.part("id"): sent}, refused.refusal.status)
    return page.go(HERE, "saved")


@area.post(HERE + "/{id:uuid}/remove")
async def remove(page: Page) -> Response:
    await page.do("DeleteMemoryEntry", await page.form(), id=page.part("id"))
    return page.go(HERE, "removed")


@area.post(HERE + "/sharing")
async def share(page: Page) -> Response:
    form = await page.form()
    await page.do("ShareMemory", form, shares=form.choice("shares", ("yes", "no")) == "yes")
    return page.go(HERE, "saved")
