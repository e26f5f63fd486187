"""Links that end: whoever has one may fetch one file until a moment, without signing in.

A link names the organization on whose behalf the file is read, so that row-level security holds behind it too.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hub.security import sign, signed_by_us

_TICKET = re.compile(r"([0-9]{10,12})\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")


def ticket(key: bytes, purpose: str, subject: UUID, organization: UUID, life: timedelta) -> str:
    """The part of a link that opens `subject` for `life` from now."""
    until = int((datetime.now(UTC) + life).timestamp())
    return f"{until}.{organization.hex}.{sign(key, purpose, f'{subject} {organization} {until}')}"


def bearer(key: bytes, purpose: str, subject: UUID, ticket: str) -> UUID | None:
    """The organization that a ticket for `subject` was made for; None when it is not ours, for something else, or over."""
    match = _TICKET.fullmatch(ticket)
    if match is None:
        return None
    until, organization = int(match[1]), UUID(match[2])
    if not signed_by_us(key, purpose, f"{subject} {organization} {until}", match[3]):
        return None
    return organization if until > datetime.now(UTC).timestamp() else None
