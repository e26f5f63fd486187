"""Rights that are out of the owner's hands, as the domain above the catalogue knows them.

Licences, options and contracts live in the marketplace, which stands on the catalogue. It tells what is taken by registering a
source here, so that search can leave out what is sold without knowing of any sale:

    taken.register(taken.Source(telling, told))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.rights import Scope, covered
from hub.database import rows


@dataclass(frozen=True, slots=True)
class Source:
    """`telling` makes, of an SQL expression for a work's id, one for JSON of what is taken of the work, NULL for nothing.

    `told` reads that JSON: exclusive scopes tolerate nobody, others only tolerate each other.
    """

    telling: Callable[[str], str]
    told: Callable[[Any], Sequence[Scope]]


_sources: list[Source] = []


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def sources() -> Sequence[Source]:
    """Those that are registered, for another process to `know`: it imports whatever domain they are of."""
    return tuple(_sources)


def know(others: Iterable[Source]) -> None:
    """Register sources of the process that started this one."""
    for other in others:
        register(other)


def telling(work: str) -> str:
    """An expression for what is taken of the work that another one identifies, to be read by `told`."""
    return f"ARRAY[{', '.join(source.telling(work) for source in _sources)}]::json[]"


def told(gathered: Sequence[Any]) -> Sequence[Scope]:
    """Scopes taken of a work of which `telling` gathered this."""
    return [scope for source, found in zip(_sources, gathered, strict=True) if found for scope in source.told(found)]


async def of(session: AsyncSession, work_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Scope]]:
    """What is taken of each of `work_ids`."""
    statement = f"SELECT w.id, {telling('w.id')} FROM unnest($1::uuid[]) AS w (id)"  # noqa: S608
    return {row[0]: told(row[1]) for row in await rows(session, statement, list(work_ids))}


def free(asked: Scope, mandates: Iterable[Scope], holdbacks: Iterable[Scope], taken: Iterable[Scope]) -> bool:
    """Is the whole of `asked` the owner's to give, not held back, and not taken?"""
    return (
        not covered(asked, mandates)
        and not any(asked.intersects(held) for held in holdbacks)
        and not any(asked.conflicts(sold) for sold in taken)
    )
