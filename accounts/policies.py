"""Who may do what with accounts."""

from __future__ import annotations

from accounts.models import Role
from hub.errors import Forbidden
from hub.security import Caller


def require(allowed: bool) -> None:
    """FORBIDDEN unless the question before was answered with yes."""
    if not allowed:
        raise Forbidden


def may_manage_people(caller: Caller) -> bool:
    """May this person invite others to the organization, give roles and take them away?"""
    return caller.has(Role.ADMIN.value)


def may_operate_hub(caller: Caller) -> bool:
    """May this person run the hub itself: its channels, code ranges and periods?"""
    return caller.organization_kind == "OPERATOR" and caller.has(Role.ADMIN.value)


def may_issue_tokens(caller: Caller) -> bool:
    """May this caller make and end sessions and tokens of the person? A token may not: it would outlive being revoked."""
    return caller.in_session
