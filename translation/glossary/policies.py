"""Who may do what with glossaries."""

from __future__ import annotations

from uuid import UUID

from hub.security import Caller
from translation.glossary.models import Term

KEEPERS = ("CATALOG", "RIGHTS", "DISTRIBUTION")


def may_keep_terms(caller: Caller) -> bool:
    """May this person add to the glossary of the organization? The operator's is the hub's own."""
    return caller.has() if caller.organization_kind == "OPERATOR" else caller.has(*KEEPERS)


def may_change_term(caller: Caller, term: Term) -> bool:
    """May this person change this term?"""
    return may_keep_terms(caller) and term.organization_id == glossary_of(caller)


def glossary_of(caller: Caller) -> UUID | None:
    """Whose glossary the caller writes: the organization's id; None, the hub's own, for the operator."""
    return None if caller.organization_kind == "OPERATOR" else caller.organization_id
