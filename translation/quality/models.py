"""Tables of quality."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, PrimaryKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base


class DraftScore(Base):
    """How near a machine's draft came to what a person approved after it: chrF++, 0 to 100. No words are kept.

    `unchanged`: approved to the letter. `withheld`: the draft had failed a check. `characters`: of the approved text.
    """

    __tablename__ = "draft_scores"
    __table_args__ = (
        PrimaryKeyConstraint("text_id", "language", "text_version"),
        CheckConstraint("chrf BETWEEN 0 AND 100", name="chrf"),
        Index(None, "organization_id", "scored_at"),
    )

    text_id: Mapped[UUID] = mapped_column(ForeignKey("texts.id", ondelete="CASCADE"))
    language: Mapped[str]
    text_version: Mapped[int]
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    source_language: Mapped[str]
    purpose: Mapped[str]
    engine: Mapped[str]
    version: Mapped[str]
    chrf: Mapped[float] = mapped_column(Float)
    unchanged: Mapped[bool]
    withheld: Mapped[bool]
    characters: Mapped[int]
    scored_at: Mapped[datetime] = mapped_column(server_default=func.now())
