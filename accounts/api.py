"""Accounts in GraphQL: signing in, who I am, my organization's people, my tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from accounts import models, policies, queries, service
from accounts.loaders import OrganizationLoader, PersonLoader
from accounts.models import OrganizationKind, Role
from accounts.policies import require
from hub.context import ID, Info
from hub.errors import Invalid, NotFound
from hub.i18n import _
from hub.types import LanguageTag, LocalizedText, Territory, TextOrigin, known_language, row_id, words

strawberry.enum(OrganizationKind)
strawberry.enum(Role)
LONGEST_NAME = 120
THEMES = ("system", "light", "dark")


@strawberry.type
class Organization:
    id: ID
    kind: OrganizationKind
    country: Territory
    territories: list[Territory]
    row: strawberry.Private[models.Organization]

    @strawberry.field
    def name(self, info: Info, language: LanguageTag | None = None) -> LocalizedText:
        """The organization's own name, or the one that it goes by in the language asked for."""
        original = next(name for name in self.row.names if name.original)
        own = LocalizedText(text=original.name, language=LanguageTag(original.language), origin=TextOrigin.ORIGINAL)
        wanted = language or info.context.language
        other = next((name for name in self.row.names if name.language == wanted and not name.original), None)
        if other is None:
            return own
        return LocalizedText(
            text=other.name, language=LanguageTag(other.language), origin=TextOrigin.SUPPLIED, original=own
        )

    @classmethod
    def of(cls, row: models.Organization) -> Organization:
        return cls(
            id=ID(str(row.id)),
            kind=models.OrganizationKind(row.kind),
            country=Territory(row.country),
            territories=[Territory(code) for code in row.territories],
            row=row,
        )

    @classmethod
    async def load(cls, info: Info, organization_id: UUID) -> Organization:
        row = await info.context.load(OrganizationLoader, organization_id)
        if row is None:
            raise NotFound
        return cls.of(row)


@strawberry.type
class Viewer:
    id: ID
    name: str
    email: str
    language: LanguageTag
    theme: str
    roles: list[str]
    organization_id: strawberry.Private[UUID]
    person_id: strawberry.Private[UUID]

    @strawberry.field
    async def organization(self, info: Info) -> Organization:
        return await Organization.load(info, self.organization_id)

    @strawberry.field
    async def organizations(self, info: Info) -> list[Organization]:
        """All organizations that this person acts for."""
        async with info.context.tx.use() as session:
            joined = await queries.memberships(session, self.person_id)
            rows = await queries.organizations(session, [member.organization_id for member in joined])
        by_id = {row.id: row for row in rows}
        return [Organization.of(by_id[member.organization_id]) for member in joined]

    @classmethod
    async def load(cls, info: Info, person_id: UUID, organization_id: UUID) -> Viewer:
        person = await info.context.load(PersonLoader, person_id)
        async with info.context.tx.use() as session:
            member = await queries.membership(session, person_id, organization_id)
        if person is None or member is None:
            raise NotFound
        return cls(
            id=ID(str(person.id)),
            name=person.name,
            email=person.email,
            language=LanguageTag(person.language),
            theme=person.theme,
            roles=list(member.roles),
            organization_id=organization_id,
            person_id=person_id,
        )


@strawberry.type
class Session:
    token: str
    expires_at: datetime
    row: strawberry.Private[models.Token]

    @strawberry.field
    async def viewer(self, info: Info) -> Viewer:
        return await Viewer.load(info, self.row.person_id, self.row.organization_id)

    @classmethod
    def of(cls, issued: service.Issued) -> Session:
        return cls(token=issued.token, expires_at=issued.row.expires_at, row=issued.row)


@strawberry.type(description="A session or a longer-lived API token of the person who asks")
class Token:
    id: ID
    kind: str
    name: str | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    current: bool
    organization_id: strawberry.Private[UUID]

    @strawberry.field
    async def organization(self, info: Info) -> Organization:
        return await Organization.load(info, self.organization_id)

    @classmethod
    def of(cls, row: models.Token, info: Info) -> Token:
        return cls(
            id=ID(str(row.id)),
            kind=row.kind,
            name=row.name,
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            current=row.id == info.context.person.token_id,
            organization_id=row.organization_id,
        )


@strawberry.type(description="token: shown this once")
class CreatedToken:
    token: str
    info: Token


@strawberry.type(description="Somebody who acts for the organization of the person who asks")
class Member:
    id: ID
    name: str
    email: str
    language: LanguageTag
    roles: list[Role]


@strawberry.type
class Invitation:
    id: ID
    email: str
    roles: list[Role]
    language: LanguageTag
    expires_at: datetime
    organization_id: strawberry.Private[UUID]
    known: strawberry.Private[bool] = False

    @strawberry.field
    async def organization(self, info: Info) -> Organization:
        return await Organization.load(info, self.organization_id)

    @strawberry.field(description="Whether whoever is invited has an account already, and signs in with its password")
    def has_account(self) -> bool:
        return self.known

    @classmethod
    def of(cls, row: models.Invitation, *, known: bool = False) -> Invitation:
        return cls(
            id=ID(str(row.id)),
            email=row.email,
            roles=[models.Role(role) for role in row.roles],
            language=LanguageTag(row.language),
            expires_at=row.expires_at,
            organization_id=row.organization_id,
            known=known,
        )


@strawberry.type(description="link: to be handed to whoever is invited; shown this once")
class SentInvitation:
    invitation: Invitation
    link: str


@strawberry.type
class Query:
    @strawberry.field
    async def viewer(self, info: Info) -> Viewer | None:
        caller = info.context.caller
        return await Viewer.load(info, caller.person_id, caller.organization_id) if caller else None

    @strawberry.field
    async def organization(self, info: Info, id: ID) -> Organization | None:
        row = await info.context.load(OrganizationLoader, row_id(id))
        return Organization.of(row) if row else None

    @strawberry.field(description="The people of my organization")
    async def members(self, info: Info) -> list[Member]:
        caller = info.context.person
        async with info.context.tx.use() as session:
            rows = await queries.members(session, caller.organization_id)
        return [
            Member(
                id=ID(str(person.id)),
                name=person.name,
                email=person.email,
                language=LanguageTag(person.language),
                roles=[models.Role(role) for role in member.roles],
            )
            for person, member in rows
        ]

    @strawberry.field(description="Open invitations of my organization; administrators only")
    async def invitations(self, info: Info) -> list[Invitation]:
        caller = info.context.person
        require(policies.may_manage_people(caller))
        async with info.context.tx.use() as session:
            rows = await queries.open_invitations(session, caller.organization_id)
        return [Invitation.of(row) for row in rows]

    @strawberry.field(description="The invitation that a link carries")
    async def invitation(self, info: Info, secret: str) -> Invitation | None:
        async with info.context.tx.use() as session:
            row = await queries.invitation_by_token(session, secret)
            known = row is not None and await queries.person_by_email(session, row.email) is not None
        return Invitation.of(row, known=known) if row else None

    @strawberry.field(description="My live sessions and API tokens")
    async def tokens(self, info: Info) -> list[Token]:
        caller = info.context.person
        async with info.context.tx.use() as session:
            rows = await queries.tokens(session, caller.person_id)
        return [Token.of(row, info) for row in rows]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def sign_in(self, info: Info, email: str, password: str, organization_id: ID | None = None) -> Session:
        context, settings = info.context, info.context.runtime.settings
        async with context.tx.use() as session:
            issued = await service.sign_in(
                session,
                email=email,
                password=password,
                organization_id=row_id(organization_id, "organizationId") if organization_id else None,
                client=context.client,
                device=context.device,
                days=settings.session_days,
                attempts=settings.sign_in_attempts,
            )
        return Session.of(issued)

    @strawberry.mutation(description="End the session or token with which this is asked")
    async def sign_out(self, info: Info) -> bool:
        caller = info.context.person
        async with info.context.tx.use() as session:
            await service.revoke_token(session, caller, caller.token_id)
        return True

    @strawberry.mutation(description="Act for another of my organizations, in a new session")
    async def switch_organization(self, info: Info, organization_id: ID) -> Session:
        caller = info.context.person
        async with info.context.tx.use() as session:
            issued = await service.switch(
                session,
                caller,
                row_id(organization_id, "organizationId"),
                info.context.runtime.settings.session_days,
                info.context.device,
            )
        return Session.of(issued)

    @strawberry.mutation(description="A longer-lived token that acts for me in my present organization")
    async def create_token(self, info: Info, name: str, days: int = 90) -> CreatedToken:
        caller = info.context.person
        label = words(name, "name", longest=LONGEST_NAME) or ""
        async with info.context.tx.use() as session:
            issued = await service.create_token(session, caller, label, days)
            await session.refresh(issued.row)
        return CreatedToken(token=issued.token, info=Token.of(issued.row, info))

    @strawberry.mutation
    async def revoke_token(self, info: Info, id: ID) -> bool:
        async with info.context.tx.use() as session:
            await service.revoke_token(session, info.context.person, row_id(id))
        return True

    @strawberry.mutation
    async def change_password(self, info: Info, current: str, new: str) -> bool:
        async with info.context.tx.use() as session:
            await service.change_password(session, info.context.person, current, new)
        return True

    @strawberry.mutation
    async def update_profile(
        self, info: Info, name: str | None = None, language: LanguageTag | None = None, theme: str | None = None
    ) -> Viewer:
        caller = info.context.person
        async with info.context.tx.use() as session:
            person = await session.get_one(models.Person, caller.person_id)
            if name is not None:
                person.name = words(name, "name", longest=LONGEST_NAME) or ""
            if language is not None:
                person.language = known_language(language, "language")
            if theme is not None:
                if theme not in THEMES:
                    raise Invalid(_("Choose light, dark, or the system's own."), field="theme")
                person.theme = theme
            await session.flush()
        return await Viewer.load(info, caller.person_id, caller.organization_id)

    @strawberry.mutation
    async def invite(
        self, info: Info, email: str, roles: list[Role], language: LanguageTag | None = None
    ) -> SentInvitation:
        caller = info.context.person
        require(policies.may_manage_people(caller))
        tag = known_language(language, "language") if language else caller.language
        async with info.context.tx.use() as session:
            row, secret = await service.invite(
                session, caller, email=email, roles=[role.value for role in roles], language=tag
            )
        link = f"{info.context.runtime.settings.address}/invitation/{secret}"
        return SentInvitation(invitation=Invitation.of(row), link=link)

    @strawberry.mutation
    async def withdraw_invitation(self, info: Info, id: ID) -> bool:
        require(policies.may_manage_people(info.context.person))
        async with info.context.tx.use() as session:
            await service.withdraw_invitation(session, info.context.person, row_id(id))
        return True

    @strawberry.mutation(description="Join an organization; whoever has an account gives its password")
    async def accept_invitation(
        self, info: Info, secret: str, password: str, name: str | None = None, language: LanguageTag | None = None
    ) -> Session:
        tag = known_language(language, "language") if language else info.context.language
        async with info.context.tx.use() as session:
            known = await queries.invitation_by_token(session, secret)
            fallback = known.email.split("@")[0] if known else ""
            issued = await service.accept_invitation(
                session,
                secret=secret,
                name=words(name, "name", longest=LONGEST_NAME, required=False) or fallback,
                password=password,
                language=tag,
                days=info.context.runtime.settings.session_days,
                device=info.context.device,
            )
        return Session.of(issued)

    @strawberry.mutation
    async def set_roles(self, info: Info, person_id: ID, roles: list[Role]) -> bool:
        require(policies.may_manage_people(info.context.person))
        async with info.context.tx.use() as session:
            await service.set_roles(
                session, info.context.person, row_id(person_id, "personId"), [role.value for role in roles]
            )
        return True

    @strawberry.mutation(description="End somebody's membership of my organization")
    async def remove_person(self, info: Info, person_id: ID) -> bool:
        require(policies.may_manage_people(info.context.person))
        async with info.context.tx.use() as session:
            await service.remove_person(session, info.context.person, row_id(person_id, "personId"))
        return True
