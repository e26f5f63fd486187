from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distribution import isrc
from distribution.errors import ImportOnlyIsrc, InvalidIsrc, NoIsrcLeft


@pytest.mark.parametrize(
    "written",
    [
        "AA6Q72000047",
        "aa-6q7-20-00047",
        "ISRC AA-6Q7-20-00047",
        "ISRC: AA6Q72000047",
        " AA6Q7-20-00047 ",
        "ＡＡ６Ｑ７２００００４７",
    ],
)
def test_everything_people_write_has_one_stored_form(written: str) -> None:
    assert isrc.parse(written) == "AA6Q72000047"


def test_a_code_is_shown_as_the_standard_writes_it() -> None:
    assert isrc.display("AA6Q72000047") == "ISRC AA-6Q7-20-00047"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "HELLO",
        "AA6Q7200004",
        "AA6Q720000471",
        "A16Q72000047",
        "AA6Q72O00047",
        "AA6Q7200004٧",
        "AA6Q72000047 and more",
        "AA--6Q72000047",
        "\x00" * 12,
        "A" * 10_000,
        "AA6Q72000047" + " " * 60 + "0",
    ],
)
def test_anything_else_is_refused_with_its_field(written: str) -> None:
    with pytest.raises(InvalidIsrc) as refused:
        isrc.parse(written, "tracks.1.isrc")
    assert refused.value.field == "tracks.1.isrc"
    assert refused.value.code == "INVALID"


@given(st.from_regex(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", fullmatch=True))
def test_showing_and_reading_gives_the_code_back(code: str) -> None:
    assert isrc.parse(isrc.display(code)) == code


def test_designations_follow_each_other_and_end() -> None:
    allocation = isrc.Allocation("AA6Q7", 2026, 8, 10)
    assert [allocation.code(number) for number in (8, 9, 10)] == ["AA6Q72600008", "AA6Q72600009", "AA6Q72600010"]
    assert allocation.next(None) == 8
    assert allocation.next(9) == 10
    with pytest.raises(NoIsrcLeft):
        allocation.next(10)
    with pytest.raises(ValueError, match="outside"):
        allocation.code(11)


def test_a_range_is_open_in_its_own_year_only() -> None:
    allocation = isrc.Allocation("AA6Q7", 2026, 0, 99_999)
    assert allocation.open_on(date(2026, 12, 31))
    assert not allocation.open_on(date(2027, 1, 1))
    assert not allocation.open_on(date(2126, 6, 1)), "the two digits of the year are the same a century later"


def test_codes_of_mainland_china_are_entered_not_made() -> None:
    with pytest.raises(ImportOnlyIsrc):
        isrc.Allocation("CNA12", 2026, 0, 10)
    assert isrc.parse("CN-A12-26-00001") == "CNA122600001"


@pytest.mark.parametrize(
    ("prefix", "first", "last"),
    [("A16Q7", 0, 1), ("aa6q7", 0, 1), ("AA6Q7", 5, 4), ("AA6Q7", -1, 4), ("AA6Q7", 0, 100_000)],
)
def test_a_range_that_is_none_is_refused(prefix: str, first: int, last: int) -> None:
    with pytest.raises(InvalidIsrc):
        isrc.Allocation(prefix, 2026, first, last)


def test_a_range_knows_its_own_codes() -> None:
    allocation = isrc.Allocation("AA6Q7", 2026, 100, 200)
    assert allocation.covers("AA6Q72600150")
    assert not any(allocation.covers(code) for code in ("AA6Q72600099", "AA6Q72500150", "AA6Q82600150"))
