"""Addresses of samples: signed, for one viewer, for some hours.

A ticket opens nothing by itself: whoever comes with it must be signed in as the person it was made for, acting for the same
organization, and the sample must still be shown to them. Sent on, it is worthless.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

from hub.security import Caller, sign, signed_by_us

PURPOSE = "catalog.sample"
HOUR = 3600
LIFE = 4 * HOUR
_TICKET = re.compile(r"([0-9]{10,12})\.([A-Za-z0-9_-]{43})")


def ticket(key: bytes, caller: Caller, sample_id: UUID) -> str:
    """For at least four hours, and the same for an hour, so that browsers find again what they have."""
    now = int(datetime.now(UTC).timestamp())
    until = now - now % HOUR + HOUR + LIFE
    return f"{until}.{sign(key, PURPOSE, _message(caller, sample_id, until))}"


def holds(key: bytes, caller: Caller, sample_id: UUID, ticket: str) -> bool:
    """Whether this caller was given the ticket for this sample, and it is not over."""
    match = _TICKET.fullmatch(ticket)
    if match is None:
        return False
    until = int(match[1])
    return until > datetime.now(UTC).timestamp() and signed_by_us(
        key, PURPOSE, _message(caller, sample_id, until), match[2]
    )


def _message(caller: Caller, sample_id: UUID, until: int) -> str:
    return f"{sample_id} {caller.person_id} {caller.organization_id} {until}"
