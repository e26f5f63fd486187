"""Who may do what with files of texts and memory."""

from __future__ import annotations

from hub.security import Caller

EXCHANGERS = ("CATALOG", "RIGHTS", "DISTRIBUTION")


def may_exchange(caller: Caller) -> bool:
    """May this person take the organization's texts and memory out, and bring translations in?"""
    return caller.has() if caller.organization_kind == "OPERATOR" else caller.has(*EXCHANGERS)
