"""Tables of the desk."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base


class RenderingState(Base):
    """Where a text stands in a language, so that long lists can be filtered and counted.

    The database keeps it in step with renderings and texts by triggers (`rendering_states_make`), as `choice.state` would say it.
    No row: not translated. `suggested`: how alike the most similar remembered source is, in percent, where nothing was drafted.
    """

    __tablename__ = "rendering_states"
    __table_args__ = (
        PrimaryKeyConstraint("text_id", "language"),
        CheckConstraint(
            "state IN ('NOT_TRANSLATED', 'SUGGESTED', 'MACHINE', 'NEEDS_REVIEW', 'SUPPLIED', 'REVIEWED', 'OUTDATED',"
            " 'CHECK_FAILED')",
            name="state",
        ),
        CheckConstraint("suggested BETWEEN 1 AND 100", name="suggested"),
        Index("rendering_states_desk", "organization_id", "language", "state", "purpose", "text_id"),
    )

    text_id: Mapped[UUID] = mapped_column(ForeignKey("texts.id", ondelete="CASCADE"))
    language: Mapped[str]
    organization_id: Mapped[UUID]
    purpose: Mapped[str]
    state: Mapped[str]
    suggested: Mapped[int | None] = mapped_column(SmallInteger)
