"""How words of a query are met: as they were typed, half typed, with letters wrong, by ear; where, and what counts how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import ceil
from typing import Protocol

from tantivy import Occur, Query

from catalog.search import sounds
from catalog.search.analysis import Asked, Word, common_form, grams, plain
from catalog.search.blocks import any_of, at_least, either, most, term
from catalog.search.schema import schema

MOST_SIDE_BY_SIDE = 6
UNMARKED = 0.6
"""What a word counts that has the letters, but not the marks that were typed."""
PARTLY = 0.6
"""What parts of a word count beside the word."""
SHORTEST_BEGINNING = 2
SURELY_FEW = 5
"""Letters from which on few words go on in the same way."""
FEWEST_GRAMS = 3
ENOUGH_GRAMS = 0.6


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


def clause(found: Asked, text: str, way: Way) -> Matching:
    """Most of the words; the last may be half typed."""
    several = len(found.words) > 1
    rare: list[Matching] = []
    frequent: list[Matching] = []
    for word in found.words:
        unit = _unit(word, way, last=word is found.words[-1], several=several)
        (frequent if several and way.lexicon.common(word, way.language) else rare).append(unit)
    if not rare:
        rare, frequent = frequent, []
    needed = ceil(len(rare) / 2) if way.care is Care.LOOSE else most(len(rare))
    met = at_least([unit.query for unit in rare], needed)
    members = at_least([unit.members for unit in rare], needed)
    if frequent:
        met = Query.boolean_query([(Occur.Must, met), *((Occur.Should, unit.query) for unit in frequent)])
    more = list(_together(found.words))
    if way.care is not Care.EXACT and len(pairs := grams(plain(text))) >= FEWEST_GRAMS:
        alike = at_least([term("grams", pair) for pair in pairs], ceil(len(pairs) * ENOUGH_GRAMS))
        more.append(Query.boost_query(alike, 0.3))
    if not more:
        return Matching(met, members)
    return Matching(Query.disjunction_max_query([met, *more], tie_breaker=0.1), either([members, *more]))


def _together(words: Sequence[Word]) -> Iterable[Query]:
    """Latin words that somebody else writes as one."""
    latin = [common_form(word.bare) for word in words if word.bare.isascii() and word.bare.isalpha()]
    if 1 < len(latin) == len(words) <= sounds.LONGEST_JOINED:
        yield from (Query.boost_query(term(field, "".join(latin)), 4.0) for field in ("titles", "names", "sounds"))


def side_by_side(words: Sequence[Word]) -> Iterable[Query]:
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
        (in_order(field, word, form), weight)
        for field, weight in (("titles", 5.0 * sure), ("names", 4.5 * sure), ("subjects", 4.0), ("bodies", sure))
    ]
    latin = bare.isascii()
    if latin and len(bare) > 2:
        anywhere.append((term("sounds", form), 3.0))
    beginning = last and (word.han or len(bare) >= SHORTEST_BEGINNING or several)
    if beginning:
        anywhere += [(prefix(field, bare, way.lexicon), weight) for field, weight in _beginning(bare, latin)]
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
        better.append((prefix(f"title_{language}", bare, way.lexicon), 4.0))
    if bare != word.text:
        better.append((term("names", word.text), 4.5))
    scored = [Query.boost_query(query, weight) for query, weight in (*anywhere, *better)]
    return Matching(
        Query.disjunction_max_query(scored, tie_breaker=0.05), either([query for query, _weight in anywhere])
    )


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
                yield at_least([term(field, letter) for letter in letters], most(len(letters))), weight
        heard = "".join(sounds.pinyin(word.text))
        if len(letters) > 1 and heard:
            yield term("sounds", heard), 1.5
        return
    if (distance := _wrong_letters(form)) > 0:
        for field, weight in (("titles", 0.8), ("names", 0.7), ("sounds", 0.5), ("subjects", 0.3)):
            yield Query.fuzzy_term_query(schema(), field, form, distance, True), weight
    if form.isascii() and (rough := sounds.key(form)):
        yield term("sounds", rough), 0.6


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
        return term(field, word.text)
    parts = Query.boost_query(at_least([term(field, part) for part in word.parts], most(len(word.parts))), PARTLY)
    return Query.disjunction_max_query([term(field, word.text), parts])


def in_order(field: str, word: Word, bare: str) -> Query:
    """In a field of all languages: Han characters side by side, else most of their pairs."""
    if not word.parts:
        return term(field, bare)
    parts = Query.boost_query(at_least([term(field, part) for part in word.parts], most(len(word.parts))), PARTLY)
    return Query.disjunction_max_query([Query.phrase_query(schema(), field, list(word.parts)), parts])


def prefix(field: str, text: str, lexicon: Lexicon) -> Query:
    """tantivy looks at 50 words that begin so, in the order of the alphabet. Where there may be more: the frequent ones."""
    if len(text) < SURELY_FEW and (found := lexicon.beginning(field, text)):
        return Query.const_score_query(any_of(field, found), 1.0)
    return Query.phrase_prefix_query(schema(), field, [text])
