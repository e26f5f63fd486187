"""What people type, as a tantivy query: their own language first, the original next, then all others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil

from tantivy import Occur, Query

from catalog.identifiers import recognise
from catalog.search.analysis import Word, folded, words
from catalog.search.schema import FIELDS, OTHER, schema

MOST_WORDS = 16
MOST_PAIRS = 200
OWN, ORIGINAL, ELSEWHERE = 4.0, 2.0, 1.0
"""Weight of a match in the reader's language, in the work's original one, and in another."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Each narrows unless it is empty. `offered`: rights and territories of which some part must be free."""

    kinds: Collection[str] = ()
    original_languages: Collection[str] = ()
    subjects: Collection[str] = ()
    countries: Collection[str] = ()
    rights: Collection[str] = ()
    territories: Collection[str] = ()


def matching(text: str, reader: str, *, typos: bool = False) -> Query:
    """Works told of by `text`, typed by a reader of `reader` (one of the ten). `typos`: with some letters wrong, too."""
    choices = [
        Query.boost_query(Query.const_score_query(_term("code", found.value), 1.0), 60.0) for found in recognise(text)
    ]
    for language in FIELDS:
        found = words(text, "en" if language == OTHER else language)[:MOST_WORDS]
        if not found:
            continue
        clause = _clause(found, language, typos)
        if language == reader:
            choices.append(Query.boost_query(clause, OWN))
            continue
        choices.append(Query.boost_query(clause, ELSEWHERE))
        spoken = Query.const_score_query(_term("spoken", language), 0.0)
        choices.append(Query.boost_query(_all_of([clause, spoken]), ORIGINAL))
    return Query.disjunction_max_query(choices, tie_breaker=0.1) if choices else Query.empty_query()


def narrowed(query: Query, filters: Filters, *, without: str | None = None) -> Query:
    """`query` within `filters`; `without` names the facet whose own filter is left aside, so that its other values count."""
    musts = [query]
    for facet, field, wanted in (
        ("kind", "kind", filters.kinds),
        ("originalLanguage", "original_language", filters.original_languages),
        ("subject", "within", filters.subjects),
        ("country", "country", filters.countries),
    ):
        if wanted and facet != without:
            musts.append(_silent(Query.term_set_query(schema(), field, sorted(wanted))))
    pairs = product(sorted(filters.territories), sorted(filters.rights))
    offered = [f"{territory}-{right}" for territory, right in pairs][:MOST_PAIRS]
    musts += [_silent(_term("offered", pair)) for pair in offered]
    return _all_of(musts)


def among(ids: Collection[str]) -> Query:
    """Exactly these works."""
    return _silent(Query.term_set_query(schema(), "id", sorted(ids)))


def _clause(found: Sequence[Word], language: str, typos: bool) -> Query:
    """Most of the words, in one language; the last may be half typed. Names count in every language."""
    return _most_of([_unit(word, language, last=word is found[-1], typos=typos) for word in found])


def _unit(word: Word, language: str, *, last: bool, typos: bool) -> Query:
    title, body = f"title_{language}", f"body_{language}"
    ways: list[Query] = []
    for field, weight in ((title, 6.0), ("names", 4.0), (body, 2.0)):
        ways.append(Query.boost_query(_term(field, word.text), weight))
        if word.parts:
            ways.append(Query.boost_query(_most_of([_term(field, part) for part in word.parts]), weight * 0.6))
    bare = folded(word.text)
    if bare != word.text:
        ways += [Query.boost_query(_term(field, bare), 1.5) for field in (title, "names", body)]
    if last and len(bare) >= (1 if word.han else 2):
        ways += [Query.boost_query(_prefix(field, bare), weight) for field, weight in ((title, 2.0), ("names", 1.5))]
        if len(bare) >= 3:
            ways.append(Query.boost_query(_prefix(body, bare), 0.5))
    if typos and (distance := _forgiven(word, bare)) > 0:
        ways += [
            Query.boost_query(Query.fuzzy_term_query(schema(), field, bare, distance, True), weight)
            for field, weight in ((title, 0.8), ("names", 0.6))
        ]
    return Query.disjunction_max_query(ways, tie_breaker=0.05)


def _forgiven(word: Word, bare: str) -> int:
    """How many letters may be wrong: none in short words, in Han, or in codes."""
    if word.han or any(char.isdigit() for char in bare):
        return 0
    length = len(bare)
    if bare.isascii():
        return 0 if length < 4 else 1 if length < 9 else 2
    return 0 if length < 5 else 1


def _term(field: str, text: str) -> Query:
    return Query.term_query(schema(), field, text)


def _prefix(field: str, text: str) -> Query:
    return Query.fuzzy_term_query(schema(), field, text, distance=0, prefix=True)


def _silent(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _most_of(queries: Sequence[Query]) -> Query:
    """Both of two, two of three, and two thirds of more."""
    needed = len(queries) if len(queries) <= 2 else ceil(len(queries) * 0.66)
    return Query.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=needed)


def _all_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])
