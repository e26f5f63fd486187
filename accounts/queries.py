"""Every SELECT of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from accounts.models import Invitation, Membership, Organization, Person, SignInAttempt, Token
from hub.security import Caller, hash_token


def _alive() -> ColumnElement[bool]:
    return (Token.revoked_at.is_(None)) & (Token.expires_at > func.now())


async def caller_of(session: AsyncSession, token: str) -> Caller | None:
    """Whom a token stands for: None when it is unknown, expired or revoked, or the person is no longer a member."""
    row = (
        await session.execute(
            select(
                Token.id,
                (Token.kind == "SESSION").label("in_session"),
                Token.person_id,
                Token.organization_id,
                Person.language,
                Membership.roles,
                Organization.kind,
                Organization.country,
                Organization.territories,
            )
            .join(Person, Person.id == Token.person_id)
            .join(
                Membership,
                (Membership.person_id == Token.person_id) & (Membership.organization_id == Token.organization_id),
            )
            .join(Organization, Organization.id == Token.organization_id)
            .where(Token.hash == hash_token(token), _alive(), Person.disabled_at.is_(None))
        )
    ).one_or_none()
    if row is None:
        return None
    return Caller(
        person_id=row.person_id,
        organization_id=row.organization_id,
        organization_kind=row.kind,
        country=row.country,
        roles=frozenset(row.roles),
        language=row.language,
        token_id=row.id,
        territories=frozenset(row.territories),
        in_session=row.in_session,
    )


async def person_by_email(session: AsyncSession, email: str) -> Person | None:
    return (
        await session.execute(
            select(Person).where(func.lower(Person.email) == email.lower(), Person.disabled_at.is_(None))
        )
    ).scalar_one_or_none()


async def memberships(session: AsyncSession, person_id: UUID) -> Sequence[Membership]:
    """The person's memberships, oldest first."""
    return (
        await session.scalars(
            select(Membership)
            .where(Membership.person_id == person_id)
            .order_by(Membership.created_at, Membership.organization_id)
        )
    ).all()


async def membership(session: AsyncSession, person_id: UUID, organization_id: UUID) -> Membership | None:
    return await session.get(Membership, (person_id, organization_id))


async def lock_membership(session: AsyncSession, person_id: UUID, organization_id: UUID) -> Membership | None:
    """The membership, with all of the organization's locked until the transaction ends."""
    rows = await session.scalars(
        select(Membership)
        .where(Membership.organization_id == organization_id)
        .order_by(Membership.person_id)
        .with_for_update()
    )
    return next((row for row in rows if row.person_id == person_id), None)


async def administrators(session: AsyncSession, organization_id: UUID) -> int:
    count = await session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(Membership.organization_id == organization_id, Membership.roles.contains(["ADMIN"]))
    )
    return count or 0


async def failed_attempts(session: AsyncSession, email: str, client: str | None) -> int:
    """Failures of the last quarter of an hour for this e-mail in small letters, or from this address (five to one)."""
    recent = SignInAttempt.created_at > func.now() - timedelta(minutes=15)
    by_email = await session.scalar(
        select(func.count()).select_from(SignInAttempt).where(recent, SignInAttempt.email == email)
    )
    by_client = 0
    if client:
        by_client = (
            await session.scalar(
                select(func.count()).select_from(SignInAttempt).where(recent, SignInAttempt.client == client)
            )
            or 0
        )
    return max(by_email or 0, by_client // 5)


async def organizations(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Organization]:
    return (
        await session.scalars(
            select(Organization).where(Organization.id.in_(ids)).options(selectinload(Organization.names))
        )
    ).all()


async def organization_by_slug(session: AsyncSession, slug: str) -> Organization | None:
    return (await session.execute(select(Organization).filter_by(slug=slug))).scalar_one_or_none()


async def people(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Person]:
    return (await session.scalars(select(Person).where(Person.id.in_(ids)))).all()


async def members(session: AsyncSession, organization_id: UUID) -> Sequence[tuple[Person, Membership]]:
    rows = await session.execute(
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organization_id == organization_id)
        .order_by(Membership.created_at, Person.id)
    )
    return [(person, member) for person, member in rows]


async def tokens(session: AsyncSession, person_id: UUID) -> Sequence[Token]:
    """The person's live sessions and API tokens, newest first."""
    return (
        await session.scalars(select(Token).where(Token.person_id == person_id, _alive()).order_by(Token.id.desc()))
    ).all()


async def open_invitations(session: AsyncSession, organization_id: UUID) -> Sequence[Invitation]:
    return (
        await session.scalars(
            select(Invitation)
            .where(Invitation.organization_id == organization_id, _open_invitation())
            .order_by(Invitation.id.desc())
        )
    ).all()


async def invitation_by_token(session: AsyncSession, token: str, *, lock: bool = False) -> Invitation | None:
    query = select(Invitation).where(Invitation.hash == hash_token(token), _open_invitation())
    return (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()


def _open_invitation() -> ColumnElement[bool]:
    return Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None) & (Invitation.expires_at > func.now())


def stale_attempts() -> ColumnElement[bool]:
    return or_(SignInAttempt.created_at < func.now() - timedelta(hours=1))
