"""Tables of imports, and of the records that they keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class Import(Identified, Created, Base):
    """A file of titles on its way in. `done` records of `total` are dealt with: a killed job goes on from there.

    `whole`: all of the file is taken or nothing; until `checked_at` its records are only looked at. `preview_id`: the dry run
    that was confirmed. `correction`: how far the file is that hands the problems back, said in `correction_language`.
    """

    __tablename__ = "catalog_imports"
    __table_args__ = (
        CheckConstraint("status IN ('RUNNING', 'PREVIEW', 'DONE', 'FAILED')", name="status"),
        CheckConstraint("format IN ('ONIX', 'XLSX', 'CSV', 'AVAILS', 'ERN')", name="format"),
        CheckConstraint("correction IN ('RUNNING', 'DONE', 'FAILED')", name="correction"),
        CheckConstraint("(correction = 'DONE') = (correction_key IS NOT NULL)", name="corrected"),
        CheckConstraint("NOT (whole AND dry_run)", name="whole"),
        Index(None, "preview_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    format: Mapped[str]
    dry_run: Mapped[bool]
    status: Mapped[str] = mapped_column(server_default="RUNNING")
    file_name: Mapped[str | None]
    storage_key: Mapped[str]
    total: Mapped[int] = mapped_column(server_default=text("0"))
    done: Mapped[int] = mapped_column(server_default=text("0"))
    created: Mapped[int] = mapped_column(server_default=text("0"))
    updated: Mapped[int] = mapped_column(server_default=text("0"))
    proposed: Mapped[int] = mapped_column(server_default=text("0"))
    skipped: Mapped[int] = mapped_column(server_default=text("0"))
    unchanged: Mapped[int] = mapped_column(server_default=text("0"))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    finished_at: Mapped[datetime | None]
    whole: Mapped[bool] = mapped_column(server_default=text("false"))
    checked_at: Mapped[datetime | None]
    preview_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog_imports.id"))
    correction: Mapped[str | None]
    correction_key: Mapped[str | None]
    correction_language: Mapped[str | None]


class ImportRow(Base):
    """What became of one record of a file, or would become of it. `position` from 1, in the order of the file.

    `outcome`: a value of `catalog.imports.deciding.Outcome`. `work_id`: the work that it is about, which may be gone since.
    `changes` and `problems` hold facts, never sentences (`catalog.imports.comparing`, `catalog.problems`); rows are forgotten
    some weeks later. `organization_id` is the import's.
    """

    __tablename__ = "catalog_import_rows"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "position"),
        CheckConstraint("position > 0", name="position"),
        Index(None, "import_id", "outcome", "position"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_imports.id", ondelete="CASCADE"))
    position: Mapped[int]
    organization_id: Mapped[UUID]
    line: Mapped[int]
    reference: Mapped[str]
    title: Mapped[str | None]
    outcome: Mapped[str]
    work_id: Mapped[UUID | None]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")


class KeptRecord(Base):
    """The record from which a work was last imported, as it came, for what the hub does not model. The owner's alone.

    `dialect`: how to read `content`, in the format's own terms. `content` is compressed (zlib). `digest`: SHA-256 of the record
    as it stood in the file, by which the same record is known when it comes again.
    """

    __tablename__ = "kept_records"
    __table_args__ = (PrimaryKeyConstraint("work_id", "format"),)

    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"))
    format: Mapped[str]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    dialect: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
