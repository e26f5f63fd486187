"""The table of overrides. It only grows: what was said about earlier words stays."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class Override(Identified, Created, Base):
    """`words` were approved for `text_version` of a text by a person, against `checks` (their ids), for a `reason`."""

    __tablename__ = "check_overrides"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("cardinality(checks) > 0", name="checks"),
        Index(None, "text_id", "language", "id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    text_id: Mapped[UUID] = mapped_column(ForeignKey("texts.id", ondelete="CASCADE"))
    language: Mapped[str]
    text_version: Mapped[int]
    words: Mapped[str]
    checks: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
