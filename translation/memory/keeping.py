"""The memory kept up by people: corrected, taken out, lent to all or taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit
from hub.security import Caller
from translation.memory import policies, queries
from translation.memory.errors import EntryUnknown, NotAllowedToKeepMemory, NotAllowedToShare
from translation.memory.fuzzy import normalized
from translation.memory.models import Level, MemoryEntry, MemorySharing


async def correct(session: AsyncSession, caller: Caller, entry_id: UUID, target: str) -> MemoryEntry:
    """Say an entry otherwise from now on. What was made of it before stays. EntryUnknown, NotAllowedToKeepMemory."""
    entry = await _changeable(session, caller, entry_id)
    entry.target, entry.person_id = normalized(target), caller.person_id
    entry.level, entry.updated_at = Level.TEXT, datetime.now(UTC)
    await session.flush()
    await audit.record(session, caller, "translation.memory.corrected", "memory_entry", entry_id)
    return entry


async def forget(session: AsyncSession, caller: Caller, entry_id: UUID) -> None:
    """Take an entry out. EntryUnknown, NotAllowedToKeepMemory."""
    entry = await _changeable(session, caller, entry_id)
    await session.execute(delete(MemoryEntry).where(MemoryEntry.id == entry.id))
    await audit.record(session, caller, "translation.memory.removed", "memory_entry", entry_id)


async def share(session: AsyncSession, caller: Caller, shares: bool) -> None:
    """Lend the organization's memory to all, or take it back; what is confidential is never lent. NotAllowedToShare."""
    if not policies.may_share(caller):
        raise NotAllowedToShare
    given = {"shares": shares, "person_id": caller.person_id}
    await session.execute(
        insert(MemorySharing)
        .values(organization_id=caller.organization_id, **given)
        .on_conflict_do_update(index_elements=["organization_id"], set_=given | {"changed_at": func.now()})
    )
    await session.execute(
        update(MemoryEntry)
        .where(MemoryEntry.organization_id == caller.organization_id, ~MemoryEntry.confidential)
        .values(shared=shares)
        .execution_options(synchronize_session=False)
    )
    action = "shared" if shares else "unshared"
    await audit.record(session, caller, f"translation.memory.{action}", "organization", caller.organization_id)


async def _changeable(session: AsyncSession, caller: Caller, entry_id: UUID) -> MemoryEntry:
    entry = await queries.entry(session, entry_id)
    if entry is None:
        raise EntryUnknown(field="id")
    if not policies.may_change_entry(caller, entry):
        raise NotAllowedToKeepMemory
    return entry
