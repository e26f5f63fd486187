"""Coming in and going out: sign-in, invitations, and the choices that hold on every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import FileResponse, Response

from hub.i18n import supported
from web.assets import STATIC
from web.forms import Form
from web.page import A_YEAR, LANGUAGE, SESSION, THEME, Page, Refused
from web.routing import Area

area = Area()
THEMES = ("system", "light", "dark")


def _enter(page: Page, session: Mapping[str, Any], path: str) -> Response:
    response = page.go(path)
    page.keep(response, SESSION, session["token"], page.desk.settings.session_days * 24 * 3600)
    if viewer := session.get("viewer"):
        page.keep(response, LANGUAGE, viewer["language"], A_YEAR)
    return response


@area.get("/sign-in", public=True)
async def sign_in_form(page: Page) -> Response:
    return page.render("pages/sign_in.html", form=None, next=page.own_path(page.query.get("next", "/")))


@area.post("/sign-in", public=True)
async def sign_in(page: Page) -> Response:
    form = await page.form()
    back = page.own_path(form.value("next") or "/")
    page.as_nobody = True
    try:
        data = await page.do("SignIn", form, email=form.value("email"), password=form.secret("password"))
    except Refused as refused:
        form.refuse(refused.refusal)
        return page.render("pages/sign_in.html", refused.refusal.status, form=_again(form), next=back)
    return _enter(page, data["signIn"], back)


def _again(form: Form) -> Form:
    return Form(form.sent, form.errors, form.general)


@area.post("/sign-out", public=True)
async def sign_out(page: Page) -> Response:
    form = await page.form()
    if page.token:
        await page.answer("SignOut", key=form.idempotency_key)
    response = page.go("/sign-in", "signed-out")
    response.delete_cookie(SESSION)
    return response


@area.post("/language", public=True)
async def choose_language(page: Page) -> Response:
    """The person's choice is kept with the person; a visitor's in a cookie."""
    form = await page.form()
    chosen = supported(form.value("language"))
    response = page.go(page.own_path(form.value("next") or "/"))
    if chosen:
        if page.token:
            await page.do("ChooseLanguage", form, language=chosen)
        page.keep(response, LANGUAGE, chosen, A_YEAR)
    return response


@area.post("/theme", public=True)
async def choose_theme(page: Page) -> Response:
    form = await page.form()
    response = page.go(page.own_path(form.value("next") or "/"))
    theme = form.value("theme")
    if theme in THEMES:
        if page.token:
            await page.do("ChooseTheme", form, theme=theme)
        page.keep(response, THEME, theme, A_YEAR)
    return response


@area.get("/offline", public=True)
async def offline(page: Page) -> Response:
    """What a browser keeps to show when the hub cannot be reached."""
    return page.render("pages/offline.html")


@area.get("/sw.js", public=True)
async def service_worker(_page: Page) -> Response:
    """Served at the root, so that it may answer for every page."""
    return FileResponse(STATIC / "sw.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@area.post("/organization")
async def act_for(page: Page) -> Response:
    form = await page.form()
    data = await page.do("SwitchOrganization", form, organizationId=form.value("organization"))
    return _enter(page, data["switchOrganization"], "/")


@area.get("/invitation/{secret}", public=True)
async def invitation_form(page: Page) -> Response:
    page.as_nobody = True
    data = await page.ask("Invitation", secret=page.part("secret"))
    invitation = data["invitation"]
    return page.render("pages/invitation.html", 200 if invitation else 404, invitation=invitation, form=None)


@area.post("/invitation/{secret}", public=True)
async def accept_invitation(page: Page) -> Response:
    form = await page.form()
    secret = page.part("secret")
    page.as_nobody = True
    try:
        data = await page.do(
            "AcceptInvitation",
            form,
            secret=secret,
            name=form.value("name") or None,
            password=form.secret("password"),
            language=page.language,
        )
    except Refused as refused:
        form.refuse(refused.refusal)
        found = await page.ask("Invitation", secret=secret)
        return page.render(
            "pages/invitation.html", refused.refusal.status, invitation=found["invitation"], form=_again(form)
        )
    return _enter(page, data["acceptInvitation"], "/")
