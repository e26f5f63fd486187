"""Organizations and the people who act for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from argon2 import PasswordHasher

from accounts import queries, service
from hub.runtime import Runtime
from hub.security import Caller

PASSWORD = "a-good-password"
_hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Actor:
    """A person signed in for an organization."""

    token: str
    person_id: UUID
    organization_id: UUID
    email: str
    caller: Caller


async def actor(
    runtime: Runtime,
    name: str = "song-lam",
    *,
    kind: str = "PUBLISHER",
    country: str = "VN",
    language: str = "vi",
    territories: Sequence[str] = (),
    roles: Sequence[str] = ("ADMIN",),
    person: str = "",
) -> Actor:
    """A person of a new organization, or of an existing one with the same name."""
    async with runtime.database.transaction() as tx:
        session = tx.session
        organization = await queries.organization_by_slug(session, name)
        if organization is None:
            organization = await service.found_organization(
                session,
                slug=name,
                kind=kind,
                country=country,
                names={language: name.replace("-", " ").title()},
                original=language,
                territories=territories,
            )
        email = f"{person or name}@{name}.example"
        human = await service.add_person(
            session, email=email, name=person or name.title(), language=language, password_hash=_hashed
        )
        await service.add_member(session, human.id, organization.id, list(roles))
        issued = await service.issue_token(session, human.id, organization.id, "SESSION", 1)
        caller = await queries.caller_of(session, issued.token)
    assert caller is not None
    return Actor(issued.token, human.id, organization.id, email, caller)
