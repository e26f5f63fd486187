"""Whole lists translated: what it would come to, started, watched, paused, resumed, cancelled."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hub.errors import NotFound
from hub.i18n import LANGUAGES
from web.forms import Form
from web.labels import LABELS, STATES
from web.page import Page, Refused
from web.routing import Area

area = Area()
PURPOSES = ("TITLE", "DESCRIPTION")
ACTIONS = {"pause": "PauseTranslation", "resume": "ResumeTranslation", "cancel": "CancelTranslation"}


def _filter(page: Page) -> dict[str, Any] | None:
    """Which works, as the catalogue's own list was narrowed, or the titles of an import."""
    status, kind = page.query.get("status", ""), page.query.get("kind", "")
    chosen = {
        "status": status if status in STATES["work_status"] else None,
        "kind": kind if kind in LABELS["kind"] else None,
        "query": page.query.get("find") or None,
    }
    return {name: value for name, value in chosen.items() if value} or None


@area.get("/translation/batches")
async def batches(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("TranslationBatches", first=20, after=page.query.get("after"))
    chosen = _filter(page)
    estimate = await page.ask("WorksToTranslate", languages=list(LANGUAGES), filter=chosen, purposes=list(PURPOSES))
    found = data["translationBatches"]
    return page.render(
        "pages/batches.html",
        status,
        found=found,
        estimate=[row for row in estimate["worksToTranslate"] if row["texts"]],
        chosen={name: page.query.get(name, "") for name in ("status", "kind", "find")},
        form=form,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post("/translation/batches")
async def start(page: Page) -> Response:
    form = await page.form()
    try:
        data = await page.do(
            "TranslateWorks",
            form,
            languages=form.choices("language", LANGUAGES),
            filter=_filter(page),
            purposes=form.choices("purpose", PURPOSES),
        )
    except Refused as refused:
        form.refuse(refused.refusal)
        again = Form(form.sent, form.errors, form.general or refused.refusal.message)
        return await _list(page, again, refused.refusal.status)
    return page.go(f"/translation/batches/{data['translateWorks']['id']}")


@area.get("/translation/batches/{id:uuid}")
async def progress(page: Page) -> Response:
    data = await page.ask("TranslationBatch", id=page.part("id"))
    return page.render("pages/batch.html", run=page.found(data["translationBatch"]))


@area.post("/translation/batches/{id:uuid}/{action}")
async def move(page: Page) -> Response:
    form = await page.form()
    operation = ACTIONS.get(page.part("action"))
    if operation is None:
        raise page.refusing(NotFound())
    await page.do(operation, form, id=page.part("id"))
    return page.go(f"/translation/batches/{page.part('id')}")
