"""Tables of the marketplace. All but `rights_claims` are confidential (row-level security)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, INT8RANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.dialects.postgresql import TEXT as PgText
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models import SCOPE_NOT_EMPTY, Scoped, codes
from hub.database import Base, Created, Identified


class NegotiationStatus(Enum):
    OPEN = "OPEN"
    AGREED = "AGREED"
    SIGNED = "SIGNED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


class ContractStatus(Enum):
    DRAFT = "DRAFT"
    AWAITING_SIGNATURES = "AWAITING_SIGNATURES"
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"
    TERMINATED = "TERMINATED"


class LicenseStatus(Enum):
    ACTIVE = "ACTIVE"
    ENDED = "ENDED"
    TERMINATED = "TERMINATED"


class DealStage(Enum):
    """Where a deal stands on a studio's board."""

    EXPLORING = "EXPLORING"
    OFFERED = "OFFERED"
    NEGOTIATING = "NEGOTIATING"
    SIGNING = "SIGNING"
    WON = "WON"
    LOST = "LOST"


class Negotiation(Identified, Created, Base):
    """One buyer and one seller about one work. `territories`: of the latest offer; studios see by them."""

    __tablename__ = "negotiations"
    __table_args__ = (
        CheckConstraint(codes("status", NegotiationStatus), name="status"),
        CheckConstraint("buyer_id <> seller_id", name="two_parties"),
        CheckConstraint("expires_at <= created_at + interval '367 days'", name="expiry"),
        Index(None, "work_id"),
        Index(None, "buyer_id", "updated_at"),
        Index(None, "seller_id", "updated_at"),
        Index("negotiations_territories_idx", "territories", postgresql_using="gin"),
    )

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id"))
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    status: Mapped[str] = mapped_column(server_default="OPEN")
    territories: Mapped[list[str]] = mapped_column(ARRAY(PgText))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    agreed_offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("offers.id", use_alter=True))
    decline_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("texts.id"))
    expires_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Offer(Identified, Created, Scoped, Base):
    """A version of the terms. Amounts in minor units; `royalty_percent` of net receipts, 7.5 is 7.5 %."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("negotiation_id", "version"),
        CheckConstraint(SCOPE_NOT_EMPTY, name="scope"),
        CheckConstraint("advance_minor >= 0 AND (advance_minor IS NULL) = (advance_currency IS NULL)", name="advance"),
        CheckConstraint(
            "guarantee_minor >= 0 AND (guarantee_minor IS NULL) = (guarantee_currency IS NULL)", name="guarantee"
        ),
        CheckConstraint("royalty_percent BETWEEN 0 AND 100", name="royalty"),
    )

    negotiation_id: Mapped[UUID] = mapped_column(ForeignKey("negotiations.id"))
    version: Mapped[int]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    advance_minor: Mapped[int | None] = mapped_column(BigInteger)
    advance_currency: Mapped[str | None]
    guarantee_minor: Mapped[int | None] = mapped_column(BigInteger)
    guarantee_currency: Mapped[str | None]
    royalty_percent: Mapped[Decimal | None] = mapped_column(Numeric(7, 4))
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("texts.id"))


class Message(Identified, Created, Base):
    __tablename__ = "messages"
    __table_args__ = (Index(None, "negotiation_id", "id"),)

    negotiation_id: Mapped[UUID] = mapped_column(ForeignKey("negotiations.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    text_id: Mapped[UUID] = mapped_column(ForeignKey("texts.id"))


class Contract(Identified, Created, Base):
    """What both sign: one document in the languages of both, its terms as data, its SHA-256 in hexadecimal.

    `sign_by`: when the rights held since acceptance are released if a signature is missing.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint(codes("status", ContractStatus), name="status"),
        UniqueConstraint("negotiation_id"),
    )

    negotiation_id: Mapped[UUID] = mapped_column(ForeignKey("negotiations.id"))
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offers.id"))
    status: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(PgText))
    number: Mapped[str] = mapped_column(unique=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    document_key: Mapped[str | None]
    document_sha256: Mapped[str | None]
    sign_by: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Signature(Identified, Created, Base):
    """Each party signs once, the same document."""

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("contract_id", "organization_id"),)

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    document_sha256: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class License(Identified, Created, Scoped, Base):
    """Rights out. `contract_id` NULL: agreed outside the hub and recorded by the licensor."""

    __tablename__ = "licenses"
    __table_args__ = (
        CheckConstraint(codes("status", LicenseStatus), name="status"),
        CheckConstraint(SCOPE_NOT_EMPTY, name="scope"),
        UniqueConstraint("contract_id"),
        Index(None, "work_id"),
        Index(None, "licensee_id"),
    )

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id"))
    licensor_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    licensee_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    licensee: Mapped[str]
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contracts.id"))
    status: Mapped[str] = mapped_column(server_default="ACTIVE")


class RightsClaim(Identified, Created, Base):
    """That a slice of a work is taken; public, and says neither by whom nor for how much.

    The exclusion constraint makes a double sale impossible: territories are ISO 3166-1 numeric codes, languages the numbers of
    `catalog.languages`, and `claim` is unbounded for an exclusive claim and a point of its own for a non-exclusive one.
    `contract_id` is set while signatures are awaited, `held_until` says until when; `license_id` is set from then on.
    """

    __tablename__ = "rights_claims"
    __table_args__ = (
        CheckConstraint("num_nonnulls(contract_id, license_id) >= 1", name="cause"),
        CheckConstraint("(license_id IS NULL) = (held_until IS NOT NULL)", name="held"),
        CheckConstraint("territories <> '{}' AND languages <> '{}' AND NOT isempty(period)", name="scope"),
        CheckConstraint("exclusive = (claim = '(,)'::int8range)", name="claim"),
        ExcludeConstraint(
            ("work_id", "="),
            ("right_type", "="),
            ("territories", "&&"),
            ("languages", "&&"),
            ("period", "&&"),
            ("claim", "&&"),
            name="rights_claims_sold_once",
            using="gist",
            ops={"territories": "gist__intbig_ops", "languages": "gist__intbig_ops"},
        ),
        Index(None, "license_id"),
        Index(None, "contract_id"),
    )

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id"))
    right_type: Mapped[str]
    territories: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    languages: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    exclusive: Mapped[bool]
    claim: Mapped[Range[int]] = mapped_column(INT8RANGE)
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contracts.id"))
    license_id: Mapped[UUID | None] = mapped_column(ForeignKey("licenses.id"))
    held_until: Mapped[datetime | None]


class DealCard(Base):
    """A negotiation on the board of the studio whose territory it touches: stage, owner, what is next."""

    __tablename__ = "deal_cards"
    __table_args__ = (
        PrimaryKeyConstraint("studio_id", "negotiation_id"),
        CheckConstraint(codes("stage", DealStage), name="stage"),
    )

    studio_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    negotiation_id: Mapped[UUID] = mapped_column(ForeignKey("negotiations.id"))
    stage: Mapped[str]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    next_action: Mapped[str | None]
    due: Mapped[date | None] = mapped_column(Date)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
