"""The studios' board in GraphQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from operator import attrgetter

import strawberry

from accounts.loaders import PersonLoader
from catalog import phrases
from catalog.api import Work
from catalog.scopes import scope_of
from hub.context import ID, Info
from hub.money import Money
from hub.types import (
    BigInt,
    Connection,
    MoneyType,
    Territory,
    after_row,
    connection,
    page_size,
    row_id,
    words,
)
from marketplace import deals
from marketplace.api.types import Negotiation
from marketplace.models import DealStage

strawberry.enum(DealStage, description="SIGNING, WON and LOST follow from what the parties do")
LONGEST_STEP = 300
WHOLE_BOARD = 1000


def _money(amount: Money) -> MoneyType:
    return MoneyType(minor=BigInt(amount.minor), currency=amount.currency)


@strawberry.type(
    description="A negotiation that touches the studio's territories. value: minimum guarantee, else advance"
)
class Deal:
    id: ID
    stage: DealStage
    territories: list[Territory]
    next_step: str | None
    due_on: date | None
    late: bool
    updated_at: datetime
    deal: strawberry.Private[deals.Deal]

    @strawberry.field
    async def work(self, info: Info) -> Work:
        return await Work.load(info, self.deal.negotiation.work_id)

    @strawberry.field
    def negotiation(self) -> Negotiation:
        return Negotiation.of(self.deal.negotiation)

    @strawberry.field(description="The latest terms in one sentence")
    def summary(self, info: Info) -> str:
        return phrases.scope(scope_of(self.deal.offer)).render(info.context.language)

    @strawberry.field
    def value(self) -> MoneyType | None:
        return _money(self.deal.value) if self.deal.value else None

    @strawberry.field(description="Who in the studio looks after it")
    async def owner(self, info: Info) -> str | None:
        card = self.deal.card
        if card is None or card.owner_id is None:
            return None
        person = await info.context.load(PersonLoader, card.owner_id)
        return person.name if person else None

    @classmethod
    def of(cls, deal: deals.Deal, info: Info) -> Deal:
        here = info.context.person.territories
        return cls(
            id=ID(str(deal.negotiation.id)),
            stage=deal.stage,
            territories=[Territory(code) for code in deal.negotiation.territories if code in here],
            next_step=deal.card.next_action if deal.card else None,
            due_on=deal.card.due if deal.card else None,
            late=deal.late(datetime.now(UTC).date()),
            updated_at=deal.negotiation.updated_at,
            deal=deal,
        )


@strawberry.type
class StageTotal:
    stage: DealStage
    count: int
    value: list[MoneyType]


@strawberry.type(description="Money by currency; nothing is converted")
class StudioSummary:
    open: int
    late: int
    pipeline: list[MoneyType]
    signed_this_month: list[MoneyType]
    stages: list[StageTotal]


@strawberry.type
class Queries:
    @strawberry.field(description="Deals in the territories of my studio, and only those")
    async def studio_deals(self, info: Info, first: int | None = 20, after: str | None = None) -> Connection[Deal]:
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            found, total = await deals.deals(session, info.context.person, limit=size, after=after_row(after))
        return connection(found, total, size, lambda each: Deal.of(each, info), at=attrgetter("negotiation.id"))

    @strawberry.field(description="What my studio's board adds up to")
    async def studio_summary(self, info: Info) -> StudioSummary:
        async with info.context.tx.use() as session:
            found, _total = await deals.deals(session, info.context.person, limit=WHOLE_BOARD, after=None)
        total = deals.summarize(found, datetime.now(UTC))
        return StudioSummary(
            open=total.open,
            late=total.late,
            pipeline=[_money(each) for each in total.pipeline],
            signed_this_month=[_money(each) for each in total.signed_this_month],
            stages=[
                StageTotal(stage=stage, count=count, value=[_money(each) for each in value])
                for stage, count, value in total.stages
            ],
        )


@strawberry.type
class Mutations:
    @strawberry.mutation(description="Put a deal where it stands, and say what is next")
    async def move_deal(
        self,
        info: Info,
        deal_id: ID,
        stage: DealStage | None = None,
        next_step: str | None = None,
        due_on: date | None = None,
    ) -> Deal:
        async with info.context.tx.use() as session:
            moved = await deals.move(
                session,
                info.context.person,
                row_id(deal_id, "dealId"),
                stage,
                next_step=words(next_step, "nextStep", longest=LONGEST_STEP, required=False),
                due=due_on,
            )
        return Deal.of(moved, info)
