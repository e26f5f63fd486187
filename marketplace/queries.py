"""Every SELECT of the marketplace. Who may see a row is decided by the database (row-level security)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from accounts.models import Membership, Person
from catalog import languages as tags
from catalog import queries as catalog
from catalog import taken
from catalog import territories as places
from catalog.models import Work
from catalog.rights import RightType, Scope
from catalog.scopes import scope_of
from hub.bulk import among
from marketplace.availability import Pending, Standing, claims_of
from marketplace.models import (
    Contract,
    ContractStatus,
    DealCard,
    License,
    Message,
    Negotiation,
    NegotiationStatus,
    Offer,
    RightsClaim,
    Signature,
)

Row = TypeVar("Row", Offer, Message)
Paged = TypeVar("Paged", Negotiation, Contract)


def claimed(row: RightsClaim) -> Scope:
    """The scope that a claim's columns hold."""
    assert row.period.lower is not None
    return Scope(
        rights=frozenset({RightType(row.right_type)}),
        territories=places.from_numbers(row.territories),
        languages=tags.from_numbers(row.languages),
        start=row.period.lower,
        end=row.period.upper,
        exclusive=row.exclusive,
    )


def _telling(work: str) -> str:
    return (
        "(SELECT json_agg(json_build_array(c.right_type, c.territories, c.languages, lower(c.period), upper(c.period),"  # noqa: S608
        f" c.exclusive) ORDER BY c.id) FROM rights_claims c WHERE c.work_id = {work})"
    )


def _told(gathered: Sequence[Sequence[Any]]) -> Sequence[Scope]:
    return [
        Scope(
            rights=frozenset({RightType(right)}),
            territories=places.from_numbers(territories),
            languages=tags.from_numbers(languages),
            start=date.fromisoformat(start),
            end=date.fromisoformat(end) if end else None,
            exclusive=exclusive,
        )
        for right, territories, languages, start, end, exclusive in gathered
    ]


taken.register(taken.Source(_telling, _told))


async def _claims(
    session: AsyncSession, work_ids: Collection[UUID], *, besides: UUID | None = None
) -> dict[UUID, list[RightsClaim]]:
    """The claims on each work; `besides`: leave out what this contract itself holds."""
    query = select(RightsClaim).where(among(RightsClaim.work_id, work_ids)).order_by(RightsClaim.id)
    if besides is not None:
        query = query.where(RightsClaim.contract_id.is_distinct_from(besides))
    found: dict[UUID, list[RightsClaim]] = {}
    for row in await session.scalars(query):
        found.setdefault(row.work_id, []).append(row)
    return found


def _promised(rows: Iterable[RightsClaim]) -> dict[datetime, list[Scope]]:
    """What waits for signatures, by when they must be there."""
    found: dict[datetime, list[Scope]] = {}
    for row in rows:
        if row.held_until is not None:
            found.setdefault(row.held_until, []).append(claimed(row))
    return found


async def standings(
    session: AsyncSession, work_ids: Collection[UUID], *, besides: UUID | None = None
) -> Mapping[UUID, Standing]:
    """What decides the availability of each work."""
    mandates = await catalog.mandates(session, work_ids)
    holdbacks = await catalog.holdbacks(session, work_ids)
    rows = await _claims(session, work_ids, besides=besides)
    return {
        work_id: Standing(
            mandates=[scope_of(row) for row in mandates.get(work_id, ())],
            holdbacks=[scope_of(row) for row in holdbacks.get(work_id, ())],
            sold=claims_of(claimed(row) for row in rows.get(work_id, ()) if row.held_until is None),
            pending=[
                Pending(scope, until)
                for until, scopes in _promised(rows.get(work_id, ())).items()
                for scope in claims_of(scopes)
            ],
        )
        for work_id in work_ids
    }


async def negotiation(session: AsyncSession, negotiation_id: UUID, *, lock: bool = False) -> Negotiation | None:
    query = select(Negotiation).where(Negotiation.id == negotiation_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def negotiations(
    session: AsyncSession,
    organization_id: UUID,
    *,
    statuses: Collection[str] = (),
    work_id: UUID | None = None,
    awaiting_me: bool = False,
    limit: int,
    after: UUID | None = None,
) -> tuple[Sequence[Negotiation], int]:
    """Those of the organization, newest first, and how many there are in all."""
    query = select(Negotiation).where(
        or_(Negotiation.buyer_id == organization_id, Negotiation.seller_id == organization_id)
    )
    if statuses:
        query = query.where(Negotiation.status.in_(statuses))
    if work_id is not None:
        query = query.where(Negotiation.work_id == work_id)
    if awaiting_me:
        latest = (
            select(Offer.by_id)
            .where(Offer.negotiation_id == Negotiation.id, Offer.version == Negotiation.version)
            .scalar_subquery()
        )
        query = query.where(Negotiation.status == NegotiationStatus.OPEN.value, latest != organization_id)
    return await _page(session, query, Negotiation.id, limit, after)


async def in_territories(
    session: AsyncSession, territories: Collection[str], *, limit: int, after: UUID | None = None
) -> tuple[Sequence[Negotiation], int]:
    """Negotiations that touch a studio's territories, newest first."""
    query = select(Negotiation).where(Negotiation.territories.overlap(sorted(territories)))
    return await _page(session, query, Negotiation.id, limit, after)


async def _page(
    session: AsyncSession, query: Select[Paged], key: InstrumentedAttribute[UUID], limit: int, after: UUID | None
) -> tuple[Sequence[Paged], int]:
    """Up to `limit` rows and one more, which says that the list goes on."""
    total = await session.scalar(select(func.count()).select_from(query.subquery()))
    if after is not None:
        query = query.where(key < after)
    rows = (await session.scalars(query.order_by(key.desc()).limit(limit + 1))).all()
    return rows, total or 0


async def negotiations_by_id(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Negotiation]:
    return (await session.scalars(select(Negotiation).where(Negotiation.id.in_(ids)))).all()


async def offers(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, list[Offer]]:
    """Versions of each negotiation, in order."""
    return await _by_negotiation(
        session, select(Offer).where(Offer.negotiation_id.in_(ids)).order_by(Offer.negotiation_id, Offer.version)
    )


async def offer(session: AsyncSession, negotiation_id: UUID, version: int) -> Offer:
    query = select(Offer).where(Offer.negotiation_id == negotiation_id, Offer.version == version)
    return (await session.execute(query)).scalar_one()


async def messages(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, list[Message]]:
    """Messages of each negotiation, oldest first."""
    return await _by_negotiation(
        session, select(Message).where(Message.negotiation_id.in_(ids)).order_by(Message.negotiation_id, Message.id)
    )


async def _by_negotiation(session: AsyncSession, query: Select[Row]) -> Mapping[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in await session.scalars(query):
        found.setdefault(row.negotiation_id, []).append(row)
    return found


async def contract(session: AsyncSession, contract_id: UUID, *, lock: bool = False) -> Contract | None:
    query = select(Contract).where(Contract.id == contract_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def contracts_of(session: AsyncSession, negotiation_ids: Collection[UUID]) -> Mapping[UUID, Contract]:
    rows = await session.scalars(select(Contract).where(Contract.negotiation_id.in_(negotiation_ids)))
    return {row.negotiation_id: row for row in rows}


async def contracts(
    session: AsyncSession,
    organization_id: UUID,
    *,
    statuses: Collection[str] = (),
    awaiting_me: bool = False,
    limit: int,
    after: UUID | None = None,
) -> tuple[Sequence[Contract], int]:
    """Contracts of the organization, newest first; `awaiting_me`: those that it has yet to sign."""
    query = (
        select(Contract)
        .join(Negotiation, Negotiation.id == Contract.negotiation_id)
        .where(or_(Negotiation.buyer_id == organization_id, Negotiation.seller_id == organization_id))
    )
    if statuses:
        query = query.where(Contract.status.in_(statuses))
    if awaiting_me:
        mine = select(Signature.id).where(
            Signature.contract_id == Contract.id, Signature.organization_id == organization_id
        )
        query = query.where(Contract.status == ContractStatus.AWAITING_SIGNATURES.value, ~mine.exists())
    return await _page(session, query, Contract.id, limit, after)


async def signatures(session: AsyncSession, contract_ids: Collection[UUID]) -> Mapping[UUID, list[Signature]]:
    """Signatures of each contract, in the order of signing."""
    found: dict[UUID, list[Signature]] = {}
    query = select(Signature).where(Signature.contract_id.in_(contract_ids)).order_by(Signature.id)
    for row in await session.scalars(query):
        found.setdefault(row.contract_id, []).append(row)
    return found


async def licenses_of_contracts(session: AsyncSession, contract_ids: Collection[UUID]) -> Mapping[UUID, License]:
    rows = await session.scalars(select(License).where(License.contract_id.in_(contract_ids)))
    return {row.contract_id: row for row in rows if row.contract_id}


async def licenses(session: AsyncSession, work_id: UUID) -> Sequence[License]:
    """Licences of a work that the reader may see: the owner all, a licensee its own."""
    return (await session.scalars(select(License).where(License.work_id == work_id).order_by(License.id))).all()


async def deal_cards(session: AsyncSession, negotiation_ids: Collection[UUID]) -> Mapping[UUID, DealCard]:
    rows = await session.scalars(select(DealCard).where(DealCard.negotiation_id.in_(negotiation_ids)))
    return {row.negotiation_id: row for row in rows}


async def languages_read(session: AsyncSession, organization_ids: Collection[UUID]) -> set[str]:
    """The languages of everybody who acts for these organizations."""
    rows = await session.scalars(
        select(Person.language)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organization_id.in_(organization_ids), Person.disabled_at.is_(None))
        .distinct()
    )
    return set(rows)


async def work_of(session: AsyncSession, negotiation: Negotiation) -> Work:
    return await session.get_one(Work, negotiation.work_id)
