"""Is it free, in GraphQL: one question with its reasons, and a work's rights laid out by territory."""

from __future__ import annotations

from datetime import UTC, date, datetime

import strawberry

from catalog import languages as tags
from catalog import service as works
from catalog.api import Period, ScopeInput
from catalog.loaders import WorkLoader
from catalog.models import Work
from catalog.policies import may_see
from catalog.rights import DERIVATIVE_RIGHTS, RIGHTS_BY_KIND, RightType
from catalog.scopes import expanded
from catalog.territories import NEIGHBOURS
from hub.context import ID, Info
from hub.errors import TooComplex
from hub.formats import last_day
from hub.types import LanguageTag, Territory, row_id
from marketplace import availability as reckoning
from marketplace.availability import Block, BlockReason, RightStatus
from marketplace.clearance import check
from marketplace.loaders import StandingLoader

strawberry.enum(BlockReason)
strawberry.enum(
    RightStatus,
    description="FREE: in every language of the mandate; PART: in some languages, or later; HELD: kept from sale;"
    " SOLD: licensed exclusively; NONE: not the owner's to sell",
)
MOST_WORKS = 100


@strawberry.type(description="languages null: every language")
class Blocked:
    reason: BlockReason
    rights: list[RightType]
    territories: list[Territory]
    languages: list[LanguageTag] | None
    period: Period
    explanation: str

    @classmethod
    def of(cls, block: Block, info: Info) -> Blocked:
        shown = tags.shown(block.scope.languages)
        return cls(
            reason=block.reason,
            rights=[right for right in RightType if right in block.scope.rights],
            territories=[Territory(code) for code in sorted(block.scope.territories)],
            languages=None if shown is None else [LanguageTag(tag) for tag in shown],
            period=Period(start=block.scope.start, end=block.scope.end),
            explanation=block.explanation.render(info.context.language),
        )


@strawberry.type(description="available: the whole scope asked is free")
class Availability:
    available: bool
    blocked: list[Blocked]


@strawberry.type(description="until: the last day of what blocks it, if that ends")
class TerritoryRight:
    territory: Territory
    status: RightStatus
    until: date | None


@strawberry.type
class RightOverview:
    right: RightType
    territories: list[TerritoryRight]


@strawberry.type(description="A work's rights as they stand today, by right and territory")
class WorkRights:
    work_id: ID
    rights: list[RightOverview]


@strawberry.type
class Queries:
    @strawberry.field
    async def availability(self, info: Info, work_id: ID, scope: ScopeInput) -> Availability:
        asked = scope.scope()
        async with info.context.tx.use() as session:
            work = await works.visible(session, info.context.caller, row_id(work_id, "workId"))
            found = await check(session, work.id, asked)
        return Availability(available=not found, blocked=[Blocked.of(block, info) for block in found])

    @strawberry.field(description="At most 100 works; without territories: China, ASEAN and their neighbours")
    async def work_rights(
        self, info: Info, work_ids: list[ID], territories: list[Territory] | None = None
    ) -> list[WorkRights]:
        if len(work_ids) > MOST_WORKS:
            raise TooComplex
        codes = _codes(territories)
        found = []
        for work_id in dict.fromkeys(row_id(each, "workIds") for each in work_ids):
            work = await info.context.load(WorkLoader, work_id)
            if work is None or not may_see(info.context.caller, work):
                continue
            standing = await info.context.load(StandingLoader, work_id)
            assert standing is not None
            overviews = [_overview(right, codes, standing) for right in _traded(work, standing)]
            found.append(WorkRights(work_id=ID(str(work.id)), rights=overviews))
        return found


def _codes(territories: list[Territory] | None) -> list[str]:
    if territories is None:
        return list(NEIGHBOURS)
    return sorted(expanded(territories, "territories"))


def _traded(work: Work, standing: reckoning.Standing) -> list[RightType]:
    """The rights usually traded for the kind of work, and any others that its owner may sell."""
    offered = {right for mandate in standing.mandates for right in mandate.rights}
    usual = RIGHTS_BY_KIND.get(work.kind, ())
    return [right for right in RightType if right in offered or (right in usual and right not in DERIVATIVE_RIGHTS)]


def _overview(right: RightType, codes: list[str], standing: reckoning.Standing) -> RightOverview:
    today = datetime.now(UTC).date()
    tiles = [(code, reckoning.tile(right, code, today, standing)) for code in codes]
    return RightOverview(
        right=right,
        territories=[
            TerritoryRight(
                territory=Territory(code), status=tile.status, until=last_day(tile.until) if tile.until else None
            )
            for code, tile in tiles
        ],
    )
