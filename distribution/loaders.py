"""Batched look-ups of distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from distribution import awaited, queries, readiness
from distribution.models import (
    AwaitedTrack,
    Channel,
    Delivery,
    DeliveryAttempt,
    Payee,
    Recording,
    Release,
    Split,
    Track,
)
from distribution.readiness import Readiness
from distribution.revenue import queries as money
from distribution.revenue.telling import Told
from hub.loaders import Loader


class ReleaseLoader(Loader[UUID, Release]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Release]:
        return await queries.releases_by_id(session, keys)


class TracksLoader(Loader[UUID, list[tuple[Track, Recording]]]):
    """The tracks of a release with their recordings."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[tuple[Track, Recording]]]:
        return await queries.tracks(session, keys)


class AwaitedLoader(Loader[UUID, list[AwaitedTrack]]):
    """The tracks of a release whose audio has still to come."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[AwaitedTrack]]:
        return await awaited.of_releases(session, keys)


class SplitsLoader(Loader[UUID, list[tuple[Split, str]]]):
    """The splits of a recording, each with its payee's name."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[tuple[Split, str]]]:
        return await queries.splits(session, keys)


class DeliveriesLoader(Loader[UUID, list[Delivery]]):
    """The deliveries of a release."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Delivery]]:
        return await queries.deliveries_of(session, keys)


class AttemptLoader(Loader[UUID, DeliveryAttempt]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, DeliveryAttempt]:
        return await queries.attempts(session, keys)


class ChannelLoader(Loader[UUID, Channel]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Channel]:
        return await queries.channels_by_id(session, keys)


class ReadinessLoader(Loader[UUID, list[Readiness]]):
    """Where a release may go, channel by channel."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Readiness]]:
        return await readiness.of(session, keys)


class PayeeLoader(Loader[UUID, Payee]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Payee]:
        return await money.payees(session, keys)


class StatementReportsLoader(Loader[UUID, Told]):
    """What a statement tells of, report by report."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Told]:
        return await money.earnings_of(session, keys)
