"""Batched look-ups of accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries
from accounts.models import Organization, Person
from hub.loaders import Loader


class OrganizationLoader(Loader[UUID, Organization]):
    """Organizations with their names."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Organization]:
        return {row.id: row for row in await queries.organizations(session, keys)}


class PersonLoader(Loader[UUID, Person]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Person]:
        return {row.id: row for row in await queries.people(session, keys)}
