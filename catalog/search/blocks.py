"""Small queries of which larger ones are made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import ceil

from tantivy import Occur, Query

from catalog.search.schema import schema


def term(field: str, text: str) -> Query:
    return Query.term_query(schema(), field, text)


def any_of(field: str, values: Collection[str]) -> Query:
    """One of some hundred values at most. A set of terms would build an automaton, which takes longer than to look up each."""
    if len(values) == 1:
        return term(field, next(iter(values)))
    return Query.boolean_query([(Occur.Should, term(field, value)) for value in sorted(values)])


def silent(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def most(number: int) -> int:
    """Both of two, two of three, and two thirds of more."""
    return number if number <= 2 else ceil(number * 0.66)


def best(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def either(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def at_least(queries: Sequence[Query], number: int) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=number)


def all_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])
