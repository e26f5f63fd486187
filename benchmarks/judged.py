"""Judged queries: what somebody types, and the works that are meant. How they are read, and how an answer is marked.

A file is UTF-8, tab-separated: language, query, the original title of a work that is meant, and, if you like, the kind of query.
A query that means several works has a line for each. `#` begins a comment, a first line that says `language` is a heading.

recall@10 is the part of the works meant that is among the first ten, and 1 when all ten are meant works. nDCG@10 also asks how
far up they are: each counts 1 / log2(place + 1), as a part of what the best order would reach.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hub.i18n import LANGUAGES

FOLDER = Path(__file__).parent.parent / "tests" / "judged"
DEPTH = 10


class BadQueries(ValueError):
    """A file that cannot be judged by; says the file, the line and what is wrong with it."""

    def __init__(self, file: Path, line: int | None, what: str) -> None:
        super().__init__(f"{file}, line {line}: {what}" if line else f"{file}: {what}")


@dataclass(frozen=True, slots=True)
class Question:
    """One query of a reader. `meant`: original titles. `line`: where the file first says it."""

    language: str
    text: str
    kind: str
    file: Path
    line: int
    meant: list[str] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """How one answer did, each from 0 to 1."""

    recall: float
    ndcg: float


def read(file: Path, titles: Collection[str]) -> list[Question]:
    """The queries of a file, in its order; `titles` are the original titles of the catalogue. Raises BadQueries."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BadQueries(file, None, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        raise BadQueries(file, before.count(b"\n") + 1, "is not UTF-8") from error
    found: dict[tuple[str, str], Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#") or (number == 1 and line.startswith("language\t")):
            continue
        language, text, title, kind = _cells(file, number, line)
        if title not in titles:
            raise BadQueries(file, number, f"no work of the catalogue has the original title {title!r}")
        question = found.setdefault((language, text), Question(language, text, kind, file, number))
        if question.kind != kind:
            raise BadQueries(file, number, f"{text!r} is of another kind in line {question.line}")
        if title not in question.meant:
            question.meant.append(title)
    if not found:
        raise BadQueries(file, None, "holds no queries")
    return list(found.values())


def _cells(file: Path, number: int, line: str) -> tuple[str, str, str, str]:
    cells = [unicodedata.normalize("NFC", cell.strip()) for cell in line.split("\t")]
    if not 3 <= len(cells) <= 4:
        raise BadQueries(
            file, number, f"wants language, query and original title with tabs between them, has {len(cells)} columns"
        )
    language, text, title, kind = (*cells, "")[:4]
    if language not in LANGUAGES:
        raise BadQueries(file, number, f"{language!r} is none of {' '.join(LANGUAGES)}")
    if not text or not title:
        raise BadQueries(file, number, f"has no {'original title' if text else 'query'}")
    return language, text, title, kind


def mark(answer: Sequence[str], meant: Collection[str]) -> Mark:
    """Marks of an answer, best first, of which only the first ten count."""
    wanted = set(meant)
    places = [place for place, title in enumerate(answer[:DEPTH], start=1) if title in wanted]
    most = min(DEPTH, len(wanted))
    best = sum(1 / math.log2(place + 1) for place in range(1, most + 1))
    return Mark(len(places) / most, sum(1 / math.log2(place + 1) for place in places) / best)


def averages(marks: Mapping[Question, Mark], languages: Iterable[str] = LANGUAGES) -> dict[str, dict[str, float]]:
    """Language → recall, ndcg (means over its queries, four places) and how many queries there are."""
    told: dict[str, dict[str, float]] = {}
    for language in languages:
        theirs = [mark for question, mark in marks.items() if question.language == language]
        if theirs:
            told[language] = {
                "recall": round(sum(mark.recall for mark in theirs) / len(theirs), 4),
                "ndcg": round(sum(mark.ndcg for mark in theirs) / len(theirs), 4),
                "queries": len(theirs),
            }
    return told
