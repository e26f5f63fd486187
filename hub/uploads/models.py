"""Tables of uploads in pieces."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified

MOST_PARTS = 5_000


class Upload(Identified, Created, Base):
    """A file on its way in. `received` of `length` bytes are kept; `name` and `media_type` are what the sender says of it.

    `taken_at`: something has been made of it, and it cannot be used again.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("length > 0", name="length"),
        CheckConstraint("received BETWEEN 0 AND length", name="received"),
        CheckConstraint(f"parts <= {MOST_PARTS}", name="parts"),
        Index(None, "person_id"),
    )

    organization_id: Mapped[UUID]
    person_id: Mapped[UUID]
    name: Mapped[str | None]
    media_type: Mapped[str | None]
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    parts: Mapped[int] = mapped_column(server_default=text("0"))
    expires_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class UploadPart(Base):
    """Bytes of an upload from `start` on, as one stored object. Two parts cannot begin at one place."""

    __tablename__ = "upload_parts"
    __table_args__ = (PrimaryKeyConstraint("upload_id", "start"), CheckConstraint("length > 0", name="length"))

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    start: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int] = mapped_column(BigInteger)
    storage_key: Mapped[str]
