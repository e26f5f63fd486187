"""Decisions and writes of accounts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import errors, policies, queries
from accounts.guessing import LONGEST_EMAIL, LONGEST_PASSWORD, is_password
from accounts.models import ROLES, Invitation, Membership, Organization, OrganizationName, Person, Token
from hub import audit
from hub.database import aside, broken_constraint
from hub.errors import Invalid, NotFound
from hub.i18n import _
from hub.security import Caller, hash_password, hash_token, new_token

SHORTEST_PASSWORD = 12
INVITATION_DAYS = 14
LONGEST_DEVICE = 300
LONGEST_TOKEN_DAYS = 366
_EMAIL = re.compile(r"[^@\s<>\"']{1,64}@[^@\s<>\"']+\.[^@\s<>\"'.]{2,}")


@dataclass(frozen=True, slots=True)
class Issued:
    """A token just made: the only time that its words exist outside the caller's hands."""

    token: str
    row: Token


def checked_email(email: str) -> str:
    trimmed = email.strip()
    if len(trimmed) > LONGEST_EMAIL or not _EMAIL.fullmatch(trimmed):
        raise Invalid(_("This is not an e-mail address. It looks like name@example.com."), field="email")
    return trimmed


def checked_password(password: str, field: str = "password") -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise errors.PasswordTooShort(field=field)
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(
            _("This is longer than %(longest)s characters. Shorten it.", longest=LONGEST_PASSWORD), field=field
        )
    return password


def checked_roles(roles: Sequence[str]) -> list[str]:
    wanted = sorted(set(roles))
    if not wanted or any(role not in ROLES for role in wanted):
        raise Invalid(_("Choose at least one role from the list."), field="roles")
    return wanted


async def found_organization(
    session: AsyncSession,
    *,
    slug: str,
    kind: str,
    country: str,
    names: Mapping[str, str],
    original: str,
    territories: Sequence[str] = (),
) -> Organization:
    """Make an organization; `names` by language, of which `original` is its own."""
    organization = Organization(slug=slug, kind=kind, country=country, territories=sorted(territories))
    session.add(organization)
    await session.flush()
    session.add_all(
        OrganizationName(organization_id=organization.id, language=tag, name=name, original=tag == original)
        for tag, name in names.items()
    )
    await session.flush()
    return organization


async def add_person(session: AsyncSession, *, email: str, name: str, language: str, password_hash: str) -> Person:
    person = Person(email=checked_email(email), name=name, language=language, password_hash=password_hash)
    session.add(person)
    await session.flush()
    return person


async def add_member(session: AsyncSession, person_id: UUID, organization_id: UUID, roles: Sequence[str]) -> Membership:
    member = Membership(person_id=person_id, organization_id=organization_id, roles=checked_roles(roles))
    session.add(member)
    await session.flush()
    return member


async def issue_token(
    session: AsyncSession, person_id: UUID, organization_id: UUID, kind: str, days: int, name: str | None = None
) -> Issued:
    token = new_token()
    row = Token(
        person_id=person_id,
        organization_id=organization_id,
        kind=kind,
        name=name,
        hash=hash_token(token),
        expires_at=datetime.now(UTC) + timedelta(days=days),
    )
    session.add(row)
    await session.flush()
    return Issued(token, row)


async def note_use(session: AsyncSession, token_id: UUID) -> None:
    """Write down that a token was used just now, beside the transaction that it is used in."""
    async with aside(session) as apart:
        await apart.execute(update(Token).where(Token.id == token_id).values(last_used_at=func.now()))


async def sign_in(
    session: AsyncSession,
    *,
    email: str,
    password: str,
    organization_id: UUID | None,
    client: str,
    device: str,
    days: int,
    attempts: int,
) -> Issued:
    """A session for the person, in the organization asked for or the first that they joined. RATE_LIMITED for guessers.

    `device`: the User-Agent that it is opened with, by which the person tells it from others.
    """
    person = await queries.person_by_email(session, email.strip())
    hashed = person.password_hash if person else None
    if not await is_password(session, hashed, password, email=email, client=client, attempts=attempts) or not person:
        raise errors.WrongPassword(field="password")
    joined = await queries.memberships(session, person.id)
    chosen = next((m for m in joined if organization_id in (None, m.organization_id)), None)
    if chosen is None:
        raise errors.NotAMember(field="organizationId")
    return await issue_token(session, person.id, chosen.organization_id, "SESSION", days, device[:LONGEST_DEVICE])


async def switch(session: AsyncSession, caller: Caller, organization_id: UUID, days: int, device: str) -> Issued:
    """A new session in another of the person's organizations; the old one ends."""
    if not policies.may_issue_tokens(caller):
        raise errors.TokenNotEnough
    if await queries.membership(session, caller.person_id, organization_id) is None:
        raise errors.NotAMember(field="organizationId")
    await session.execute(update(Token).where(Token.id == caller.token_id).values(revoked_at=func.now()))
    return await issue_token(session, caller.person_id, organization_id, "SESSION", days, device[:LONGEST_DEVICE])


async def create_token(session: AsyncSession, caller: Caller, name: str, days: int) -> Issued:
    """A longer-lived token that acts for the caller in the caller's present organization."""
    if not policies.may_issue_tokens(caller):
        raise errors.TokenNotEnough
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise Invalid(_("A token lasts between 1 and %(longest)s days.", longest=LONGEST_TOKEN_DAYS), field="days")
    issued = await issue_token(session, caller.person_id, caller.organization_id, "API", days, name)
    await audit.record(session, caller, "accounts.token.created", "token", issued.row.id, name=name)
    return issued


async def revoke_token(session: AsyncSession, caller: Caller, token_id: UUID) -> None:
    """End a session or token of the caller's own; a token may end none but itself."""
    if token_id != caller.token_id and not policies.may_issue_tokens(caller):
        raise errors.TokenNotEnough
    revoked = await session.execute(
        update(Token)
        .where(Token.id == token_id, Token.person_id == caller.person_id, Token.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(Token.id)
    )
    if revoked.scalar_one_or_none() is None:
        raise NotFound(field="id")


async def change_password(session: AsyncSession, caller: Caller, current: str, new: str) -> None:
    """The new password; every other session of the person ends."""
    person = await session.get_one(Person, caller.person_id)
    await confirm_password(session, caller, current, field="current")
    person.password_hash = await hash_password(checked_password(new, "new"))
    await session.execute(
        update(Token)
        .where(Token.person_id == person.id, Token.id != caller.token_id, Token.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
    await audit.record(session, caller, "accounts.password.changed", "person", person.id)


async def confirm_password(session: AsyncSession, caller: Caller, password: str, field: str = "password") -> Person:
    """The person, once more sure that it is they: for signatures and changes of password. RATE_LIMITED for guessers."""
    person = await session.get_one(Person, caller.person_id)
    if not await is_password(session, person.password_hash, password, email=person.email, field=field):
        raise Invalid(_("This is not your password. Type it again."), field=field)
    return person


async def invite(
    session: AsyncSession, caller: Caller, *, email: str, roles: Sequence[str], language: str
) -> tuple[Invitation, str]:
    """An invitation to the caller's organization, and the secret that its link carries."""
    address = checked_email(email)
    known = await queries.person_by_email(session, address)
    if known and await queries.membership(session, known.id, caller.organization_id):
        raise errors.AlreadyAMember(field="email")
    secret = new_token()
    invitation = Invitation(
        organization_id=caller.organization_id,
        email=address,
        roles=checked_roles(roles),
        language=language,
        invited_by=caller.person_id,
        hash=hash_token(secret),
        expires_at=datetime.now(UTC) + timedelta(days=INVITATION_DAYS),
    )
    session.add(invitation)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "invitations_one_open":
            raise errors.AlreadyInvited(field="email") from error
        raise
    await audit.record(session, caller, "accounts.invitation.sent", "invitation", invitation.id)
    return invitation, secret


async def withdraw_invitation(session: AsyncSession, caller: Caller, invitation_id: UUID) -> None:
    withdrawn = await session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.organization_id == caller.organization_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=func.now())
        .returning(Invitation.id)
    )
    if withdrawn.scalar_one_or_none() is None:
        raise NotFound(field="id")


async def accept_invitation(
    session: AsyncSession, *, secret: str, name: str, password: str, language: str, days: int, device: str
) -> Issued:
    """Join the organization. Whoever has an account already proves it with its password; others choose one."""
    invitation = await queries.invitation_by_token(session, secret, lock=True)
    if invitation is None:
        raise errors.InvitationGone
    person = await queries.person_by_email(session, invitation.email)
    if person is None:
        hashed = await hash_password(checked_password(password))
        person = await add_person(session, email=invitation.email, name=name, language=language, password_hash=hashed)
    elif not await is_password(session, person.password_hash, password, email=person.email):
        raise errors.WrongPassword(field="password")
    if await queries.membership(session, person.id, invitation.organization_id):
        raise errors.AlreadyAMember
    await add_member(session, person.id, invitation.organization_id, invitation.roles)
    invitation.accepted_at = datetime.now(UTC)
    return await issue_token(session, person.id, invitation.organization_id, "SESSION", days, device[:LONGEST_DEVICE])


async def set_roles(session: AsyncSession, caller: Caller, person_id: UUID, roles: Sequence[str]) -> None:
    wanted = checked_roles(roles)
    member = await queries.lock_membership(session, person_id, caller.organization_id)
    if member is None:
        raise NotFound(field="personId")
    member.roles = wanted
    await session.flush()
    await _keep_an_administrator(session, caller)
    await audit.record(session, caller, "accounts.roles.set", "person", person_id, roles=wanted)


async def remove_person(session: AsyncSession, caller: Caller, person_id: UUID) -> None:
    """End a membership; what the person's tokens could do for this organization ends with it."""
    member = await queries.lock_membership(session, person_id, caller.organization_id)
    if member is None:
        raise NotFound(field="personId")
    await session.delete(member)
    await session.flush()
    await _keep_an_administrator(session, caller)
    await session.execute(
        update(Token)
        .where(Token.person_id == person_id, Token.organization_id == caller.organization_id)
        .values(revoked_at=func.now())
    )
    await audit.record(session, caller, "accounts.person.removed", "person", person_id)


async def _keep_an_administrator(session: AsyncSession, caller: Caller) -> None:
    if await queries.administrators(session, caller.organization_id) == 0:
        raise errors.LastAdministrator
