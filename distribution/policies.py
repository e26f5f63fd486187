"""Who may do what in distribution. Row-level security answers who may read; these are about writing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from hub.security import Caller

_RELEASERS: Final = ("LABEL", "PUBLISHER", "AGENCY")


def may_release(caller: Caller) -> bool:
    """May this person make releases, send them abroad and take them down for the organization?"""
    return caller.organization_kind in _RELEASERS and caller.has("DISTRIBUTION")


def may_feed(organization_kind: str, roles: Collection[str]) -> bool:
    """May a person of these roles make releases by importing the organization's own feed?"""
    return organization_kind in _RELEASERS and not {"ADMIN", "DISTRIBUTION"}.isdisjoint(roles)


def may_book(caller: Caller) -> bool:
    """May this person take in sales reports and close periods for the organization?"""
    return caller.organization_kind in ("LABEL", "PUBLISHER", "AGENCY", "OPERATOR") and caller.has("FINANCE")


def may_operate(caller: Caller) -> bool:
    """May this person enter channels and code ranges?"""
    return caller.organization_kind == "OPERATOR" and caller.has("ADMIN")
