"""Settings of a person and an organization: language, password, tokens, sessions, people and invitations."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hub.i18n import LANGUAGES, NATIVE_NAMES, ngettext
from web.forms import Form
from web.labels import LABELS
from web.page import A_YEAR, LANGUAGE, Page, Refused
from web.routing import Area

area = Area()
TOKEN_DAYS = {"30": 30, "90": 90, "365": 365}


@area.get("/settings")
async def settings(page: Page) -> Response:
    return await _mine(page, None)


async def _mine(page: Page, form: Form | None, status: int = 200, **shown: Any) -> Response:
    data = await page.ask("Settings")
    return page.render(
        "pages/settings.html",
        status,
        me=data["viewer"],
        tokens=[token for token in data["tokens"] if token["kind"] == "API"],
        sessions=[token for token in data["tokens"] if token["kind"] == "SESSION"],
        languages=[(tag, NATIVE_NAMES[tag]) for tag in LANGUAGES],
        lifetimes=[(key, ngettext("%(count)s day", "%(count)s days", days)) for key, days in TOKEN_DAYS.items()],
        form=form,
        section=form.value("section") if form else "",
        **{"new_token": None, **shown},
    )


async def _refuse(page: Page, form: Form, refused: Refused, names: dict[str, str] | None = None) -> Response:
    form.refuse(refused.refusal, names)
    return await _mine(page, Form(form.sent, form.errors, form.general), refused.refusal.status)


@area.post("/settings/profile")
async def profile(page: Page) -> Response:
    form = await page.form()
    try:
        data = await page.do("UpdateProfile", form, name=form.value("name"), language=form.value("language"))
    except Refused as refused:
        return await _refuse(page, form, refused)
    response = page.go("/settings", "saved")
    page.keep(response, LANGUAGE, data["updateProfile"]["language"], A_YEAR)
    return response


@area.post("/settings/password")
async def password(page: Page) -> Response:
    form = await page.form()
    current, new = form.secret("current"), form.secret("new")
    try:
        await page.do("ChangePassword", form, current=current, new=new)
    except Refused as refused:
        return await _refuse(page, form, refused)
    return page.go("/settings", "saved")


@area.post("/settings/tokens")
async def create_token(page: Page) -> Response:
    """The token is in the answer to this request and nowhere else."""
    form = await page.form()
    days = TOKEN_DAYS.get(form.choice("days", TOKEN_DAYS))
    try:
        data = await page.do("CreateToken", form, name=form.value("token_name"), days=days)
    except Refused as refused:
        return await _refuse(page, form, refused, {"name": "token_name"})
    return await _mine(page, None, new_token=data["createToken"])


@area.post("/settings/tokens/{id}/revoke")
async def revoke_token(page: Page) -> Response:
    await page.do("RevokeToken", await page.form(), id=page.part("id"))
    return page.go("/settings#tokens", "saved")


@area.get("/settings/people")
async def people(page: Page) -> Response:
    return await _people(page, None)


async def _people(page: Page, form: Form | None, status: int = 200, link: str | None = None) -> Response:
    viewer = await page.recognize()
    manages = "ADMIN" in viewer["roles"]
    return page.render(
        "pages/people.html",
        status,
        people=(await page.ask("People"))["members"],
        invitations=(await page.ask("OpenInvitations"))["invitations"] if manages else [],
        roles=list(LABELS["member"].items()),
        languages=[(tag, NATIVE_NAMES[tag]) for tag in LANGUAGES],
        manages=manages,
        link=link,
        form=form,
    )


@area.post("/settings/people/invite")
async def invite(page: Page) -> Response:
    form = await page.form()
    try:
        data = await page.do(
            "Invite", form, email=form.value("email"), roles=form.many("role"), language=form.value("language") or None
        )
    except Refused as refused:
        form.refuse(refused.refusal, {"roles": "role"})
        return await _people(page, Form(form.sent, form.errors, form.general), refused.refusal.status)
    return await _people(page, None, link=data["invite"]["link"])


@area.post("/settings/people/invitations/{id}/withdraw")
async def withdraw_invitation(page: Page) -> Response:
    await page.do("WithdrawInvitation", await page.form(), id=page.part("id"))
    return page.go("/settings/people", "saved")


@area.post("/settings/people/{id}/roles")
async def set_roles(page: Page) -> Response:
    form = await page.form()
    await page.do("SetRoles", form, personId=page.part("id"), roles=form.many("role"))
    return page.go("/settings/people", "saved")


@area.post("/settings/people/{id}/remove")
async def remove(page: Page) -> Response:
    await page.do("RemovePerson", await page.form(), personId=page.part("id"))
    return page.go("/settings/people", "saved")
