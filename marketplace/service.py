"""Negotiations: offers, counter-offers, messages, acceptance. Signing is in `signing`, claims on rights in `claims`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries as catalog
from catalog import service as works
from catalog.models import WorkStatus
from catalog.rights import Scope
from catalog.scopes import columns, scope_of
from hub import audit, events, jobs
from hub.money import Money
from hub.security import Caller
from hub.storage import Storage
from marketplace import claims, errors, policies, queries, signing
from marketplace.clearance import require_free
from marketplace.models import Message, Negotiation, NegotiationStatus, Offer
from marketplace.parties import party_to, topic
from translation import queries as texts
from translation import service as translation
from translation.memory import normalized
from translation.models import Purpose

LONGEST_EXPIRY = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer proposes. `royalty_percent` of net receipts: 7.5 is 7.5 %."""

    scope: Scope
    advance: Money | None = None
    royalty_percent: Decimal | None = None
    guarantee: Money | None = None
    note: str | None = None


async def make_offer(
    session: AsyncSession,
    caller: Caller,
    work_id: UUID,
    terms: Terms,
    *,
    message: str | None = None,
    expires_at: datetime | None = None,
) -> Negotiation:
    """Open a negotiation with the owner of a work. The scope must be free when it is asked for."""
    if not policies.may_negotiate(caller):
        raise errors.MayNotNegotiate
    work = await works.visible(session, caller, work_id)
    if work.owner_id == caller.organization_id:
        raise errors.OwnWork(field="workId")
    if work.status != WorkStatus.PUBLISHED.value:
        raise errors.NotListed(field="workId")
    if expires_at is not None:
        _check_expiry(expires_at)
    await require_free(session, caller, work, terms.scope)
    negotiation = Negotiation(
        work_id=work.id,
        buyer_id=caller.organization_id,
        seller_id=work.owner_id,
        territories=sorted(terms.scope.territories),
        expires_at=expires_at,
    )
    session.add(negotiation)
    await session.flush()
    await _put_offer(session, caller, negotiation, terms)
    if message:
        await _put_message(session, caller, negotiation, message)
    await _tell(session, caller, negotiation, "marketplace.offer.made", version=1)
    await _watch_expiry(session, negotiation)
    return negotiation


async def counter_offer(
    session: AsyncSession, caller: Caller, negotiation_id: UUID, terms: Terms, message: str | None
) -> Negotiation:
    """A new version of the terms, by either side; its scope is checked as if nobody had asked before."""
    negotiation = await _open(session, caller, negotiation_id)
    work = await queries.work_of(session, negotiation)
    await require_free(session, caller, work, terms.scope)
    before = await queries.offer(session, negotiation.id, negotiation.version)
    negotiation.version += 1
    negotiation.territories = sorted(terms.scope.territories)
    await _put_offer(session, caller, negotiation, terms, before)
    if message:
        await _put_message(session, caller, negotiation, message)
    await _tell(session, caller, negotiation, "marketplace.offer.countered", version=negotiation.version)
    return negotiation


async def accept_offer(
    session: AsyncSession, storage: Storage, caller: Caller, negotiation_id: UUID, offer_id: UUID
) -> Negotiation:
    """Agree to the other side's latest terms. The rights are held from this moment until both have signed.

    The work is locked, so acceptances of one work come one after the other; the exclusion constraint is the last wall.
    """
    negotiation = await _open(session, caller, negotiation_id)
    offer = await queries.offer(session, negotiation.id, negotiation.version)
    if offer.id != offer_id:
        raise errors.NewerVersion(field="offerId")
    if offer.by_id == caller.organization_id:
        raise errors.OwnOffer(field="offerId")
    work = await catalog.work(session, negotiation.work_id, lock=True)
    if work is None or work.status != WorkStatus.PUBLISHED.value or work.owner_id != negotiation.seller_id:
        raise errors.NotListed
    scope = scope_of(offer)
    await require_free(session, caller, work, scope)
    negotiation.status = NegotiationStatus.AGREED.value
    negotiation.agreed_offer_id = offer.id
    contract = await signing.draw_up(session, storage, negotiation, offer, work)
    await claims.hold(session, caller, work, scope, contract)
    await works.announce(session, [work.id])
    await _tell(session, caller, negotiation, "marketplace.offer.accepted", version=offer.version)
    return negotiation


async def decline_offer(session: AsyncSession, caller: Caller, negotiation_id: UUID, reason: str | None) -> Negotiation:
    """End a negotiation without a deal; the reason is for the other side."""
    negotiation = await _open(session, caller, negotiation_id)
    if reason:
        text = await translation.create_text(
            session,
            organization_id=caller.organization_id,
            purpose=Purpose.MESSAGE,
            language=caller.language,
            words=reason,
            audience=[negotiation.buyer_id, negotiation.seller_id],
            person_id=caller.person_id,
            drafts=await _readers_languages(session, negotiation, caller.language),
        )
        negotiation.decline_reason_id = text.id
    negotiation.status = NegotiationStatus.DECLINED.value
    await _tell(session, caller, negotiation, "marketplace.offer.declined")
    return negotiation


async def withdraw_offer(session: AsyncSession, caller: Caller, negotiation_id: UUID) -> Negotiation:
    """Take back one's own latest terms, and end the negotiation with that."""
    negotiation = await _open(session, caller, negotiation_id)
    offer = await queries.offer(session, negotiation.id, negotiation.version)
    if offer.by_id != caller.organization_id:
        raise errors.NewerVersion
    negotiation.status = NegotiationStatus.WITHDRAWN.value
    await _tell(session, caller, negotiation, "marketplace.offer.withdrawn")
    return negotiation


async def send_message(session: AsyncSession, caller: Caller, negotiation_id: UUID, words: str) -> Message:
    """A message to the other side, in the writer's language; drafts in the readers' languages follow."""
    if not policies.may_negotiate(caller):
        raise errors.MayNotNegotiate
    negotiation = await party_to(session, caller, negotiation_id)
    message = await _put_message(session, caller, negotiation, words)
    await _tell(session, caller, negotiation, "marketplace.message.sent")
    return message


async def expire(session: AsyncSession, negotiation_id: UUID) -> None:
    """End an open negotiation whose time is up. Nothing happens when it was answered or has more time."""
    negotiation = await queries.negotiation(session, negotiation_id, lock=True)
    if (
        negotiation is not None
        and negotiation.status == NegotiationStatus.OPEN.value
        and negotiation.expires_at is not None
        and negotiation.expires_at <= datetime.now(UTC)
    ):
        negotiation.status = NegotiationStatus.EXPIRED.value
        await _tell(session, None, negotiation, "marketplace.offer.expired")


def _check_expiry(expires_at: datetime) -> None:
    now = datetime.now(UTC)
    if expires_at <= now:
        raise errors.ExpiryPast(field="expiresAt")
    if expires_at > now + LONGEST_EXPIRY:
        raise errors.ExpiryFar(field="expiresAt")


async def _open(session: AsyncSession, caller: Caller, negotiation_id: UUID) -> Negotiation:
    if not policies.may_negotiate(caller):
        raise errors.MayNotNegotiate
    negotiation = await party_to(session, caller, negotiation_id, lock=True)
    if negotiation.status != NegotiationStatus.OPEN.value:
        raise errors.NotOpen(status=negotiation.status)
    if negotiation.expires_at is not None and negotiation.expires_at <= datetime.now(UTC):
        raise errors.OfferExpired
    return negotiation


async def _put_offer(
    session: AsyncSession,
    caller: Caller,
    negotiation: Negotiation,
    terms: Terms,
    before: Offer | None = None,
) -> Offer:
    """A version of the terms; a note that says word for word what the one `before` says stays that text."""
    note_id = before.note_id if before and terms.note and await _says(session, before, terms.note) else None
    if terms.note and note_id is None:
        note = await translation.create_text(
            session,
            organization_id=caller.organization_id,
            purpose=Purpose.NOTE,
            language=caller.language,
            words=terms.note,
            audience=[negotiation.buyer_id, negotiation.seller_id],
            person_id=caller.person_id,
            drafts=await _readers_languages(session, negotiation, caller.language),
        )
        note_id = note.id
    offer = Offer(
        negotiation_id=negotiation.id,
        version=negotiation.version,
        by_id=caller.organization_id,
        person_id=caller.person_id,
        advance_minor=terms.advance.minor if terms.advance else None,
        advance_currency=terms.advance.currency if terms.advance else None,
        guarantee_minor=terms.guarantee.minor if terms.guarantee else None,
        guarantee_currency=terms.guarantee.currency if terms.guarantee else None,
        royalty_percent=terms.royalty_percent,
        note_id=note_id,
        **columns(terms.scope),
    )
    session.add(offer)
    await session.flush()
    return offer


async def _says(session: AsyncSession, offer: Offer, words: str) -> bool:
    note = await texts.text(session, offer.note_id) if offer.note_id else None
    return note is not None and note.words == normalized(words)


async def _put_message(session: AsyncSession, caller: Caller, negotiation: Negotiation, words: str) -> Message:
    text = await translation.create_text(
        session,
        organization_id=caller.organization_id,
        purpose=Purpose.MESSAGE,
        language=caller.language,
        words=words,
        audience=[negotiation.buyer_id, negotiation.seller_id],
        person_id=caller.person_id,
        drafts=await _readers_languages(session, negotiation, caller.language),
    )
    message = Message(
        negotiation_id=negotiation.id, by_id=caller.organization_id, person_id=caller.person_id, text_id=text.id
    )
    session.add(message)
    await session.flush()
    return message


async def _readers_languages(session: AsyncSession, negotiation: Negotiation, written_in: str) -> Collection[str]:
    languages = await queries.languages_read(session, [negotiation.buyer_id, negotiation.seller_id])
    return languages - {written_in}


async def _watch_expiry(session: AsyncSession, negotiation: Negotiation) -> None:
    if negotiation.expires_at is not None:
        await jobs.enqueue(
            session,
            "marketplace.expire",
            at=negotiation.expires_at,
            negotiation_id=str(negotiation.id),
            organization_id=str(negotiation.seller_id),
        )


async def _tell(
    session: AsyncSession, caller: Caller | None, negotiation: Negotiation, action: str, **data: object
) -> None:
    """Write the change down, and tell whoever is watching."""
    negotiation.updated_at = datetime.now(UTC)
    await session.flush()
    await audit.record(session, caller, action, "negotiation", negotiation.id, **data)
    await events.tell(session, topic(negotiation.id))
