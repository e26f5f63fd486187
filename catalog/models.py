"""Tables of the catalogue."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, Range
from sqlalchemy.dialects.postgresql import TEXT as PgText
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import UserDefinedType

from hub.database import Base, Created, Identified


class WorkKind(Enum):
    BOOK = "BOOK"
    COMIC = "COMIC"
    MUSIC = "MUSIC"
    ANIMATION = "ANIMATION"


class WorkStatus(Enum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


def codes(column: str, kind: type[Enum]) -> str:
    """A CHECK that a text column holds a member of an enumeration."""
    return f"{column} IN ({', '.join(repr(member.value) for member in kind)})"


class Scoped:
    """Columns of a scope: right types × territories (ISO alpha-2) × languages × half-open period, and exclusivity.

    `languages` NULL: every language. `rights` and `territories` are sorted, without repeats, never empty.
    """

    rights: Mapped[list[str]] = mapped_column(ARRAY(PgText), sort_order=20)
    territories: Mapped[list[str]] = mapped_column(ARRAY(PgText), sort_order=21)
    languages: Mapped[list[str] | None] = mapped_column(ARRAY(PgText), sort_order=22)
    period: Mapped[Range[date]] = mapped_column(DATERANGE, sort_order=23)
    exclusive: Mapped[bool] = mapped_column(sort_order=24)


SCOPE_NOT_EMPTY = "rights <> '{}' AND territories <> '{}' AND languages IS DISTINCT FROM '{}' AND NOT isempty(period)"


class Work(Identified, Created, Base):
    """`record_reference`: the sender's own key of the title (ONIX RecordReference), unique per owner."""

    __tablename__ = "works"
    __table_args__ = (
        CheckConstraint(codes("kind", WorkKind), name="kind"),
        CheckConstraint(codes("status", WorkStatus), name="status"),
        CheckConstraint("country_of_origin ~ '^[A-Z]{2}$'", name="country"),
        CheckConstraint("publication_year BETWEEN -3000 AND 2200", name="year"),
        UniqueConstraint("owner_id", "record_reference"),
        Index(None, "owner_id", "status"),
        Index(None, "title_id"),
        Index(None, "description_id"),
    )

    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="DRAFT")
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    original_language: Mapped[str]
    title_id: Mapped[UUID] = mapped_column(ForeignKey("texts.id"))
    description_id: Mapped[UUID | None] = mapped_column(ForeignKey("texts.id"))
    publication_year: Mapped[int | None]
    country_of_origin: Mapped[str | None]
    subjects: Mapped[list[str]] = mapped_column(ARRAY(PgText), server_default="{}")
    record_reference: Mapped[str | None]
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id", use_alter=True))
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    contributors: Mapped[list[Contributor]] = relationship(lazy="raise", order_by="Contributor.position")
    identifiers: Mapped[list[Identifier]] = relationship(lazy="raise")


class Contributor(Base):
    """`role`: MARC relator code. `name_original`: the name in its own script, where it differs."""

    __tablename__ = "contributors"
    __table_args__ = (
        PrimaryKeyConstraint("work_id", "position"),
        CheckConstraint("role ~ '^[a-z]{3}$'", name="role"),
        CheckConstraint("name <> ''", name="name"),
    )

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    name_original: Mapped[str | None]
    role: Mapped[str]


class Identifier(Base):
    """One owner lists one identifier once: the same code arriving twice is the same title."""

    __tablename__ = "identifiers"
    __table_args__ = (
        PrimaryKeyConstraint("work_id", "scheme", "value"),
        UniqueConstraint("owner_id", "scheme", "value"),
        Index(None, "value"),
    )

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    scheme: Mapped[str]
    value: Mapped[str]


class Asset(Identified, Created, Base):
    """A cover, drawn in `widths` (pixels across, ascending). `sha256`, `width` and `height` are those of the largest."""

    __tablename__ = "assets"
    __table_args__ = (
        CheckConstraint("kind = 'COVER'", name="kind"),
        CheckConstraint("bytes > 0", name="bytes"),
        Index(None, "work_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    kind: Mapped[str]
    storage_key: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    widths: Mapped[list[int]] = mapped_column(ARRAY(Integer))


ENTERED = "entered"
"""Source of what people say by hand; what files say is under the name of their format."""


class Mandate(Identified, Created, Scoped, Base):
    """Rights in: what the owner of the work may sell."""

    __tablename__ = "mandates"
    __table_args__ = (CheckConstraint(SCOPE_NOT_EMPTY, name="scope"), Index(None, "work_id"))

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(server_default=ENTERED)


class Holdback(Identified, Created, Scoped, Base):
    """What the owner keeps from sale for a time."""

    __tablename__ = "holdbacks"
    __table_args__ = (CheckConstraint(SCOPE_NOT_EMPTY, name="scope"), Index(None, "work_id"))

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("texts.id"))
    source: Mapped[str] = mapped_column(server_default=ENTERED)


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction number."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "xid8"


class SearchChange(Base):
    """The search index's change feed: work `work_id` must be indexed again.

    `xid`: the transaction that wrote it. Readers take only rows of transactions older than every running one, so that none is
    passed over because it committed late.
    """

    __tablename__ = "search_feed"
    __table_args__ = (Index(None, "xid", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    work_id: Mapped[UUID]
