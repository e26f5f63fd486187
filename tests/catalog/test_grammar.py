"""The trade's shorthand for rights: read as rights lists write it, written so that it reads back, wrong where it says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.grammar.clauses import MOST_MONTHS, Clause, Expected, NotUnderstood
from catalog.grammar.reading import parse
from catalog.grammar.writing import write
from catalog.languages import RIGHTS_LANGUAGES
from catalog.rights import RightType
from catalog.territories import GROUPS, WORLD
from hub.formats import language_name, territory
from hub.i18n import LANGUAGES
from hub.vocabulary import RIGHTS

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
PLACES = st.one_of(
    st.frozensets(st.sampled_from(sorted(WORLD)), min_size=1, max_size=6),
    st.frozensets(st.sampled_from(sorted(WORLD)), max_size=6).map(WORLD.difference),
    st.sampled_from(sorted(GROUPS)).map(GROUPS.__getitem__),
    st.tuples(st.sampled_from(sorted(GROUPS)), st.sampled_from(sorted(GROUPS)), st.sampled_from(sorted(WORLD))).map(
        lambda found: (GROUPS[found[0]] | GROUPS[found[1]]) - {found[2]} or frozenset({found[2]})
    ),
)
SPOKEN = st.one_of(
    st.none(),
    st.frozensets(st.sampled_from(sorted(RIGHTS_LANGUAGES)), min_size=1, max_size=5),
    st.frozensets(st.sampled_from(sorted(RIGHTS_LANGUAGES)), min_size=1, max_size=5).map(RIGHTS_LANGUAGES.difference),
)


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    start, months = draw(st.none() | DAYS), draw(st.none() | st.integers(1, MOST_MONTHS))
    end = draw(st.none() | DAYS.map(lambda day: day + timedelta(days=1)))
    if months is not None or (end is not None and start is not None and end <= start):
        end = None
    rights = draw(st.none() | st.frozensets(st.sampled_from(RightType), min_size=1, max_size=4))
    return Clause(draw(PLACES), draw(SPOKEN), rights, draw(st.none() | st.booleans()), start, end, months)


@settings(max_examples=80, deadline=None)
@given(st.lists(clauses(), max_size=4))
def test_what_is_written_reads_back(written: list[Clause]) -> None:
    assert parse(write(written)) == written


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="World exUSCA;L|,:.25y-泰国除 ราE\n", max_size=40))
def test_whatever_is_typed_is_understood_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        found = parse(text)
    except NotUnderstood as refused:
        places = [one.position for one in refused.mistakes]
        found = []
    else:
        places = []
    assert all(1 <= place <= len(text) + 1 for place in places)
    assert all(clause.territories for clause in found)
    assert parse(write(found)) == found


def test_the_trade_s_own_example() -> None:
    assert parse("World ex US,CA; L || US,CA; L ex spa") == [
        Clause(WORLD - {"US", "CA"}),
        Clause(frozenset({"US", "CA"}), RIGHTS_LANGUAGES - {"es"}),
    ]
    assert write(parse("World ex US,CA; L || US,CA; L ex spa")) == "World ex CA,US; L || CA,US; L ex spa"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("US,GB,CA; eng", Clause(frozenset({"US", "GB", "CA"}), frozenset({"en"}))),
        ("world ex DK,SE; L ex swe,dan", Clause(WORLD - {"DK", "SE"}, RIGHTS_LANGUAGES - {"sv", "da"})),
        ("ASEAN", Clause(GROUPS["ASEAN"])),
        ("ASEAN; L: tha, khm", Clause(GROUPS["ASEAN"], frozenset({"th", "km"}))),
        ("TH; chi", Clause(frozenset({"TH"}), frozenset({"zh-Hans", "zh-Hant"}))),
        ("TH; zh-Hant; excl", Clause(frozenset({"TH"}), frozenset({"zh-Hant"}), exclusive=True)),
        ("TH; R: EST; L: est", Clause(frozenset({"TH"}), frozenset({"et"}), frozenset({RightType.EST}))),
        ("TH; Print, E-book; non-excl", Clause(frozenset({"TH"}), None, frozenset({RightType.PRINT, RightType.EBOOK}), False)),
        ("TH; 5y", Clause(frozenset({"TH"}), months=60)),
        ("TH; 2026-01-01..2031-12-31", Clause(frozenset({"TH"}), start=date(2026, 1, 1), end=date(2032, 1, 1))),
        ("TH; 2026-01-01..18m", Clause(frozenset({"TH"}), start=date(2026, 1, 1), months=18)),
        ("US CA MX; L", Clause(frozenset({"US", "CA", "MX"}))),
        ("全球除美国、加拿大；所有语言", Clause(WORLD - {"US", "CA"})),
        ("ทั่วโลก ยกเว้น ไทย, ลาว; ทุกภาษา", Clause(WORLD - {"TH", "LA"})),
        ("Thế giới trừ Việt Nam; tiếng Thái", Clause(WORLD - {"VN"}, frozenset({"th"}))),
    ],
)  # fmt: skip
def test_what_people_write(typed: str, meant: Clause) -> None:
    assert parse(typed) == [meant]


def test_the_rest_of_the_world_is_what_no_other_clause_names() -> None:
    assert parse("US,CA; eng || ROW; L")[1] == Clause(WORLD - {"US", "CA"})
    with pytest.raises(NotUnderstood) as refused:
        parse("World; L || ROW; eng")
    assert refused.value.mistakes[0].expected is Expected.LEFT


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_read_in_every_language(language: str) -> None:
    countries = ", ".join(territory(code, language) for code in ("TH", "KH", "MM", "LA", "VN", "PH"))
    spoken = ", ".join(language_name(tag, language) for tag in ("th", "km", "my", "lo", "vi", "fil"))
    rights = ", ".join(str(RIGHTS[right].render(language)) for right in ("PRINT", "AUDIOBOOK"))
    assert parse(f"{countries}; {spoken}; {rights}") == [
        Clause(
            frozenset({"TH", "KH", "MM", "LA", "VN", "PH"}),
            frozenset({"th", "km", "my", "lo", "vi", "fil"}),
            frozenset({RightType.PRINT, RightType.AUDIOBOOK}),
        )
    ]


@pytest.mark.parametrize(
    ("typed", "position", "found", "expected", "near"),
    [
        ("World ex US,XX; L", 13, "XX", Expected.TERRITORY, None),
        ("Thailnd; L", 1, "Thailnd", Expected.TERRITORY, "Thailand"),
        ("TH; tha,xyz", 9, "xyz", Expected.LANGUAGE, None),
        ("TH; L ex Vietnamse", 10, "Vietnamse", Expected.LANGUAGE, "Vietnamese"),
        ("TH; L; L", 8, "L", Expected.ONCE, None),
        ("TH; blue", 5, "blue", Expected.PART, None),
        ("TH; est", 5, "est", Expected.CLEAR, None),
        ("TH ex TH; L", 1, "TH ex TH", Expected.LEFT, None),
        ("TH; L || ", 10, "", Expected.TERRITORY, None),
        ("TH; 2031-01-01..2026-01-01", 17, "2026-01-01", Expected.ORDER, None),
        ("TH; 2026-02-30..", 5, "2026-02-30", Expected.DAY, None),
        ("TH; R: Prnt", 8, "Prnt", Expected.RIGHT, "Print"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_was_expected(
    typed: str, position: int, found: str, expected: Expected, near: str | None
) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse(typed)
    one = refused.value.mistakes[0]
    assert (one.position, one.found, one.expected, one.near) == (position, found, expected, near)


def test_lengths_end_on_the_same_day_or_the_last_of_a_shorter_month() -> None:
    [clause] = parse("TH; 1m")
    rights = frozenset({RightType.PRINT})
    assert clause.scope(rights, date(2024, 1, 31), exclusive=True).end == date(2024, 2, 29)
    assert clause.scope(rights, date(2024, 12, 5), exclusive=True).end == date(2025, 1, 5)
