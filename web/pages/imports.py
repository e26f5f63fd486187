"""Bringing a list: upload, check without taking over, then take over; progress and problems with their lines."""

from __future__ import annotations

from starlette.responses import Response

from hub.i18n import _
from web.forms import Form
from web.labels import LABELS
from web.page import Page, Refused
from web.routing import Area

area = Area()


@area.get("/imports")
async def imports(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("Imports", first=20, after=page.query.get("after"))
    found = data["catalogImports"]
    formats = [(value, label) for value, label in LABELS["format"].items()]
    return page.render(
        "pages/imports.html",
        status,
        found=found,
        formats=formats,
        form=form,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post("/imports")
async def upload(page: Page) -> Response:
    form = await page.form()
    file = form.file("file")
    if file is None:
        form.wrong("file", _("Choose the file with your list."))
        return await _list(page, Form(form.sent, form.errors), 422)
    try:
        data = await page.do("ImportCatalog", form, file=file, format=form.value("format"), dryRun=form.flag("check"))
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _list(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/imports/{data['importCatalog']['id']}")


@area.get("/imports/{id:uuid}")
async def progress(page: Page) -> Response:
    data = await page.ask("Import", id=page.part("id"))
    found = page.found(data["catalogImport"])
    return page.render("pages/import.html", run=found)


@area.post("/imports/{id:uuid}/apply")
async def take_over(page: Page) -> Response:
    form = await page.form()
    data = await page.do("ApplyImport", form, id=page.part("id"))
    return page.go(f"/imports/{data['applyImport']['id']}")
