"""Rights out, as claims: written when terms are accepted, made a licence when both have signed, let go when they have not."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import languages as tags
from catalog import service as works
from catalog import territories as places
from catalog.models import Work
from catalog.rights import Scope
from catalog.scopes import columns
from hub import audit
from hub.database import broken_constraint
from hub.security import Caller
from marketplace import errors, policies, queries
from marketplace.availability import SOLD, blocks
from marketplace.clearance import refuse
from marketplace.models import Contract, License, RightsClaim

SOLD_ONCE = "rights_claims_sold_once"


async def hold(session: AsyncSession, caller: Caller, work: Work, scope: Scope, contract: Contract) -> None:
    """Hold rights for a contract that waits for signatures. RIGHTS_TAKEN when somebody was faster."""
    await _claim(session, caller, work, scope, contract=contract)


async def turn_into_license(session: AsyncSession, contract_id: UUID, license_id: UUID) -> None:
    await session.execute(
        update(RightsClaim).where(RightsClaim.contract_id == contract_id).values(license_id=license_id, held_until=None)
    )


async def release(session: AsyncSession, contract_id: UUID) -> None:
    """Let go of what a contract held that was not signed in time."""
    await session.execute(
        delete(RightsClaim).where(RightsClaim.contract_id == contract_id, RightsClaim.license_id.is_(None))
    )


async def record_license(session: AsyncSession, caller: Caller, work_id: UUID, licensee: str, scope: Scope) -> License:
    """Record a licence that the owner granted outside the hub.

    It must be the owner's to give and not be sold already; what the owner keeps from sale may have been granted all the same.
    """
    work = await works.visible(session, caller, work_id, lock=True)
    if not policies.may_record(caller, work):
        raise errors.MayNotNegotiate
    return await put_license(session, caller, work, licensee, scope)


async def put_license(session: AsyncSession, caller: Caller | None, work: Work, licensee: str, scope: Scope) -> License:
    """Write a licence agreed outside the hub, whoever does it. The transaction acts for the owner."""
    standing = (await queries.standings(session, [work.id]))[work.id]
    found = [block for block in blocks(scope, standing) if block.reason in SOLD or block.reason.value == "NO_MANDATE"]
    if found:
        raise await refuse(session, caller, work, scope, found, standing)
    granted = License(work_id=work.id, licensor_id=work.owner_id, licensee=licensee, **columns(scope))
    session.add(granted)
    await session.flush()
    await _claim(session, caller, work, scope, license_id=granted.id)
    await works.announce(session, [work.id])
    await audit.record(session, caller, "marketplace.license.recorded", "license", granted.id, work_id=str(work.id))
    return granted


async def _claim(
    session: AsyncSession,
    caller: Caller | None,
    work: Work,
    scope: Scope,
    *,
    contract: Contract | None = None,
    license_id: UUID | None = None,
) -> None:
    """One row per right type. An exclusive claim is unbounded in `claim`; a non-exclusive one is a point nobody else has."""
    point = uuid4().int >> 66
    rows = [
        {
            "work_id": work.id,
            "right_type": right.value,
            "territories": places.numbers(scope.territories),
            "languages": tags.numbers(scope.languages),
            "period": Range(scope.start, scope.end, bounds="[)"),
            "exclusive": scope.exclusive,
            "claim": Range(None, None, bounds="()") if scope.exclusive else Range(point, point + 1, bounds="[)"),
            "contract_id": contract.id if contract else None,
            "held_until": contract.sign_by if contract else None,
            "license_id": license_id,
        }
        for right in sorted(scope.rights)
    ]
    try:
        async with session.begin_nested():
            await session.execute(insert(RightsClaim), rows)
    except IntegrityError as error:
        if broken_constraint(error) != SOLD_ONCE:
            raise
        standing = (await queries.standings(session, [work.id]))[work.id]
        raise await refuse(session, caller, work, scope, blocks(scope, standing), standing) from error
