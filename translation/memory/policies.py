"""Who may do what with the memory."""

from __future__ import annotations

from uuid import UUID

from hub.security import Caller
from translation.memory.models import MemoryEntry

KEEPERS = ("CATALOG", "RIGHTS", "DISTRIBUTION")


def may_keep_memory(caller: Caller) -> bool:
    """May this person bring entries into the memory, correct them and take them out?"""
    return caller.has() if caller.organization_kind == "OPERATOR" else caller.has(*KEEPERS)


def may_change_entry(caller: Caller, entry: MemoryEntry) -> bool:
    """May this person correct or remove this entry? What others share is theirs; what is for all is the operator's."""
    return may_keep_memory(caller) and entry.organization_id == memory_of(caller)


def may_share(caller: Caller) -> bool:
    """May this person lend the organization's memory to all?"""
    return caller.has() and caller.organization_kind != "OPERATOR"


def memory_of(caller: Caller) -> UUID | None:
    """Whose memory the caller writes: the organization's id; None, everybody's, for the operator."""
    return None if caller.organization_kind == "OPERATOR" else caller.organization_id
