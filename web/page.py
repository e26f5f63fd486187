"""What a page's handler is handed: who reads, in which language, and the door to ask through."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hub.door import Answer, Door, Refusal
from hub.errors import Forbidden, HubError, Invalid, NotFound, TooLarge, Unauthenticated, Unavailable
from hub.i18n import LANGUAGES, Message, _, current_language, negotiate
from hub.security import csrf_token
from hub.settings import Settings
from web import facts
from web.forms import Form
from web.navigation import Place, places

SESSION = "banmao_session"
VISITOR = "banmao_visitor"
LANGUAGE = "banmao_language"
THEME = "banmao_theme"
TOAST = "banmao_toast"
UPLOADED_BY, GO_ON = "x-uploaded-by", "x-go-on"
"""An upload that shows its progress is sent by script, which goes on by itself: a followed redirect would be read twice."""
AS_WRITTEN = ":/%#?=@[]!$&'()*+,;"
"""What an address keeps unquoted in a header."""
A_YEAR = 365 * 24 * 3600
TOASTS: Mapping[str, tuple[str, Message]] = {
    "saved": ("jade", _("Saved.")),
    "removed": ("", _("Removed.")),
    "file-ordered": ("jade", _("The file is being made. You find it in the list when it is ready.")),
    "published": ("jade", _("Published. Buyers can find it now.")),
    "all-published": ("jade", _("Published. Buyers find these titles within moments.")),
    "offer": ("jade", _("Offer sent. Nothing binds either side until both have signed.")),
    "accepted": ("jade", _("Accepted. The rights are reserved while the contract is signed.")),
    "declined": ("", _("Declined. The other side has been told.")),
    "withdrawn": ("", _("Withdrawn. The other side has been told.")),
    "message": ("jade", _("Message sent.")),
    "signed": ("jade", _("Signed.")),
    "sending": ("jade", _("On its way. You may leave this page.")),
    "takedown": ("", _("The takedown is on its way to the platforms.")),
    "track": ("jade", _("Track added.")),
    "search-saved": ("jade", _("Search saved. Home tells you when something new fits it.")),
    "search-removed": ("", _("Saved search removed.")),
    "drafts": ("jade", _("Drafts are being made. They appear here as they are ready.")),
    "closed": ("jade", _("The period is closed and the statements are written.")),
    "signed-out": ("", _("You have signed out.")),
    "shared": ("jade", _("Shared. They see it from now on.")),
    "unshared": ("", _("Sharing ended. They see it no more.")),
    "invited": ("jade", _("Invitation made. Pass the link on.")),
}
"""What may be said once after a form was carried out, by the word that the cookie carries."""


T = TypeVar("T")


class Refused(Exception):
    """An operation was refused; the page says it, or puts it at the field it names."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)


@dataclass(frozen=True, slots=True)
class Desk:
    """What all pages share: the door, the settings, the templates."""

    door: Door
    settings: Settings
    templates: Environment


class Page:
    """One request for a page.

    `ask` reads, `do` changes; both run a named operation of `graphql/operations` and raise `Refused`. `as_nobody`: whatever
    session the browser still has is not asked, since the page is about getting another.
    """

    def __init__(self, request: Request, desk: Desk) -> None:
        self.request = request
        self.desk = desk
        self.token: str | None = request.cookies.get(SESSION)
        self.language = negotiate(request.headers.get("accept-language"), request.cookies.get(LANGUAGE))
        self.visitor = request.cookies.get(VISITOR) or secrets.token_urlsafe(18)
        self.as_nobody = False
        self.viewer: Mapping[str, Any] | None = None
        self.waiting: dict[str, int] = {}
        self.place = request.url.path
        self._form: Form | None = None

    @property
    def path(self) -> str:
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    def many(self, name: str) -> list[str]:
        return self.request.query_params.getlist(name)

    def part(self, name: str) -> str:
        return str(self.request.path_params[name])

    @property
    def is_fragment(self) -> bool:
        return self.request.headers.get("hx-request") == "true"

    @property
    def csrf(self) -> str:
        return csrf_token(self.desk.settings.key, self.token or self.visitor)

    def measure(self) -> None:
        """TOO_LARGE before anything is read when the body is longer than the hub accepts: files come from who has signed in."""
        settings = self.desk.settings
        uploads = self.viewer is not None and self.request.headers.get("content-type", "").startswith("multipart/")
        length = self.request.headers.get("content-length", "")
        longest = settings.max_upload_bytes if uploads else settings.max_request_bytes
        if not (length.isascii() and length.isdigit() and len(length) < 19 and int(length) <= longest):
            raise self.refusing(TooLarge())

    async def form(self) -> Form:
        """What was sent; FORBIDDEN when its token is not this session's."""
        if self._form is None:
            self.measure()
            sent = await self.request.form(max_files=4, max_fields=400)
            self._form = Form(sent)
            if not secrets.compare_digest(self._form.value("csrf").encode(), self.csrf.encode()):
                raise self.refusing(Forbidden(_("This form is no longer valid. Load the page again and repeat.")))
        return self._form

    def refusing(self, error: HubError) -> Refused:
        """A refusal of our own, said as the door says its own."""
        return Refused(Refusal(error.code, error.status, error.sentence(self.language), error.field))

    def found(self, value: T | None) -> T:
        """What a query answered; NOT_FOUND when that is null."""
        if value is None:
            raise self.refusing(NotFound())
        return value

    async def answer(self, operation: str, /, *, key: str | None = None, **variables: Any) -> Answer:
        return await self.desk.door(
            operation,
            variables,
            token=None if self.as_nobody else self.token,
            language=self.language,
            client=self.request.client.host if self.request.client else "",
            device=self.request.headers.get("user-agent", ""),
            idempotency_key=key,
        )

    async def ask(self, operation: str, /, **variables: Any) -> Mapping[str, Any]:
        answer = await self.answer(operation, **variables)
        if answer.refusal:
            raise Refused(answer.refusal)
        return answer.data or {}

    async def glance(self, operation: str, /, **variables: Any) -> Mapping[str, Any] | None:
        """The same for a part of a page that a role may not see, or that cannot be had just now: then None."""
        try:
            return await self.ask(operation, **variables)
        except Refused as refused:
            if refused.refusal.code not in (Forbidden.code, Unavailable.code):
                raise
            return None

    async def do(self, operation: str, form: Form, /, **variables: Any) -> Mapping[str, Any]:
        """Change something; INVALID at the first field of the form that could not be read, and then nothing is asked."""
        for name, sentence in form.errors.items():
            raise Refused(Refusal(Invalid.code, Invalid.status, sentence, name))
        answer = await self.answer(operation, key=form.idempotency_key, **variables)
        if answer.refusal:
            raise Refused(answer.refusal)
        return answer.data or {}

    async def recognize(self) -> Mapping[str, Any]:
        """The signed-in viewer and what waits for them; UNAUTHENTICATED when nobody is signed in."""
        if self.viewer is None:
            data = await self.ask("Frame")
            viewer = data["viewer"]
            if viewer is None:
                raise self.refusing(Unauthenticated())
            self.viewer = viewer
            facts.zone.set(facts.ZONES.get(viewer["organization"]["country"], "UTC"))
        return self.viewer

    async def count_waiting(self) -> None:
        """How much waits for an answer or a signature; nothing for a role that may not see that."""
        data = await self.glance("Waiting")
        if data:
            self.waiting = {name: data[name]["totalCount"] for name in ("negotiations", "contracts")}

    @property
    def country(self) -> str:
        """The territory of the reader's organization."""
        return str(self.viewer["organization"]["country"]) if self.viewer else ""

    @property
    def organization_id(self) -> str:
        return str(self.viewer["organization"]["id"]) if self.viewer else ""

    def frame(self) -> dict[str, Any]:
        """What the frame around every page shows."""
        toast = TOASTS.get(self.request.cookies.get(TOAST, ""))
        theme = self.viewer["theme"] if self.viewer else self.request.cookies.get(THEME, "")
        return {
            "language": current_language(),
            "languages": LANGUAGES,
            "theme": theme if theme in ("light", "dark") else "system",
            "viewer": self.viewer,
            "nav": self.nav(),
            "waiting": sum(self.waiting.values()),
            "csrf": self.csrf,
            "path": self.path if self.request.method == "GET" else "/",
            "query": self.query.get("q", "") if self.request.url.path == "/search" else "",
            "toast": {"tone": toast[0], "text": str(toast[1])} if toast else None,
        }

    def nav(self) -> list[Place]:
        if self.viewer is None:
            return []
        return places(self.viewer["organization"]["kind"], self.place, self.waiting)

    def render(self, template: str, status: int = 200, /, **context: Any) -> Response:
        """The page; what was to be said once has been said."""
        words = self.desk.templates.get_template(template).render(page=self, frame=self.frame(), **context)
        response = HTMLResponse(words, status_code=status)
        if not self.token and VISITOR not in self.request.cookies:
            self.keep(response, VISITOR, self.visitor, None)
        if TOAST in self.request.cookies and not self.is_fragment:
            response.delete_cookie(TOAST)
        return response

    def go(self, path: str, toast: str | None = None) -> Response:
        """Send the browser on after a form was carried out."""
        response: Response = RedirectResponse(path, status_code=303)
        if self.request.headers.get(UPLOADED_BY) == "page":
            response = Response(status_code=204, headers={GO_ON: quote(path, safe=AS_WRITTEN)})
        if toast:
            self.keep(response, TOAST, toast, 60)
        return response

    def keep(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            httponly=True,
            samesite="lax",
            secure=self.desk.settings.address.startswith("https://"),
        )

    def own_path(self, path: str) -> str:
        """`path` if it is one of ours, else the home page: a form must not send people to other sites."""
        return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"

    def here(self, **changed: str | list[str] | None) -> str:
        """This address with some of its parameters changed; None takes one away."""
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name not in changed]
        added = [
            (name, value)
            for name, given in changed.items()
            if given is not None
            for value in ([given] if isinstance(given, str) else given)
        ]
        return f"{self.request.url.path}?{urlencode(kept + added)}"
