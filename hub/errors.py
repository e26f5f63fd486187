"""What can go wrong, as every door shows it.

A `HubError` carries a stable code, an HTTP status, the field that is wrong, data for programs, and a sentence for the
reader, rendered in the reader's language when it is shown:

    HubError
    ├── Unauthenticated      UNAUTHENTICATED  401
    ├── Forbidden            FORBIDDEN        403
    ├── NotFound             NOT_FOUND        404
    ├── Invalid              INVALID          422
    ├── Conflict             CONFLICT         409
    ├── TooLarge             TOO_LARGE        413
    ├── TooSlow              TOO_SLOW         408
    ├── TooComplex           TOO_COMPLEX      400
    ├── RateLimited          RATE_LIMITED     429
    ├── Unavailable          UNAVAILABLE      503
    └── NoWalls              NO_WALLS         500

Domains derive their own from these in their `errors.py`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from hub.i18n import Message, _, current_language


class HubError(Exception):
    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    default: ClassVar[Message] = _("Something went wrong on our side. Nothing was changed. Please try again.")

    def __init__(self, message: Message | None = None, *, field: str | None = None, **params: Any) -> None:
        self.message = message if message is not None else self.default
        self.field = field
        self.params = params
        super().__init__()

    def __str__(self) -> str:
        return self.sentence(current_language())

    def sentence(self, language: str) -> str:
        return self.message.render(language)

    @property
    def extensions(self) -> dict[str, Any]:
        """The `extensions` of the GraphQL error: code, status, field, params."""
        return {"code": self.code, "status": self.status, "field": self.field, "params": self.params}


class Unauthenticated(HubError):
    code = "UNAUTHENTICATED"
    status = 401
    default = _("Please sign in.")


class Forbidden(HubError):
    code = "FORBIDDEN"
    status = 403
    default = _("Your role does not allow this. Ask an administrator of your organization.")


class NotFound(HubError):
    code = "NOT_FOUND"
    status = 404
    default = _("This does not exist, or it is not open to you.")


class Invalid(HubError):
    code = "INVALID"
    status = 422
    default = _("Something in this form is missing or not understood. Correct it and send it again.")


class Conflict(HubError):
    code = "CONFLICT"
    status = 409
    default = _("Somebody changed this at the same moment. Look at it again before you go on.")


class TooLarge(HubError):
    code = "TOO_LARGE"
    status = 413
    default = _("This is larger than the hub accepts. Send less at once.")


class TooSlow(HubError):
    code = "TOO_SLOW"
    status = 408
    default = _(
        "Sending this took too long and was stopped. Nothing was changed. Check the connection and send it again."
    )


class TooComplex(HubError):
    code = "TOO_COMPLEX"
    status = 400
    default = _("This request asks for too much at once. Ask for less, or in several requests.")


class RateLimited(HubError):
    code = "RATE_LIMITED"
    status = 429
    default = _("Too many attempts. Wait a quarter of an hour and try again.")


class NoWalls(HubError):
    code = "NO_WALLS"
    status = 500
    default = _(
        "BANMAO_DATABASE_URL names a role that owns the tables or passes by row-level security. Give the hub a role of its own,"
        " and the owner in BANMAO_DATABASE_OWNER_URL."
    )


class Unavailable(HubError):
    code = "UNAVAILABLE"
    status = 503
    default = _("A part of the hub cannot be reached just now. Nothing was changed. Try again in a minute.")
