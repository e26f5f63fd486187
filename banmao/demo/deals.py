"""The demo's negotiations, made through the marketplace's own service by the people who would make them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from accounts import queries as accounts
from banmao.demo import HOME, PASSWORD
from banmao.demo.scopes import scope
from catalog import queries as catalog
from hub.database import act_for
from hub.money import Money
from hub.runtime import Runtime
from hub.security import Caller
from marketplace import queries, service, signing
from marketplace.models import Negotiation


@cache
def deals() -> list[dict[str, Any]]:
    """The deals of `deals.toml`."""
    found: list[dict[str, Any]] = tomllib.loads((HOME / "deals.toml").read_text(encoding="utf8"))["deals"]
    return found


async def load(runtime: Runtime, owners: dict[str, UUID]) -> None:
    """Each deal in a transaction of its own, unless its buyer has talked about the work already."""
    for given in deals():
        async with runtime.database.transaction(organization=owners[given["buyer"]]) as tx:
            buyer = await caller_for(tx.session, owners[given["buyer"]])
            work_id, owner = await _work(tx.session, owners, given["work"])
            _rows, known = await queries.negotiations(tx.session, buyer.organization_id, work_id=work_id, limit=1)
            if not known:
                await _play(tx.session, runtime, buyer, await caller_for(tx.session, owner), work_id, given)


async def caller_for(session: AsyncSession, organization_id: UUID) -> Caller:
    """The first person of an organization, acting for it."""
    person, member = (await accounts.members(session, organization_id))[0]
    organization = (await accounts.organizations(session, [organization_id]))[0]
    return Caller(
        person_id=person.id,
        organization_id=organization_id,
        organization_kind=organization.kind,
        country=organization.country,
        roles=frozenset(member.roles),
        language=person.language,
        token_id=uuid4(),
        territories=frozenset(organization.territories),
    )


async def _work(session: AsyncSession, owners: dict[str, UUID], slug: str) -> tuple[UUID, UUID]:
    for owner in owners.values():
        if work := (await catalog.by_references(session, owner, [slug])).get(slug):
            return work.id, owner
    raise LookupError(f"there is no demo work {slug}")


async def _play(
    session: AsyncSession, runtime: Runtime, buyer: Caller, seller: Caller, work_id: UUID, given: dict[str, Any]
) -> None:
    negotiation: Negotiation | None = None
    for step in given["steps"]:
        caller = buyer if step["who"] == "buyer" else seller
        await act_for(session, caller.organization_id, caller.person_id)
        negotiation = await _step(session, runtime, caller, work_id, negotiation, given, step)


async def _step(
    session: AsyncSession,
    runtime: Runtime,
    caller: Caller,
    work_id: UUID,
    negotiation: Negotiation | None,
    given: dict[str, Any],
    step: dict[str, Any],
) -> Negotiation:
    message = step.get("message")
    if negotiation is None:
        days = given.get("expires_in_days")
        expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
        terms = _terms(given, step)
        return await service.make_offer(session, caller, work_id, terms, message=message, expires_at=expires_at)
    if "advance" in step:
        return await service.counter_offer(session, caller, negotiation.id, _terms(given, step), message)
    if step.get("accept"):
        offer = await queries.offer(session, negotiation.id, negotiation.version)
        return await service.accept_offer(session, runtime.storage, caller, negotiation.id, offer.id)
    if step.get("decline"):
        return await service.decline_offer(session, caller, negotiation.id, step["message"])
    if step.get("sign"):
        contract = (await queries.contracts_of(session, [negotiation.id]))[negotiation.id]
        person = (await accounts.people(session, [caller.person_id]))[0]
        await signing.sign(session, runtime.storage, caller, contract.id, name=person.name, password=PASSWORD)
        return negotiation
    await service.send_message(session, caller, negotiation.id, step["message"])
    return negotiation


def _terms(given: dict[str, Any], step: dict[str, Any]) -> service.Terms:
    minor, currency = step["advance"]
    return service.Terms(
        scope=scope(given["scope"]), advance=Money(minor, currency), royalty_percent=Decimal(step["royalty"])
    )
