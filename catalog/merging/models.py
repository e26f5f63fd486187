"""Tables of merging."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models import codes
from hub.database import Base, Created, Identified


class Reason(Enum):
    """Why a record is taken for a work that is listed already."""

    IDENTIFIER = "IDENTIFIER"
    ALIKE = "ALIKE"


class ProposalStatus(Enum):
    """MERGED: it was the same work. LISTED: another work, listed by itself. LEFT_OUT: not wanted."""

    OPEN = "OPEN"
    MERGED = "MERGED"
    LISTED = "LISTED"
    LEFT_OUT = "LEFT_OUT"


class WorkKey(Base):
    """Keys by which works that are alike are found (`catalog.merging.alike`). `owner_id` is the work's."""

    __tablename__ = "work_keys"
    __table_args__ = (PrimaryKeyConstraint("work_id", "key"), Index(None, "owner_id", "key"))

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    owner_id: Mapped[UUID]
    key: Mapped[int] = mapped_column(BigInteger)


class RecordAlias(Created, Base):
    """A sender's key that means a work beside the work's own: another edition's record, merged into it."""

    __tablename__ = "record_aliases"
    __table_args__ = (PrimaryKeyConstraint("owner_id", "reference"), Index(None, "work_id"))

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    reference: Mapped[str]
    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))


class Proposal(Identified, Created, Base):
    """A record that waits for a person: is it the work `work_id`? Nothing of it is listed before.

    `record` is the whole record as its reader understood it; `reference` is its sender's key. `score`: 0 to 100, how near the
    titles are.
    One record waits once: it comes again with the next file, and stands in the place of what waited.
    """

    __tablename__ = "merge_proposals"
    __table_args__ = (
        CheckConstraint(codes("reason", Reason), name="reason"),
        CheckConstraint(codes("status", ProposalStatus), name="status"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("(status = 'OPEN') = (decided_at IS NULL)", name="decided"),
        Index(
            "merge_proposals_open_key",
            "organization_id",
            "reference",
            unique=True,
            postgresql_where=text("status = 'OPEN'"),
        ),
        Index(None, "work_id"),
        Index(None, "import_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog_imports.id", ondelete="SET NULL"))
    format: Mapped[str]
    reference: Mapped[str]
    record: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    score: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="OPEN")
    listed_id: Mapped[UUID | None] = mapped_column(ForeignKey("works.id", ondelete="SET NULL"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
