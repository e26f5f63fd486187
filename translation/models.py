"""Tables of translation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PGUUID
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class Purpose(StrEnum):
    TITLE = "title"
    DESCRIPTION = "description"
    MESSAGE = "message"
    NOTE = "note"
    CLAUSE = "clause"


SPOKEN = (Purpose.MESSAGE, Purpose.NOTE)
"""What people say to each other: never lent to others, and drafted before all else."""


class Origin(StrEnum):
    """Of a rendering. SUPPLIED came with the text, or is a person's words for the same text elsewhere."""

    SUPPLIED = "SUPPLIED"
    REVIEWED = "REVIEWED"
    MACHINE = "MACHINE"


class Text(Identified, Created, Base):
    """Words in the language that they were written in.

    `purpose`: title, description, message, note, clause. `audience`: the organizations that may read it; NULL: everybody
    (row-level security). `version` grows when the words change, so that renderings of older words are known as stale.
    `seems`: the language that the words look like, where that is another than they claim (`translation.detection`).
    """

    __tablename__ = "texts"
    __table_args__ = (
        CheckConstraint("words <> ''", name="words"),
        CheckConstraint("purpose IN ('title', 'description', 'message', 'note', 'clause')", name="purpose"),
        Index(None, "organization_id", "id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    purpose: Mapped[str]
    language: Mapped[str]
    words: Mapped[str]
    seems: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    audience: Mapped[list[UUID] | None] = mapped_column(ARRAY(PGUUID(as_uuid=True)))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Rendering(Identified, Created, Base):
    """A text in another language. A machine draft and a person's words can stand beside each other; the person's are shown.

    `audience` is the text's own, copied by the database. `text_version`: the text's, when this was made of it. `engine`: what
    made the words, "memory" for a person's words used again. `problems`: the checks that a draft failed (then it is
    withheld): [{"check": id}]; `warnings`: those that do not withhold it. `wanted`: a person is to look at it.
    """

    __tablename__ = "renderings"
    __table_args__ = (
        CheckConstraint("origin IN ('SUPPLIED', 'REVIEWED', 'MACHINE')", name="origin"),
        CheckConstraint("words <> ''", name="words"),
        CheckConstraint("origin <> 'MACHINE' OR engine IS NOT NULL", name="engine"),
        UniqueConstraint("text_id", "language", "origin"),
    )

    text_id: Mapped[UUID] = mapped_column(ForeignKey("texts.id", ondelete="CASCADE"))
    audience: Mapped[list[UUID] | None] = mapped_column(ARRAY(PGUUID(as_uuid=True)))
    language: Mapped[str]
    words: Mapped[str]
    origin: Mapped[str]
    text_version: Mapped[int]
    engine: Mapped[str | None]
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    wanted: Mapped[bool] = mapped_column(server_default=text("false"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
