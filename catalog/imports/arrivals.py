"""Records of files that have been written to works, as the domains above the catalogue may want to know of them.

A label's feed says more than the catalogue keeps: recordings, tracks, files. Distribution, which stands on the catalogue,
registers one listener here and takes what is its own, in the transaction that wrote the work:

    @arrivals.listener
    async def take_release(session, arrival): ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.formats.record import Record
from catalog.models import Work


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from: the format and the import of its file, and who asked for it to be taken."""

    format: str
    import_id: UUID | None
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """`work` is what the record now tells of; a withdrawal leaves it WITHDRAWN."""

    work: Work
    record: Record
    origin: Origin


Listener = Callable[[AsyncSession, Arrival], Awaitable[None]]
Listening = TypeVar("Listening", bound=Listener)
_listeners: list[Listener] = []


def listener(function: Listening) -> Listening:
    """Register a listener. What it raises undoes the whole chunk of the import: it decides before it writes."""
    _listeners.append(function)
    return function


async def tell(session: AsyncSession, arrival: Arrival) -> None:
    """Let every listener know, one after the other."""
    for listen in _listeners:
        await listen(session, arrival)
