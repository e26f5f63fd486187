"""Sales reports in: each line lands once; then the period is closed and statements are written."""

from __future__ import annotations

import re

from starlette.responses import Response

from hub.i18n import _
from web.forms import Form
from web.page import Page, Refused
from web.routing import Area

area = Area()
PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4])")


@area.get("/sales")
async def sales(page: Page) -> Response:
    return await _list(page, None)


async def _list(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("SalesReports", first=25, after=page.query.get("after"))
    found = data["salesReports"]
    return page.render(
        "pages/sales.html",
        status,
        found=found,
        channels=[(item["id"], item["name"]) for item in data["channels"]],
        form=form,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.post("/sales")
async def upload(page: Page) -> Response:
    form = await page.form()
    file = form.file("file")
    if file is None:
        form.wrong("file", _("Choose the report that the platform sent."))
        return await _list(page, Form(form.sent, form.errors), 422)
    try:
        data = await page.do("ImportSalesReport", form, channelId=form.value("channel"), file=file)
    except Refused as refused:
        form.refuse(refused.refusal, {"channelId": "channel"})
        return await _list(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/sales/{data['importSalesReport']['id']}")


@area.get("/sales/{id:uuid}")
async def report(page: Page) -> Response:
    data = await page.ask("SalesReport", id=page.part("id"))
    found = page.found(data["salesReport"])
    return page.render("pages/sales_report.html", report=found)


@area.post("/sales/close")
async def close_period(page: Page) -> Response:
    form = await page.form()
    period = form.value("period").upper()
    if not PERIOD.fullmatch(period):
        form.wrong("period", _("Enter a month such as 2026-10 or a quarter such as 2026-Q4."))
        return await _list(page, Form(form.sent, form.errors), 422)
    try:
        await page.do("ClosePeriod", form, period=period)
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _list(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/statements?period={period}", "closed")
