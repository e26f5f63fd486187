"""Works from the tables, as the index wants them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, taken
from catalog.scopes import scope_of
from catalog.search.schema import WorkDocument
from catalog.search.standing import standing
from translation import queries as texts
from translation.queries import Told


async def documents(session: AsyncSession, work_ids: Collection[UUID]) -> Sequence[WorkDocument]:
    """Those of `work_ids` that are published, whole."""
    works = await queries.published(session, work_ids)
    ids = [work.id for work in works]
    wanted = [text_id for work in works for text_id in (work.title_id, work.description_id) if text_id is not None]
    told = await texts.in_every_language(session, wanted)
    credited = await queries.contributors(session, ids)
    coded = await queries.identifiers(session, ids)
    granted = await queries.mandates(session, ids)
    held = await queries.holdbacks(session, ids)
    sold = await taken.of(session, ids)
    made = []
    for work in works:
        titles = told.get(work.title_id, ())
        bodies = told.get(work.description_id, ()) if work.description_id else ()
        made.append(
            WorkDocument(
                id=str(work.id),
                kind=work.kind,
                original_language=work.original_language,
                published=int(work.published_at.timestamp() * 1000) if work.published_at else 0,
                titles=_words(titles, drafted=False),
                bodies=_words(bodies, drafted=False),
                draft_titles=_words(titles, drafted=True),
                draft_bodies=_words(bodies, drafted=True),
                names=[name for row in credited.get(work.id, ()) for name in (row.name, row.name_original) if name],
                codes=[row.value for row in coded.get(work.id, ())],
                subjects=work.subjects,
                country=work.country_of_origin,
                standing=standing(
                    tuple(scope_of(row) for row in granted.get(work.id, ())),
                    tuple(scope_of(row) for row in held.get(work.id, ())),
                    tuple(one for one in sold.get(work.id, ()) if one.exclusive),
                ),
            )
        )
    return made


def _words(told: Sequence[Told], *, drafted: bool) -> Mapping[str, str]:
    return {one.language: one.words for one in told if one.drafted is drafted}
