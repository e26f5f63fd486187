"""Scopes as the demo's files write them."""

from __future__ import annotations

from typing import Any

from catalog import scopes
from catalog.rights import RightType, Scope


def scope(given: dict[str, Any]) -> Scope:
    """A scope from the keys rights, territories, except_territories, languages, start, end, exclusive."""
    return scopes.checked(
        rights=[RightType(right) for right in given["rights"]],
        territories=given["territories"],
        except_territories=given.get("except_territories", ()),
        languages=given.get("languages"),
        start=given["start"],
        end=given.get("end"),
        exclusive=given["exclusive"],
    )
