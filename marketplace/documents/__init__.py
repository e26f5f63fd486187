"""The documents of the marketplace, generated from structured terms."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub.runtime import Runtime
from hub.security import Caller
from marketplace import queries
from marketplace.errors import ContractUnknown


async def read(session: AsyncSession, runtime: Runtime, _caller: Caller, contract_id: UUID) -> bytes:
    """A contract's PDF; ContractUnknown for whoever may not see it."""
    contract = await queries.contract(session, contract_id)
    if contract is None or contract.document_key is None:
        raise ContractUnknown
    return await runtime.storage.get(contract.document_key)
