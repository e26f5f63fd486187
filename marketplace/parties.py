"""The two sides of a negotiation: who they are, what they are called, and who acts for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from hub.security import Caller
from marketplace import errors, policies, queries
from marketplace.models import Negotiation


@dataclass(frozen=True, slots=True)
class Party:
    """An organization: its own name and language, its names in others, its country."""

    id: UUID
    name: str
    language: str
    names: Mapping[str, str]
    country: str

    def render(self, language: str) -> str:
        """The name as readers of `language` know it, its own where there is none."""
        return self.names.get(language, self.name)


async def party(session: AsyncSession, organization_id: UUID) -> Party:
    row = (await accounts.organizations(session, [organization_id]))[0]
    original = next(name for name in row.names if name.original)
    return Party(
        id=row.id,
        name=original.name,
        language=original.language,
        names={name.language: name.name for name in row.names},
        country=row.country,
    )


def topic(negotiation_id: UUID) -> str:
    """The name under which news of a negotiation is told (`hub.events`)."""
    return f"negotiation:{negotiation_id}"


async def party_to(session: AsyncSession, caller: Caller, negotiation_id: UUID, *, lock: bool = False) -> Negotiation:
    """The negotiation, for somebody who acts for the buyer or the seller."""
    negotiation = await queries.negotiation(session, negotiation_id, lock=lock)
    if negotiation is None or not policies.is_party(caller, negotiation):
        raise errors.NegotiationUnknown(field="negotiationId")
    return negotiation
