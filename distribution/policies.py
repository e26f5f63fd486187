"""Who may do what in distribution. Row-level security answers who may read; these are about writing."""

from __future__ import annotations

from hub.security import Caller


def may_release(caller: Caller) -> bool:
    """May this person make releases, send them abroad and take them down for the organization?"""
    return caller.organization_kind in ("LABEL", "PUBLISHER", "AGENCY") and caller.has("DISTRIBUTION")


def may_book(caller: Caller) -> bool:
    """May this person take in sales reports and close periods for the organization?"""
    return caller.organization_kind in ("LABEL", "PUBLISHER", "AGENCY", "OPERATOR") and caller.has("FINANCE")


def may_operate(caller: Caller) -> bool:
    """May this person enter channels and code ranges?"""
    return caller.organization_kind == "OPERATOR" and caller.has("ADMIN")
