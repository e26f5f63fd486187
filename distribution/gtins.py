"""GTIN-13 of releases (GS1 General Specifications): a company prefix, an item number, a check digit; assigned once."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from stdnum import ean

from distribution.models import GtinPrefix, Release

DIGITS: Final = 12
"""Of a GTIN-13 before its check digit."""


def code(prefix: str, item: int) -> str:
    """`("9501101", 53)` → `9501101000536`. ValueError when the prefix has no room for the item number."""
    room = DIGITS - len(prefix)
    if not 0 <= item < 10**room:
        raise ValueError(f"{prefix} has no item {item}")
    body = f"{prefix}{item:0{room}d}"
    return body + str(ean.calc_check_digit(body))


def left(prefix: str, item: int) -> bool:
    """Whether the prefix has room for this item number."""
    return item < int(10 ** (DIGITS - len(prefix)))


async def assign(session: AsyncSession, release: Release) -> None:
    """Give a release the next GTIN of its label's prefixes, unless it has one or the label has none.

    The prefix's row stays locked until the transaction ends, so that no number is used twice.
    """
    if release.gtin is not None:
        return
    rows = await session.scalars(
        select(GtinPrefix)
        .where(GtinPrefix.organization_id == release.organization_id)
        .order_by(GtinPrefix.prefix)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for row in rows:
        if left(row.prefix, row.next):
            release.gtin = code(row.prefix, row.next)
            await session.execute(update(GtinPrefix).where(GtinPrefix.id == row.id).values(next=GtinPrefix.next + 1))
            await session.flush()
            return
