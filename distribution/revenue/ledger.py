"""Double entry: every posting balances (the database refuses one that does not), and is posted once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from distribution.revenue import queries
from distribution.revenue.models import Account, AccountKind, Entry, Posting


async def account(
    session: AsyncSession,
    organization_id: UUID,
    kind: AccountKind,
    currency: str,
    *,
    channel_id: UUID | None = None,
    payee_id: UUID | None = None,
) -> UUID:
    """The account of that kind, opened when first needed."""
    key = {"channel_id": channel_id, "payee_id": payee_id}
    await session.execute(
        upsert(Account)
        .values(organization_id=organization_id, kind=kind.value, currency=currency, **key)
        .on_conflict_do_nothing()
    )
    found = await queries.account(session, organization_id, kind.value, currency, **key)
    assert found is not None
    return found


async def post(session: AsyncSession, organization_id: UUID, key: str, entries: Sequence[tuple[UUID, int]]) -> bool:
    """Post entries (account, minor units; debits positive) under the name of their cause. False when that was posted before."""
    posted = await session.execute(
        upsert(Posting).values(organization_id=organization_id, key=key).on_conflict_do_nothing().returning(Posting.id)
    )
    posting_id = posted.scalar_one_or_none()
    if posting_id is None:
        return False
    rows = [
        {"organization_id": organization_id, "posting_id": posting_id, "account_id": account_id, "minor": minor}
        for account_id, minor in entries
        if minor
    ]
    if rows:
        await session.execute(insert(Entry), rows)
    return True
