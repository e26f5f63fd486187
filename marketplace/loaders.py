"""Batched look-ups of the marketplace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub.loaders import Loader
from marketplace import queries
from marketplace.availability import Standing
from marketplace.models import Contract, DealCard, License, Message, Negotiation, Offer, Signature


class NegotiationLoader(Loader[UUID, Negotiation]):
    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Negotiation]:
        return {row.id: row for row in await queries.negotiations_by_id(session, keys)}


class OffersLoader(Loader[UUID, list[Offer]]):
    """Versions of negotiations, in order."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Offer]]:
        return await queries.offers(session, keys)


class MessagesLoader(Loader[UUID, list[Message]]):
    """Messages of negotiations, oldest first."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Message]]:
        return await queries.messages(session, keys)


class ContractLoader(Loader[UUID, Contract]):
    """Contracts, by negotiation."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Contract]:
        return await queries.contracts_of(session, keys)


class SignaturesLoader(Loader[UUID, list[Signature]]):
    """Signatures, by contract."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, list[Signature]]:
        return await queries.signatures(session, keys)


class LicenseLoader(Loader[UUID, License]):
    """Licences, by contract."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, License]:
        return await queries.licenses_of_contracts(session, keys)


class StandingLoader(Loader[UUID, Standing]):
    """What decides availability, by work."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Standing]:
        return await queries.standings(session, keys)


class DealCardLoader(Loader[UUID, DealCard]):
    """The studio's own notes, by negotiation."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, DealCard]:
        return await queries.deal_cards(session, keys)
