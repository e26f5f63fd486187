"""The index on disk: one writer, any number of searches beside it."""

from __future__ import annotations

import json
import os
import shutil
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path
from threading import Lock
from typing import Any

from tantivy import Document, Index, Query, Searcher

from catalog.search.analysis import cut
from catalog.search.matches import Matches, Words, look
from catalog.search.query import Filters, Reader, alike, among, beginning, matching, narrowed, preferring
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

HEAP, HEAP_ANEW = 64 * 1024 * 1024, 256 * 1024 * 1024
"""Bytes that are written at once: what is made anew in few large parts is not joined again and again."""
VALUES_PER_FACET = 40
MOST_REMEMBERED = 512
MOST_LIKE_TERMS = 40
TOO_COMMON = 0.3
"""The share of works above which a word says nothing about likeness."""
_STATE, _INDEX = "position.json", "index"

Facets = Mapping[str, Mapping[str, int]]
"""Facet → value → how many works."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the change feed has been followed: everything up to this transaction and row."""

    xid: int
    seq: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How many works of how many are in an index that is being made."""

    done: int
    works: int


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of works, best first; how many there are in all; facets."""

    ids: list[str]
    total: int
    facets: Facets


class Anew:
    """An index in the making, beside the one that is searched meanwhile. Words are cut elsewhere, see `making`."""

    def __init__(self, path: Path) -> None:
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        self.path = path
        self.index = Index(schema(), path=str(path))
        self._writer = self.index.writer(HEAP_ANEW, 1)

    def add(self, documents: Iterable[str]) -> None:
        """`documents`: JSON of `schema.values`, each of a work that has not been added."""
        for one in documents:
            self._writer.add_json(one)

    def finish(self) -> None:
        """Write it out, its parts joined."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class WorkIndex:
    """Not shared between processes: a folder has one owner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.position, self.path = self._stored()
        for other in folder.glob(f"{_INDEX}*"):
            if other != self.path or self.position is None:
                shutil.rmtree(other)
        self.path.mkdir(parents=True, exist_ok=True)
        self._index = Index(schema(), path=str(self.path))
        self._writer = self._index.writer(HEAP, 1)
        self.making: Progress | None = None
        """How far another index is that takes the place of this one."""
        self._counted: OrderedDict[Hashable, Facets] = OrderedDict()
        self._counting = Lock()

    def _stored(self) -> tuple[Position | None, Path]:
        """No position when there is no index, or one made by other rules."""
        try:
            state = json.loads((self.folder / _STATE).read_text())
            if state["fingerprint"] == fingerprint():
                return Position(state["xid"], state["seq"]), self.folder / state["index"]
        except (FileNotFoundError, ValueError, KeyError):
            pass
        return None, self.folder / _INDEX

    def anew(self) -> Anew:
        """Begin another index that will take the place of this one; a crash leaves this one as it is."""
        name = _INDEX if self.path.name != _INDEX else f"{_INDEX}-anew"
        return Anew(self.folder / name)

    def tell(self, progress: Progress) -> None:
        self.making = progress

    def adopt(self, made: Anew, position: Position) -> None:
        """Search what was made, and forget what was searched so far."""
        made.finish()
        before = self.path
        self._writer.wait_merging_threads()
        self._index, self.path = made.index, made.path
        self._writer = self._index.writer(HEAP, 1)
        self._index.reload()
        self._show(position)
        self.making = None
        shutil.rmtree(before)

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
        self._show(position)

    def _show(self, position: Position) -> None:
        with self._counting:
            self._counted.clear()
        state = {"xid": position.xid, "seq": position.seq, "fingerprint": fingerprint(), "index": self.path.name}
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
        counted = self._facets(matches)
        with self._counting:
            self._counted[matches.key] = counted
            while len(self._counted) > MOST_REMEMBERED:
                self._counted.popitem(last=False)
        return counted

    def facets_of(self, ids: Collection[str], reader: Reader) -> Facets:
        """Facets over exactly these works."""
        return self._among(self._index.searcher(), ids, _fields(reader))

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

    def _facets(self, matches: Matches) -> Facets:
        """A facet that is filtered by is a question of its own; the others are one, of the works alone where all are known."""
        searcher, filters, reader = matches.searcher, matches.filters, matches.reader
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
            known = matches.all_known()
            if known is not None:
                counted |= self._among(searcher, known, unused)
            else:
                counted |= self._count(searcher, narrowed(matches.typed.members, filters, reader), unused)
        for facet, name in fields.items():
            if used[facet]:
                others = narrowed(matches.typed.members, filters, reader, without=facet)
                counted |= self._count(searcher, others, {facet: name})
        return {facet: counted[facet] for facet in fields}

    def _among(self, searcher: Searcher, ids: Collection[str], facets: Mapping[str, str]) -> Facets:
        return self._count(searcher, among(ids), facets) if ids else {facet: {} for facet in facets}

    def _count(self, searcher: Searcher, query: Query, facets: Mapping[str, str]) -> Facets:
        terms: dict[str, Any] = {
            facet: {"terms": {"field": name, "size": VALUES_PER_FACET}} for facet, name in facets.items()
        }
        answer = searcher.aggregate(query, terms)
        return {
            facet: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[facet]["buckets"]}
            for facet in facets
        }


def _fields(reader: Reader) -> Mapping[str, str]:
    """Facet → field; those of a territory for the territories that are counted."""
    if reader.territory not in NEIGHBOURS:
        return FACETS
    return FACETS | {facet: f"{name}_{reader.territory}" for facet, name in BY_TERRITORY.items()}
