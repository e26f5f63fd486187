"""What an engine must not touch is taken out before it and put back after: codes, addresses, placeholders, tags, names.

    safe = protect(words, hits)
    [draft] = await engine.draft([safe.words], "zh", "th")
    back = safe.restore(draft.text)      # back.words, and what was lost, repeated or put in another order

Each protected stretch becomes a mark such as `[X0X]`. Marks that an engine changes a little (spaces, another width or case)
are still known. What stands by itself at the beginning or the end of a text is not sent at all.
Numbers are left to the engine unless it asks otherwise: engines copy numbers better than marks, and a check compares them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from translation.glossary.matching import TermHit


class Kind(Enum):
    """What was protected. TAG: of HTML or Markdown, whose order matters; NAME: a do-not-translate term."""

    PLACEHOLDER = "PLACEHOLDER"
    TAG = "TAG"
    ADDRESS = "ADDRESS"
    CODE = "CODE"
    NAME = "NAME"
    NUMBER = "NUMBER"


PLACEHOLDER = re.compile(r"\{\{[^{}\n]{1,80}\}\}|\$\{\w{1,80}\}|%\(\w{1,80}\)[a-z]|%(?:\d\$)?[sd](?!\w)|\{\w{0,80}\}")
TAG = re.compile(
    r"</?[a-zA-Z][^<>\n]{0,400}>|&(?:[a-zA-Z]{2,10}|#\d{1,6});"
    r"|!?\[(?=[^\]\n]{1,200}\]\([^()\s]{1,400}\))|\]\([^()\s]{1,400}\)|\*\*|`[^`\n]{1,200}`"
)
ADDRESS = re.compile(
    r"(?:https?://|www\.)[\w\-.~:/?#\[\]@!$&'*+;=%,]*[\w\-~/#=%]|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII
)
CODE = re.compile(
    r"(?<![\w/])(?:"
    r"10\.5240/[0-9A-F]{4}(?:-[0-9A-F]{4}){4}-[0-9A-Z]"
    r"|(?:ISBN[-: ]{0,2}(?:1[03])?[-: ]{0,2})?97[89](?:[- ]?\d){10}"
    r"|ISBN[-: ]{0,2}(?:\d[- ]?){9}[\dX]"
    r"|(?:ISRC[-: ]{0,2})?[A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5}"
    r"|ISSN[-: ]{0,2}\d{4}-\d{3}[\dX]"
    r"|[A-Z]{1,6}-\d{2,}(?:-\d+)*"
    r")(?!\w)"
)
NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?![\w])")
PATTERNS = (
    (Kind.PLACEHOLDER, PLACEHOLDER),
    (Kind.TAG, TAG),
    (Kind.ADDRESS, ADDRESS),
    (Kind.CODE, CODE),
    (Kind.NUMBER, NUMBER),
)
MARK = "[X{}X]"
MARKS = re.compile(r"[\[［【(（]\s*[XxХхＸ]\s*(\d{1,4})\s*[XxХхＸ]\s*[\]］】)）]")
ENDS = ".!?。！？។၊။\n"


@dataclass(frozen=True, slots=True)
class Span:
    """`words[start:end]` of the source."""

    kind: Kind
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A draft with its stretches back. `sound`: each is there as often as in the source, and tags are in their order."""

    words: str
    missing: tuple[str, ...]
    repeated: tuple[str, ...]
    reordered: bool

    @property
    def sound(self) -> bool:
        return not (self.missing or self.repeated or self.reordered)


@dataclass(frozen=True, slots=True)
class Protected:
    """`words` is for the engine; `head` and `tail` go around its draft as they are; `spans[i]` stands for mark i."""

    words: str
    spans: tuple[Span, ...]
    head: str = ""
    tail: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing for an engine to do."""
        return not any(char.isalpha() for char in MARKS.sub("", self.words))

    def restore(self, draft: str) -> Restored:
        """Put the stretches back into a draft. Marks that stand for nothing are left, and counted as repeated."""
        order: list[int] = []

        def back(found: re.Match[str]) -> str:
            place = int(found[1])
            order.append(place)
            return self.spans[place].words if place < len(self.spans) else found[0]

        words = MARKS.sub(back, draft)
        counts = Counter(order)
        tags = [place for place in order if place < len(self.spans) and self.spans[place].kind is Kind.TAG]
        return Restored(
            words=f"{self.head}{words}{self.tail}",
            missing=tuple(span.words for place, span in enumerate(self.spans) if place not in counts),
            repeated=tuple(
                self.spans[place].words if place < len(self.spans) else MARK.format(place)
                for place, count in counts.items()
                if count > 1 or place >= len(self.spans)
            ),
            reordered=tags != sorted(tags),
        )


def protect(words: str, hits: Sequence[TermHit] = (), *, numbers: bool = False) -> Protected:
    """Take out what an engine must not touch; `hits` are the glossary's, of which names are kept.

    `numbers`: for an engine that keeps marks better than numbers. `words` in NFC, as `hits` are of them.
    """
    kinds = set(Kind) if numbers else set(Kind) - {Kind.NUMBER}
    spans = spans_of(words, hits, kinds)
    start, end = _edges(words, spans)
    inner = [span for span in spans if start <= span.start and span.end <= end]
    parts, at = [], start
    for place, span in enumerate(inner):
        parts += [words[at : span.start], MARK.format(place)]
        at = span.end
    parts.append(words[at:end])
    return Protected("".join(parts), tuple(inner), words[:start], words[end:])


def spans_of(words: str, hits: Sequence[TermHit] = (), kinds: Collection[Kind] = tuple(Kind)) -> list[Span]:
    """The stretches to be kept, by place, none inside another: the earlier pattern wins, then the longer stretch."""
    taken: list[Span] = []
    for span in _candidates(words, hits, frozenset(kinds)):
        if not any(span.start < other.end and other.start < span.end for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def _candidates(words: str, hits: Sequence[TermHit], kinds: Collection[Kind]) -> Iterator[Span]:
    """What may be kept, the weightier pattern first. Patterns that nobody asked for are not looked for."""
    if Kind.CODE in kinds:
        for found in MARKS.finditer(words):
            yield Span(Kind.CODE, found.start(), found.end(), found[0])
    for kind, pattern in PATTERNS[:-1]:
        if kind in kinds:
            for found in pattern.finditer(words):
                yield Span(kind, found.start(), found.end(), found[0])
    if Kind.NAME in kinds:
        for hit in hits:
            if hit.do_not_translate:
                yield Span(Kind.NAME, hit.start, hit.end, hit.found)
    if Kind.NUMBER in kinds:
        for found in NUMBER.finditer(words):
            yield Span(Kind.NUMBER, found.start(), found.end(), found[0])


def _edges(words: str, spans: Sequence[Span]) -> tuple[int, int]:
    """Between what protected stretches the text proper stands: an address after the last full stop is not sent."""
    start, end = 0, len(words)
    alone = [span for span in spans if span.kind in (Kind.ADDRESS, Kind.CODE)]
    for span in reversed(alone):
        before = words[: span.start].rstrip(" \t")
        if words[span.end : end].strip(" \t\n.。។။") or (before and before[-1] not in ENDS):
            break
        end = len(before.rstrip())
    for span in alone:
        after = words[span.end :]
        if span.end > end or words[start : span.start].strip() or not after.lstrip(" \t.").startswith("\n"):
            break
        start = span.end + len(after) - len(after.lstrip(" \t\n."))
    return (start, end) if start < end else (0, len(words))
