"""Searching for works: the index proposes, the tables decide."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, taken
from catalog.models import Work
from catalog.rights import Scope
from catalog.scopes import scope_of
from catalog.search.feed import PART
from catalog.search.index import Found, WorkIndex
from catalog.search.query import Filters
from hub.errors import Unavailable
from hub.runtime import Runtime

MOST_CHECKED = 2_000
"""Works whose availability one search looks into; further matches are weaker and left out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Works of one page, whether there are more, how many in all, facet → value → count."""

    works: Sequence[Work]
    more: bool
    total: int
    facets: dict[str, dict[str, int]]


async def search(
    session: AsyncSession,
    runtime: Runtime,
    *,
    text: str,
    reader: str,
    filters: Filters,
    available_for: Scope | None,
    offset: int,
    limit: int,
) -> Page:
    """Published works for what a reader of `reader` typed. Unavailable in a process that keeps no index."""
    index = runtime.parts.get(PART)
    if not isinstance(index, WorkIndex):
        raise Unavailable
    if available_for is not None:
        return await _available(session, index, text, reader, filters, available_for, offset, limit)
    found = await asyncio.to_thread(index.search, text, reader, filters, offset=offset, limit=limit)
    works = await _published(session, found.ids)
    return Page(works, offset + len(found.ids) < found.total, found.total, found.facets)


async def _available(
    session: AsyncSession,
    index: WorkIndex,
    text: str,
    reader: str,
    filters: Filters,
    asked: Scope,
    offset: int,
    limit: int,
) -> Page:
    """Every match of which the whole scope is free at this moment: counts and facets are of these alone."""
    narrowed = replace(filters, rights=[right.value for right in asked.rights], territories=asked.territories)
    found: Found = await asyncio.to_thread(index.search, text, reader, narrowed, limit=MOST_CHECKED)
    works = await _published(session, found.ids)
    free = await _free(session, [work.id for work in works], asked)
    works = [work for work in works if work.id in free]
    facets = await asyncio.to_thread(index.facets, [str(work.id) for work in works])
    return Page(works[offset : offset + limit], offset + limit < len(works), len(works), facets)


async def _published(session: AsyncSession, ids: Sequence[str]) -> Sequence[Work]:
    """The index is a moment behind: what has just been withdrawn is left out."""
    rows = {str(row.id): row for row in await queries.published(session, [UUID(work_id) for work_id in ids])}
    return [rows[work_id] for work_id in ids if work_id in rows]


async def _free(session: AsyncSession, work_ids: Collection[UUID], asked: Scope) -> set[UUID]:
    """Those of the works of which the whole of `asked` is the owner's to give and not taken."""
    granted = await queries.mandates(session, work_ids)
    held = await queries.holdbacks(session, work_ids)
    sold = await taken.of(session, work_ids)
    return {
        work_id
        for work_id in work_ids
        if taken.free(
            asked,
            [scope_of(row) for row in granted.get(work_id, ())],
            [scope_of(row) for row in held.get(work_id, ())],
            sold.get(work_id, ()),
        )
    }
