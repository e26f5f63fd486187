"""Tables of the glossaries: a term is one thing, said in many languages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, Created, Identified

ANY_LANGUAGE = "und"
"""BCP 47 for a name that is written the same everywhere."""


class TermKind(StrEnum):
    """TERM: it has a word in each language. DO_NOT_TRANSLATE: a name, title or brand, which stays as it is written."""

    TERM = "TERM"
    DO_NOT_TRANSLATE = "DO_NOT_TRANSLATE"


class WordStatus(StrEnum):
    """PREFERRED: to be used; one per language. ADMITTED: understood, and allowed. FORBIDDEN: never; the preferred instead."""

    PREFERRED = "PREFERRED"
    ADMITTED = "ADMITTED"
    FORBIDDEN = "FORBIDDEN"


class Term(Identified, Created, Base):
    """`organization_id` NULL: of the hub's own glossary. `key`: the same term in the next import, unique in its glossary.

    `definition`: as it was written first, in the hub's own glossary in English; `definitions`: the same by language (BCP 47).
    """

    __tablename__ = "glossary_terms"
    __table_args__ = (
        CheckConstraint("kind IN ('TERM', 'DO_NOT_TRANSLATE')", name="kind"),
        CheckConstraint("key <> ''", name="key"),
        CheckConstraint("jsonb_typeof(definitions) = 'object'", name="definitions"),
        UniqueConstraint("organization_id", "key", postgresql_nulls_not_distinct=True),
    )

    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    key: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default=TermKind.TERM)
    domain: Mapped[str | None]
    part_of_speech: Mapped[str | None]
    definition: Mapped[str | None]
    definitions: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    source_url: Mapped[str | None]
    case_sensitive: Mapped[bool] = mapped_column(server_default=text("false"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    words: Mapped[list[TermWord]] = relationship(
        lazy="raise", order_by="(TermWord.language, TermWord.status.desc(), TermWord.words)", passive_deletes=True
    )


class TermWord(Identified, Base):
    """How a term is said, or must not be said, in a language; `und`: in all."""

    __tablename__ = "glossary_words"
    __table_args__ = (
        CheckConstraint("status IN ('PREFERRED', 'ADMITTED', 'FORBIDDEN')", name="status"),
        CheckConstraint("words <> ''", name="words"),
        UniqueConstraint("term_id", "language", "words"),
        Index(
            "glossary_words_one_preferred",
            "term_id",
            "language",
            unique=True,
            postgresql_where=text("status = 'PREFERRED'"),
        ),
    )

    term_id: Mapped[UUID] = mapped_column(ForeignKey("glossary_terms.id", ondelete="CASCADE"))
    language: Mapped[str]
    words: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=WordStatus.PREFERRED)
