"""Tables of exports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class Export(Identified, Created, Base):
    """A list of the organization's titles on its way out. `done` works of `total` are written; a killed job starts over.

    `chosen`: which works, by "ids" or by "status", "kind" and "query", and whether "machine" drafts go along. `left_out`: works
    that were asked for and that the format cannot tell of. `problem`: why it failed, as `Import.problems` keeps them.
    """

    __tablename__ = "catalog_exports"
    __table_args__ = (
        CheckConstraint("status IN ('RUNNING', 'DONE', 'FAILED')", name="status"),
        CheckConstraint("format IN ('ONIX', 'XLSX', 'CSV', 'AVAILS', 'ERN')", name="format"),
        CheckConstraint("(status = 'DONE') = (storage_key IS NOT NULL)", name="stored"),
        Index(None, "organization_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    format: Mapped[str]
    variant: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="RUNNING")
    chosen: Mapped[dict[str, Any]] = mapped_column(JSONB)
    file_name: Mapped[str]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(server_default=text("0"))
    left_out: Mapped[int]
    storage_key: Mapped[str | None]
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    finished_at: Mapped[datetime | None]
