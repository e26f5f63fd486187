"""The index on disk: one writer, any number of searches beside it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tantivy import Index, Order, Query, Searcher

from catalog.search.query import Filters, among, matching, narrowed
from catalog.search.schema import FACETS, WorkDocument, document, fingerprint, schema

HEAP = 32 * 1024 * 1024
VALUES_PER_FACET = 40
ENOUGH = 3
_STATE = "position.json"


@dataclass(frozen=True, slots=True)
class Position:
    """How far the change feed has been followed: everything up to this transaction and row."""

    xid: int
    seq: int


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of works, best first; how many there are in all; facet → value → count."""

    ids: list[str]
    total: int
    facets: dict[str, dict[str, int]]


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

    def search(self, text: str, reader: str, filters: Filters, *, offset: int = 0, limit: int = 20) -> Found:
        """Works for what a reader of `reader` typed; all of them, the newest first, when nothing was typed.

        Where hardly anything is found as it was typed, it is looked for with typing errors, too.
        """
        searcher = self._index.searcher()
        if not text.strip():
            return self._page(searcher, Query.all_query(), filters, offset, limit, "published")
        found = self._page(searcher, matching(text, reader), filters, offset, limit)
        if found.total < ENOUGH:
            found = self._page(searcher, matching(text, reader, typos=True), filters, offset, limit)
        return found

    def _page(
        self, searcher: Searcher, query: Query, filters: Filters, offset: int, limit: int, by: str | None = None
    ) -> Found:
        result: Any = searcher.search(narrowed(query, filters), limit, True, by, offset, Order.Desc)
        ids = [str(searcher.doc(address)["id"][0]) for _score, address in result.hits]
        return Found(ids, int(result.count or 0), self._facets(searcher, query, filters))

    def facets(self, ids: Collection[str]) -> dict[str, dict[str, int]]:
        """Facets over exactly these works."""
        if not ids:
            return {facet: {} for facet in FACETS}
        return self._facets(self._index.searcher(), among(ids), Filters())

    def _facets(self, searcher: Searcher, query: Query, filters: Filters) -> dict[str, dict[str, int]]:
        """Each facet counts as if its own filter were not set."""
        used = {
            "kind": filters.kinds,
            "originalLanguage": filters.original_languages,
            "subject": filters.subjects,
            "country": filters.countries,
        }
        counted: dict[str, dict[str, int]] = {}
        unused = {facet: field for facet, field in FACETS.items() if not used[facet]}
        if unused:
            counted |= self._count(searcher, narrowed(query, filters), unused)
        for facet, field in FACETS.items():
            if used[facet]:
                counted |= self._count(searcher, narrowed(query, filters, without=facet), {facet: field})
        return {facet: counted[facet] for facet in FACETS}

    def _count(self, searcher: Searcher, query: Query, facets: dict[str, str]) -> dict[str, dict[str, int]]:
        terms: dict[str, Any] = {
            facet: {"terms": {"field": field, "size": VALUES_PER_FACET}} for facet, field in facets.items()
        }
        answer = searcher.aggregate(query, terms)
        return {
            facet: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[facet]["buckets"]}
            for facet in facets
        }
