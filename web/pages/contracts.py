"""Contracts: both languages side by side, who has signed, and the signature."""

from __future__ import annotations

from starlette.responses import Response

from web.forms import Form
from web.labels import STATES
from web.page import Page, Refused
from web.routing import Area

area = Area()


@area.get("/contracts")
async def contracts(page: Page) -> Response:
    status = page.query.get("status")
    data = await page.ask(
        "Contracts",
        status=[status] if status in STATES["contract"] else None,
        first=25,
        after=page.query.get("after"),
    )
    found = data["contracts"]
    return page.render(
        "pages/contracts.html",
        found=found,
        status=status,
        me=page.organization_id,
        next=page.here(after=found["pageInfo"]["endCursor"]),
    )


@area.get("/contracts/{id:uuid}")
async def contract(page: Page) -> Response:
    return await _show(page, None)


async def _show(page: Page, form: Form | None, status: int = 200) -> Response:
    data = await page.ask("Contract", id=page.part("id"))
    found = page.found(data["contract"])
    mine = any(side["id"] == page.organization_id for side in found["awaiting"])
    return page.render(
        "pages/contract.html", status, contract=found, mine_to_sign=mine, me=page.organization_id, form=form
    )


@area.post("/contracts/{id:uuid}/sign")
async def sign(page: Page) -> Response:
    form = await page.form()
    try:
        await page.do(
            "SignContract",
            form,
            contractId=page.part("id"),
            name=form.value("name"),
            password=form.secret("password"),
        )
    except Refused as refused:
        form.refuse(refused.refusal)
        return await _show(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return page.go(f"/contracts/{page.part('id')}", "signed")
