"""What a draft must carry over letter by letter."""

from __future__ import annotations

import re
from collections import Counter

from hub.i18n import _
from translation.checks.base import Drafted, Plain
from translation.protect import ADDRESS, CODE, Kind, spans_of

LAST_MARKS = ".,;:!?'"


class Placeholders(Plain):
    id = "placeholders"
    reason = _("The draft has lost or changed a placeholder of the original.")

    def passes(self, draft: Drafted) -> bool:
        return not self.words(draft)

    def words(self, draft: Drafted) -> tuple[str, ...]:
        return _differing(draft, Kind.PLACEHOLDER)


class Tags(Plain):
    """Tags of HTML and marks of Markdown, all of them and in their order: otherwise they close what they did not open."""

    id = "tags"
    reason = _("The tags are not those of the original, or stand in another order.")

    def passes(self, draft: Drafted) -> bool:
        source, target = (
            [span.words for span in spans_of(text, kinds=(Kind.TAG,))] for text in (draft.source, draft.target)
        )
        return source == target

    def words(self, draft: Drafted) -> tuple[str, ...]:
        return _differing(draft, Kind.TAG)


class Addresses(Plain):
    id = "addresses"
    reason = _("The draft has lost or changed a web or e-mail address of the original.")

    def passes(self, draft: Drafted) -> bool:
        source, target = (
            {address.rstrip(LAST_MARKS) for address in ADDRESS.findall(text)} for text in (draft.source, draft.target)
        )
        return source == target


class Codes(Plain):
    """ISBN, ISRC, EIDR, catalogue numbers: as often as in the source, however they are hyphenated."""

    id = "codes"
    reason = _("The draft has lost or changed a code of the original, such as an ISBN.")

    def passes(self, draft: Drafted) -> bool:
        return not self.words(draft)

    def words(self, draft: Drafted) -> tuple[str, ...]:
        source, target = (
            Counter(re.sub(r"[^0-9A-Z]", "", code.upper().removeprefix("ISBN")) for code in CODE.findall(text))
            for text in (draft.source, draft.target)
        )
        return tuple(((source - target) + (target - source)).keys())


def _differing(draft: Drafted, kind: Kind) -> tuple[str, ...]:
    source, target = (
        Counter(span.words for span in spans_of(text, kinds=(kind,))) for text in (draft.source, draft.target)
    )
    return tuple(((source - target) + (target - source)).keys())
