"""Tables of accounts."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.dialects.postgresql import TEXT as PgText
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.database import Base, Created, Identified


class OrganizationKind(Enum):
    PUBLISHER = "PUBLISHER"
    AGENCY = "AGENCY"
    LABEL = "LABEL"
    STUDIO = "STUDIO"
    PLATFORM = "PLATFORM"
    OPERATOR = "OPERATOR"


class Role(Enum):
    """What a person may do for an organization; ADMIN may do all of it and manage people."""

    ADMIN = "ADMIN"
    CATALOG = "CATALOG"
    RIGHTS = "RIGHTS"
    SIGNATORY = "SIGNATORY"
    DISTRIBUTION = "DISTRIBUTION"
    FINANCE = "FINANCE"
    VIEWER = "VIEWER"


ROLES = tuple(role.value for role in Role)
KINDS = tuple(kind.value for kind in OrganizationKind)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """A CHECK that a text column holds one of these codes."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Organization(Identified, Created, Base):
    """`territories`: those a studio looks after (ISO alpha-2); empty for all other kinds."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint("kind = 'STUDIO' OR territories = '{}'", name="studio_territories"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    country: Mapped[str]
    territories: Mapped[list[str]] = mapped_column(ARRAY(PgText), server_default="{}")
    names: Mapped[list[OrganizationName]] = relationship(lazy="raise")


class OrganizationName(Base):
    """The name in its own language (`original`) and as the organization itself writes it in others."""

    __tablename__ = "organization_names"
    __table_args__ = (
        PrimaryKeyConstraint("organization_id", "language"),
        Index("organization_names_one_original", "organization_id", unique=True, postgresql_where=text("original")),
        CheckConstraint("name <> ''", name="name"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    language: Mapped[str]
    name: Mapped[str]
    original: Mapped[bool] = mapped_column(server_default=text("false"))


class Person(Identified, Created, Base):
    __tablename__ = "people"
    __table_args__ = (
        Index("people_email_key", func.lower(text("email")), unique=True),
        CheckConstraint("email LIKE '%_@_%'", name="email"),
    )

    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    theme: Mapped[str] = mapped_column(server_default="system")
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None]


class Membership(Created, Base):
    __tablename__ = "memberships"
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "organization_id"),
        CheckConstraint(
            f"roles <@ ARRAY[{', '.join(repr(r) for r in ROLES)}]::text[] AND roles <> '{{}}'", name="roles"
        ),
        Index(None, "organization_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    roles: Mapped[list[str]] = mapped_column(ARRAY(PgText))


class Token(Identified, Created, Base):
    """A session (made by signing in) or a longer-lived API token. Only the SHA-256 of the token is kept."""

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint("kind IN ('SESSION', 'API')", name="kind"),
        Index(None, "person_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    kind: Mapped[str]
    name: Mapped[str | None]
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Invitation(Identified, Created, Base):
    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "invitations_one_open",
            "organization_id",
            func.lower(text("email")),
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    email: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(PgText))
    language: Mapped[str]
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class SignInAttempt(Identified, Created, Base):
    """A failed sign-in, kept for a quarter of an hour to slow guessing down."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "email", "created_at"), Index(None, "client", "created_at"))

    email: Mapped[str]
    client: Mapped[str | None] = mapped_column(INET)
