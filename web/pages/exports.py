"""Taking a list out: which titles, in which format; files under way with their progress, finished ones to fetch."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hub.i18n import Message, _
from web.forms import Form
from web.labels import LABELS, STATES
from web.page import Page, Refused
from web.routing import Area

area = Area()
SHOWN = 20
STATUSES = ("PUBLISHED", "DRAFT", "WITHDRAWN")
NAMES = {"filter": "status", "variant": "format"}
"""The operation's fields by the form's."""


@area.get("/exports")
async def exports(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("Exports", first=SHOWN, after=page.query.get("after"))
    found = data["catalogExports"]
    return page.render(
        "pages/exports.html",
        status,
        found=found,
        format_of=named,
        formats=[(f"{one['format']} {one['variant']}", named(one)) for one in data["catalogExportFormats"]],
        statuses=[("", _("All titles")), *((value, STATES["work_status"][value].label) for value in STATUSES)],
        under_way=any(edge["node"]["status"] == "RUNNING" for edge in found["edges"]),
        form=form,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


def named(export: Any) -> str:
    """What a format's variant is called: `REFERENCE_3_1` of ONIX is ONIX 3.1."""
    style, _mark, version = str(export["variant"]).partition("_")
    version = version.replace("_", ".")
    said: Message | None = {
        ("ONIX", "REFERENCE"): _("ONIX %(version)s", version=version),
        ("ONIX", "SHORT"): _("ONIX %(version)s with short tags", version=version),
        ("AVAILS", "XLSX"): _("EMA Avails %(version)s as a spreadsheet", version=version),
        ("AVAILS", "XML"): _("EMA Avails %(version)s as XML", version=version),
    }.get((export["format"], style))
    return str(said or LABELS["format"][export["format"]])


@area.post("/exports")
async def order(page: Page) -> Response:
    form = await page.form()
    chosen, _space, variant = form.value("format").partition(" ")
    status = form.choice("status", ("", *STATUSES))
    try:
        await page.do(
            "ExportCatalog",
            form,
            format=chosen,
            variant=variant,
            filter={"status": status or None},
            machineDrafts=form.flag("machine"),
        )
    except Refused as refused:
        form.refuse(refused.refusal, NAMES)
        return await _list(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go("/exports")
