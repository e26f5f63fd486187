"""Marks around the words: brackets, quotation marks, line breaks, spaces, the mark at the end."""

from __future__ import annotations

import re
from typing import ClassVar

from hub.i18n import _
from translation.checks.base import Drafted, Plain, Severity

PAIRS = {
    "(": ")",
    "（": "）",
    "[": "]",
    "［": "］",
    "{": "}",
    "【": "】",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "“": "”",
    "«": "»",
}
SPEAKER = re.compile(r"[:;][-']?[()]|^\s*\w{1,3}\)", re.MULTILINE)
FULL_STOPS = ".。．။។"
QUESTION_MARKS = "?？؟"
NO_FULL_STOP = frozenset({"th", "lo"})
QUESTIONS_BY_WORD = frozenset({"th", "lo", "my", "km"})
"""Languages that may ask without a question mark."""


class Brackets(Plain):
    """Brackets and quotation marks that open are closed, unless the source leaves them so."""

    weight: ClassVar[Severity] = Severity.WARNS
    id = "brackets"
    reason = _("A bracket or quotation mark is opened and not closed, or the other way round.")

    def passes(self, draft: Drafted) -> bool:
        return _balanced(draft.target) or not _balanced(draft.source)


class LineBreaks(Plain):
    weight: ClassVar[Severity] = Severity.WARNS
    id = "lines"
    reason = _("The paragraphs are not those of the original.")

    def passes(self, draft: Drafted) -> bool:
        return _paragraphs(draft.source) == _paragraphs(draft.target)


class Spaces(Plain):
    """Two spaces in a row, a space before a comma, an invisible control character: what hands and engines leave behind."""

    weight: ClassVar[Severity] = Severity.WARNS
    id = "spaces"
    reason = _("There are spaces too many, or characters that nobody sees.")
    STRAY = re.compile(r"\S {2,}\S|\w [,;.!?](?:\s|$)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u2028\u2029\ufeff\ufffd]")

    def passes(self, draft: Drafted) -> bool:
        return self.STRAY.search(draft.target) is None or self.STRAY.search(draft.source) is not None


class EndMark(Plain):
    """A question stays a question, and a sentence ends like one; Thai and Lao write no full stop."""

    weight: ClassVar[Severity] = Severity.WARNS
    id = "end"
    reason = _("The mark at the end is not that of the original.")

    def passes(self, draft: Drafted) -> bool:
        source, target = (_end(text) for text in (draft.source, draft.target))
        languages = {draft.source_language, draft.target_language}
        if (source in QUESTION_MARKS) != (target in QUESTION_MARKS):
            return bool(languages & QUESTIONS_BY_WORD)
        if languages & NO_FULL_STOP:
            return True
        return (source in FULL_STOPS) == (target in FULL_STOPS)


def _balanced(text: str) -> bool:
    """Every bracket closes the last one opened."""
    open_: list[str] = []
    for char in SPEAKER.sub(" ", text):
        if char in PAIRS:
            open_.append(PAIRS[char])
        elif char in PAIRS.values() and (not open_ or open_.pop() != char):
            return False
    return not open_


def _paragraphs(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def _end(text: str) -> str:
    """The last character, quotation marks and brackets aside; a space for an empty text or a word."""
    bare = text.rstrip().rstrip("".join({*PAIRS.values(), '"', "'", "’"})).rstrip()
    return bare[-1] if bare and not bare[-1].isalnum() else " "
