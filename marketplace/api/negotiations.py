"""Offers, messages, contracts: what parties ask and do."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import strawberry

from catalog import service as works
from catalog.api import ScopeInput
from hub.context import ID, Info
from hub.errors import Invalid
from hub.i18n import _, language
from hub.types import Connection, after_row, connection, page_size, row_id, words
from marketplace import claims, queries, service, signing
from marketplace.api.types import (
    LONGEST_MESSAGE,
    Contract,
    License,
    Message,
    Negotiation,
    OfferInput,
    TermsInput,
)
from marketplace.errors import NegotiationUnknown
from marketplace.loaders import ContractLoader, LicenseLoader, MessagesLoader, OffersLoader, SignaturesLoader
from marketplace.models import ContractStatus, NegotiationStatus
from marketplace.parties import topic

LONGEST_NAME = 200


def _reloaded(info: Info) -> None:
    for kind in (OffersLoader, MessagesLoader, ContractLoader, SignaturesLoader, LicenseLoader):
        info.context.loaders.drop(kind)


@strawberry.type
class Queries:
    @strawberry.field
    async def negotiation(self, info: Info, id: ID) -> Negotiation | None:
        if info.context.caller is None:
            return None
        async with info.context.tx.use() as session:
            row = await queries.negotiation(session, row_id(id))
        return Negotiation.of(row) if row else None

    @strawberry.field(description="My organization's, as buyer or seller, newest first. awaitingMe: those to answer")
    async def negotiations(
        self,
        info: Info,
        status: list[NegotiationStatus] | None = None,
        work_id: ID | None = None,
        awaiting_me: bool = False,
        first: int | None = 20,
        after: str | None = None,
    ) -> Connection[Negotiation]:
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.negotiations(
                session,
                info.context.person.organization_id,
                statuses=[each.value for each in status or ()],
                work_id=row_id(work_id, "workId") if work_id else None,
                awaiting_me=awaiting_me,
                limit=size,
                after=after_row(after),
            )
        return connection(rows, total, size, Negotiation.of)

    @strawberry.field
    async def contract(self, info: Info, id: ID) -> Contract | None:
        if info.context.caller is None:
            return None
        async with info.context.tx.use() as session:
            row = await queries.contract(session, row_id(id))
        return Contract.of(row) if row else None

    @strawberry.field(description="My organization's contracts, newest first. awaitingMe: those that I have not signed")
    async def contracts(
        self,
        info: Info,
        status: list[ContractStatus] | None = None,
        awaiting_me: bool = False,
        first: int | None = 20,
        after: str | None = None,
    ) -> Connection[Contract]:
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.contracts(
                session,
                info.context.person.organization_id,
                statuses=[each.value for each in status or ()],
                awaiting_me=awaiting_me,
                limit=size,
                after=after_row(after),
            )
        return connection(rows, total, size, Contract.of)

    @strawberry.field(description="Licences of a work: its owner sees all, a licensee its own")
    async def licenses(self, info: Info, work_id: ID) -> list[License]:
        if info.context.caller is None:
            return []
        async with info.context.tx.use() as session:
            await works.visible(session, info.context.caller, row_id(work_id, "workId"))
            rows = await queries.licenses(session, row_id(work_id, "workId"))
        return [License.of(row) for row in rows]


@strawberry.type
class Mutations:
    @strawberry.mutation
    async def make_offer(self, info: Info, input: OfferInput) -> Negotiation:
        caller = info.context.person
        if input.expires_at is not None and input.expires_at.tzinfo is None:
            raise Invalid(_("Give the time with its time zone, such as 2026-11-30T10:00:00Z."), field="expiresAt")
        async with info.context.tx.use() as session:
            row = await service.make_offer(
                session,
                caller,
                row_id(input.work_id, "workId"),
                input.terms.terms(),
                message=words(input.message, "message", longest=LONGEST_MESSAGE, required=False),
                expires_at=input.expires_at,
            )
            await session.refresh(row)
        return Negotiation.of(row)

    @strawberry.mutation
    async def counter_offer(
        self, info: Info, negotiation_id: ID, terms: TermsInput, message: str | None = None
    ) -> Negotiation:
        async with info.context.tx.use() as session:
            row = await service.counter_offer(
                session,
                info.context.person,
                row_id(negotiation_id, "negotiationId"),
                terms.terms(),
                words(message, "message", longest=LONGEST_MESSAGE, required=False),
            )
        _reloaded(info)
        return Negotiation.of(row)

    @strawberry.mutation(description="RIGHTS_TAKEN when it would sell twice")
    async def accept_offer(self, info: Info, negotiation_id: ID, offer_id: ID) -> Negotiation:
        async with info.context.tx.use() as session:
            row = await service.accept_offer(
                session,
                info.context.runtime.storage,
                info.context.person,
                row_id(negotiation_id, "negotiationId"),
                row_id(offer_id, "offerId"),
            )
        _reloaded(info)
        return Negotiation.of(row)

    @strawberry.mutation
    async def decline_offer(self, info: Info, negotiation_id: ID, reason: str | None = None) -> Negotiation:
        async with info.context.tx.use() as session:
            row = await service.decline_offer(
                session,
                info.context.person,
                row_id(negotiation_id, "negotiationId"),
                words(reason, "reason", longest=LONGEST_MESSAGE, required=False),
            )
        return Negotiation.of(row)

    @strawberry.mutation(description="Take back my own latest terms, and end the negotiation")
    async def withdraw_offer(self, info: Info, negotiation_id: ID) -> Negotiation:
        async with info.context.tx.use() as session:
            row = await service.withdraw_offer(session, info.context.person, row_id(negotiation_id, "negotiationId"))
        return Negotiation.of(row)

    @strawberry.mutation
    async def send_message(self, info: Info, negotiation_id: ID, text: str) -> Message:
        caller = info.context.person
        said = words(text, "text", longest=LONGEST_MESSAGE) or ""
        async with info.context.tx.use() as session:
            row = await service.send_message(session, caller, row_id(negotiation_id, "negotiationId"), said)
            await session.refresh(row)
        return Message.of(row)

    @strawberry.mutation
    async def sign_contract(self, info: Info, contract_id: ID, name: str, password: str) -> Contract:
        caller = info.context.person
        typed = words(name, "name", longest=LONGEST_NAME) or ""
        async with info.context.tx.use() as session:
            row = await signing.sign(
                session,
                info.context.runtime.storage,
                caller,
                row_id(contract_id, "contractId"),
                name=typed,
                password=password,
            )
        _reloaded(info)
        return Contract.of(row)

    @strawberry.mutation(
        description="Record a licence that was agreed outside the hub. RIGHTS_TAKEN when it would sell twice"
    )
    async def record_license(self, info: Info, work_id: ID, licensee: str, scope: ScopeInput) -> License:
        caller = info.context.person
        named = words(licensee, "licensee", longest=LONGEST_NAME) or ""
        async with info.context.tx.use() as session:
            row = await claims.record_license(session, caller, row_id(work_id, "workId"), named, scope.scope())
            await session.refresh(row)
        return License.of(row)


@strawberry.type
class Subscriptions:
    @strawberry.subscription
    async def negotiation_changed(self, info: Info, id: ID) -> AsyncGenerator[Negotiation, None]:
        """The negotiation, each time that something in it changes."""
        context, wanted = info.context, row_id(id)
        context.person  # noqa: B018  # UNAUTHENTICATED before anything is told
        async with context.runtime.events.subscribe(topic(wanted)) as news:
            async with context.tx.use() as session:
                if await queries.negotiation(session, wanted) is None:
                    raise NegotiationUnknown(field="id")
            async for _change in news:
                context.forget()
                async with context.tx.use() as session:
                    row = await queries.negotiation(session, wanted)
                if row is None:
                    return
                with language(context.language):
                    yield Negotiation.of(row)
