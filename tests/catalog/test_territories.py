import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.territories import ALPHA2_TO_NUMERIC, GROUPS, WORLD, UnknownTerritory, expand, fold, from_numbers, numbers


def test_asean_has_eleven_members() -> None:
    assert GROUPS["ASEAN"] == {"BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"}


def test_the_european_union_has_twenty_seven() -> None:
    assert len(GROUPS["EU"]) == 27
    assert GROUPS["EUROZONE"] < GROUPS["EU"]


def test_continents_share_nothing_and_leave_only_antarctica() -> None:
    continents = [GROUPS[name] for name in ("AFRICA", "ASIA", "EUROPE", "LATAM", "NORTH_AMERICA", "OCEANIA")]
    assert sum(map(len, continents)) == len(frozenset().union(*continents))
    assert WORLD - frozenset().union(*continents) == {"AQ"}


def test_groups_and_exceptions_are_expanded_in_any_case() -> None:
    assert expand(["asean", "JP"], without=["th"]) == GROUPS["ASEAN"] - {"TH"} | {"JP"}


@pytest.mark.parametrize("code", ["XX", "UK", "THA", "", "EUROPEAN UNION"])
def test_an_unknown_code_is_named(code: str) -> None:
    with pytest.raises(UnknownTerritory) as refused:
        expand(["TH", code])
    assert refused.value.code == code


def test_numbers_are_iso_numeric_codes() -> None:
    assert numbers({"TH", "CN", "VN"}) == [156, 704, 764]
    assert len(set(ALPHA2_TO_NUMERIC.values())) == len(WORLD)


@given(st.frozensets(st.sampled_from(sorted(WORLD))))
def test_numbers_come_back(codes: frozenset[str]) -> None:
    assert from_numbers(numbers(codes)) == codes


@given(
    st.lists(st.sampled_from(sorted(GROUPS)), max_size=2),
    st.frozensets(st.sampled_from(sorted(WORLD)), max_size=6),
    st.frozensets(st.sampled_from(sorted(WORLD)), max_size=6),
)
def test_folding_loses_and_adds_nothing(groups: list[str], extra: frozenset[str], without: frozenset[str]) -> None:
    codes = expand([*groups, *extra], without)
    unfolded: set[str] = set()
    for name, exceptions in fold(codes):
        unfolded |= GROUPS.get(name, frozenset({name})) - exceptions
    assert unfolded == codes


def test_folding_uses_the_trade_s_names() -> None:
    assert fold(GROUPS["ASEAN"] - {"TH"}) == [("ASEAN", frozenset({"TH"}))]
    assert fold(WORLD - {"CN"}) == [("WORLD", frozenset({"CN"}))]
    assert fold(frozenset({"TH", "VN"})) == [("TH", frozenset()), ("VN", frozenset())]
