"""Tables of batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, PrimaryKeyConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import TEXT as PgText
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class Batch(Identified, Created, Base):
    """A list of texts on its way into some languages. `chosen`: how the person described the list, for showing it again."""

    __tablename__ = "translation_batches"
    __table_args__ = (
        CheckConstraint("status IN ('RUNNING', 'PAUSED', 'CANCELLED', 'DONE')", name="status"),
        Index(None, "organization_id", "id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    chosen: Mapped[dict[str, Any]] = mapped_column(JSONB)
    purposes: Mapped[list[str]] = mapped_column(ARRAY(PgText))
    status: Mapped[str] = mapped_column(server_default="RUNNING")
    texts: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class BatchText(Base):
    """The texts of a batch in the order in which they are taken; `position` from 0."""

    __tablename__ = "translation_batch_texts"
    __table_args__ = (PrimaryKeyConstraint("batch_id", "position"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("translation_batches.id", ondelete="CASCADE"))
    position: Mapped[int]
    text_id: Mapped[UUID]


class BatchPart(Base):
    """One language of a batch. The texts before `position` are dealt with, and counted once.

    `had` were there already (or are in this language), `remembered` came from exact memory, `drafted` are shown, `withheld`
    failed a check, `unreached` by source language: no engine reaches the pair; `suggested` of these have a similar source in
    memory. `seconds` and `characters`: what the engines took for what. `engines`: drafts by engine. `failures` in a row: then
    the part `waits_until` it is tried again, or is `given_up`; `problem` names the error.
    """

    __tablename__ = "translation_batch_parts"
    __table_args__ = (PrimaryKeyConstraint("batch_id", "language"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("translation_batches.id", ondelete="CASCADE"))
    language: Mapped[str]
    position: Mapped[int] = mapped_column(server_default=text("0"))
    had: Mapped[int] = mapped_column(server_default=text("0"))
    remembered: Mapped[int] = mapped_column(server_default=text("0"))
    drafted: Mapped[int] = mapped_column(server_default=text("0"))
    withheld: Mapped[int] = mapped_column(server_default=text("0"))
    suggested: Mapped[int] = mapped_column(server_default=text("0"))
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    characters: Mapped[int] = mapped_column(server_default=text("0"))
    seconds: Mapped[float] = mapped_column(Float, server_default=text("0"))
    unreached: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    engines: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    waits_until: Mapped[datetime | None]
    problem: Mapped[str | None]
    given_up: Mapped[bool] = mapped_column(server_default=text("false"))

    def over(self, texts: int) -> bool:
        """Whether nothing is left to do here."""
        return self.given_up or self.position >= texts
