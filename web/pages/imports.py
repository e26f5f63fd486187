"""Bringing a list: upload, see what would become of each record, then take it over; progress, problems, the corrected file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hub.i18n import LANGUAGES, _
from web.forms import Form
from web.labels import LABELS, STATES
from web.page import Page, Refused
from web.routing import Area

area = Area()
OUTCOMES = tuple(STATES["outcome"])
COUNTS = {
    "CREATED": "created",
    "UPDATED": "updated",
    "UNCHANGED": "unchanged",
    "PROPOSED": "proposed",
    "SKIPPED": "skipped",
}
PROBLEMS = "PROBLEMS"
"""The tab of records of whatever outcome that have problems."""
SHOWN = 50


@area.get("/imports")
async def imports(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("Imports", first=20, after=page.query.get("after"))
    found = data["catalogImports"]
    formats = sorted(LABELS["format"].items(), key=lambda pair: pair[0] != "AUTO")
    return page.render(
        "pages/imports.html",
        status,
        found=found,
        formats=formats,
        form=form,
        next=page.here(after=found["pageInfo"]["endCursor"]),
        others=[language for language in LANGUAGES if language != page.language],
    )


@area.post("/imports")
async def upload(page: Page) -> Response:
    form = await page.form()
    file = form.file("file")
    if file is None:
        form.wrong("file", _("Choose the file with your list."))
        return await _list(page, Form(form.sent, form.errors), 422)
    try:
        data = await page.do("ImportCatalog", form, file=file, format=form.value("format"), dryRun=True)
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _list(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/imports/{data['importCatalog']['id']}")


@area.get("/imports/{id:uuid}")
async def progress(page: Page) -> Response:
    return await _one(page, None)


async def _one(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("Import", id=page.part("id"))
    run = page.found(data["catalogImport"])
    counts = {outcome: run[name] for outcome, name in COUNTS.items()}
    chosen = page.query.get("show", "")
    chosen = chosen if chosen in counts or chosen == PROBLEMS else ""
    rows = None if run["status"] == "RUNNING" else await _rows(page, chosen)
    return page.render(
        "pages/import.html",
        status,
        run=run,
        counts=counts,
        chosen=chosen,
        rows=rows,
        form=form,
        takes=run["created"] + run["updated"] + run["proposed"],
        next=page.here(after=rows["pageInfo"]["endCursor"]) if rows else "",
    )


async def _rows(page: Page, chosen: str) -> Mapping[str, Any]:
    data = await page.ask(
        "ImportRows",
        id=page.part("id"),
        outcome=chosen if chosen in COUNTS else None,
        withProblems=chosen == PROBLEMS,
        first=SHOWN,
        after=page.query.get("after"),
    )
    return dict(data["catalogImportRows"])


@area.post("/imports/{id:uuid}/apply")
async def take_over(page: Page) -> Response:
    form = await page.form()
    try:
        data = await page.do("ApplyImport", form, id=page.part("id"), whole=form.value("take") == "whole")
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _one(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/imports/{data['applyImport']['id']}")


@area.post("/imports/{id:uuid}/publish")
async def publish_drafts(page: Page) -> Response:
    form = await page.form()
    try:
        data = await page.do("PublishDrafts", form, importId=page.part("id"))
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _one(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go("/works?status=PUBLISHED", "all-published" if data["publishDrafts"] else None)


@area.post("/imports/{id:uuid}/correct")
async def correct(page: Page) -> Response:
    form = await page.form()
    try:
        await page.do("CorrectImport", form, id=page.part("id"))
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _one(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/imports/{page.part('id')}#corrected")
