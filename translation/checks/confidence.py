"""Whether the engine could read the source, and believes its draft."""

from __future__ import annotations

from hub.i18n import _
from translation.checks.base import Drafted, Plain

MOST_UNKNOWN = 0.15
"""Characters outside of the engine's vocabulary: it leaves them out, or copies them. Names and emoji may be."""


class Confidence(Plain):
    id = "confidence"
    reason = _("The engine is not sure of its draft.")

    def passes(self, draft: Drafted) -> bool:
        return draft.sure


class Vocabulary(Plain):
    id = "vocabulary"
    reason = _("The engine does not know some of the words of the original.")

    def passes(self, draft: Drafted) -> bool:
        return draft.unknown <= MOST_UNKNOWN
