"""Rights that are out of the owner's hands, as the domain above the catalogue knows them.

Licences, options and contracts live in the marketplace, which stands on the catalogue. It tells what is taken by registering one
reader here, so that search can leave out what is sold without knowing of any sale:

    @taken.reader
    async def taken_rights(session, work_ids): ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.rights import Scope, covered

Reader = Callable[[AsyncSession, Collection[UUID]], Awaitable[Mapping[UUID, Sequence[Scope]]]]
"""Scopes taken of each of some works: exclusive ones tolerate nobody, others only tolerate each other."""

Read = TypeVar("Read", bound=Reader)
_readers: list[Reader] = []


def reader(function: Read) -> Read:
    """Register a reader of taken rights."""
    _readers.append(function)
    return function


def readers() -> Sequence[Reader]:
    """Those that are registered, for another process to `know`: it imports whatever domain they are of."""
    return tuple(_readers)


def know(others: Iterable[Reader]) -> None:
    """Register readers of the process that started this one."""
    _readers.extend(other for other in others if other not in _readers)


async def of(session: AsyncSession, work_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Scope]]:
    """What is taken of each of `work_ids`; works of which nothing is taken may be missing."""
    taken: dict[UUID, list[Scope]] = {}
    for read in _readers:
        for work_id, scopes in (await read(session, work_ids)).items():
            taken.setdefault(work_id, []).extend(scopes)
    return taken


def free(asked: Scope, mandates: Iterable[Scope], holdbacks: Iterable[Scope], taken: Iterable[Scope]) -> bool:
    """Is the whole of `asked` the owner's to give, not held back, and not taken?"""
    return (
        not covered(asked, mandates)
        and not any(asked.intersects(held) for held in holdbacks)
        and not any(asked.conflicts(sold) for sold in taken)
    )
