"""Searching for works: the index proposes, the tables decide."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ParamSpec
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries
from catalog.errors import IndexBeingMade
from catalog.queries import Card
from catalog.rights import Scope
from catalog.search import queries as in_tables
from catalog.search.documents import documents
from catalog.search.feed import PART
from catalog.search.index import Facets, Progress, WorkIndex
from catalog.search.matches import Matches
from catalog.search.query import Filters, Reader
from hub.errors import Unavailable
from hub.runtime import Runtime

P = ParamSpec("P")
MOST_COUNTED = 400
"""Matches of which every one is looked up, so that the count is exact. Of more, a page's are, and the count is a least one."""
SPARE = 2
"""Matches beyond a page that are looked up with it: nearly all of what the index proposes is free."""
STEP = 60
"""Matches that are looked up at once where those were not."""


@dataclass(frozen=True, slots=True)
class Page:
    """Works of one page with their places among the index's matches; `next`: where the next page begins, None after the last.

    `exact` False: from this page on there are `total` works at least, and facets are of what may be free.
    """

    works: Sequence[tuple[int, Card]]
    next: int | None
    total: int
    facets: Facets
    exact: bool = True


def index_of(runtime: Runtime) -> WorkIndex:
    """This process's index. Unavailable in a process that keeps none, IndexBeingMade until it has been made."""
    index = runtime.parts.get(PART)
    if not isinstance(index, WorkIndex):
        raise Unavailable
    if index.position is None:
        making = index.making or Progress(0, 0)
        raise IndexBeingMade(done=making.done, works=making.works)
    return index


async def search(
    session: AsyncSession,
    runtime: Runtime,
    *,
    text: str,
    reader: Reader,
    filters: Filters,
    available_for: Scope | None,
    offset: int,
    limit: int,
    facets: bool = True,
    language: str | None = None,
) -> Page:
    """Published works for what `reader` typed, told in `language`, the reader's unless said otherwise."""
    spoken = language or reader.language
    index = index_of(runtime)
    if available_for is not None:
        narrower = open_for(filters, available_for)

        def look() -> tuple[Matches, list[str]]:
            most = offset + limit + SPARE
            found = index.matches(text, reader, narrower, most)
            every = found.total <= MOST_COUNTED
            return found, found.ids(0, found.total) if every else found.ids(offset, most)

        matches, first = await asyncio.to_thread(look)
        return await _available(session, index, matches, first, available_for, offset, limit, spoken, facets=facets)
    matches = await asyncio.to_thread(index.matches, text, reader, filters, offset + limit)
    ids = matches.ids(offset, offset + limit)
    works, counted = await asyncio.gather(
        _placed(session, list(enumerate(ids, offset)), spoken), _counted(facets, index.facets, matches)
    )
    return Page(works, offset + len(ids) if offset + len(ids) < matches.total else None, matches.total, counted)


def open_for(filters: Filters, asked: Scope | None) -> Filters:
    """The filters as far as the index can tell: some part of what is asked for must be free."""
    if asked is None:
        return filters
    rights = tuple(sorted(right.value for right in asked.rights))
    return replace(filters, rights=rights, territories=tuple(sorted(asked.territories)))


async def _available(
    session: AsyncSession,
    index: WorkIndex,
    matches: Matches,
    first: Sequence[str],
    asked: Scope,
    offset: int,
    limit: int,
    language: str,
    *,
    facets: bool,
) -> Page:
    """Matches of which the whole of `asked` is free at this moment; `first`: every match, or those from `offset` on.

    The index knows of which some part is: those are looked up, best first, until the page is full. Places on a page count matches
    of the index, so that a later page goes on where this one ended.
    """
    if matches.total <= MOST_COUNTED:
        free = await in_tables.free(session, first, asked)
        places = [place for place, work_id in enumerate(first) if work_id in free and place >= offset]
        works, counted = await asyncio.gather(
            _placed(session, [(place, first[place]) for place in places[:limit]], language),
            _counted(facets, index.facets_of, free, matches.reader),
        )
        return Page(works, places[limit] if len(places) > limit else None, len(free), counted)
    found: list[tuple[int, Card]] = []

    async def fill() -> Sequence[tuple[int, Card]]:
        place, ids = offset, first
        while ids:
            free = await in_tables.free_cards(session, ids, asked, language)
            found.extend((place + number, free[work_id]) for number, work_id in enumerate(ids) if work_id in free)
            place += len(ids)
            if len(found) > limit or place >= matches.total:
                break
            ids = await asyncio.to_thread(matches.ids, place, place + STEP)
        return found[:limit]

    works, counted = await asyncio.gather(fill(), _counted(facets, index.facets, matches))
    return Page(works, found[limit][0] if len(found) > limit else None, len(found), counted, exact=False)


async def _counted(wanted: bool, count: Callable[P, Facets], *args: P.args, **kwargs: P.kwargs) -> Facets:
    """Facets, counted in a thread while the tables are asked for the page."""
    return await asyncio.to_thread(count, *args, **kwargs) if wanted else {}


async def _placed(session: AsyncSession, found: Sequence[tuple[int, str]], language: str) -> Sequence[tuple[int, Card]]:
    cards = await queries.cards(session, [work_id for _place, work_id in found], language)
    return [(place, cards[work_id]) for place, work_id in found if work_id in cards]


async def shown(session: AsyncSession, ids: Sequence[str], language: str) -> Sequence[Card]:
    """The works in this order. The index is a moment behind: what has just been withdrawn is left out."""
    cards = await queries.cards(session, ids, language)
    return [cards[work_id] for work_id in ids if work_id in cards]


async def like(
    session: AsyncSession, runtime: Runtime, work_id: UUID, reader: Reader, limit: int, language: str
) -> Sequence[Card]:
    """Other published works about the same; none for a work that is not published itself."""
    index = index_of(runtime)
    made = await documents(session, [work_id])
    if not made:
        return ()
    return await shown(session, await asyncio.to_thread(index.like, made[0], reader, limit), language)


async def count_newer(
    session: AsyncSession,
    runtime: Runtime,
    *,
    text: str,
    reader: Reader,
    filters: Filters,
    available_for: Scope | None,
    since: datetime,
) -> int:
    """How many works that match were published after a moment; of very many, with `available_for`, a least number."""
    newer = replace(filters, since=int(since.timestamp() * 1000))
    if available_for is None:
        return await asyncio.to_thread(index_of(runtime).newer, text, reader, newer)
    page = await search(
        session,
        runtime,
        text=text,
        reader=reader,
        filters=newer,
        available_for=available_for,
        offset=0,
        limit=1,
        facets=False,
    )
    return page.total
