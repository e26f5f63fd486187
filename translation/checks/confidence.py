"""Whether the engine itself believes its draft."""

from __future__ import annotations

from hub.i18n import _
from translation.checks.base import Drafted

LOWEST = 0.4
"""Mean probability of the pieces of the weakest sentence."""


class Confidence:
    id = "confidence"
    reason = _("The engine is not sure of its draft.")

    def passes(self, draft: Drafted) -> bool:
        return draft.score >= LOWEST
