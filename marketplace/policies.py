"""Who may do what in the marketplace. Row-level security answers who may read; these are about writing."""

from __future__ import annotations

from catalog.models import Work
from hub.security import Caller
from marketplace.models import Negotiation


def may_negotiate(caller: Caller) -> bool:
    """May this person make offers, answer them and write messages for the organization?"""
    return caller.has("RIGHTS", "SIGNATORY")


def may_sign(caller: Caller) -> bool:
    """May this person sign contracts for the organization?"""
    return caller.has("SIGNATORY")


def may_record(caller: Caller, work: Work) -> bool:
    """May this person record a licence that the owner of the work has granted outside the hub?"""
    return caller.organization_id == work.owner_id and caller.has("RIGHTS", "SIGNATORY")


def is_party(caller: Caller, negotiation: Negotiation) -> bool:
    """Does this person act for the buyer or the seller?"""
    return caller.organization_id in (negotiation.buyer_id, negotiation.seller_id)


def runs_deals(caller: Caller) -> bool:
    """Does this person look after the deals of a studio's territories, and may they move them?"""
    return caller.organization_kind == "STUDIO" and caller.has("RIGHTS", "SIGNATORY")
