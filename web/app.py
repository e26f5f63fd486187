"""The pages as an application: routes, and what every answer of theirs carries."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from hub.bodies import limited
from hub.door import Door
from hub.errors import HubError
from hub.i18n import Message, _
from hub.i18n import language as speaking
from hub.settings import Settings
from web.assets import Assets
from web.page import SESSION, Desk, Page, Refused
from web.pages import AREAS
from web.routing import Handler
from web.templating import environment

log = logging.getLogger(__name__)
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HEADINGS: dict[int, tuple[str, Message]] = {
    403: ("lock", _("Not open to you")),
    404: ("search", _("Not found")),
    409: ("again", _("Changed in the meantime")),
    413: ("stop", _("Too large")),
    429: ("clock", _("Too many attempts")),
    500: ("stop", _("Something went wrong")),
    503: ("clock", _("Not reachable just now")),
}


def create_web(door: Door, settings: Settings) -> Starlette:
    """The pages of the hub, to be mounted at `/`; they run operations through `door` and know no domain."""
    desk = Desk(door, settings, environment())
    routes: list[BaseRoute] = [
        Route(route.path, _endpoint(desk, route.handler), methods=list(route.methods))
        for area in AREAS
        for route in area.routes
    ]
    routes.append(Mount("/static/fonts", Assets("fonts")))
    routes.append(Mount("/static", GZipMiddleware(Assets(), minimum_size=1024)))
    pages = Starlette(routes=routes, exception_handlers={HTTPException: _lost(desk)})
    pages.router.redirect_slashes = False  # it would repeat whatever Host a request names
    return pages


def _endpoint(desk: Desk, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(asked: Request) -> Response:
        settings = desk.settings
        receive = limited(asked.receive, most=settings.max_upload_bytes, pause=settings.longest_pause)
        request = Request(asked.scope, receive)
        page = Page(request, desk)
        with speaking(page.language):
            try:
                response = await handler(page)
            except Refused as refused:
                response = await _refused(page, refused)
            except HubError as error:
                response = await _refused(page, page.refusing(error))
            except ClientDisconnect:
                response = Response(status_code=400)  # nobody is there to read it
            except HTTPException:
                raise
            except Exception:
                reference = secrets.token_hex(4)
                log.exception("page failed", extra={"reference": reference, "path": request.url.path})
                words = str(_("Something went wrong on our side. Nothing was changed. Please try again."))
                response = await _error(page, 500, words, reference=reference)
            finally:
                await request.close()
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def _lost(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        page = Page(request, desk)
        with speaking(page.language):
            if status == 404:
                words = _("There is nothing at this address. It may have moved, or it is not open to you.")
            else:
                words = _("This request was not understood. Load the page again and repeat.")
            response = await _error(page, status, str(words))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


async def _refused(page: Page, refused: Refused) -> Response:
    refusal = refused.refusal
    if refusal.code == "UNAUTHENTICATED":
        back = page.path if page.request.method == "GET" and not page.is_fragment else "/"
        entrance = f"/sign-in?next={quote(back)}"
        response = Response(headers={"HX-Redirect": entrance}) if page.is_fragment else page.go(entrance)
        response.delete_cookie(SESSION)
        return response
    return await _error(page, refusal.status, refusal.message)


async def _error(page: Page, status: int, words: str, *, reference: str | None = None) -> Response:
    """The sentence in the reader's language, inside the frame when it is known who reads."""
    if page.token and page.viewer is None:
        try:
            await page.recognize()
        except Exception:  # noqa: BLE001 - the page that reports a failure must not fail the same way
            page.viewer = None
    sign, heading = HEADINGS.get(status, HEADINGS[500] if status >= 500 else ("stop", _("This did not work")))
    again = page.path if page.request.method == "GET" and status >= 500 else None
    return page.render(
        "pages/error.html", status, sign=sign, heading=heading, words=words, again=again, reference=reference
    )
