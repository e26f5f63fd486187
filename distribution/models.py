"""Tables of distribution. All but `isrcs` and `channels` are confidential (row-level security by organization).

Amounts are minor units of their currency. Shares are whole parts of a million.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.dialects.postgresql import TEXT as PgText
from sqlalchemy.orm import Mapped, mapped_column

from hub.database import Base, Created, Identified


class DeliveryStatus(Enum):
    QUEUED = "QUEUED"
    PREPARING = "PREPARING"
    SENDING = "SENDING"
    SENT = "SENT"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    LIVE = "LIVE"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    TAKING_DOWN = "TAKING_DOWN"
    TAKEN_DOWN = "TAKEN_DOWN"


class AttemptStep(Enum):
    """How far one message has got. Each step is written before the next begins."""

    QUEUED = "QUEUED"
    PREPARED = "PREPARED"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    FAILED = "FAILED"


def one_of(column: str, kind: type[Enum]) -> str:
    return f"{column} IN ({', '.join(repr(member.value) for member in kind)})"


class Owned:
    """A row of one organization; nobody else's transactions see it."""

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), sort_order=-9)


class IsrcAllocation(Identified, Created, Owned, Base):
    """A range that an agency allocated to the organization. `next`: the designation that is assigned next; past `last`: used up.

    No two ranges overlap, whoever they belong to.
    """

    __tablename__ = "isrc_allocations"
    __table_args__ = (
        CheckConstraint("prefix ~ '^[A-Z]{2}[A-Z0-9]{3}$' AND prefix !~ '^CN'", name="prefix"),
        CheckConstraint("0 <= first AND first <= last AND last <= 99999", name="range"),
        CheckConstraint("next BETWEEN first AND last + 1", name="next"),
        CheckConstraint("year BETWEEN 2000 AND 2199", name="year"),
        ExcludeConstraint(
            ("prefix", "="),
            (text("mod(year, 100)"), "="),
            (text("int4range(first, last, '[]')"), "&&"),
            name="isrc_allocations_once",
            using="gist",
        ),
    )

    prefix: Mapped[str]
    year: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    next: Mapped[int]


class GtinPrefix(Identified, Created, Owned, Base):
    """A company prefix that GS1 allocated to the organization; `next`: the item number that is assigned next."""

    __tablename__ = "gtin_prefixes"
    __table_args__ = (
        UniqueConstraint("prefix"),
        CheckConstraint("prefix ~ '^[0-9]{6,10}$'", name="prefix"),
        CheckConstraint("next >= 0", name="next"),
    )

    prefix: Mapped[str]
    next: Mapped[int] = mapped_column(server_default=text("0"))


class Isrc(Created, Base):
    """Every code that names a recording, for life: rows are never changed or removed."""

    __tablename__ = "isrcs"
    __table_args__ = (CheckConstraint("code ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'", name="code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    assigned: Mapped[bool]


class Release(Identified, Created, Owned, Base):
    """`territories` NULL: everywhere the rights allow. `work_id`: the work whose rights count; without one the label vouches.

    `feed_reference`: how the label's own feed names it. `feed`: what the feed says beyond the columns: `p_line` and `c_line`
    ({"year", "text"}), `problem` (a code), and of a cover that came along `cover_entry`, with the `import_id` of its archive.
    """

    __tablename__ = "releases"
    __table_args__ = (
        CheckConstraint("gtin ~ '^[0-9]{12,14}$'", name="gtin"),
        CheckConstraint("title <> '' AND display_artist <> ''", name="words"),
        CheckConstraint("territories <> '{}'", name="territories"),
        UniqueConstraint("organization_id", "feed_reference"),
        Index(None, "organization_id", "id"),
        Index(None, "work_id"),
    )

    work_id: Mapped[UUID | None] = mapped_column(ForeignKey("works.id"))
    title: Mapped[str]
    language: Mapped[str]
    display_artist: Mapped[str]
    label: Mapped[str]
    release_date: Mapped[date] = mapped_column(Date)
    genre: Mapped[str | None]
    territories: Mapped[list[str] | None] = mapped_column(ARRAY(PgText))
    gtin: Mapped[str | None] = mapped_column(unique=True)
    cover: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    feed_reference: Mapped[str | None]
    feed: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Recording(Identified, Created, Owned, Base):
    """`audio`: storage key, SHA-256, bytes and technical details; `audio_problems` what was heard in it."""

    __tablename__ = "recordings"
    __table_args__ = (CheckConstraint("duration_ms > 0", name="duration"), Index(None, "organization_id"))

    isrc: Mapped[str] = mapped_column(ForeignKey("isrcs.code"), unique=True)
    title: Mapped[str]
    display_artist: Mapped[str]
    duration_ms: Mapped[int]
    explicit: Mapped[bool | None]
    lyrics: Mapped[str | None]
    contributors: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")
    audio_sha256: Mapped[str]
    audio: Mapped[dict[str, Any]] = mapped_column(JSONB)
    audio_problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")


class Track(Identified, Created, Owned, Base):
    __tablename__ = "tracks"
    __table_args__ = (
        UniqueConstraint("release_id", "number"),
        UniqueConstraint("release_id", "recording_id"),
        CheckConstraint("number > 0", name="number"),
        Index(None, "recording_id"),
    )

    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id"))
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"))
    number: Mapped[int]
    title: Mapped[str]


class AwaitedTrack(Identified, Created, Owned, Base):
    """A track that a feed names, until its audio comes: then it is a recording on a track. It keeps the ISRC that it has.

    `file`: {"uri", "algorithm", "value"} as the message says it. `entry`: where the file is in the archive of import
    `import_id`, when it came along and is still to be taken. `problem`: why it could not be.
    """

    __tablename__ = "awaited_tracks"
    __table_args__ = (
        UniqueConstraint("release_id", "isrc"),
        CheckConstraint("isrc ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$'", name="isrc"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(entry IS NULL) OR (import_id IS NOT NULL)", name="entry"),
    )

    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id", ondelete="CASCADE"))
    number: Mapped[int]
    isrc: Mapped[str]
    title: Mapped[str]
    display_artist: Mapped[str]
    duration_ms: Mapped[int | None]
    explicit: Mapped[bool | None]
    contributors: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default="[]")
    file: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    entry: Mapped[str | None]
    import_id: Mapped[UUID | None]
    problem: Mapped[str | None]


class Payee(Identified, Created, Owned, Base):
    """Somebody who is owed a share. `minimum_minor`: less than this stays with the hub until there is more."""

    __tablename__ = "payees"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("minimum_minor >= 0", name="minimum"),
    )

    name: Mapped[str]
    minimum_minor: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class Split(Owned, Base):
    """Who is owed which part of what a recording earns. The parts of a recording are a million: a trigger sees to it."""

    __tablename__ = "splits"
    __table_args__ = (
        PrimaryKeyConstraint("recording_id", "position"),
        CheckConstraint("share BETWEEN 0 AND 1000000", name="share"),
        Index(None, "payee_id"),
    )

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"))
    position: Mapped[int]
    payee_id: Mapped[UUID] = mapped_column(ForeignKey("payees.id"))
    role: Mapped[str]
    share: Mapped[int]


class Channel(Identified, Created, Base):
    """A partner that takes deliveries: operator data, seen by all; `secrets` are sealed (`hub.security.Vault`).

    `deal_terms`: [{"commercial_model", "use_type"}] of DDEX's value sets. `party_id` is the partner's DDEX Party Identifier,
    `sender_party_id` the one that it knows us by.
    """

    __tablename__ = "channels"
    __table_args__ = (
        CheckConstraint("protocol IN ('sftp', 's3')", name="protocol"),
        CheckConstraint("territories <> '{}'", name="territories"),
        CheckConstraint("minimum_cover > 0", name="minimum_cover"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    format: Mapped[str]
    protocol: Mapped[str]
    party_id: Mapped[str]
    sender_party_id: Mapped[str]
    sender_name: Mapped[str]
    territories: Mapped[list[str]] = mapped_column(ARRAY(PgText))
    deal_terms: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    minimum_cover: Mapped[int] = mapped_column(server_default=text("1400"))
    avs_version: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    secrets: Mapped[bytes] = mapped_column(LargeBinary)
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Delivery(Identified, Created, Owned, Base):
    """A release at a channel. `territories`: where it is (or shall be) on sale; `attempt_id`: the latest message about it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("release_id", "channel_id"),
        CheckConstraint(one_of("status", DeliveryStatus), name="status"),
        Index(None, "organization_id", "id"),
    )

    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channels.id"))
    status: Mapped[str] = mapped_column(server_default="QUEUED")
    territories: Mapped[list[str]] = mapped_column(ARRAY(PgText))
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery_attempts.id", use_alter=True))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DeliveryAttempt(Identified, Created, Owned, Base):
    """One message about a release to a channel. Its id, folder and bytes never change, however often it is sent.

    `offers`: all that the message makes available, as `clearance.Offer.stored()`; empty takes the release down. `before`: the
    delivery's status to go back to when a takedown is refused. `files`: what goes with the message.
    """

    __tablename__ = "delivery_attempts"
    __table_args__ = (
        CheckConstraint(one_of("step", AttemptStep), name="step"),
        CheckConstraint(one_of("before", DeliveryStatus), name="before"),
        Index(None, "delivery_id", "id"),
    )

    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("deliveries.id"))
    message_id: Mapped[str] = mapped_column(unique=True)
    folder: Mapped[str]
    offers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    takedown: Mapped[bool]
    before: Mapped[str | None]
    step: Mapped[str] = mapped_column(server_default="QUEUED")
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    files_sent: Mapped[int] = mapped_column(server_default=text("0"))
    message_key: Mapped[str | None]
    answer_key: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
