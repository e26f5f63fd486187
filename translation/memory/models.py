"""Tables of the memory."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class Level(StrEnum):
    """TEXT: a whole text. SEGMENT: one sentence of it, put beside its like because both sides have as many."""

    TEXT = "TEXT"
    SEGMENT = "SEGMENT"


class MemoryEntry(Identified, Created, Base):
    """How a person said these words before.

    `organization_id` NULL: kept by the operator for all. `shared`: lent to all by its organization. `confidential`: from a
    text that not everybody may read, as the database itself sees when the entry is written; it is never shared.
    `signature`: see `translation.memory.fuzzy`; grams of the source under which similar sources are found.
    """

    __tablename__ = "memory_entries"
    __table_args__ = (
        UniqueConstraint(
            "organization_id", "source_language", "target_language", "source_hash", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("level IN ('TEXT', 'SEGMENT')", name="level"),
        CheckConstraint("NOT (shared AND confidential)", name="never_shared"),
        CheckConstraint("NOT (shared AND organization_id IS NULL)", name="shared_by"),
        Index(None, "source_hash"),
        Index(None, "signature", postgresql_using="gin", postgresql_ops={"signature": "gin__int_ops"}),
        Index(None, "organization_id", "id"),
        Index(None, "text_id"),
    )

    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    source_language: Mapped[str]
    target_language: Mapped[str]
    source_hash: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str]
    target: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    text_id: Mapped[UUID | None] = mapped_column(ForeignKey("texts.id", ondelete="SET NULL"))
    level: Mapped[str] = mapped_column(server_default=Level.TEXT)
    shared: Mapped[bool] = mapped_column(server_default=text("false"))
    confidential: Mapped[bool] = mapped_column(server_default=text("false"))
    signature: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    uses: Mapped[int] = mapped_column(server_default=text("0"))
    used_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MemorySharing(Base):
    """Whether an organization lends its memory to all. No row: it does not."""

    __tablename__ = "memory_sharing"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True)
    shares: Mapped[bool]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
