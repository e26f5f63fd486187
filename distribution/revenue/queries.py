"""Every SELECT of money: reports, ledger, statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from distribution.models import Channel, Isrc, Payee, Recording, Split
from distribution.revenue.models import Account, Earning, Entry, FetchedReport, SalesReport, Statement


def _among(column: InstrumentedAttribute[str], values: Collection[str]) -> ColumnElement[bool]:
    """`IN`, as one parameter: a report names more recordings than a statement may have parameters."""
    return column == any_(literal(list(values), ARRAY(TEXT)))


async def report(session: AsyncSession, report_id: UUID, *, lock: bool = False) -> SalesReport | None:
    query = select(SalesReport).where(SalesReport.id == report_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def reports(
    session: AsyncSession, organization_id: UUID, first: int, after: UUID | None
) -> tuple[Sequence[SalesReport], int]:
    """An organization's own reports, newest first, and how many there are; the operator may see the labels' parts besides."""
    own = SalesReport.organization_id == organization_id
    query = select(SalesReport).where(own).order_by(SalesReport.id.desc()).limit(first + 1)
    if after is not None:
        query = query.where(SalesReport.id < after)
    total = await session.scalar(select(func.count()).select_from(SalesReport).where(own))
    return (await session.scalars(query)).all(), total or 0


async def report_of_file(
    session: AsyncSession, organization_id: UUID, channel_id: UUID, file_key: str
) -> SalesReport | None:
    """The report that was made of a file, unless it was rejected."""
    query = (
        select(SalesReport)
        .where(
            SalesReport.organization_id == organization_id,
            SalesReport.channel_id == channel_id,
            SalesReport.file_key == file_key,
            SalesReport.status != "REJECTED",
        )
        .order_by(SalesReport.id)
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def booked(session: AsyncSession, organization_id: UUID, channel_id: UUID, message_id: str) -> bool:
    """Whether the organization has taken in this message of the channel already."""
    return bool(
        await session.scalar(
            select(
                select(SalesReport.id)
                .where(
                    SalesReport.organization_id == organization_id,
                    SalesReport.channel_id == channel_id,
                    SalesReport.message_id == message_id,
                    SalesReport.status.in_(("ACCEPTED", "BOOKED")),
                )
                .exists()
            )
        )
    )


async def parts_pending(session: AsyncSession, report: SalesReport) -> bool:
    """Whether a part of the same message is still on its way into another organization's books, as far as one may see."""
    return bool(
        await session.scalar(
            select(
                select(SalesReport.id)
                .where(
                    SalesReport.channel_id == report.channel_id,
                    SalesReport.message_id == report.message_id,
                    SalesReport.organization_id != report.organization_id,
                    SalesReport.status == "ACCEPTED",
                )
                .exists()
            )
        )
    )


async def owners(session: AsyncSession, codes: Collection[str]) -> Mapping[str, UUID]:
    """Whose recording each ISRC names; codes that name none are missing."""
    rows = await session.execute(select(Isrc.code, Isrc.organization_id).where(_among(Isrc.code, codes)))
    return {row.code: row.organization_id for row in rows}


async def labels(session: AsyncSession) -> Sequence[UUID]:
    """Every organization that has recordings."""
    return (await session.scalars(select(Isrc.organization_id).distinct().order_by(Isrc.organization_id))).all()


async def shares(session: AsyncSession, codes: Collection[str]) -> list[dict[str, object]]:
    """Who is owed which part of what recording, as `pricing.SHARES` has it; a payee with two roles has the sum."""
    rows = await session.execute(
        select(
            Recording.isrc,
            Split.payee_id,
            func.min(Split.position).label("position"),
            func.sum(Split.share).label("share"),
        )
        .join(Split, Split.recording_id == Recording.id)
        .where(_among(Recording.isrc, codes))
        .group_by(Recording.isrc, Split.payee_id)
    )
    return [
        {"isrc": row.isrc, "payee": str(row.payee_id), "position": row.position, "share": int(row.share)}
        for row in rows
    ]


async def fetched(session: AsyncSession, channel_id: UUID) -> set[str]:
    """Names of the files that have been taken from a channel's outbox."""
    rows = await session.scalars(select(FetchedReport.file_name).where(FetchedReport.channel_id == channel_id))
    return set(rows)


async def balance(session: AsyncSession, account_id: UUID) -> int:
    """What an account holds: debits less credits, in minor units."""
    total = await session.scalar(select(func.coalesce(func.sum(Entry.minor), 0)).where(Entry.account_id == account_id))
    return int(total or 0)


async def unstated(session: AsyncSession, organization_id: UUID) -> Sequence[tuple[Earning, SalesReport]]:
    """Earnings that no statement has told of yet, with their reports, locked until the transaction ends."""
    rows = await session.execute(
        select(Earning, SalesReport)
        .join(SalesReport, SalesReport.id == Earning.report_id)
        .where(Earning.organization_id == organization_id, Earning.statement_id.is_(None))
        .order_by(Earning.payee_id, SalesReport.id)
        .with_for_update(of=Earning)
    )
    return [(row[0], row[1]) for row in rows]


async def still_checking(session: AsyncSession, organization_id: UUID) -> bool:
    """Whether a report of the organization is on its way into the books."""
    on_its_way = SalesReport.status.in_(("CHECKING", "ACCEPTED"))
    return bool(
        await session.scalar(
            select(select(SalesReport.id).where(SalesReport.organization_id == organization_id, on_its_way).exists())
        )
    )


async def statements(
    session: AsyncSession, period: str | None, first: int, after: UUID | None
) -> tuple[Sequence[Statement], int]:
    """Statements (of one period, or of all), newest first, and how many there are."""
    query, count = (
        select(Statement).order_by(Statement.id.desc()).limit(first + 1),
        select(func.count()).select_from(Statement),
    )
    if period is not None:
        query, count = query.where(Statement.period == period), count.where(Statement.period == period)
    if after is not None:
        query = query.where(Statement.id < after)
    return (await session.scalars(query)).all(), await session.scalar(count) or 0


async def statement(session: AsyncSession, statement_id: UUID) -> Statement | None:
    return (await session.scalars(select(Statement).where(Statement.id == statement_id))).one_or_none()


async def payees(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Payee]:
    rows = await session.scalars(select(Payee).where(Payee.id.in_(ids)))
    return {row.id: row for row in rows}


async def payees_of(session: AsyncSession, organization_id: UUID) -> Sequence[Payee]:
    """An organization's payees by name."""
    query = select(Payee).where(Payee.organization_id == organization_id).order_by(Payee.name)
    return (await session.scalars(query)).all()


async def earnings_of(
    session: AsyncSession, statement_ids: Collection[UUID]
) -> Mapping[UUID, list[tuple[Earning, SalesReport, Channel]]]:
    """What statements tell of, report by report in the order of their arrival."""
    rows = await session.execute(
        select(Earning, SalesReport, Channel)
        .join(SalesReport, SalesReport.id == Earning.report_id)
        .join(Channel, Channel.id == SalesReport.channel_id)
        .where(Earning.statement_id.in_(statement_ids))
        .order_by(SalesReport.id)
    )
    found: dict[UUID, list[tuple[Earning, SalesReport, Channel]]] = {statement_id: [] for statement_id in statement_ids}
    for earning, report, channel in rows:
        assert earning.statement_id is not None
        found[earning.statement_id].append((earning, report, channel))
    return found


async def account(
    session: AsyncSession,
    organization_id: UUID,
    kind: str,
    currency: str,
    *,
    channel_id: UUID | None,
    payee_id: UUID | None,
) -> UUID | None:
    return (
        await session.scalars(
            select(Account.id).where(
                Account.organization_id == organization_id,
                Account.kind == kind,
                Account.currency == currency,
                Account.channel_id.is_not_distinct_from(channel_id),
                Account.payee_id.is_not_distinct_from(payee_id),
            )
        )
    ).one_or_none()
