"""Tables of samples: the files, whom they are shown to, the marked copies, and who opened what."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models import codes
from hub.database import Base, Created, Identified


class SampleStatus(Enum):
    CHECKING = "CHECKING"
    READY = "READY"
    REFUSED = "REFUSED"


class SampleFormat(Enum):
    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    TIFF = "TIFF"
    AVIF = "AVIF"
    PDF = "PDF"
    EPUB = "EPUB"
    CBZ = "CBZ"
    MP3 = "MP3"
    FLAC = "FLAC"
    WAV = "WAV"
    OGG = "OGG"
    M4A = "M4A"
    MP4 = "MP4"
    WEBM = "WEBM"


class Opening(Enum):
    """How a sample was opened: shown in the hub, or taken along as a file."""

    VIEW = "VIEW"
    DOWNLOAD = "DOWNLOAD"


class Sample(Identified, Created, Base):
    """A file that gives a taste of a work. Private: its owner's people see it, and whom a living grant names.

    `name` is what the file was called when it came. `details` holds the sizes of its pages and the names of its parts, as
    `catalog.assets.files.findings.Facts`. `problem`: why it was refused, or what is odd about one that is READY. What is removed
    keeps its row, so that the report of who opened it stands.
    """

    __tablename__ = "samples"
    __table_args__ = (
        CheckConstraint(codes("status", SampleStatus), name="status"),
        CheckConstraint(f"format IS NULL OR {codes('format', SampleFormat)}", name="format"),
        CheckConstraint(
            "status <> 'READY' OR num_nulls(format, media_type, storage_key, sha256, bytes) = 0", name="ready"
        ),
        CheckConstraint("status <> 'REFUSED' OR problem IS NOT NULL", name="refused"),
        UniqueConstraint("id", "organization_id"),
        Index(None, "work_id"),
        Index(None, "organization_id", "id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    work_id: Mapped[UUID] = mapped_column(ForeignKey("works.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="CHECKING")
    format: Mapped[str | None]
    media_type: Mapped[str | None]
    storage_key: Mapped[str | None]
    sha256: Mapped[str | None]
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    pages: Mapped[int | None]
    duration_ms: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    has_thumbnail: Mapped[bool] = mapped_column(server_default=text("false"))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    removed_at: Mapped[datetime | None]


class SampleGrant(Identified, Created, Base):
    """Shows a sample, until a moment or until it is taken back: to an organization, to one person by e-mail, or (neither) to
    everybody who has signed in. `organization_id` owns the sample.
    """

    __tablename__ = "sample_grants"
    __table_args__ = (
        ForeignKeyConstraint(["sample_id", "organization_id"], ["samples.id", "samples.organization_id"]),
        CheckConstraint("to_id IS NULL OR email IS NULL", name="audience"),
        CheckConstraint("email = lower(email)", name="email"),
        CheckConstraint("expires_at <= created_at + interval '367 days'", name="expiry"),
        Index(
            "sample_grants_one_living",
            "sample_id",
            "to_id",
            "email",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    sample_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SampleCopy(Identified, Created, Base):
    """A viewer's own copy of a sample, marked with `code`. One a day, so that opening it again is quick."""

    __tablename__ = "sample_copies"
    __table_args__ = (
        ForeignKeyConstraint(["sample_id", "owner_id"], ["samples.id", "samples.organization_id"]),
        UniqueConstraint("sample_id", "person_id", "organization_id", "day"),
        UniqueConstraint("code"),
    )

    sample_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    day: Mapped[Any] = mapped_column(Date, server_default=func.current_date())
    code: Mapped[str]


class SampleOpening(Identified, Created, Base):
    """Somebody has opened a sample: only its owner reads this, nobody changes it.

    One row a person, way and `slot` (a quarter of an hour, counted from 1970): a page fetches its pictures one by one, a player
    its sound in ranges, and all of that is one opening.
    """

    __tablename__ = "sample_openings"
    __table_args__ = (
        ForeignKeyConstraint(["sample_id", "owner_id"], ["samples.id", "samples.organization_id"]),
        CheckConstraint(codes("how", Opening), name="how"),
        Index("sample_openings_once", "sample_id", "person_id", "organization_id", "how", "slot", unique=True),
        Index(None, "owner_id", "id"),
    )

    sample_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("sample_grants.id"))
    code: Mapped[str]
    how: Mapped[str]
    slot: Mapped[int] = mapped_column(
        server_default=text("(extract(epoch FROM now()) / 900)::integer"),
    )
