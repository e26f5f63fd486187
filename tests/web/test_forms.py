"""Forms: how what a person typed becomes variables, and where a refusal is put."""

from __future__ import annotations

import io

import pytest
from starlette.datastructures import FormData, UploadFile

from hub.door import Refusal
from web.forms import Form
from web.pages.negotiations import compare
from web.pages.offers import expiry, major, terms_input
from web.pages.releases import track_input
from web.pages.scopes import SCOPE_NAMES, of_terms, scope_input, years_after
from web.pages.statements import chain

ASKED = [
    ("right", "PRINT"),
    ("right", "EBOOK"),
    ("territory", "VN"),
    ("language", "vi"),
    ("start", "2028-02-29"),
    ("years", "5"),
    ("exclusive", "yes"),
]


def form(*changed: tuple[str, str]) -> Form:
    names = {name for name, _value in changed}
    return Form(FormData([item for item in ASKED if item[0] not in names] + [item for item in changed if item[1]]))


def test_years_become_a_half_open_period() -> None:
    sent = form()
    assert scope_input(sent) == {
        "rights": ["PRINT", "EBOOK"],
        "territories": ["VN"],
        "languages": ["vi"],
        "period": {"start": "2028-02-29", "end": "2033-03-01"},
        "exclusive": True,
    }
    assert not sent.errors


def test_every_language_and_no_end_are_null() -> None:
    scope = scope_input(form(("language", "every"), ("years", "every"), ("exclusive", "")))
    assert scope is not None
    assert (scope["languages"], scope["period"]["end"], scope["exclusive"]) == (None, None, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("right", ""),
        ("territory", ""),
        ("start", "soon"),
        ("years", "-1"),
        ("years", "²"),
        ("years", "1e9"),
        ("years", "0000000005"),
        ("start", "9998-01-01"),
    ],
)
def test_what_is_missing_or_not_understood_is_said_at_its_field(field: str, value: str) -> None:
    sent = form((field, value))
    assert scope_input(sent) is None
    assert list(sent.errors) == [field]


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [("5500", "USD", "550000"), ("5 500.50", "USD", "550050"), ("1,200,000", "VND", "1200000"), ("0", "USD", "0")],
)
def test_amounts_become_minor_units(typed: str, currency: str, minor: str) -> None:
    sent = form(("advance", typed), ("advance_currency", currency))
    assert sent.money("advance") == {"minor": minor, "currency": currency}


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("5.005", "USD"),
        ("1.5", "VND"),
        ("-1", "USD"),
        ("NaN", "USD"),
        ("1e400", "USD"),
        ("12", "XXX"),
        ("ten", "USD"),
        ("1e5", "USD"),
        ("1e999999999", "USD"),
        ("Infinity", "USD"),
    ],
)
def test_amounts_that_are_not_are_refused(typed: str, currency: str) -> None:
    sent = form(("advance", typed), ("advance_currency", currency))
    assert sent.money("advance") is None
    assert "advance" in sent.errors


def test_a_royalty_above_the_whole_is_refused() -> None:
    sent = form(("royalty", "101"))
    assert terms_input(sent) is None
    assert "royalty" in sent.errors


def test_a_refusal_stands_at_the_field_it_names_or_above_the_form() -> None:
    sent = form()
    sent.refuse(Refusal("INVALID", 422, "Not in the future.", "terms.scope.period"), SCOPE_NAMES)
    sent.refuse(Refusal("RIGHTS_TAKEN", 409, "Taken."), SCOPE_NAMES)
    assert sent.errors == {"start": "Not in the future."}
    assert sent.general == "Taken."


def test_terms_on_the_table_fill_the_next_form() -> None:
    scope = scope_input(form(("start", "2027-03-01")))
    assert scope is not None
    fields = of_terms("BOOK", scope)
    assert (fields.years, fields.language, fields.start) == ("5", "vi", "2027-03-01")
    assert major({"minor": "550005", "currency": "USD"}) == "5500.05"
    assert major({"minor": "5", "currency": "USD"}) == "0.05"
    assert major({"minor": "5", "currency": "VND"}) == "5"


def test_29_february_ends_on_1_march() -> None:
    from datetime import date

    assert years_after(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert years_after(date(2027, 3, 1), 5) == date(2032, 3, 1)


def test_what_changed_between_two_versions() -> None:
    before = {
        "scope": {
            "rights": ["PRINT", "AUDIOBOOK"],
            "territories": ["VN"],
            "languages": ["vi"],
            "period": {"start": "2027-03-01", "end": "2030-03-01"},
            "exclusive": True,
        },
        "advance": {"formatted": "US$4,000"},
        "royaltyPercent": "7",
        "minimumGuarantee": None,
        "note": None,
    }
    after = {**before, "scope": {**before["scope"], "rights": ["PRINT"]}, "advance": {"formatted": "US$5,500"}}  # type: ignore[dict-item]
    rows = {str(row.name): row for row in compare(before, after)}
    assert [row for row in rows if rows[row].changed] == ["Rights", "Advance"]
    assert [(part.mark, part.text) for part in rows["Rights"].before] == [("", "Print"), ("del", "Audiobook")]
    assert [(part.mark, part.text) for part in rows["Advance"].after] == [("ins", "US$5,500")]
    assert "Minimum guarantee" not in rows


def test_shares_are_sent_as_parts_of_one_and_a_track_needs_its_sound() -> None:
    sent = Form(
        FormData(
            [
                *(("title", "茉莉花"), ("payee", "韦小云"), ("role", "prf"), ("share", "12,5")),
                *(("payee", ""), ("role", "prf"), ("share", "")),
            ]
        )
    )
    assert track_input(sent) is None
    assert list(sent.errors) == ["audio"]


def track(*shares: str) -> Form:
    sound = UploadFile(io.BytesIO(b"fLaC"), filename="a.flac")
    lines = [[("payee", f"payee {share}"), ("role", "prf"), ("share", share)] for share in shares]
    return Form(FormData([("title", "茉莉花"), ("audio", sound), *(item for line in lines for item in line)]))


def test_shares_lose_no_place() -> None:
    sent = track("33.3333", "29", "0.0001", "37,6666 %")
    given = track_input(sent)
    assert given is not None, sent.errors
    assert [split["share"] for split in given["splits"]] == ["0.333333", "0.29", "0.000001", "0.376666"]


@pytest.mark.parametrize(
    "share", ["", "²", "١٢", "--5", "inf", "NaN", "1e400", "1e1", "9" * 5000, "100.5", "33.33333", "-1", "1_0"]
)
def test_a_share_that_is_no_percentage_is_refused(share: str) -> None:
    sent = track("50", share)
    assert track_input(sent) is None
    assert list(sent.errors) == ["share"]


def test_a_share_without_its_line_is_refused() -> None:
    sent = Form(FormData([*track("50").sent.multi_items(), ("payee", "乔羽"), ("share", "50")]))
    assert track_input(sent) is None
    assert list(sent.errors) == ["share"]


@pytest.mark.parametrize("royalty", ["²", "١٢", "--5", "1e1", "inf", "NaN", "9" * 5000, "7.12345", "100.01"])
def test_a_royalty_that_is_no_percentage_is_refused(royalty: str) -> None:
    sent = form(("royalty", royalty))
    assert terms_input(sent) is None
    assert list(sent.errors) == ["royalty"]


@pytest.mark.parametrize("day", ["9999-12-31", "0000-00-00", "2026-02-30", "20260101", "2026-W01-1", "٢٠٢٦-٠١-٠١"])
def test_a_day_that_no_other_follows_is_refused(day: str) -> None:
    sent = form(("expires", day))
    assert expiry(sent) is None
    assert list(sent.errors) == ["expires"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("right", "²"), ("language", "²"), ("language", "vi,"), ("exclusive", "²"), ("years", "2033-13-01")],
)
def test_a_choice_that_was_not_offered_is_refused(field: str, value: str) -> None:
    sent = form((field, value))
    assert scope_input(sent) is None
    assert list(sent.errors) == [field]


def test_a_field_that_is_sent_twice_or_as_a_file_is_refused() -> None:
    for second in ("two", UploadFile(io.BytesIO(b""), filename="a.txt")):
        sent = Form(FormData([("title", "one"), ("title", second)]))
        assert sent.value("title") == ""
        assert list(sent.errors) == ["title"]


@pytest.mark.parametrize(
    ("languages", "end", "language", "years"),
    [
        (["vi", "zh-Hant"], "2033-03-01", "vi,zh-Hant", "5"),
        (["vi"], "2037-03-01", "vi", "9"),
        (None, "2033-03-02", "every", "2033-03-02"),
        (["ja"], None, "ja", "every"),
    ],
)
def test_what_is_on_the_table_is_offered_to_the_letter(
    languages: list[str] | None, end: str | None, language: str, years: str
) -> None:
    scope = {
        "rights": ["PRINT"],
        "territories": ["TH", "FR"],
        "languages": languages,
        "period": {"start": "2028-02-29", "end": end},
        "exclusive": False,
    }
    fields = of_terms("BOOK", scope)
    assert (fields.language, fields.years) == (language, years)
    assert language in dict(fields.language_options)
    assert years in dict(fields.year_options)
    assert set(fields.territories) <= set(fields.territory_options)
    values = [("right", "PRINT"), ("territory", "TH"), ("territory", "FR"), ("start", fields.start)]
    assert scope_input(Form(FormData([*values, ("language", language), ("years", years)]))) == scope


def test_the_chain_of_a_statement_adds_up() -> None:
    def amount(minor: int) -> dict[str, str]:
        return {"minor": str(minor), "currency": "IDR", "formatted": str(minor)}

    links = chain(
        {
            "opening": amount(0),
            "earned": amount(1000),
            "recouped": amount(250),
            "held": amount(150),
            "payable": amount(600),
        }
    )
    assert [(link.start, link.width) for link in links] == [(0, 0), (0, 100), (75, 25), (60, 15)]
