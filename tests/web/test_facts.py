"""Facts as the pages say them."""

from __future__ import annotations

from typing import Any

import pytest

from hub.i18n import language
from web import charts, facts


def scope(**changed: Any) -> dict[str, Any]:
    whole = {
        "rights": ["PRINT", "EBOOK"],
        "territories": ["VN"],
        "languages": ["vi"],
        "period": {"start": "2027-03-01", "end": "2032-03-01"},
        "exclusive": True,
    }
    return whole | changed


def test_a_term_shows_its_last_day() -> None:
    with language("en"):
        assert facts.term({"start": "2027-03-01", "end": "2032-03-01"}) == "1 March 2027 to 29 February 2032"
        assert facts.term({"start": "2027-03-01", "end": None}) == "From 1 March 2027, without end"


def test_the_world_and_asean_have_names_of_their_own() -> None:
    with language("en"):
        assert facts.territories(sorted(facts.WORLD)) == "Worldwide"
        assert facts.territories(sorted(facts.WORLD - {"CN"})) == "Worldwide except Mainland China"
        assert facts.territories([*sorted(facts.ASEAN), "JP"]) == "ASEAN and Japan"
        assert facts.territories(["VN"]) == "Viet Nam"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Lê Thu Hà", "LH"), ("陈静", "陈"), ("พิมพ์ลดา", "พิ"), ("เสาวภา", "เส"), ("Banmao", "B"), ("", "·")],
)
def test_initials_keep_a_letter_with_its_marks(name: str, letters: str) -> None:
    assert facts.initials(name) == letters


def test_words_of_a_query_are_marked_and_nothing_else_is_html() -> None:
    assert facts.marked("<b>山海经</b> 山", "山海经") == "&lt;b&gt;<mark>山海经</mark>&lt;/b&gt; 山"


def test_one_state_for_all_rights_of_a_territory() -> None:
    def right(name: str, **states: str) -> dict[str, Any]:
        return {
            "right": name,
            "territories": [{"territory": code, "status": value, "until": None} for code, value in states.items()],
        }

    overview = {
        "rights": [
            right("PRINT", VN="FREE", TH="SOLD", KH="HELD", CN="NONE", LA="FREE"),
            right("EBOOK", VN="FREE", TH="FREE", KH="SOLD", CN="NONE", LA="NONE"),
        ]
    }
    merged = {item["territory"]: item["status"] for item in facts.merged(overview)}
    assert merged == {"VN": "FREE", "TH": "PART", "KH": "HELD", "CN": "NONE", "LA": "FREE"}
    assert facts.here(overview, "TH") == {
        "free": ["EBOOK"],
        "part": [],
        "held": [],
        "sold": ["PRINT"],
        "until": None,
    }
    partly = facts.here({"rights": [right("PRINT", TH="PART"), right("EBOOK", TH="FREE")]}, "TH")
    assert (partly["free"], partly["part"]) == (["EBOOK"], ["PRINT"])


def test_periods_of_account_in_the_readers_calendar() -> None:
    with language("th"):
        assert facts.period("2026-10") == "ตุลาคม 2569"
    with language("en"):
        assert facts.period("2026-Q4") == "4th quarter 2026"


def test_percentages_keep_their_decimals() -> None:
    with language("vi"):
        assert facts.percent("7.5") == "7,5%"
        assert facts.part("0.29") == "29%"
        assert facts.part("0.333333") == "33,3333%"


def test_bars_stand_on_zero_and_name_the_first_the_last_and_the_highest() -> None:
    chart = charts.bars([100, 400, 0, 200], list("abcd"), ["1", "4", "0", "2"], 400, 148)
    assert [bar.height for bar in chart.bars] == [25.0, 100.0, 0.0, 50.0]
    assert all(round(bar.y + bar.height, 1) == chart.base for bar in chart.bars)
    assert [bar.named for bar in chart.bars] == [True, True, False, True]
    assert charts.bars([], [], [], 400, 148).bars == ()
