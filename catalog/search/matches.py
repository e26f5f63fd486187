"""Looking something up in one state of an index."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from math import inf
from typing import Any

from tantivy import Order, Query, Searcher

from catalog.search.analysis import Word, asked, common_form, whole
from catalog.search.meeting import Care, Matching
from catalog.search.query import Filters, Reader, matching, narrowed

ENOUGH = 3
"""Works found as they were asked for, with which no others are looked for."""
COMMON = 0.5
"""The share of works that a word is in that says nothing; not learnt from fewer works than `FEWEST_TO_LEARN`."""
FEWEST_TO_LEARN = 50
ALL_LOOKED_AT = 50
MOST_BEGINNINGS = 24
"""Of more than `ALL_LOOKED_AT` words that begin as somebody types, so many are looked for, the most frequent."""


@dataclass
class Matches:
    """Everything that a question found in one state of the index: whoever looks further finds nothing else."""

    searcher: Searcher
    typed: Matching
    filters: Filters
    reader: Reader
    key: Hashable
    by: str | None = None
    total: int = 0
    _first: list[str] = field(default_factory=list)

    def ids(self, start: int, stop: int) -> list[str]:
        """Ids of the works in these places, best first."""
        if stop > len(self._first) < self.total:
            return self._look(start, stop - start)
        return self._first[start:stop]

    def all_known(self) -> list[str] | None:
        """Ids of all works that match, where they have been looked at; None where there are more."""
        return self._first if self.total <= len(self._first) else None

    def first(self, limit: int) -> None:
        self._first = self._look(0, limit)

    def _look(self, offset: int, limit: int) -> list[str]:
        query = narrowed(self.typed.query, self.filters, self.reader)
        result: Any = self.searcher.search(query, max(limit, 1), True, self.by, offset, Order.Desc)
        self.total = int(result.count or 0)
        return [str(self.searcher.doc(address)["id"][0]) for _score, address in result.hits[:limit]]


def look(searcher: Searcher, text: str, reader: Reader, filters: Filters, limit: int, key: Hashable = None) -> Matches:
    """What `text` finds in one state of an index.

    Where hardly anything is found as it was typed, and it is no title or name, letters may be wrong, and it is heard, too.
    """
    if not text.strip():
        everything = Matching(Query.all_query(), Query.all_query())
        matches = Matches(searcher, everything, filters, reader, key, "published")
        matches.first(limit)
        return matches
    words = Words(searcher)
    for care in Care:
        matches = Matches(searcher, matching(text, reader, care, words), filters, reader, key)
        matches.first(limit)
        if matches.total >= (ENOUGH if care is Care.EXACT and not words.named(text) else 1):
            break
    return matches


class Words:
    """What one state of the index knows about its words, see `catalog.search.meeting.Lexicon`."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        works = searcher.num_docs
        self._most = works * COMMON if works >= FEWEST_TO_LEARN else inf

    def common(self, word: Word, language: str) -> bool:
        """Learnt from the index, in whatever language: no list of little words."""
        if word.text == word.bare:
            return bool(self._searcher.doc_freq("bodies", common_form(word.bare)) > self._most)
        fields = (f"body_{language}", f"draft_body_{language}")
        return any(self._searcher.doc_freq(name, word.text) > self._most for name in fields)

    def named(self, text: str) -> bool:
        """Is this all of a title or name? Then nothing is misspelt."""
        return bool(self._searcher.doc_freq("whole", whole(asked(text).sequence)))

    def beginning(self, field: str, start: str) -> list[str] | None:
        found = self._searcher.terms_with_prefix(field, start, None, ALL_LOOKED_AT + 1)
        return [term for term, _works in found[:MOST_BEGINNINGS]] if len(found) > ALL_LOOKED_AT else None
