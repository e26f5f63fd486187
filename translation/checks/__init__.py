"""Checks of machine drafts. When one fails, readers are shown the original, with the reason."""

from __future__ import annotations

from hub.i18n import Message, _
from translation.checks.base import Check, Drafted
from translation.checks.confidence import Confidence, Vocabulary
from translation.checks.copied import Addresses, Placeholders
from translation.checks.numbers import Numbers
from translation.checks.shape import Empty, Length, Repetition, Script

CHECKS: tuple[Check, ...] = (
    Empty(),
    Numbers(),
    Placeholders(),
    Addresses(),
    Script(),
    Repetition(),
    Length(),
    Vocabulary(),
    Confidence(),
)

__all__ = ["CHECKS", "Check", "Drafted", "failed", "reason"]


def failed(draft: Drafted) -> list[str]:
    """The ids of the checks that a draft does not pass, the gravest first."""
    return [check.id for check in CHECKS if not check.passes(draft)]


def reason(check_id: str) -> Message:
    """Why a draft is not shown, for its reader."""
    for check in CHECKS:
        if check.id == check_id:
            return check.reason
    return _("A check of this draft failed.")
