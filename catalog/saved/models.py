"""The table of saved searches."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class SavedSearch(Identified, Created, Base):
    """A person's, in one organization; row-level security keeps it from everybody else.

    `filter`: a WorkFilter of the contract, as it was given. `territory`: where rights are wanted. `seen_at`: when the person last
    looked; what was published since is new.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("territory ~ '^[A-Z]{2}$'", name="territory"),
        UniqueConstraint("organization_id", "person_id", "name"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]
    language: Mapped[str]
    territory: Mapped[str | None]
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
