"""Contracts: drawn up when terms are accepted, signed by both, in force with the last signature."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from accounts import service as accounts
from catalog import queries as catalog
from catalog import service as works
from catalog.models import Work
from catalog.scopes import columns, scope_of
from hub import audit, events, jobs
from hub.database import broken_constraint
from hub.security import Caller
from hub.storage import Storage
from marketplace import claims, errors, policies, queries
from marketplace.clearance import require_free
from marketplace.documents import contract as documents
from marketplace.models import Contract, ContractStatus, License, Negotiation, NegotiationStatus, Offer, Signature
from marketplace.parties import party, party_to, topic

DAYS_TO_SIGN = 14


async def draw_up(
    session: AsyncSession, storage: Storage, negotiation: Negotiation, offer: Offer, work: Work
) -> Contract:
    """The contract of agreed terms, in the languages of both sides, as a document that both will sign."""
    seller, buyer = await party(session, negotiation.seller_id), await party(session, negotiation.buyer_id)
    languages = list(dict.fromkeys(documents.readable(side.language) for side in (seller, buyer)))
    now = datetime.now(UTC)
    key = uuid4()
    number = f"BM-{now.year}-{key.hex[:8].upper()}"
    terms = await documents.terms_of(session, number, seller, buyer, work, offer, languages, now)
    document = await documents.typeset(terms)
    contract = Contract(
        negotiation_id=negotiation.id,
        offer_id=offer.id,
        status=ContractStatus.AWAITING_SIGNATURES.value,
        languages=languages,
        number=number,
        terms=terms.as_json(),
        document_key=f"contracts/{key}.pdf",
        document_sha256=hashlib.sha256(document).hexdigest(),
        sign_by=now + timedelta(days=DAYS_TO_SIGN),
    )
    session.add(contract)
    await session.flush()
    await storage.put(contract.document_key or "", document, "application/pdf")
    await jobs.enqueue(
        session,
        "marketplace.release_unsigned",
        at=contract.sign_by,
        contract_id=str(contract.id),
        organization_id=str(negotiation.seller_id),
    )
    return contract


async def sign(
    session: AsyncSession, storage: Storage, caller: Caller, contract_id: UUID, *, name: str, password: str
) -> Contract:
    """Sign for the caller's organization, after the password once more. The last signature puts the licence into force.

    Availability is checked again inside the transaction of the last signature, besides what this contract holds.
    """
    if not policies.may_sign(caller):
        raise errors.MayNotSign
    await accounts.confirm_password(session, caller, password)
    contract = await queries.contract(session, contract_id)
    if contract is None:
        raise errors.ContractUnknown(field="contractId")
    negotiation = await party_to(session, caller, contract.negotiation_id, lock=True)
    contract = await queries.contract(session, contract_id, lock=True)
    assert contract is not None
    signed = (await queries.signatures(session, [contract.id])).get(contract.id, [])
    if any(signature.organization_id == caller.organization_id for signature in signed):
        raise errors.AlreadySigned
    if contract.status != ContractStatus.AWAITING_SIGNATURES.value or contract.sign_by <= datetime.now(UTC):
        raise errors.NotToBeSigned(status=contract.status)
    document = await storage.get(contract.document_key or "")
    if hashlib.sha256(document).hexdigest() != contract.document_sha256:
        raise errors.DocumentChanged
    session.add(
        Signature(
            contract_id=contract.id,
            organization_id=caller.organization_id,
            person_id=caller.person_id,
            name=name,
            document_sha256=contract.document_sha256,
        )
    )
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "signatures_contract_id_organization_id_key":
            raise errors.AlreadySigned from error
        raise
    await audit.record(session, caller, "marketplace.contract.signed", "contract", contract.id)
    if signed:
        await _put_into_force(session, caller, contract, negotiation)
    contract.updated_at = negotiation.updated_at = datetime.now(UTC)
    await session.flush()
    await events.tell(session, topic(negotiation.id))
    return contract


async def _put_into_force(session: AsyncSession, caller: Caller, contract: Contract, negotiation: Negotiation) -> None:
    work = await catalog.work(session, negotiation.work_id, lock=True)
    offer = await queries.offer(session, negotiation.id, negotiation.version)
    assert work is not None
    scope = scope_of(offer)
    await require_free(session, caller, work, scope, besides=contract.id)
    buyer = await party(session, negotiation.buyer_id)
    granted = License(
        work_id=work.id,
        licensor_id=negotiation.seller_id,
        licensee_id=negotiation.buyer_id,
        licensee=buyer.name,
        contract_id=contract.id,
        **columns(scope),
    )
    session.add(granted)
    await session.flush()
    await claims.turn_into_license(session, contract.id, granted.id)
    contract.status = ContractStatus.IN_FORCE.value
    negotiation.status = NegotiationStatus.SIGNED.value
    await works.announce(session, [work.id])
    await audit.record(session, caller, "marketplace.license.granted", "license", granted.id, work_id=str(work.id))


async def release_unsigned(session: AsyncSession, contract_id: UUID) -> None:
    """Let go of the rights of a contract whose time to sign is over. Nothing happens to one that is signed."""
    found = await queries.contract(session, contract_id)
    negotiation = await queries.negotiation(session, found.negotiation_id, lock=True) if found else None
    contract = await queries.contract(session, contract_id, lock=True)
    if (
        contract is None
        or negotiation is None
        or contract.status != ContractStatus.AWAITING_SIGNATURES.value
        or contract.sign_by > datetime.now(UTC)
    ):
        return
    await claims.release(session, contract.id)
    contract.status = ContractStatus.ENDED.value
    negotiation.status = NegotiationStatus.EXPIRED.value
    contract.updated_at = negotiation.updated_at = datetime.now(UTC)
    await session.flush()
    await works.announce(session, [negotiation.work_id])
    await audit.record(session, None, "marketplace.contract.lapsed", "contract", contract.id)
    await events.tell(session, topic(negotiation.id))
