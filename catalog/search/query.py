"""What people type, as a tantivy query.

Every word may be met in any language, so that a query may mix them; where it is met says how much it counts: in a title over a
contributor over a subject over a description, in the reader's language over the original over the rest, in a person's words
over a machine's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise, product
from math import ceil
from typing import Protocol

from tantivy import FieldType, Occur, Query

from catalog.identifiers import recognise
from catalog.search import sounds
from catalog.search.analysis import Asked, Word, asked, common_form, grams, plain, whole
from catalog.search.schema import FIELDS, schema
from catalog.search.standing import asking
from catalog.territories import NEIGHBOURS

MOST_PAIRS = 200
MOST_SIDE_BY_SIDE = 6
CODE, WHOLE, FREE_HERE = 100.0, 12.0, 2.0
"""Added to the score: for an identifier, a title or name typed in full, a work of which the reader's territory may get rights."""
UNMARKED = 0.6
"""What a word counts that has the letters, but not the marks that were typed."""
PARTLY = 0.6
"""What parts of a word count beside the word."""
LIKENESS = {"titles": 1.0, "bodies": 0.5, "names": 1.5, "within": 2.5}
"""What a word or subject that two works share says about their likeness, by field."""
SHORTEST_BEGINNING, SHORTEST_CODE = 2, 5
SURELY_FEW = 5
"""Letters from which on few words go on in the same way."""
FEWEST_GRAMS = 3
ENOUGH_GRAMS = 0.6


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


class Care(Enum):
    """How closely works must match what was typed.

    EXACT: most words as they were typed. FORGIVING: with letters wrong and by ear, too. LOOSE: half of the words will do.
    """

    EXACT = "EXACT"
    FORGIVING = "FORGIVING"
    LOOSE = "LOOSE"


class Lexicon(Protocol):
    """What an index knows about its words."""

    def common(self, word: Word, language: str) -> bool:
        """Does nearly every work have the word? Then it need not be met."""

    def beginning(self, field: str, start: str) -> list[str] | None:
        """The most frequent words of a field that begin like `start`; None when they are so few that all may be looked at."""


class NoLexicon:
    """Where nothing is known, nothing is left out."""

    def common(self, _word: Word, _language: str) -> bool:
        return False

    def beginning(self, _field: str, _start: str) -> list[str] | None:
        return None


@dataclass(frozen=True, slots=True)
class Way:
    """How a query is put."""

    language: str
    care: Care
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class Matching:
    """`query` says how well works match. `members` says only which: it asks fewer fields, and is all that counting wants."""

    query: Query
    members: Query


def matching(text: str, reader: Reader, care: Care = Care.EXACT, lexicon: Lexicon | None = None) -> Matching:
    """Works told of by `text`."""
    found = asked(text)
    both = [_clause(found, text, Way(reader.language, care, lexicon or NoLexicon()))] if found.words else []
    both += [Matching(query, query) for query in map(_coded, _codes(text))]
    if not both:
        return Matching(Query.empty_query(), Query.empty_query())
    phrases = [(Occur.Must, _phrase(sequence, marked)) for sequence, marked in found.phrases]
    clauses = [(Occur.Must, _best([one.query for one in both])), *phrases]
    clauses += [(Occur.Should, query) for query in _side_by_side(found.words)]
    clauses.append((Occur.Should, Query.const_score_query(_term("whole", whole(found.sequence)), WHOLE)))
    if here := _free_here(reader):
        clauses.append((Occur.Should, here))
    members = _any([one.members for one in both])
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
            musts.append(_silent(_any_of(field, wanted)))
    pairs = product(sorted(filters.territories), sorted(filters.rights)) if without != "right" else ()
    musts += [_silent(_offered(territory, right)) for territory, right in list(pairs)[:MOST_PAIRS]]
    if filters.since is not None:
        newer = Query.range_query(schema(), "published", FieldType.Unsigned, filters.since, None, include_lower=False)
        musts.append(_silent(newer))
    return musts[0] if len(musts) == 1 else _all_of(musts)


def among(ids: Collection[str]) -> Query:
    """Exactly these works."""
    return _silent(Query.term_set_query(schema(), "id", sorted(ids)))


def _offered(territory: str, right: str) -> Query:
    here, everywhere, exception = asking(territory, right)
    nearly = Query.boolean_query(
        [(Occur.Must, _term("offered", everywhere)), (Occur.MustNot, _term("offered", exception))]
    )
    return Query.boolean_query([(Occur.Should, _term("offered", here)), (Occur.Should, nearly)])


def _codes(text: str) -> Iterable[Query]:
    if not any(char.isdigit() for char in text):
        return
    for found in recognise(text):
        yield _term("code", found.value)
    digits = plain(text).replace("-", "").replace(" ", "")
    if len(digits) >= SHORTEST_CODE and digits.isdecimal():
        yield _prefix("code", digits, NoLexicon())


def _coded(query: Query) -> Query:
    return Query.const_score_query(query, CODE)


def _clause(found: Asked, text: str, way: Way) -> Matching:
    """Most of the words; the last may be half typed."""
    several = len(found.words) > 1
    rare: list[Matching] = []
    frequent: list[Matching] = []
    for word in found.words:
        unit = _unit(word, way, last=word is found.words[-1], several=several)
        (frequent if several and way.lexicon.common(word, way.language) else rare).append(unit)
    if not rare:
        rare, frequent = frequent, []
    needed = ceil(len(rare) / 2) if way.care is Care.LOOSE else _most(len(rare))
    met = _at_least([unit.query for unit in rare], needed)
    members = _at_least([unit.members for unit in rare], needed)
    if frequent:
        met = Query.boolean_query([(Occur.Must, met), *((Occur.Should, unit.query) for unit in frequent)])
    more = list(_together(found.words))
    if way.care is not Care.EXACT and len(pairs := grams(plain(text))) >= FEWEST_GRAMS:
        alike = _at_least([_term("grams", pair) for pair in pairs], ceil(len(pairs) * ENOUGH_GRAMS))
        more.append(Query.boost_query(alike, 0.3))
    if not more:
        return Matching(met, members)
    return Matching(Query.disjunction_max_query([met, *more], tie_breaker=0.1), _any([members, *more]))


def _together(words: Sequence[Word]) -> Iterable[Query]:
    """Latin words that somebody else writes as one."""
    latin = [common_form(word.bare) for word in words if word.bare.isascii() and word.bare.isalpha()]
    if 1 < len(latin) == len(words) <= sounds.LONGEST_JOINED:
        yield from (Query.boost_query(_term(field, "".join(latin)), 4.0) for field in ("titles", "names", "sounds"))


def _side_by_side(words: Sequence[Word]) -> Iterable[Query]:
    """Two words that follow each other as they were typed mean more than the two apart."""
    for first, second in pairwise(words[:MOST_SIDE_BY_SIDE]):
        pair: list[str | tuple[int, str]] = [
            end for word in (first, second) for end in (word.parts or (common_form(word.bare),))
        ]
        for field, weight in (("titles", 3.0), ("names", 2.5), ("subjects", 4.0), ("bodies", 1.0)):
            yield Query.boost_query(Query.phrase_query(schema(), field, pair), weight)


def _unit(word: Word, way: Way, *, last: bool, several: bool) -> Matching:
    """One word, wherever it is met; the best place counts."""
    bare, language = word.bare, way.language
    form = common_form(bare)
    sure = 1.0 if bare == word.text else UNMARKED
    anywhere = [
        (_in_order(field, word, form), weight)
        for field, weight in (("titles", 5.0 * sure), ("names", 4.5 * sure), ("subjects", 4.0), ("bodies", sure))
    ]
    latin = bare.isascii()
    if latin and len(bare) > 2:
        anywhere.append((_term("sounds", form), 3.0))
    beginning = last and (word.han or len(bare) >= SHORTEST_BEGINNING or several)
    if beginning:
        anywhere += [(_prefix(field, bare, way.lexicon), weight) for field, weight in _beginning(bare, latin)]
    if way.care is not Care.EXACT:
        anywhere += _forgiving(word, form, language)
    better = [
        (_whole_or_parts(field, word), weight)
        for field, weight in (
            (f"title_{language}", 9.0),
            (f"draft_title_{language}", 7.5),
            ("title_original", 7.0),
            (f"body_{language}", 2.0),
            (f"draft_body_{language}", 1.6),
            ("body_original", 1.3),
        )
    ]
    if beginning:
        better.append((_prefix(f"title_{language}", bare, way.lexicon), 4.0))
    if bare != word.text:
        better.append((_term("names", word.text), 4.5))
    scored = [Query.boost_query(query, weight) for query, weight in (*anywhere, *better)]
    return Matching(Query.disjunction_max_query(scored, tie_breaker=0.05), _any([query for query, _weight in anywhere]))


def _beginning(bare: str, latin: bool) -> Iterable[tuple[str, float]]:
    """Where the last word, half typed, is looked for, and what it counts there."""
    yield from (("titles", 2.5), ("names", 2.2), ("subjects", 1.0))
    if len(bare) > SHORTEST_BEGINNING:
        yield "bodies", 0.5
        if latin:
            yield "sounds", 1.2


def _forgiving(word: Word, form: str, language: str) -> Iterable[tuple[Query, float]]:
    """The word with letters wrong, and by ear."""
    if word.han:
        letters = list(word.text)
        if len(letters) > 2:
            for field, weight in ((f"title_{language}", 2.0), ("title_original", 1.5)):
                yield _at_least([_term(field, letter) for letter in letters], _most(len(letters))), weight
        heard = "".join(sounds.pinyin(word.text))
        if len(letters) > 1 and heard:
            yield _term("sounds", heard), 1.5
        return
    if (distance := _wrong_letters(form)) > 0:
        for field, weight in (("titles", 0.8), ("names", 0.7), ("sounds", 0.5), ("subjects", 0.3)):
            yield Query.fuzzy_term_query(schema(), field, form, distance, True), weight
    if form.isascii() and (rough := sounds.key(form)):
        yield _term("sounds", rough), 0.6


def _wrong_letters(form: str) -> int:
    """How many letters may be wrong: none in short words or codes."""
    if any(char.isdigit() for char in form):
        return 0
    length = len(form)
    if form.isascii():
        return 0 if length < 4 else 1 if length < 7 else 2
    return 0 if length < 4 else 1


def _whole_or_parts(field: str, word: Word) -> Query:
    """In a field of one language: the word as it was typed, else most of its parts."""
    if not word.parts:
        return _term(field, word.text)
    parts = Query.boost_query(_at_least([_term(field, part) for part in word.parts], _most(len(word.parts))), PARTLY)
    return Query.disjunction_max_query([_term(field, word.text), parts])


def _in_order(field: str, word: Word, bare: str) -> Query:
    """In a field of all languages: Han characters side by side, else most of their pairs."""
    if not word.parts:
        return _term(field, bare)
    parts = Query.boost_query(_at_least([_term(field, part) for part in word.parts], _most(len(word.parts))), PARTLY)
    return Query.disjunction_max_query([Query.phrase_query(schema(), field, list(word.parts)), parts])


def _phrase(sequence: Sequence[str], marked: Sequence[str]) -> Query:
    """Words side by side, in one text. Marks that were typed must be there."""
    ways = [
        _term(field, sequence[0]) if len(sequence) == 1 else Query.phrase_query(schema(), field, list(sequence))
        for field in ("titles", "bodies", "names", "subjects")
    ]
    musts = [_silent(Query.disjunction_max_query(ways))]
    for token in marked:
        fields = [f"{kind}_{tag}" for kind in ("title", "draft_title", "body", "draft_body") for tag in FIELDS]
        musts.append(_silent(Query.disjunction_max_query([_term(field, token) for field in (*fields, "names")])))
    return _all_of(musts)


def beginning(text: str, lexicon: Lexicon) -> Query:
    """Works whose title, or a contributor's name, goes on as `text` begins: all of its words, the last half typed."""
    found = asked(text).words
    units = []
    for word in found:
        bare = word.bare
        ways = [
            Query.boost_query(_in_order(field, word, common_form(bare)), weight)
            for field, weight in (("titles", 2.0), ("sounds", 1.0))
        ]
        if word is found[-1]:
            ways += [
                Query.boost_query(_prefix(field, bare, lexicon), weight)
                for field, weight in (("titles", 1.5), ("sounds", 0.7))
            ]
        units.append(Query.disjunction_max_query(ways))
    return _all_of(units) if units else Query.empty_query()


def alike(telling: Sequence[tuple[str, str]]) -> Query:
    """Works with some of the terms: field, text. A narrow subject says more about likeness than any word."""
    return Query.boolean_query(
        [(Occur.Should, Query.boost_query(_term(field, text), LIKENESS[field])) for field, text in telling]
    )


def preferring(query: Query, reader: Reader, *, besides: str) -> Query:
    """`query` without one work, those first that the reader's territory may still get."""
    clauses = [(Occur.Must, query), (Occur.MustNot, _term("id", besides))]
    if here := _free_here(reader):
        clauses.append((Occur.Should, here))
    return Query.boolean_query(clauses)


def _free_here(reader: Reader) -> Query | None:
    if reader.territory not in NEIGHBOURS:
        return None
    return Query.const_score_query(_any_of(f"standing_{reader.territory}", ("FREE", "PART")), FREE_HERE)


def _term(field: str, text: str) -> Query:
    return Query.term_query(schema(), field, text)


def _prefix(field: str, text: str, lexicon: Lexicon) -> Query:
    """tantivy looks at 50 words that begin so, in the order of the alphabet. Where there may be more: the frequent ones."""
    if len(text) < SURELY_FEW and (found := lexicon.beginning(field, text)):
        return Query.const_score_query(_any_of(field, found), 1.0)
    return Query.phrase_prefix_query(schema(), field, [text])


def _any_of(field: str, values: Collection[str]) -> Query:
    """One of a few values. A set of terms would build an automaton, which takes longer than to look each of them up."""
    if len(values) == 1:
        return _term(field, next(iter(values)))
    return Query.boolean_query([(Occur.Should, _term(field, value)) for value in sorted(values)])


def _silent(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _most(number: int) -> int:
    """Both of two, two of three, and two thirds of more."""
    return number if number <= 2 else ceil(number * 0.66)


def _best(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _at_least(queries: Sequence[Query], number: int) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries], minimum_number_should_match=number)


def _all_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])
