"""Who may do what with the catalogue."""

from __future__ import annotations

from catalog.models import Work, WorkStatus
from hub.security import Caller

LISTERS = frozenset({"PUBLISHER", "AGENCY", "LABEL", "STUDIO", "OPERATOR"})
"""Kinds of organization that bring works to the hub. Platforms only take them."""


def may_see(caller: Caller | None, work: Work) -> bool:
    """May this reader, signed in or not, see the work?

    Everybody a published one; the owner's people all of theirs.
    """
    if work.status == WorkStatus.PUBLISHED.value:
        return True
    return caller is not None and caller.organization_id == work.owner_id


def may_list(caller: Caller) -> bool:
    """May this person list new works for the organization, one by one or by import?"""
    return caller.organization_kind in LISTERS and caller.has("CATALOG")


def may_export(caller: Caller) -> bool:
    """May this person take the organization's list out of the hub, with all that it keeps of it?"""
    return caller.organization_kind in LISTERS and caller.has("CATALOG", "RIGHTS")


def may_edit(caller: Caller, work: Work) -> bool:
    """May this person change, publish and withdraw the work?"""
    return caller.organization_id == work.owner_id and caller.has("CATALOG")


def may_grant(caller: Caller, work: Work) -> bool:
    """May this person say which rights the owner has in the work, and which are held back?"""
    return caller.organization_id == work.owner_id and caller.has("RIGHTS", "CATALOG")


def may_see_notes(caller: Caller | None, work: Work) -> bool:
    """May this reader see why rights are held back? The owner's people may; others see only that they are not free."""
    return caller is not None and caller.organization_id == work.owner_id
