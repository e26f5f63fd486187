"""Tables of the exchange."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class Direction(StrEnum):
    OUT = "OUT"
    IN = "IN"


class Format(StrEnum):
    TMX = "TMX"
    XLIFF = "XLIFF"


class Status(StrEnum):
    """A file on its way in is looked at (RUNNING), shown (PREVIEW), and taken over when told (APPLYING, DONE)."""

    RUNNING = "RUNNING"
    PREVIEW = "PREVIEW"
    APPLYING = "APPLYING"
    DONE = "DONE"
    FAILED = "FAILED"


class Exchange(Identified, Created, Base):
    """A file of texts or memory on its way out or in.

    `chosen`, of files on their way out: {"of", "source", "targets", "purposes", "missing", "version"}. `counts`: how many of each
    decision, {"NEW": 3, …}. `shown`: the first decisions, as `deciding.Decision.stored`. `done` of `total` units are dealt with.
    `problem`: {"msgid", "params", "line"}. A killed job that writes starts over; one that takes over goes on after `done`.
    """

    __tablename__ = "translation_exchanges"
    __table_args__ = (
        CheckConstraint("direction IN ('OUT', 'IN')", name="direction"),
        CheckConstraint("format IN ('TMX', 'XLIFF')", name="format"),
        CheckConstraint("status IN ('RUNNING', 'PREVIEW', 'APPLYING', 'DONE', 'FAILED')", name="status"),
        Index(None, "organization_id", "id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    direction: Mapped[str]
    format: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=Status.RUNNING)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    file_name: Mapped[str]
    storage_key: Mapped[str | None]
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(server_default=text("0"))
    done: Mapped[int] = mapped_column(server_default=text("0"))
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    shown: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    finished_at: Mapped[datetime | None]
