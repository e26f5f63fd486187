"""The index on disk: one writer, any number of searches beside it."""

from __future__ import annotations

import json
import os
import shutil
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf, log
from pathlib import Path
from threading import Lock
from typing import Any

from tantivy import Document, Index, Order, Query, Searcher

from catalog.search.analysis import Word, asked, common_form, cut, whole
from catalog.search.query import (
    Care,
    Filters,
    Matching,
    Reader,
    alike,
    among,
    beginning,
    matching,
    narrowed,
    preferring,
)
from catalog.search.schema import (
    BY_TERRITORY,
    FACETS,
    SEPARATOR,
    WorkDocument,
    document,
    fingerprint,
    schema,
)
from catalog.territories import NEIGHBOURS

HEAP = 64 * 1024 * 1024
VALUES_PER_FACET = 40
ENOUGH = 3
"""Works found as they were asked for, with which no others are looked for."""
COMMON = 0.5
"""The share of works that a word is in that says nothing; not learnt from fewer works than `FEWEST_TO_LEARN`."""
FEWEST_TO_LEARN = 50
ALL_LOOKED_AT = 50
MOST_BEGINNINGS = 24
"""Of more than `ALL_LOOKED_AT` words that begin as somebody types, so many are looked for, the most frequent."""
MOST_REMEMBERED = 512
MOST_LIKE_TERMS = 40
TOO_COMMON = 0.3
"""The share of works above which a word says nothing about likeness."""
_STATE = "position.json"

Facets = Mapping[str, Mapping[str, int]]
"""Facet → value → how many works."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the change feed has been followed: everything up to this transaction and row."""

    xid: int
    seq: int


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of works, best first; how many there are in all; facets."""

    ids: list[str]
    total: int
    facets: Facets


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

    def first(self, limit: int) -> None:
        self._first = self._look(0, limit)

    def _look(self, offset: int, limit: int) -> list[str]:
        query = narrowed(self.typed.query, self.filters, self.reader)
        result: Any = self.searcher.search(query, max(limit, 1), True, self.by, offset, Order.Desc)
        self.total = int(result.count or 0)
        return [str(self.searcher.doc(address)["id"][0]) for _score, address in result.hits[:limit]]


class Words:
    """What one state of the index knows about its words, see `catalog.search.query.Lexicon`."""

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


class WorkIndex:
    """Not shared between processes: a folder has one owner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.position = self._stored_position()
        if self.position is None:
            shutil.rmtree(folder / "index", ignore_errors=True)
        (folder / "index").mkdir(parents=True, exist_ok=True)
        self._index = Index(schema(), path=str(folder / "index"))
        self._writer = self._index.writer(HEAP, 1)
        self._counted: OrderedDict[Hashable, Facets] = OrderedDict()
        self._counting = Lock()

    def _stored_position(self) -> Position | None:
        """None when there is no index, or one made by other rules."""
        try:
            state = json.loads((self.folder / _STATE).read_text())
            return Position(state["xid"], state["seq"]) if state["fingerprint"] == fingerprint() else None
        except (FileNotFoundError, ValueError, KeyError):
            return None

    def clear(self) -> None:
        self._writer.delete_all_documents()

    def apply(self, works: Iterable[WorkDocument], gone: Iterable[str]) -> None:
        """Put documents in the place of older ones, and take away what is gone; seen after `commit`."""
        for work in works:
            self._writer.delete_documents_by_term("id", work.id)
            self._writer.add_document(document(work))
        for work_id in gone:
            self._writer.delete_documents_by_term("id", work_id)

    def commit(self, position: Position) -> None:
        """Show what was applied. A crash in between repeats changes, which is harmless."""
        self._writer.commit()
        self._index.reload()
        with self._counting:
            self._counted.clear()
        state = {"xid": position.xid, "seq": position.seq, "fingerprint": fingerprint()}
        fresh = self.folder / f"{_STATE}.new"
        fresh.write_text(json.dumps(state))
        os.replace(fresh, self.folder / _STATE)
        self.position = position

    def close(self) -> None:
        self._writer.wait_merging_threads()

    @property
    def size(self) -> int:
        """How many works are in it."""
        return int(self._index.searcher().num_docs)

    def search(self, text: str, reader: Reader, filters: Filters, *, offset: int = 0, limit: int = 20) -> Found:
        """Works for what `reader` typed; all of them, the newest first, when nothing was typed."""
        matches = self.matches(text, reader, filters, offset + limit)
        return Found(matches.ids(offset, offset + limit), matches.total, self.facets(matches))

    def matches(self, text: str, reader: Reader, filters: Filters, limit: int) -> Matches:
        """The same, to be looked at as far as is wanted; the first `limit` at once."""
        return look(self._index.searcher(), text, reader, filters, limit, (self.position, text, reader, filters))

    def facets(self, matches: Matches) -> Facets:
        """Each facet counts as if its own filter were not set. Counted once while the index stays as it is."""
        with self._counting:
            if (known := self._counted.get(matches.key)) is not None:
                self._counted.move_to_end(matches.key)
                return known
        counted = self._facets(matches.searcher, matches.typed.members, matches.filters, matches.reader)
        with self._counting:
            self._counted[matches.key] = counted
            while len(self._counted) > MOST_REMEMBERED:
                self._counted.popitem(last=False)
        return counted

    def facets_of(self, ids: Collection[str], reader: Reader) -> Facets:
        """Facets over exactly these works."""
        if not ids:
            return {facet: {} for facet in _fields(reader)}
        return self._facets(self._index.searcher(), among(ids), Filters(), reader)

    def newer(self, text: str, reader: Reader, filters: Filters) -> int:
        """How many works match; `filters.since` says since when."""
        searcher = self._index.searcher()
        query = matching(text, reader, lexicon=Words(searcher)).members if text.strip() else Query.all_query()
        result: Any = searcher.search(narrowed(query, filters, reader), 1, True)
        return int(result.count or 0)

    def like(self, work: WorkDocument, reader: Reader, limit: int) -> list[str]:
        """Ids of other works about the same, those first that the reader's territory may still get."""
        searcher = self._index.searcher()
        telling = self._telling(searcher, document(work))
        if not telling:
            return []
        result: Any = searcher.search(preferring(alike(telling), reader, besides=work.id), limit, False)
        return [str(searcher.doc(address)["id"][0]) for _score, address in result.hits]

    def _telling(self, searcher: Searcher, made: Document) -> list[tuple[str, str]]:
        """The field and text of the terms that tell a work from most others: rare ones, that another work has, too.

        tantivy's own more-like-this refuses an index with deleted documents in which a term is found more often than there are
        documents left.
        """
        works = max(searcher.num_docs, 2)
        told: list[tuple[float, str, str]] = []
        for name in ("titles", "bodies", "names"):
            for term in {term for value in made[name] for term in value.split()}:
                held = searcher.doc_freq(name, term)
                if 1 < held <= works * TOO_COMMON:
                    told.append((log(1 + works / held), name, term))
        told.sort(reverse=True)
        words = [(name, term) for _weight, name, term in told[:MOST_LIKE_TERMS]]
        return [*words, *(("within", code) for code in made["within"])]

    def titles(self, text: str, limit: int) -> list[str]:
        """Ids of works of which a title goes on as `text` begins."""
        searcher = self._index.searcher()
        result: Any = searcher.search(beginning(text, Words(searcher)), limit, False)
        return [str(searcher.doc(address)["id"][0]) for _score, address in result.hits]

    def people(self, text: str, limit: int) -> list[tuple[str, int]]:
        """Contributors of whose name a word begins like `text`, and how many works they have, most first."""
        start = " ".join(cut(text).sequence)
        if not start:
            return []
        counts: dict[str, int] = {}
        for term, works in self._index.searcher().terms_with_prefix("person", start, None, limit * 8):
            name = term.partition(SEPARATOR)[2]
            counts[name] = max(counts.get(name, 0), works)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]

    def about(self, subject: str) -> int:
        """How many works carry a subject or a narrower one."""
        return int(self._index.searcher().doc_freq("within", subject))

    def _facets(self, searcher: Searcher, core: Query, filters: Filters, reader: Reader) -> Facets:
        fields = _fields(reader)
        used = {
            "kind": filters.kinds,
            "originalLanguage": filters.original_languages,
            "subject": filters.subjects,
            "country": filters.countries,
            "availability": filters.availability,
            "right": filters.rights,
        }
        counted: dict[str, Mapping[str, int]] = {}
        if unused := {facet: name for facet, name in fields.items() if not used[facet]}:
            counted |= self._count(searcher, narrowed(core, filters, reader), unused)
        for facet, name in fields.items():
            if used[facet]:
                counted |= self._count(searcher, narrowed(core, filters, reader, without=facet), {facet: name})
        return {facet: counted[facet] for facet in fields}

    def _count(self, searcher: Searcher, query: Query, facets: Mapping[str, str]) -> Facets:
        terms: dict[str, Any] = {
            facet: {"terms": {"field": name, "size": VALUES_PER_FACET}} for facet, name in facets.items()
        }
        answer = searcher.aggregate(query, terms)
        return {
            facet: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[facet]["buckets"]}
            for facet in facets
        }


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


def _fields(reader: Reader) -> Mapping[str, str]:
    """Facet → field; those of a territory for the territories that are counted."""
    if reader.territory not in NEIGHBOURS:
        return FACETS
    return FACETS | {facet: f"{name}_{reader.territory}" for facet, name in BY_TERRITORY.items()}
