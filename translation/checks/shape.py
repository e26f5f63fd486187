"""Whether a draft looks like a translation at all: something is there, in the right script, of a likely length."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from hub.i18n import _
from translation.checks.base import Drafted, Plain, Severity
from translation.protect import ADDRESS, PLACEHOLDER, TAG

SCRIPTS = {"zh": "CJK", "th": "THAI", "lo": "LAO", "km": "KHMER", "my": "MYANMAR"}
LATIN = "LATIN"
ENOUGH_OF_SCRIPT = 0.6
FEWEST_LETTERS = 4
FEWEST_PLAIN_WORDS = 2
"""Words that are no names: in Latin writing names begin with a capital letter. Elsewhere two letters count as one."""
NEAR_LANGUAGES = frozenset({"ms", "id"})

LENGTHS = {
    "zh": 0.34,
    "en": 1.0,
    "vi": 1.0,
    "th": 1.0,
    "ms": 1.08,
    "id": 1.08,
    "my": 1.15,
    "lo": 1.0,
    "fil": 1.12,
    "km": 1.15,
}
"""Characters that a language takes to say what English says in one."""
LARGEST_RATIO = 2.8
SLACK = 24
"""Characters of English: short texts vary more."""

REPEATED = re.compile(r"(\S.{1,30}?)\1{3,}|(\w)\2{7,}", re.DOTALL)


class Empty(Plain):
    id = "empty"
    reason = _("The engine returned nothing for this text.")

    def passes(self, draft: Drafted) -> bool:
        return any(char.isalnum() for char in draft.target) or not any(char.isalnum() for char in draft.source)


class Script(Plain):
    id = "script"
    reason = _("The draft is not written in the script of this language.")

    def passes(self, draft: Drafted) -> bool:
        letters = _letters(draft.target)
        if len(letters) < FEWEST_LETTERS:
            return True
        expected = SCRIPTS.get(draft.target_language, LATIN)
        right = sum(_is(letter, expected) for letter in letters)
        if expected == LATIN:
            return right / len(letters) >= ENOUGH_OF_SCRIPT
        latin = sum(_is(letter, LATIN) for letter in letters)
        if latin == len(letters):
            return draft.target == draft.source
        return latin <= len(letters) * ENOUGH_OF_SCRIPT and right / (len(letters) - latin) >= ENOUGH_OF_SCRIPT


class Length(Plain):
    id = "length"
    reason = _("The draft is much longer or much shorter than the original.")

    def passes(self, draft: Drafted) -> bool:
        source = len(draft.source) / LENGTHS.get(draft.source_language, 1.0)
        target = len(draft.target) / LENGTHS.get(draft.target_language, 1.0)
        return max(source, target) <= LARGEST_RATIO * min(source, target) + SLACK


class Repetition(Plain):
    id = "repetition"
    reason = _("The draft repeats itself.")

    def passes(self, draft: Drafted) -> bool:
        if not _may_repeat(draft.target) or not REPEATED.search(draft.target):
            return True
        return REPEATED.search(draft.source) is not None


def _may_repeat(text: str) -> bool:
    """Whether some four characters stand three times in it, as they do in whatever `REPEATED` finds: a third of its time."""
    runs = Counter(text[place : place + 4] for place in range(len(text) - 3))
    return bool(runs) and max(runs.values()) >= 3


class Untranslated(Plain):
    """The draft is the source again. Names and codes may be; words in a row are not, save between Malay and Indonesian."""

    id = "untranslated"
    reason = _("The draft is the original again, not translated.")

    def severity(self, draft: Drafted) -> Severity:
        near = {draft.source_language, draft.target_language} <= NEAR_LANGUAGES
        return Severity.WARNS if near else Severity.WITHHOLDS

    def passes(self, draft: Drafted) -> bool:
        if draft.source_language == draft.target_language or draft.source.strip() != draft.target.strip():
            return True
        words: list[str] = re.findall(r"[^\W\d_]+", TAG.sub(" ", ADDRESS.sub(" ", PLACEHOLDER.sub(" ", draft.source))))
        plain = sum(int(word[0].islower()) if _is(word[0], LATIN) else len(word) // 2 for word in words)
        return plain < FEWEST_PLAIN_WORDS


def _letters(text: str) -> str:
    words = ADDRESS.sub(" ", TAG.sub(" ", PLACEHOLDER.sub(" ", text)))
    return "".join(char for char in words if char.isalpha())


def _is(letter: str, script: str) -> bool:
    return unicodedata.name(letter, "").startswith(script)
