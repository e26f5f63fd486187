"""ISRCs in the database: assigned from an allocated range without gaps, entered by hand, and never used twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from distribution import isrc
from distribution.errors import InvalidIsrc, IsrcTaken, NoIsrcLeft
from distribution.models import Isrc, IsrcAllocation
from hub.i18n import _


def today() -> date:
    return datetime.now(UTC).date()


async def assign(session: AsyncSession, organization_id: UUID, day: date | None = None) -> str:
    """The next code of the organization's range of this year, registered for good.

    The range's row stays locked until the transaction ends: a rollback gives the number back, a commit uses it up. Raises
    `NoIsrcLeft`.
    """
    year = (day or today()).year
    while True:
        drawn = await _draw(session, organization_id, year)
        if await _register(session, drawn, organization_id, assigned=True):
            return drawn


async def _draw(session: AsyncSession, organization_id: UUID, year: int) -> str:
    ranges = await session.execute(
        select(IsrcAllocation)
        .where(IsrcAllocation.organization_id == organization_id, IsrcAllocation.year == year)
        .order_by(IsrcAllocation.prefix, IsrcAllocation.first)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for row in ranges.scalars():
        if row.next <= row.last:
            allocation = isrc.Allocation(row.prefix, row.year, row.first, row.last)
            code = allocation.code(row.next)
            await session.execute(
                update(IsrcAllocation).where(IsrcAllocation.id == row.id).values(next=IsrcAllocation.next + 1)
            )
            return code
    raise NoIsrcLeft(field="isrc", year=year)


async def enter(session: AsyncSession, organization_id: UUID, written: str, field: str = "isrc") -> str:
    """Register a code that somebody else assigned. Raises `InvalidIsrc`, or `IsrcTaken` when it names a recording already."""
    code = isrc.parse(written, field)
    ranges = await session.execute(select(IsrcAllocation).where(IsrcAllocation.organization_id == organization_id))
    for row in ranges.scalars():
        allocation = isrc.Allocation(row.prefix, row.year, row.first, row.last)
        if allocation.covers(code) and int(code[7:]) >= row.next:
            raise InvalidIsrc(
                _(
                    "This code lies in a range from which the hub assigns. Leave the field empty to have the next one assigned."
                ),
                field=field,
                isrc=code,
            )
    if not await _register(session, code, organization_id, assigned=False):
        raise IsrcTaken(field=field, isrc=code)
    return code


async def _register(session: AsyncSession, code: str, organization_id: UUID, *, assigned: bool) -> bool:
    registered = await session.execute(
        insert(Isrc)
        .values(code=code, organization_id=organization_id, assigned=assigned)
        .on_conflict_do_nothing()
        .returning(Isrc.code)
    )
    return registered.scalar_one_or_none() is not None
