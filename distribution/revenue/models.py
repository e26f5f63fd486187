"""Tables of money: reports, ledger, statements. All are confidential (row-level security by organization).

Amounts are minor units of their currency.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from distribution.models import Owned, one_of
from hub.database import Base, Created, Identified


class ReportStatus(Enum):
    CHECKING = "CHECKING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    BOOKED = "BOOKED"


class AccountKind(Enum):
    """Of a ledger account. RECEIVABLE: a channel owes us. PAYABLE: earned, not stated. HELD: matches no recording.

    ADVANCE: paid ahead to a payee, to be recouped. DUE: stated, to be paid out. CASH: where advances come from.
    """

    RECEIVABLE = "RECEIVABLE"
    PAYABLE = "PAYABLE"
    HELD = "HELD"
    ADVANCE = "ADVANCE"
    DUE = "DUE"
    CASH = "CASH"


class SalesReport(Identified, Created, Owned, Base):
    """A report as one organization sees it: the lines that name its recordings, and for the operator those that name nobody's.

    A MessageId is booked once for each organization and channel. `lines_key`, `split_key`: Parquet in storage.
    """

    __tablename__ = "sales_reports"
    __table_args__ = (
        CheckConstraint(one_of("status", ReportStatus), name="status"),
        CheckConstraint("lines >= 0 AND unmatched BETWEEN 0 AND lines", name="lines"),
        Index(
            "sales_reports_once",
            "organization_id",
            "channel_id",
            "message_id",
            unique=True,
            postgresql_where=text("status IN ('ACCEPTED', 'BOOKED')"),
        ),
        Index(None, "organization_id", "id"),
    )

    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    status: Mapped[str] = mapped_column(server_default="CHECKING")
    file_key: Mapped[str]
    file_name: Mapped[str | None]
    message_id: Mapped[str | None]
    period_start: Mapped[date | None] = mapped_column(Date)
    period_end: Mapped[date | None] = mapped_column(Date)
    currency: Mapped[str | None]
    lines: Mapped[int] = mapped_column(server_default=text("0"))
    unmatched: Mapped[int] = mapped_column(server_default=text("0"))
    total_minor: Mapped[int | None] = mapped_column(BigInteger)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    lines_key: Mapped[str | None]
    split_key: Mapped[str | None]
    booked_at: Mapped[datetime | None]


class FetchedReport(Created, Base):
    """A file in a channel's outbox that has been taken: never fetched again."""

    __tablename__ = "fetched_reports"
    __table_args__ = (PrimaryKeyConstraint("channel_id", "file_name"),)

    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    file_name: Mapped[str]


class Account(Identified, Owned, Base):
    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint(one_of("kind", AccountKind), name="kind"),
        CheckConstraint(
            "(payee_id IS NOT NULL) = (kind IN ('PAYABLE', 'ADVANCE', 'DUE'))"
            " AND (channel_id IS NOT NULL) = (kind IN ('RECEIVABLE', 'HELD'))",
            name="owner",
        ),
        Index(
            "ledger_accounts_once",
            "organization_id",
            "kind",
            "currency",
            "channel_id",
            "payee_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    kind: Mapped[str]
    currency: Mapped[str]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channels.id"))
    payee_id: Mapped[UUID | None] = mapped_column(ForeignKey("payees.id"))


class Posting(Identified, Created, Owned, Base):
    """A balanced set of entries. `key` names its cause: the same cause is posted once."""

    __tablename__ = "ledger_postings"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)

    key: Mapped[str]


class Entry(Identified, Owned, Base):
    """`minor`: debit positive, credit negative. The entries of a posting sum to zero at commit; rows only grow."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("minor <> 0", name="minor"),
        Index(None, "account_id"),
        Index(None, "posting_id"),
    )

    posting_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_postings.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_accounts.id"))
    minor: Mapped[int] = mapped_column(BigInteger)


class Earning(Owned, Base):
    """What one report brought one payee. `statement_id`: the statement that says so; an earning is stated once."""

    __tablename__ = "earnings"
    __table_args__ = (
        PrimaryKeyConstraint("report_id", "payee_id"),
        CheckConstraint("lines > 0", name="lines"),
        Index(None, "statement_id"),
        Index(None, "payee_id"),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("sales_reports.id"))
    payee_id: Mapped[UUID] = mapped_column(ForeignKey("payees.id"))
    minor: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int]
    statement_id: Mapped[UUID | None] = mapped_column(ForeignKey("statements.id"))


class ClosedPeriod(Created, Owned, Base):
    __tablename__ = "closed_periods"
    __table_args__ = (PrimaryKeyConstraint("organization_id", "period"),)

    period: Mapped[str]


class Statement(Identified, Created, Owned, Base):
    """What a payee is told for a period, in one currency. `held` is carried to the next statement's `opening`."""

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("organization_id", "period", "payee_id", "currency"),
        CheckConstraint("opening + earned = recouped + held + payable", name="adds_up"),
        CheckConstraint("recouped >= 0 AND payable >= 0", name="signs"),
        Index(None, "payee_id"),
    )

    payee_id: Mapped[UUID] = mapped_column(ForeignKey("payees.id"))
    period: Mapped[str]
    currency: Mapped[str]
    opening: Mapped[int] = mapped_column(BigInteger)
    earned: Mapped[int] = mapped_column(BigInteger)
    recouped: Mapped[int] = mapped_column(BigInteger)
    held: Mapped[int] = mapped_column(BigInteger)
    payable: Mapped[int] = mapped_column(BigInteger)
