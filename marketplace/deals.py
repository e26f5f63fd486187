"""The studios' board: negotiations in a studio's territories, where each stands, and what is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.policies import require
from hub import audit, events
from hub.errors import Conflict
from hub.i18n import _
from hub.money import Money
from hub.security import Caller
from marketplace import errors, policies, queries
from marketplace.models import DealCard, DealStage, Negotiation, NegotiationStatus, Offer
from marketplace.parties import topic

WORKING = (DealStage.EXPLORING, DealStage.OFFERED, DealStage.NEGOTIATING)
"""Stages that a studio sets itself; the others follow from what the parties do."""

_SETTLED = {
    NegotiationStatus.AGREED: DealStage.SIGNING,
    NegotiationStatus.SIGNED: DealStage.WON,
    NegotiationStatus.DECLINED: DealStage.LOST,
    NegotiationStatus.WITHDRAWN: DealStage.LOST,
    NegotiationStatus.EXPIRED: DealStage.LOST,
}


def stage_of(negotiation: Negotiation, card: DealCard | None) -> DealStage:
    """Where a deal stands: as the parties have settled it, else as the studio put it, else by its offers."""
    settled = _SETTLED.get(NegotiationStatus(negotiation.status))
    if settled is not None:
        return settled
    if card is not None and DealStage(card.stage) in WORKING:
        return DealStage(card.stage)
    return DealStage.OFFERED if negotiation.version == 1 else DealStage.NEGOTIATING


def value_of(offer: Offer) -> Money | None:
    """What a deal is worth for certain: its minimum guarantee, else its advance."""
    if offer.guarantee_minor is not None and offer.guarantee_currency is not None:
        return Money(offer.guarantee_minor, offer.guarantee_currency)
    if offer.advance_minor is not None and offer.advance_currency is not None:
        return Money(offer.advance_minor, offer.advance_currency)
    return None


@dataclass(frozen=True, slots=True)
class Deal:
    negotiation: Negotiation
    offer: Offer
    card: DealCard | None

    @property
    def stage(self) -> DealStage:
        return stage_of(self.negotiation, self.card)

    @property
    def value(self) -> Money | None:
        return value_of(self.offer)

    def late(self, today: date) -> bool:
        """Is the next step of an unfinished deal overdue?"""
        unfinished = self.stage not in (DealStage.WON, DealStage.LOST)
        return unfinished and self.card is not None and self.card.due is not None and self.card.due < today


async def deals(session: AsyncSession, caller: Caller, *, limit: int, after: UUID | None) -> tuple[list[Deal], int]:
    """The studio's deals, newest first (one more than `limit` when the list goes on), and how many there are."""
    require(caller.organization_kind == "STUDIO")
    rows, total = await queries.in_territories(session, caller.territories, limit=limit, after=after)
    return await _laid_out(session, rows), total


async def _laid_out(session: AsyncSession, rows: Sequence[Negotiation]) -> list[Deal]:
    ids = [row.id for row in rows]
    offers = await queries.offers(session, ids)
    cards = await queries.deal_cards(session, ids)
    return [Deal(row, offers[row.id][-1], cards.get(row.id)) for row in rows]


async def deal(session: AsyncSession, caller: Caller, negotiation_id: UUID) -> Deal:
    """One deal in the studio's territories; NOT_FOUND for any other."""
    require(caller.organization_kind == "STUDIO")
    negotiation = await queries.negotiation(session, negotiation_id)
    if negotiation is None or caller.territories.isdisjoint(negotiation.territories):
        raise errors.NegotiationUnknown(field="dealId")
    return (await _laid_out(session, [negotiation]))[0]


async def move(
    session: AsyncSession,
    caller: Caller,
    negotiation_id: UUID,
    stage: DealStage | None,
    *,
    next_step: str | None,
    due: date | None,
) -> Deal:
    """Put a deal where it stands, and say what is next. CONFLICT for stages that only the parties' doings reach."""
    require(policies.runs_deals(caller))
    found = await deal(session, caller, negotiation_id)
    wanted = stage or found.stage
    if wanted is not found.stage and (wanted not in WORKING or found.stage not in WORKING):
        raise Conflict(
            _("Signing, won and lost follow from what the parties do; a deal is not put there by hand."), field="stage"
        )
    values = {
        "stage": wanted.value,
        "owner_id": caller.person_id,
        "next_action": next_step,
        "due": due,
        "updated_at": datetime.now(UTC),
    }
    put = insert(DealCard).values(studio_id=caller.organization_id, negotiation_id=negotiation_id, **values)
    await session.execute(
        put.on_conflict_do_update(index_elements=["studio_id", "negotiation_id"], set_=values).execution_options(
            populate_existing=True
        )
    )
    await audit.record(session, caller, "marketplace.deal.moved", "negotiation", negotiation_id, stage=wanted.value)
    await events.tell(session, topic(negotiation_id))
    session.expire_all()
    return await deal(session, caller, negotiation_id)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a studio's board adds up to. Money is summed by currency; nothing is converted."""

    open: int
    late: int
    pipeline: list[Money]
    signed_this_month: list[Money]
    stages: list[tuple[DealStage, int, list[Money]]]


def summarize(found: Sequence[Deal], now: datetime) -> Summary:
    stages = Counter(each.stage for each in found)
    unfinished = [each for each in found if each.stage not in (DealStage.WON, DealStage.LOST)]
    won = [each for each in found if each.stage is DealStage.WON]
    month = [each for each in won if f"{each.negotiation.updated_at:%Y-%m}" == f"{now:%Y-%m}"]
    return Summary(
        open=len(unfinished),
        late=sum(each.late(now.date()) for each in found),
        pipeline=_totals(unfinished),
        signed_this_month=_totals(month),
        stages=[(stage, stages[stage], _totals([d for d in found if d.stage is stage])) for stage in DealStage],
    )


def _totals(found: Sequence[Deal]) -> list[Money]:
    sums: Counter[str] = Counter()
    for each in found:
        if each.value is not None:
            sums[each.value.currency] += each.value.minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]
