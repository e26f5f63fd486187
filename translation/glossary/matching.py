"""Terms found in text: all of a glossary in one pass (Aho-Corasick), whole words only.

Words are compared in Unicode NFC, case folded unless the term says that its case counts. A hit must begin and end where ICU sees
the border of a word in that language: "rate" is not in "rated", nor 授权 in 教授权力. For Thai, Lao, Khmer,
Burmese and Chinese the borders come from ICU's dictionaries.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from uuid import UUID

from ahocorasick_rs import AhoCorasick
from icu4py.breakers import WordBreaker

from translation.glossary.models import ANY_LANGUAGE, TermKind, WordStatus

ENDS_INSIDE = frozenset({"zh"})
MOST_ASKED = 512
"""Texts whose terms are kept."""
APOSTROPHES = ("'", "’")


@dataclass(frozen=True, slots=True)
class Said:
    """One way of saying a term in a language."""

    language: str
    words: str
    status: WordStatus


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as the matcher needs it. `own`: of the organization's glossary, which goes before the hub's."""

    term_id: UUID
    kind: TermKind
    said: tuple[Said, ...]
    case_sensitive: bool = False
    own: bool = False
    definition: str | None = None
    definitions: Mapping[str, str] = field(default_factory=dict, compare=False)

    def preferred(self, language: str) -> str | None:
        """The word to use in a language."""
        return next(
            (
                one.words
                for one in self.said
                if one.language in (language, ANY_LANGUAGE) and one.status is WordStatus.PREFERRED
            ),
            None,
        )

    def allowed(self, language: str) -> tuple[str, ...]:
        """The words that may be used in a language, the preferred first."""
        return tuple(
            one.words
            for status in (WordStatus.PREFERRED, WordStatus.ADMITTED)
            for one in self.said
            if one.status is status and one.language in (language, ANY_LANGUAGE)
        )

    def forbidden(self, language: str) -> tuple[str, ...]:
        return tuple(
            one.words
            for one in self.said
            if one.status is WordStatus.FORBIDDEN and one.language in (language, ANY_LANGUAGE)
        )


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term in a text: `words[start:end] == found`. `targets`: what to say in the other language, the preferred first."""

    term_id: UUID
    start: int
    end: int
    found: str
    targets: tuple[str, ...]
    forbidden: tuple[str, ...]
    do_not_translate: bool
    own: bool
    case_sensitive: bool = False
    definition: str | None = None
    definitions: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def preferred(self) -> str | None:
        return self.targets[0] if self.targets else None


@dataclass(frozen=True, slots=True)
class Banned:
    """A forbidden word in a text, and what to say `instead` (None: nothing is preferred)."""

    term_id: UUID
    start: int
    end: int
    found: str
    instead: str | None


@dataclass(slots=True)
class _Patterns:
    """The words of one language in one automaton; `entries[i]` are those that pattern i may stand for."""

    automaton: AhoCorasick | None
    entries: list[list[tuple[Entry, Said, str]]]


@dataclass
class Glossary:
    """The terms of an organization and the hub's own. Made once per version of them; reading it is safe from threads."""

    entries: Sequence[Entry]
    _patterns: dict[str, _Patterns] = field(default_factory=dict, repr=False)
    _last: dict[tuple[str, str, str], list[TermHit]] = field(default_factory=dict, repr=False)

    def terms_in(self, words: str, source: str, target: str) -> list[TermHit]:
        """The terms of a text in `source`, by place; where several begin together or overlap, the longest, the own first.

        `words` must be in NFC: offsets are of what is given. What was asked last is kept: drafting and four checks ask the same.
        """
        asked = (words, source, target)
        known = self._last.get(asked)
        if known is None:
            if len(self._last) >= MOST_ASKED:
                self._last.clear()
            known = self._last[asked] = self._terms_in(*asked)
        return list(known)

    def _terms_in(self, words: str, source: str, target: str) -> list[TermHit]:
        spans: dict[tuple[int, int], tuple[Entry, Said]] = {}
        for start, end, entry, said in self._found(words, source):
            if said.status is WordStatus.FORBIDDEN:
                continue
            known = spans.get((start, end))
            if known is None or (entry.own, bool(entry.allowed(target))) > (
                known[0].own,
                bool(known[0].allowed(target)),
            ):
                spans[start, end] = (entry, said)
        hits: list[TermHit] = []
        reached = 0
        for (start, end), (entry, _said) in sorted(spans.items(), key=lambda one: (one[0][0], -one[0][1])):
            if start < reached:
                continue
            reached = end
            hits.append(
                TermHit(
                    entry.term_id,
                    start,
                    end,
                    words[start:end],
                    entry.allowed(target),
                    entry.forbidden(target),
                    entry.kind is TermKind.DO_NOT_TRANSLATE,
                    entry.own,
                    entry.case_sensitive,
                    entry.definition,
                    entry.definitions,
                )
            )
        return hits

    def forbidden_in(self, words: str, language: str, source_words: str, source: str) -> list[Banned]:
        """The forbidden words in a text of `language` that renders `source_words`.

        A word is forbidden for its term: only where the source speaks of it. A term without a word in the source's language is
        about the word alone, which is then forbidden everywhere.
        """
        meant = {entry.term_id for _s, _e, entry, said in self._found(source_words, source)}
        allowed = [
            (start, end)
            for start, end, _e, said in self._found(words, language)
            if said.status is not WordStatus.FORBIDDEN
        ]
        return [
            Banned(entry.term_id, start, end, words[start:end], entry.preferred(language))
            for start, end, entry, said in self._found(words, language)
            if said.status is WordStatus.FORBIDDEN
            and (entry.term_id in meant or not entry.allowed(source))
            and not any(left <= start and end <= right and (left, right) != (start, end) for left, right in allowed)
        ]

    def says(self, words: str, language: str, wanted: Iterable[str], *, case_sensitive: bool = False) -> bool:
        """Whether one of the `wanted` words stands in a text, as a word of its own."""
        folded, places = _folded(words)
        text = words if case_sensitive else folded
        borders: set[int] | None = None
        for form in (form for one in wanted for form in _forms(one, language)):
            pattern = form if case_sensitive else form.casefold()
            at = text.find(pattern)
            while at >= 0:
                borders = _borders(words, language) if borders is None else borders
                end = at + len(pattern)
                if _bordered(*((at, end) if case_sensitive else (places[at], places[end])), borders, language):
                    return True
                at = text.find(pattern, at + 1)
        return False

    def whole(self, words: str, source: str, target: str) -> str | None:
        """The preferred word when a text is nothing but a term; None when it is more, or there is no such word."""
        for start, end, entry, said in self._found(words, source):
            if (start, end) == (0, len(words)) and said.status is not WordStatus.FORBIDDEN:
                if entry.kind is TermKind.DO_NOT_TRANSLATE:
                    return words
                if preferred := entry.preferred(target):
                    return preferred
        return None

    def _found(self, words: str, language: str) -> list[tuple[int, int, Entry, Said]]:
        patterns = self._of(language)
        if patterns.automaton is None or not words:
            return []
        folded, places = _folded(words)
        matches = patterns.automaton.find_matches_as_indexes(folded, overlapping=True)
        if not matches:
            return []
        borders = _borders(words, language)
        found = []
        for pattern, first, last in matches:
            start, end = places[first], places[last]
            if _bordered(start, end, borders, language):
                found += [
                    (start, end, entry, said)
                    for entry, said, form in patterns.entries[pattern]
                    if not entry.case_sensitive or words[start:end] == form
                ]
        return found

    def _of(self, language: str) -> _Patterns:
        if language not in self._patterns:
            by_pattern: dict[str, list[tuple[Entry, Said, str]]] = defaultdict(list)
            for entry in self.entries:
                for said in entry.said:
                    if said.language in (language, ANY_LANGUAGE):
                        for form in _forms(said.words, language):
                            by_pattern[form.casefold()].append((entry, said, form))
            automaton = AhoCorasick(list(by_pattern)) if by_pattern else None
            self._patterns[language] = _Patterns(automaton, list(by_pattern.values()))
        return self._patterns[language]


def _folded(words: str) -> tuple[str, Sequence[int]]:
    """The case-folded text, and where each of its characters (and its end) stands in `words`: folding can lengthen."""
    folded = words.casefold()
    if len(folded) == len(words):
        return folded, range(len(words) + 1)
    lengths = [len(char.casefold()) for char in words]
    places = [place for place, length in enumerate(lengths) for _ in range(length)]
    return folded, [*places, len(words)]


def _borders(words: str, language: str) -> set[int]:
    return {0, *accumulate(len(piece) for piece in WordBreaker(words, language))}


def _bordered(start: int, end: int, borders: set[int], language: str) -> bool:
    """Whether a hit is a word, or words. ICU takes 版税率 for 版 + 税率: in Chinese what begins as a word may end inside one."""
    return start in borders and (end in borders or (language in ENDS_INSIDE and end - start > 1))


def _forms(words: str, language: str) -> list[str]:
    """A word as it may stand in a text. English plurals and genitives are the same word; the other nine do not inflect nouns."""
    plain = unicodedata.normalize("NFC", words)
    if language != "en" or not plain[-1:].isalpha():
        return [plain]
    plural = re.sub(r"(?<=[^aeiou])y$", "ie", plain)
    plural += "es" if re.search(r"(?:s|x|z|ch|sh)$", plural) else "s"
    return [plain, plural, *(f"{plain}{mark}s" for mark in APOSTROPHES)]
