"""Closing a period: one statement for each payee and currency, each of which adds up and is posted.

opening + earned = recouped + held + payable. Opening is what the last statement held; recouped goes against an advance; less
than the payee's minimum, or a debt, is held and opens the next statement. Nothing is rounded here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from distribution import policies
from distribution.errors import PeriodAlreadyClosed, PeriodNotOver, StillChecking
from distribution.models import Payee
from distribution.revenue import ledger, queries
from distribution.revenue.models import AccountKind, ClosedPeriod, Earning, SalesReport, Statement
from distribution.revenue.periods import Period
from hub import audit
from hub.database import act_for
from hub.errors import Forbidden, Invalid, NotFound
from hub.i18n import _
from hub.money import Money
from hub.security import Caller

WEIGH = text("SET CONSTRAINTS ledger_entries_balance IMMEDIATE")
WEIGH_AT_COMMIT = text("SET CONSTRAINTS ledger_entries_balance DEFERRED")
"""The database weighs postings at commit; here it does before the transaction acts for another organization."""

Unstated = Sequence[tuple[Earning, SalesReport]]


async def close_period(session: AsyncSession, caller: Caller, period: Period) -> list[Statement]:
    """Close a period for the caller's organization, or for every label when the operator asks.

    Reports of earlier periods that came late are told of too; each is told of once. Without anything to tell nothing is closed.
    Raises `Forbidden`, `PeriodNotOver`, `StillChecking`, `PeriodAlreadyClosed`; then nothing is written.
    """
    if not policies.may_book(caller):
        raise Forbidden
    if not period.is_over:
        raise PeriodNotOver(field="period", end=period.end.isoformat())
    made: list[Statement] = []
    if not policies.may_operate(caller):
        made = await close(session, caller.organization_id, period)
        await _record(session, caller, made)
        return made
    refused: PeriodAlreadyClosed | None = None
    for organization in await queries.labels(session):
        await act_for(session, organization, caller.person_id)
        try:
            made += await close(session, organization, period)
        except PeriodAlreadyClosed as error:
            refused = error
        await session.execute(WEIGH)
        await session.execute(WEIGH_AT_COMMIT)
    await act_for(session, caller.organization_id, caller.person_id)
    if refused is not None and not made:
        raise refused
    await _record(session, caller, made)
    return made


async def _record(session: AsyncSession, caller: Caller, made: Sequence[Statement]) -> None:
    for statement in made:
        await audit.record(
            session, caller, "distribution.statement.made", "statement", statement.id, period=statement.period
        )


async def close(session: AsyncSession, organization: UUID, period: Period) -> list[Statement]:
    """The same for one organization, for which the transaction acts."""
    if await queries.still_checking(session, organization):
        raise StillChecking(field="period")
    unstated = await queries.unstated(session, organization)
    due = [(earning, report) for earning, report in unstated if report.period_end and report.period_end <= period.end]
    if not due:
        if await session.get(ClosedPeriod, (organization, period.name)):
            raise PeriodAlreadyClosed(field="period", period=period.name)
        return []
    await _mark_closed(session, organization, period)
    waiting: dict[tuple[UUID, str], int] = defaultdict(int)
    by_payee: dict[tuple[UUID, str], list[tuple[Earning, SalesReport]]] = defaultdict(list)
    for earning, report in unstated:
        waiting[earning.payee_id, report.currency or ""] += earning.minor
    for earning, report in due:
        by_payee[earning.payee_id, report.currency or ""].append((earning, report))
    payees = await queries.payees(session, {payee_id for payee_id, _currency in by_payee})
    return [
        await _state(session, payees[payee_id], currency, period, told, waiting[payee_id, currency])
        for (payee_id, currency), told in sorted(
            by_payee.items(), key=lambda item: (payees[item[0][0]].name, item[0][1])
        )
    ]


async def _mark_closed(session: AsyncSession, organization: UUID, period: Period) -> None:
    closed = await session.execute(
        upsert(ClosedPeriod)
        .values(organization_id=organization, period=period.name)
        .on_conflict_do_nothing()
        .returning(ClosedPeriod.period)
    )
    if closed.scalar_one_or_none() is None:
        raise PeriodAlreadyClosed(field="period", period=period.name)


async def _state(
    session: AsyncSession, payee: Payee, currency: str, period: Period, told: Unstated, waiting: int
) -> Statement:
    """`waiting`: all that is earned and not stated, of this period or later."""
    organization = payee.organization_id
    payable_account = await ledger.account(session, organization, AccountKind.PAYABLE, currency, payee_id=payee.id)
    advance_account = await ledger.account(session, organization, AccountKind.ADVANCE, currency, payee_id=payee.id)
    due_account = await ledger.account(session, organization, AccountKind.DUE, currency, payee_id=payee.id)
    earned = sum(earning.minor for earning, _report in told)
    opening = -await queries.balance(session, payable_account) - waiting
    owed = opening + earned
    recouped = max(0, min(await queries.balance(session, advance_account), owed))
    left = owed - recouped
    payable = left if left > 0 and left >= payee.minimum_minor else 0
    statement_id: UUID = (await session.execute(select(func.uuidv7()))).scalar_one()
    statement = Statement(
        id=statement_id,
        organization_id=organization,
        payee_id=payee.id,
        period=period.name,
        currency=currency,
        opening=opening,
        earned=earned,
        recouped=recouped,
        held=left - payable,
        payable=payable,
    )
    session.add(statement)
    await session.flush()
    await session.refresh(statement)
    await ledger.post(
        session,
        organization,
        f"statement:{statement_id}",
        [(payable_account, recouped + payable), (advance_account, -recouped), (due_account, -payable)],
    )
    await session.execute(
        update(Earning)
        .where(Earning.payee_id == payee.id, Earning.report_id.in_([report.id for _earning, report in told]))
        .values(statement_id=statement_id)
    )
    return statement


async def record_advance(session: AsyncSession, caller: Caller, payee_id: UUID, amount: Money) -> Payee:
    """Note an advance that was paid to a payee: it is recouped from the next statements. Raises `Forbidden`, `NotFound`."""
    if not policies.may_book(caller):
        raise Forbidden
    payee = (await queries.payees(session, [payee_id])).get(payee_id)
    if payee is None or payee.organization_id != caller.organization_id:
        raise NotFound(field="payeeId")
    if amount.minor <= 0:
        raise Invalid(_("Enter an amount above zero."), field="amount")
    organization = payee.organization_id
    advance = await ledger.account(session, organization, AccountKind.ADVANCE, amount.currency, payee_id=payee.id)
    cash = await ledger.account(session, organization, AccountKind.CASH, amount.currency)
    key: UUID = (await session.execute(select(func.uuidv7()))).scalar_one()
    await ledger.post(session, organization, f"advance:{key}", [(advance, amount.minor), (cash, -amount.minor)])
    await audit.record(session, caller, "distribution.advance.recorded", "payee", payee.id)
    return payee
