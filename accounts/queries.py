"""Every SELECT of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from accounts.models import Invitation, Membership, Organization, Person, SignInAttempt, Token
from hub.database import acting, rows
from hub.security import Caller, hash_token


def _alive() -> ColumnElement[bool]:
    return (Token.revoked_at.is_(None)) & (Token.expires_at > func.now())


CALLER = (
    "SELECT t.id, t.kind = 'SESSION' AS in_session, t.person_id, t.organization_id, p.language, m.roles, o.kind, o.country,"
    " o.territories{} FROM tokens t JOIN people p ON p.id = t.person_id JOIN memberships m USING (person_id, organization_id)"
    " JOIN organizations o ON o.id = t.organization_id"
    " WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires_at > now() AND p.disabled_at IS NULL"
)
KNOWN = CALLER.format("")
ACTING = CALLER.format(f", {acting('t.organization_id::text', 't.person_id::text')}")


async def caller_of(session: AsyncSession, token: str, *, act: bool = False) -> Caller | None:
    """Whom a token stands for: None when it is unknown, expired or revoked, or the person is no longer a member.

    With `act`, the rest of the transaction reads and writes on their behalf, as after `hub.database.act_for`.
    """
    found = await rows(session, ACTING if act else KNOWN, hash_token(token))
    if not found:
        return None
    row = found[0]
    return Caller(
        person_id=row["person_id"],
        organization_id=row["organization_id"],
        organization_kind=row["kind"],
        country=row["country"],
        roles=frozenset(row["roles"]),
        language=row["language"],
        token_id=row["id"],
        territories=frozenset(row["territories"]),
        in_session=row["in_session"],
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


class NameRow(NamedTuple):
    """A name of an organization, as a row."""

    language: str
    name: str
    original: bool


class OrganizationRow(NamedTuple):
    """An organization with its names, as a row: for showing, not for changing."""

    id: UUID
    slug: str
    kind: str
    country: str
    territories: Sequence[str]
    names: Sequence[NameRow]


def presented(organization: str) -> str:
    """An expression that gathers for `shown` what is shown of the organization that another expression identifies."""
    return (  # the expression is our own
        "(SELECT json_build_array(o.slug, o.kind, o.country, o.territories, (SELECT json_agg(json_build_array(n.language, n.name,"  # noqa: S608
        " n.original)) FROM organization_names n WHERE n.organization_id = o.id))"
        f" FROM organizations o WHERE o.id = {organization})"
    )


def shown(organization_id: UUID, gathered: Sequence[Any]) -> Organization:
    """The organization of which `presented` gathered this."""
    slug, kind, country, territories, names = gathered
    called = [NameRow(*name) for name in names or ()]
    return cast(Organization, OrganizationRow(organization_id, slug, kind, country, territories, called))


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
