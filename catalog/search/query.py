"""What people type, as a tantivy query.

Every word may be met in any language, so that a query may mix them; where it is met says how much it counts: in a title over a
contributor over a subject over a description, in the reader's language over the original over the rest, in a person's words
over a machine's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from tantivy import FieldType, Occur, Query

from catalog.identifiers import recognise
from catalog.search.analysis import asked, common_form, plain, whole
from catalog.search.blocks import all_of, any_of, best, either, silent, term
from catalog.search.meeting import Care, Lexicon, Matching, NoLexicon, Way, clause, in_order, prefix, side_by_side
from catalog.search.schema import FIELDS, schema
from catalog.search.standing import asking
from catalog.territories import NEIGHBOURS

MOST_PAIRS = 200
CODE, WHOLE, FREE_HERE = 100.0, 12.0, 2.0
"""Added to the score: for an identifier, a title or name typed in full, a work of which the reader's territory may get rights."""
LIKENESS = {"titles": 1.0, "bodies": 0.5, "names": 1.5, "within": 2.5}
"""What a word or subject that two works share says about their likeness, by field."""
SHORTEST_CODE = 5


@dataclass(frozen=True, slots=True)
class Reader:
    """`language`: one of the ten. `territory`: where rights are wanted."""

    language: str
    territory: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Each narrows unless it is empty; all are tuples, so that facets can be remembered by them.

    `rights` × `territories`: some part of each must be free. `availability`: in the reader's territory. `since`: published after
    this millisecond of UNIX time.
    """

    kinds: tuple[str, ...] = ()
    original_languages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    since: int | None = None


def matching(text: str, reader: Reader, care: Care = Care.EXACT, lexicon: Lexicon | None = None) -> Matching:
    """Works told of by `text`."""
    found = asked(text)
    both = [clause(found, text, Way(reader.language, care, lexicon or NoLexicon()))] if found.words else []
    both += [Matching(query, query) for query in map(_coded, _codes(text))]
    if not both:
        return Matching(Query.empty_query(), Query.empty_query())
    phrases = [(Occur.Must, _phrase(sequence, marked)) for sequence, marked in found.phrases]
    clauses = [(Occur.Must, best([one.query for one in both])), *phrases]
    clauses += [(Occur.Should, query) for query in side_by_side(found.words)]
    clauses.append((Occur.Should, Query.const_score_query(term("whole", whole(found.sequence)), WHOLE)))
    if here := _free_here(reader):
        clauses.append((Occur.Should, here))
    members = either([one.members for one in both])
    return Matching(
        Query.boolean_query(clauses), Query.boolean_query([(Occur.Must, members), *phrases]) if phrases else members
    )


def narrowed(query: Query, filters: Filters, reader: Reader, *, without: str | None = None) -> Query:
    """`query` within `filters`; `without` names the facet whose own filter is left aside, so that its other values count."""
    musts = [query]
    for facet, field, wanted in (
        ("kind", "kind", filters.kinds),
        ("originalLanguage", "original_language", filters.original_languages),
        ("subject", "within", filters.subjects),
        ("country", "country", filters.countries),
        ("availability", f"standing_{reader.territory}", filters.availability),
    ):
        if wanted and facet != without:
            musts.append(silent(any_of(field, wanted)))
    pairs = product(sorted(filters.territories), sorted(filters.rights)) if without != "right" else ()
    musts += [silent(_offered(territory, right)) for territory, right in list(pairs)[:MOST_PAIRS]]
    if filters.since is not None:
        newer = Query.range_query(schema(), "published", FieldType.Unsigned, filters.since, None, include_lower=False)
        musts.append(silent(newer))
    return musts[0] if len(musts) == 1 else all_of(musts)


def among(ids: Collection[str]) -> Query:
    """Exactly these works."""
    return silent(any_of("id", ids))


def _offered(territory: str, right: str) -> Query:
    here, everywhere, exception = asking(territory, right)
    nearly = Query.boolean_query(
        [(Occur.Must, term("offered", everywhere)), (Occur.MustNot, term("offered", exception))]
    )
    return Query.boolean_query([(Occur.Should, term("offered", here)), (Occur.Should, nearly)])


def _codes(text: str) -> Iterable[Query]:
    if not any(char.isdigit() for char in text):
        return
    for found in recognise(text):
        yield term("code", found.value)
    digits = plain(text).replace("-", "").replace(" ", "")
    if len(digits) >= SHORTEST_CODE and digits.isdecimal():
        yield prefix("code", digits, NoLexicon())


def _coded(query: Query) -> Query:
    return Query.const_score_query(query, CODE)


def _phrase(sequence: Sequence[str], marked: Sequence[str]) -> Query:
    """Words side by side, in one text. Marks that were typed must be there."""
    ways = [
        term(field, sequence[0]) if len(sequence) == 1 else Query.phrase_query(schema(), field, list(sequence))
        for field in ("titles", "bodies", "names", "subjects")
    ]
    musts = [silent(Query.disjunction_max_query(ways))]
    for token in marked:
        fields = [f"{kind}_{tag}" for kind in ("title", "draft_title", "body", "draft_body") for tag in FIELDS]
        musts.append(silent(Query.disjunction_max_query([term(field, token) for field in (*fields, "names")])))
    return all_of(musts)


def beginning(text: str, lexicon: Lexicon) -> Query:
    """Works whose title, or a contributor's name, goes on as `text` begins: all of its words, the last half typed."""
    found = asked(text).words
    units = []
    for word in found:
        bare = word.bare
        ways = [
            Query.boost_query(in_order(field, word, common_form(bare)), weight)
            for field, weight in (("titles", 2.0), ("sounds", 1.0))
        ]
        if word is found[-1]:
            ways += [
                Query.boost_query(prefix(field, bare, lexicon), weight)
                for field, weight in (("titles", 1.5), ("sounds", 0.7))
            ]
        units.append(Query.disjunction_max_query(ways))
    return all_of(units) if units else Query.empty_query()


def alike(telling: Sequence[tuple[str, str]]) -> Query:
    """Works with some of the terms: field, text. A narrow subject says more about likeness than any word."""
    return Query.boolean_query(
        [(Occur.Should, Query.boost_query(term(field, text), LIKENESS[field])) for field, text in telling]
    )


def preferring(query: Query, reader: Reader, *, besides: str) -> Query:
    """`query` without one work, those first that the reader's territory may still get."""
    clauses = [(Occur.Must, query), (Occur.MustNot, term("id", besides))]
    if here := _free_here(reader):
        clauses.append((Occur.Should, here))
    return Query.boolean_query(clauses)


def _free_here(reader: Reader) -> Query | None:
    if reader.territory not in NEIGHBOURS:
        return None
    return Query.const_score_query(any_of(f"standing_{reader.territory}", ("FREE", "PART")), FREE_HERE)
