"""Works from the tables, as the index wants them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, taken
from catalog.rights import Scope
from catalog.scopes import scope_of
from catalog.search.schema import WorkDocument
from translation import queries as texts


async def documents(session: AsyncSession, work_ids: Collection[UUID]) -> Sequence[WorkDocument]:
    """Those of `work_ids` that are published, whole."""
    works = await queries.published(session, work_ids)
    ids = [work.id for work in works]
    told = [text_id for work in works for text_id in (work.title_id, work.description_id) if text_id is not None]
    words = await texts.in_every_language(session, told)
    credited = await queries.contributors(session, ids)
    coded = await queries.identifiers(session, ids)
    granted = await queries.mandates(session, ids)
    held = await queries.holdbacks(session, ids)
    sold = await taken.of(session, ids)
    return [
        WorkDocument(
            id=str(work.id),
            kind=work.kind,
            original_language=work.original_language,
            published=int(work.published_at.timestamp()) if work.published_at else 0,
            titles=words.get(work.title_id, {}),
            bodies=words.get(work.description_id, {}) if work.description_id else {},
            names=[name for row in credited.get(work.id, ()) for name in (row.name, row.name_original) if name],
            codes=[row.value for row in coded.get(work.id, ())],
            subjects=work.subjects,
            country=work.country_of_origin,
            offered=offered(
                [scope_of(row) for row in granted.get(work.id, ())],
                [scope_of(row) for row in held.get(work.id, ())]
                + [one for one in sold.get(work.id, ()) if one.exclusive],
            ),
        )
        for work in works
    ]


def offered(mandates: Iterable[Scope], gone: Sequence[Scope]) -> list[str]:
    """`TH-PRINT` for each right of which something, in some language at some time, is left in a territory."""
    pairs = {
        f"{territory}-{right.value}"
        for mandate in mandates
        for piece in mandate.minus(gone)
        for territory in piece.territories
        for right in piece.rights
    }
    return sorted(pairs)
