"""What a draft must carry over letter by letter."""

from __future__ import annotations

import re
from collections import Counter

from hub.i18n import _
from translation.checks.base import Drafted

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]\b|\{\w*\}|</?[a-zA-Z][^<>]*>")
ADDRESS = re.compile(r"(?:https?://|www\.)[\w\-.~:/?#\[\]@!$&'*+;=%]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
LAST_MARKS = ".,;:!?'"


class Placeholders:
    id = "placeholders"
    reason = _("The draft has lost or changed a placeholder of the original.")

    def passes(self, draft: Drafted) -> bool:
        return Counter(PLACEHOLDER.findall(draft.source)) == Counter(PLACEHOLDER.findall(draft.target))


class Addresses:
    id = "addresses"
    reason = _("The draft has lost or changed a web or e-mail address of the original.")

    def passes(self, draft: Drafted) -> bool:
        source, target = (
            {address.rstrip(LAST_MARKS) for address in ADDRESS.findall(text)} for text in (draft.source, draft.target)
        )
        return source == target
