"""Every SELECT of quality: scores of the organization's own drafts; of everybody's for the operator (row-level security)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Float, Integer, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from translation.quality.models import DraftScore

BANDS = 10
"""Of ten points each: 0 to under 10, …, 90 to 100."""


class Quality(NamedTuple):
    """Drafts of one engine, version, pair and purpose that a person has approved or corrected since.

    `bands`: how many scored 0 to under 10, …, 90 to 100. `spread`: the standard deviation (None for a single one).
    """

    engine: str
    version: str
    source: str
    target: str
    purpose: str
    texts: int
    mean: float
    median: float
    spread: float | None
    unchanged: int
    withheld: int
    bands: tuple[int, ...]


async def by_pair(
    session: AsyncSession, *, source: str | None = None, target: str | None = None, purpose: str | None = None
) -> list[Quality]:
    """The pair with most texts first."""
    band = func.least(cast(func.floor(DraftScore.chrf / BANDS), Integer), BANDS - 1)
    keys = (
        DraftScore.engine,
        DraftScore.version,
        DraftScore.source_language,
        DraftScore.language,
        DraftScore.purpose,
    )
    counted = [func.count().filter(band == number) for number in range(BANDS)]
    query = (
        select(
            *keys,
            func.count().label("texts"),
            func.avg(DraftScore.chrf),
            func.percentile_cont(0.5).within_group(DraftScore.chrf),
            cast(func.stddev_samp(DraftScore.chrf), Float),
            func.count().filter(DraftScore.unchanged),
            func.count().filter(DraftScore.withheld),
            *counted,
        )
        .group_by(*keys)
        .order_by(func.count().desc(), *keys)
    )
    for column, value in (
        (DraftScore.source_language, source),
        (DraftScore.language, target),
        (DraftScore.purpose, purpose),
    ):
        if value is not None:
            query = query.where(column == value)
    return [Quality._make([*row[:11], tuple(row[11:])]) for row in await session.execute(query)]


class Month(NamedTuple):
    """One pair's drafts by one engine in a month, by when they were approved."""

    engine: str
    source: str
    target: str
    month: date
    texts: int
    mean: float


async def trend(session: AsyncSession, months: int) -> Sequence[Month]:
    """The last months, the oldest first."""
    month = func.date_trunc("month", DraftScore.scored_at)
    since = func.date_trunc("month", func.now()) - func.make_interval(0, months - 1)
    keys = (DraftScore.engine, DraftScore.source_language, DraftScore.language, month)
    rows = await session.execute(
        select(*keys, func.count(), func.avg(DraftScore.chrf))
        .where(DraftScore.scored_at >= since)
        .group_by(*keys)
        .order_by(month, *keys[:3])
    )
    return [
        Month(engine, source, target, moment.date(), texts, mean)
        for engine, source, target, moment, texts, mean in rows
    ]
