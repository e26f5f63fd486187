"""Which words a reader is shown for a text, and what is to be said of each language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from hub.i18n import supported
from translation.models import Origin, Rendering, Text

PERSONS = (Origin.REVIEWED, Origin.SUPPLIED)
"""Origins of words that a person stands behind, the weightier first."""


class State(Enum):
    """What there is of a text in one language.

    NEEDS_REVIEW: words that are shown, and that a person is to look at first: a check has warned, or somebody has asked.
    SUGGESTED: not translated, but the memory has a similar source; told by the desk alone.
    """

    ORIGINAL = "ORIGINAL"
    SUPPLIED = "SUPPLIED"
    REVIEWED = "REVIEWED"
    MACHINE = "MACHINE"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    SUGGESTED = "SUGGESTED"
    OUTDATED = "OUTDATED"
    CHECK_FAILED = "CHECK_FAILED"
    NOT_TRANSLATED = "NOT_TRANSLATED"


@dataclass(frozen=True, slots=True)
class Shown:
    """`rendering` None: the original. `failed`: ids of the checks because of which a draft is withheld."""

    text: Text
    rendering: Rendering | None = None
    failed: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return self.rendering.words if self.rendering else self.text.words

    @property
    def language(self) -> str:
        return self.rendering.language if self.rendering else self.text.language

    @property
    def text_id(self) -> UUID:
        return self.text.id


def best(text: Text, renderings: Sequence[Rendering], language: str) -> Shown:
    """The words for a reader of `language`; `renderings` may hold other languages too.

    The original if it is in this language, then a person's words, then a draft that passed its checks, then a person's
    words for an older version of the text, then the original in its own language.
    """
    if same_language(text.language, language):
        return Shown(text)
    found = {row.origin: row for row in renderings if same_language(row.language, language)}
    older = None
    for origin in PERSONS:
        if row := found.get(origin.value):
            if row.text_version == text.version:
                return Shown(text, row)
            older = older or row
    draft = found.get(Origin.MACHINE.value)
    failed: tuple[str, ...] = ()
    if draft is not None and draft.text_version == text.version:
        failed = tuple(problem["check"] for problem in draft.problems)
        if not failed:
            return Shown(text, draft)
    return Shown(text, older, failed)


def state(shown: Shown, language: str) -> State:
    """What `best` found for a language, in one word."""
    if shown.rendering is None:
        if same_language(shown.text.language, language):
            return State.ORIGINAL
        return State.CHECK_FAILED if shown.failed else State.NOT_TRANSLATED
    if shown.rendering.text_version != shown.text.version:
        return State.OUTDATED
    if shown.rendering.wanted:
        return State.NEEDS_REVIEW
    return State(shown.rendering.origin)


def same_language(first: str, second: str) -> bool:
    """Whether two tags are one language to the hub: zh-Hans-CN is zh."""
    return first == second or (supported(first) or first) == (supported(second) or second)
