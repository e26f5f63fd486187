"""Every SELECT of batches. Row-level security leaves other organizations' out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, cast, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import TEXT as PgText
from sqlalchemy.ext.asyncio import AsyncSession

from translation.batches.models import Batch, BatchPart, BatchText
from translation.models import Rendering, Text
from translation.queries import written_in


async def batch(session: AsyncSession, batch_id: UUID, *, lock: bool = False) -> Batch | None:
    query = select(Batch).where(Batch.id == batch_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def batches(
    session: AsyncSession, organization_id: UUID, before: UUID | None, limit: int
) -> tuple[Sequence[Batch], int]:
    """The newest first, from just after `before`; and how many there are in all."""
    own = Batch.organization_id == organization_id
    query = select(Batch).where(own).order_by(Batch.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Batch.id < before)
    total = await session.scalar(select(func.count()).select_from(Batch).where(own))
    return (await session.scalars(query)).all(), total or 0


async def parts(session: AsyncSession, batch_ids: Collection[UUID]) -> Mapping[UUID, list[BatchPart]]:
    found: dict[UUID, list[BatchPart]] = defaultdict(list)
    query = select(BatchPart).where(BatchPart.batch_id.in_(batch_ids)).execution_options(populate_existing=True)
    for row in await session.scalars(query.order_by(BatchPart.language)):
        found[row.batch_id].append(row)
    return found


async def part(session: AsyncSession, batch_id: UUID, language: str) -> BatchPart:
    """One language of a batch, locked."""
    query = select(BatchPart).where(BatchPart.batch_id == batch_id, BatchPart.language == language)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).one()


async def texts(session: AsyncSession, batch_id: UUID, start: int, limit: int) -> Sequence[tuple[int, Text | None]]:
    """The texts from a position on, in order; None for one that is gone."""
    rows = await session.execute(
        select(BatchText.position, Text)
        .outerjoin(Text, Text.id == BatchText.text_id)
        .where(BatchText.batch_id == batch_id, BatchText.position >= start)
        .order_by(BatchText.position)
        .limit(limit)
    )
    return [(position, text) for position, text in rows]


class Left(NamedTuple):
    """What a language has of texts in a source language that are not translated yet."""

    source: str
    language: str
    texts: int
    characters: int


async def left(session: AsyncSession, chosen: Select[UUID], languages: Collection[str]) -> list[Left]:
    """Of the chosen texts, those that nothing was made of in each of `languages`; own languages left out."""
    wanted = func.unnest(cast(list(languages), ARRAY(PgText))).table_valued("language").render_derived()
    source = written_in()
    made = exists().where(
        and_(
            Rendering.text_id == Text.id,
            Rendering.language == wanted.c.language,
            Rendering.text_version == Text.version,
        )
    )
    rows = await session.execute(
        select(source, wanted.c.language, func.count(), func.sum(func.length(Text.words)))
        .select_from(Text)
        .join(wanted, source != wanted.c.language)
        .where(Text.id.in_(chosen), ~made)
        .group_by(source, wanted.c.language)
    )
    return [Left(*row) for row in rows]


async def pace(session: AsyncSession, organization_id: UUID) -> Mapping[str, float]:
    """Characters that engines drafted in a second into each language, in the organization's batches so far."""
    rows = await session.execute(
        select(BatchPart.language, func.sum(BatchPart.characters) / func.sum(BatchPart.seconds))
        .join(Batch, Batch.id == BatchPart.batch_id)
        .where(Batch.organization_id == organization_id, BatchPart.seconds > 0)
        .group_by(BatchPart.language)
    )
    return {language: float(rate) for language, rate in rows if rate}
