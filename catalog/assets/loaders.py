"""Batched look-ups of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.assets import queries
from catalog.assets.models import Sample, SampleGrant
from catalog.assets.queries import Tally
from hub.loaders import Loader


class SamplesLoader(Loader[UUID, list[Sample]]):
    """By work, those that the reader may see."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Sample]]:
        return await queries.of_works(session, keys)


class GrantsLoader(Loader[UUID, list[SampleGrant]]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[SampleGrant]]:
        return await queries.grants(session, keys)


class TalliesLoader(Loader[UUID, Tally]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Tally]:
        return await queries.tallies(session, keys)
