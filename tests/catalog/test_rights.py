"""Scope arithmetic against a brute-force oracle: the set of (right, territory, language, day) points of each box."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.languages import RIGHTS_LANGUAGES
from catalog.rights import DERIVATIVE_RIGHTS, RIGHTS_BY_KIND, RightType, Scope, covered

RIGHTS = [RightType.PRINT, RightType.EBOOK, RightType.AUDIOBOOK]
TERRITORIES = ["TH", "VN", "CN"]
LANGUAGES = ["th", "vi", "zh-Hans"]
DAY_ZERO = date(2026, 1, 1)
DAYS = [DAY_ZERO + timedelta(days=number) for number in range(7)]

Point = tuple[RightType, str, str, date]


def points(scope: Scope) -> set[Point]:
    """Every point of the box within the small universe; the last day stands for all days after it."""
    return set(
        product(
            scope.rights,
            scope.territories,
            LANGUAGES if scope.languages is None else scope.languages & set(LANGUAGES),
            [day for day in DAYS if scope.start <= day and (scope.end is None or day < scope.end)],
        )
    )


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    start = draw(st.integers(0, 5))
    end = draw(st.one_of(st.none(), st.integers(start + 1, 6)))
    return Scope(
        rights=draw(st.frozensets(st.sampled_from(RIGHTS), min_size=1)),
        territories=draw(st.frozensets(st.sampled_from(TERRITORIES), min_size=1)),
        languages=draw(st.one_of(st.none(), st.frozensets(st.sampled_from(LANGUAGES), min_size=1))),
        start=DAYS[start],
        end=None if end is None else DAYS[end],
        exclusive=draw(st.booleans()),
    )


@given(scopes(), scopes())
def test_intersects_when_a_point_is_shared(first: Scope, second: Scope) -> None:
    shared = points(first) & points(second)
    assert first.intersects(second) == bool(shared)
    intersection = first.intersection(second)
    assert (points(intersection) if intersection else set()) == shared


@given(scopes(), scopes())
def test_exclusive_scopes_conflict_with_whatever_they_touch(first: Scope, second: Scope) -> None:
    assert first.conflicts(second) == (bool(points(first) & points(second)) and (first.exclusive or second.exclusive))
    assert first.conflicts(second) == second.conflicts(first)


@given(scopes(), scopes())
def test_contains(first: Scope, second: Scope) -> None:
    # Three named languages are the whole small universe, but not every language.
    if not (second.languages is None and first.languages is not None):
        assert first.contains(second) == (points(second) <= points(first))
    else:
        assert not first.contains(second)


@given(scopes(), st.lists(scopes(), max_size=4))
def test_minus_leaves_exactly_the_points_outside_in_disjoint_boxes(scope: Scope, others: list[Scope]) -> None:
    rest = scope.minus(others)
    assert set().union(*map(points, rest)) == points(scope) - set().union(*map(points, others))
    for index, piece in enumerate(rest):
        assert piece.exclusive == scope.exclusive
        assert not any(piece.intersects(other) for other in rest[index + 1 :])


@given(scopes(), st.lists(scopes(), max_size=4))
def test_covered_counts_only_mandates_that_can_give_it(asked: Scope, mandates: list[Scope]) -> None:
    usable = [mandate for mandate in mandates if mandate.exclusive or not asked.exclusive]
    missing = set().union(*map(points, covered(asked, mandates)))
    assert missing == points(asked) - set().union(*map(points, usable))


def test_every_language_less_one_is_all_the_others() -> None:
    every = Scope(frozenset({RightType.PRINT}), frozenset({"TH"}), None, DAY_ZERO)
    thai = Scope(frozenset({RightType.PRINT}), frozenset({"TH"}), frozenset({"th"}), DAY_ZERO)
    (rest,) = every.minus([thai])
    assert rest.languages == RIGHTS_LANGUAGES - {"th"}
    assert every.minus([rest, thai]) == []


def test_pieces_that_touch_are_joined() -> None:
    whole = Scope(frozenset(RIGHTS), frozenset(TERRITORIES), None, DAYS[0], DAYS[6])
    hole = Scope(frozenset({RightType.PRINT}), frozenset({"TH"}), None, DAYS[2], DAYS[4])
    assert len(whole.minus([hole])) <= 4
    elsewhere = Scope(frozenset({RightType.GAME_ADAPTATION}), frozenset({"TH"}), None, DAYS[0])
    assert whole.minus([elsewhere]) == [whole]


@pytest.mark.parametrize(
    ("rights", "territories", "languages", "end"),
    [
        (frozenset(), frozenset({"TH"}), None, None),
        (frozenset({RightType.PRINT}), frozenset(), None, None),
        (frozenset({RightType.PRINT}), frozenset({"TH"}), frozenset(), None),
        (frozenset({RightType.PRINT}), frozenset({"TH"}), None, DAY_ZERO),
    ],
)
def test_an_empty_scope_cannot_be_made(
    rights: frozenset[RightType], territories: frozenset[str], languages: frozenset[str] | None, end: date | None
) -> None:
    with pytest.raises(ValueError, match="scope"):
        Scope(rights, territories, languages, DAY_ZERO, end)


def test_each_right_belongs_to_one_kind_or_is_derivative() -> None:
    groups = [*RIGHTS_BY_KIND.values(), DERIVATIVE_RIGHTS]
    assert [right for group in groups for right in group] == list(RightType)
    assert all(set(first).isdisjoint(second) for first, second in pairwise(groups))
