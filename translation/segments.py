"""Sentences: what an engine is given, and how its answers are put together again.

Boundaries are ICU's (UAX #29) in the language of the text. Thai, Lao and Khmer often write no mark between sentences, so
there a segment may hold several; one that is too long for an engine is cut at a pause.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from icu4py.breakers import SentenceBreaker

LONGEST = 320
"""Characters. Engines are trained on sentences, and stop reading at about 500 tokens."""

NO_SPACE_BETWEEN_SENTENCES = frozenset({"zh"})
PAUSES = re.compile(r"[,;:，、；：၊\s]\s*")
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|No|Nos|Vol|vol|ed|eds|pp?|ch|fig|cf|vs|etc|approx|Co|Ltd|Inc|Tp|TS|ThS|GS|PGS)|\b[A-Z])\.$"
)
MARKED_BY_FULL_STOP = frozenset({"en", "vi", "ms", "id", "fil"})


@dataclass(frozen=True, slots=True)
class Segmented:
    """`sentences` and what stands around them: `gaps[0]`, sentence, `gaps[1]`, sentence, … `gaps[-1]`."""

    sentences: tuple[str, ...]
    gaps: tuple[str, ...]

    def joined(self, sentences: Sequence[str], language: str) -> str:
        """Other sentences (in `language`) in the places of these. Line breaks stay; spaces follow the language."""
        if len(sentences) != len(self.sentences):
            raise ValueError(f"{len(sentences)} sentences for {len(self.sentences)} places")
        spaced = "" if language in NO_SPACE_BETWEEN_SENTENCES else " "
        parts = [self.gaps[0]]
        for place, sentence in enumerate(sentences, start=1):
            gap = self.gaps[place]
            between = place < len(sentences) and not gap.strip(" ")
            parts += [sentence, spaced if between else gap]
        return "".join(parts)


def split(text: str, language: str) -> Segmented:
    """Cut `text` into sentences; every character is in one of them or in a gap."""
    sentences: list[str] = []
    gaps = [""]
    for piece in _pieces(text, language):
        sentence = piece.strip()
        if not sentence:
            gaps[-1] += piece
            continue
        start = piece.index(sentence)
        gaps[-1] += piece[:start]
        sentences.append(sentence)
        gaps.append(piece[start + len(sentence) :])
    return Segmented(tuple(sentences), tuple(gaps))


def _pieces(text: str, language: str) -> list[str]:
    pieces: list[str] = []
    opening = ""
    for found in SentenceBreaker(text, language):
        piece, opening = _without_opening(opening + found)
        if pieces and language in MARKED_BY_FULL_STOP and _goes_on(pieces[-1]):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    if opening:
        pieces.append(opening)
    return [short for piece in pieces for short in _short(piece)]


def _without_opening(piece: str) -> tuple[str, str]:
    """ICU leaves a quotation mark that opens the next sentence with this one, where no space stands between: 。“"""
    end = len(piece)
    while end > 0 and unicodedata.category(piece[end - 1]) in ("Pi", "Ps"):
        end -= 1
    return piece[:end], piece[end:]


def _goes_on(piece: str) -> bool:
    """Whether the full stop at the end belongs to an abbreviation, and no line ends there."""
    return "\n" not in piece[len(piece.rstrip()) :] and ABBREVIATION.search(piece.rstrip()) is not None


def _short(piece: str) -> list[str]:
    parts: list[str] = []
    while len(piece) > LONGEST:
        ends = [pause.end() for pause in PAUSES.finditer(piece, 0, LONGEST)]
        cut = ends[-1] if ends else LONGEST
        parts.append(piece[:cut])
        piece = piece[cut:]
    return [*parts, piece]
