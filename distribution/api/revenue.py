"""Money in, in GraphQL: sales reports, periods, statements."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import cast

import strawberry
from strawberry.file_uploads import Upload

from distribution.api.types import Channel, shown, signed_in
from distribution.loaders import PayeeLoader, StatementReportsLoader
from distribution.problems import restored
from distribution.revenue import importing, models, periods, queries, statements, telling
from distribution.revenue.models import ReportStatus
from distribution.revenue.telling import TotalBy
from hub import formats
from hub.context import ID, Info
from hub.storage import Readable
from hub.types import (
    BigInt,
    Connection,
    First,
    MoneyInput,
    MoneyType,
    Problem,
    Territory,
    after_row,
    connection,
    page_size,
    place,
    row_id,
)

strawberry.enum(ReportStatus)
strawberry.enum(TotalBy)


def _month(report: models.SalesReport) -> str | None:
    return None if report.period_start is None else f"{report.period_start:%Y-%m}"


def _money(minor: int, currency: str) -> MoneyType:
    """An amount of a report or a statement, where amounts stand below each other."""
    return MoneyType(minor=BigInt(minor), currency=currency, in_column=True)


@strawberry.type(description="lines, total: of the recordings of the organization that asks, and what matches nobody's")
class SalesReport:
    id: ID
    status: ReportStatus
    lines: int
    unmatched: int
    file_name: str | None
    created_at: datetime
    period: str | None
    row: strawberry.Private[models.SalesReport]

    @strawberry.field
    async def channel(self, info: Info) -> Channel:
        return await Channel.load(info, self.row.channel_id)

    @strawberry.field
    def total(self) -> MoneyType | None:
        minor, currency = self.row.total_minor, self.row.currency
        return None if minor is None or currency is None else _money(minor, currency)

    @strawberry.field
    def problems(self, info: Info) -> list[Problem]:
        return shown([restored(item) for item in self.row.problems], info)

    @classmethod
    def of(cls, row: models.SalesReport) -> SalesReport:
        return cls(
            id=ID(str(row.id)),
            status=ReportStatus(row.status),
            lines=row.lines,
            unmatched=row.unmatched,
            file_name=row.file_name,
            created_at=row.created_at,
            period=_month(row),
            row=row,
        )


@strawberry.type(description="gross: what the platform paid for the line; amount: this payee's share of it")
class StatementLine:
    channel: Channel
    territory: Territory
    title: str
    isrc: str | None
    units: BigInt
    gross: MoneyType
    amount: MoneyType
    report_line: int


@strawberry.type(description="key: a channel's id, a territory or an ISRC; label: how the reader calls it")
class StatementTotal:
    key: str
    label: str
    units: BigInt
    gross: MoneyType
    amount: MoneyType


@strawberry.type(description="opening + earned = recouped + held + payable; held opens the next statement")
class Statement:
    id: ID
    period: str
    currency: str
    closed_at: datetime
    row: strawberry.Private[models.Statement]

    @strawberry.field
    async def payee(self, info: Info) -> str:
        payee = await info.context.load(PayeeLoader, self.row.payee_id)
        return payee.name if payee else ""

    @strawberry.field
    def opening(self) -> MoneyType:
        return _money(self.row.opening, self.row.currency)

    @strawberry.field
    def earned(self) -> MoneyType:
        return _money(self.row.earned, self.row.currency)

    @strawberry.field
    def recouped(self) -> MoneyType:
        return _money(self.row.recouped, self.row.currency)

    @strawberry.field
    def held(self) -> MoneyType:
        return _money(self.row.held, self.row.currency)

    @strawberry.field
    def payable(self) -> MoneyType:
        return _money(self.row.payable, self.row.currency)

    @strawberry.field
    async def lines(self, info: Info, first: First = 20, after: str | None = None) -> Connection[StatementLine]:
        size = page_size(first, info)
        told = await info.context.load(StatementReportsLoader, self.row.id) or []
        found = await telling.page(info.context.runtime, self.row, told, size, place(after))
        return connection(found, telling.count(told), size, self._line, at=attrgetter("place"))

    def _line(self, line: telling.Line) -> StatementLine:
        return StatementLine(
            channel=Channel.of(line.channel),
            territory=Territory(line.territory),
            title=line.title,
            isrc=line.isrc,
            units=BigInt(line.units),
            gross=_money(line.gross, self.row.currency),
            amount=_money(line.amount, self.row.currency),
            report_line=line.line,
        )

    @strawberry.field(description="The largest amount first; all of them together are what was earned")
    async def totals(self, info: Info, by: TotalBy) -> list[StatementTotal]:
        told = await info.context.load(StatementReportsLoader, self.row.id) or []
        return [
            StatementTotal(
                key=total.key,
                label=_label(total, by, info.context.language),
                units=BigInt(total.units),
                gross=_money(total.gross, self.row.currency),
                amount=_money(total.amount, self.row.currency),
            )
            for total in await telling.totals(info.context.runtime, self.row, told, by)
        ]

    @strawberry.field(description="Path of the PDF, in the reader's language")
    def document_url(self) -> str:
        return f"/statements/{self.row.id}/document.pdf"

    @classmethod
    def of(cls, row: models.Statement) -> Statement:
        return cls(id=ID(str(row.id)), period=row.period, currency=row.currency, closed_at=row.created_at, row=row)


def _label(total: telling.Total, by: TotalBy, language: str) -> str:
    if by is TotalBy.CHANNEL:
        return total.channel.name if total.channel else ""
    return formats.territory(total.key, language) if by is TotalBy.TERRITORY else total.title


@strawberry.type(description="Somebody who is owed shares")
class Payee:
    id: ID
    name: str


@strawberry.type
class Query:
    @strawberry.field
    async def sales_report(self, info: Info, id: ID) -> SalesReport | None:
        async with info.context.tx.use() as session:
            row = await queries.report(session, row_id(id))
        return SalesReport.of(row) if row else None

    @strawberry.field(description="My organization's, newest first")
    async def sales_reports(self, info: Info, first: First = 20, after: str | None = None) -> Connection[SalesReport]:
        caller = signed_in(info)
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.reports(session, caller.organization_id, size, after_row(after))
        return connection(rows, total, size, SalesReport.of)

    @strawberry.field
    async def statement(self, info: Info, id: ID) -> Statement | None:
        async with info.context.tx.use() as session:
            row = await queries.statement(session, row_id(id))
        return Statement.of(row) if row else None

    @strawberry.field(description="period: 2026-10 or 2026-Q4; newest first")
    async def statements(
        self, info: Info, period: str | None = None, first: First = 20, after: str | None = None
    ) -> Connection[Statement]:
        signed_in(info)
        size = page_size(first, info)
        name = periods.parse(period).name if period is not None else None
        async with info.context.tx.use() as session:
            rows, total = await queries.statements(session, name, size, after_row(after))
        return connection(rows, total, size, Statement.of)

    @strawberry.field(description="Everybody who is owed shares by my organization, by name")
    async def payees(self, info: Info) -> list[Payee]:
        caller = signed_in(info)
        async with info.context.tx.use() as session:
            rows = await queries.payees_of(session, caller.organization_id)
        return [Payee(id=ID(str(row.id)), name=row.name) for row in rows]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def import_sales_report(self, info: Info, channel_id: ID, file: Upload) -> SalesReport:
        caller, runtime = info.context.person, info.context.runtime
        async with info.context.tx.use() as session:
            row = await importing.take_in(
                session,
                runtime,
                caller,
                row_id(channel_id, "channelId"),
                cast(Readable, file),
                getattr(file, "filename", None),
            )
        return SalesReport.of(row)

    @strawberry.mutation(description="2026-10 or 2026-Q4")
    async def close_period(self, info: Info, period: str) -> list[Statement]:
        caller, wanted = info.context.person, periods.parse(period)
        async with info.context.tx.use() as session:
            rows = await statements.close_period(session, caller, wanted)
        return [Statement.of(row) for row in rows]

    @strawberry.mutation(description="Note an advance that was paid to a payee; the next statements recoup it")
    async def record_advance(self, info: Info, payee_id: ID, amount: MoneyInput) -> Payee:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await statements.record_advance(session, caller, row_id(payee_id, "payeeId"), amount.money("amount"))
        return Payee(id=ID(str(row.id)), name=row.name)
