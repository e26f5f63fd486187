"""How good drafts were, in GraphQL."""

from __future__ import annotations

from datetime import date

import strawberry

from hub.context import Info
from hub.types import LanguageTag, known_language
from translation.desk.api import Purpose
from translation.quality import queries

FEWEST = 20
"""Texts: below this a mean says little, and pages say so."""
MONTHS = 12


@strawberry.type(
    description="chrF++ (0 to 100) of drafts against what a person approved after them. bands: how many scored 0 to under 10, …,"
    " 90 to 100. few: too few texts to compare engines by"
)
class DraftQuality:
    engine: str
    version: str
    source: LanguageTag
    target: LanguageTag
    purpose: Purpose
    texts: int
    mean: float
    median: float
    spread: float | None
    unchanged: int = strawberry.field(description="Approved to the letter")
    withheld: int = strawberry.field(description="Had failed a check, and were not shown")
    bands: list[int]
    few: bool


@strawberry.type
class DraftQualityMonth:
    engine: str
    source: LanguageTag
    target: LanguageTag
    month: date
    texts: int
    mean: float
    few: bool


@strawberry.type
class Queries:
    @strawberry.field(description="Of my organization's texts; of everybody's for the operator. Most texts first")
    async def draft_quality(
        self,
        info: Info,
        source: LanguageTag | None = None,
        target: LanguageTag | None = None,
        purpose: Purpose | None = None,
    ) -> list[DraftQuality]:
        assert info.context.person
        async with info.context.tx.use() as session:
            found = await queries.by_pair(
                session,
                source=known_language(source, "source") if source else None,
                target=known_language(target, "target") if target else None,
                purpose=purpose.value if purpose else None,
            )
        return [
            DraftQuality(
                engine=one.engine,
                version=one.version,
                source=LanguageTag(one.source),
                target=LanguageTag(one.target),
                purpose=Purpose(one.purpose),
                texts=one.texts,
                mean=one.mean,
                median=one.median,
                spread=one.spread,
                unchanged=one.unchanged,
                withheld=one.withheld,
                bands=list(one.bands),
                few=one.texts < FEWEST,
            )
            for one in found
        ]

    @strawberry.field(description="The same by month of approval, the last twelve, the oldest first")
    async def draft_quality_trend(self, info: Info) -> list[DraftQualityMonth]:
        assert info.context.person
        async with info.context.tx.use() as session:
            found = await queries.trend(session, MONTHS)
        return [
            DraftQualityMonth(
                engine=one.engine,
                source=LanguageTag(one.source),
                target=LanguageTag(one.target),
                month=one.month,
                texts=one.texts,
                mean=one.mean,
                few=one.texts < FEWEST,
            )
            for one in found
        ]
