"""Batched look-ups of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries
from catalog.imports import queries as import_queries
from catalog.models import Asset, Contributor, Holdback, Identifier, Mandate, Work
from hub.loaders import Loader


class WorkLoader(Loader[UUID, Work]):
    """Works, whoever may see them: for fields of things that the reader is already allowed to see."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Work]:
        return {row.id: row for row in await queries.works(session, keys)}


class ContributorsLoader(Loader[UUID, list[Contributor]]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Contributor]]:
        return await queries.contributors(session, keys)


class IdentifiersLoader(Loader[UUID, list[Identifier]]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Identifier]]:
        return await queries.identifiers(session, keys)


class MandatesLoader(Loader[UUID, list[Mandate]]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Mandate]]:
        return await queries.mandates(session, keys)


class HoldbacksLoader(Loader[UUID, list[Holdback]]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Holdback]]:
        return await queries.holdbacks(session, keys)


class AssetLoader(Loader[UUID, Asset]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Asset]:
        return {row.id: row for row in await queries.assets(session, keys)}


class ImportDraftsLoader(Loader[UUID, int]):
    """How many titles of an import are drafts now."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, int]:
        return await import_queries.drafts(session, keys)


class AppliedLoader(Loader[UUID, UUID | None]):
    """The import that confirmed a dry run last."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, UUID | None]:
        return await import_queries.applied(session, keys)
