"""Workbooks and delimited text read as records: names of columns, values in the region's spellings, what is wrong and where."""

from __future__ import annotations

import csv
import io
import resource
import time
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from catalog.facts import Credit as Credited
from catalog.formats.exported import ExportedText, ExportedWork, Granted, Order, Rendered
from catalog.formats.problems import FileRefused
from catalog.formats.readers import READERS, recognise
from catalog.formats.record import Credit, Record, Words
from catalog.formats.sheets import corrected, reader, template
from catalog.formats.sheets.columns import STATUS, TEMPLATE, header, key_of
from catalog.formats.sheets.corrected import Remark
from catalog.formats.sheets.grid import Cell, Kind
from catalog.formats.sheets.text import inert, live_again
from catalog.formats.sheets.values import Fault, day, year
from catalog.formats.sheets.workbook import Workbook
from catalog.formats.writers import WRITERS
from catalog.identifiers import Identified
from catalog.rights import RIGHTS_BY_KIND, RightType, Scope
from catalog.territories import WORLD
from hub.i18n import LANGUAGES
from tests.factories.sheets import HEADINGS, LIAOZHAI, SANGUO, delimited, long_workbook, workbook

TODAY = date(2026, 11, 23)


def read(content: bytes, file_format: str = "XLSX") -> list[Record]:
    return list(READERS[file_format].records(io.BytesIO(content), TODAY))


def codes(record: Record) -> list[str]:
    return [problem.code for problem in record.problems]


def one(*pairs: tuple[str, Any]) -> Record:
    """The record of a list of one row, by names of columns and what stands under them."""
    [record] = read(workbook([[name for name, _value in pairs], [value for _name, value in pairs]]))
    return record


@pytest.mark.parametrize("file_format", ["XLSX", "CSV"])
def test_a_list_says_the_same_as_workbook_and_as_text(file_format: str) -> None:
    rows = [("A list of ours",), (), HEADINGS, SANGUO, LIAOZHAI]
    content = workbook(rows) if file_format == "XLSX" else delimited(rows)
    assert recognise(io.BytesIO(content)) == file_format
    assert READERS[file_format].count(io.BytesIO(content)) == 2
    sanguo, liaozhai = read(content, file_format)
    assert (sanguo.reference, sanguo.line, sanguo.kind, sanguo.original_language) == ("k1", 4, "BOOK", "zh")
    assert sanguo.titles == [Words("三国演义", "zh")]
    assert sanguo.credits == [Credit("罗贯中", "aut")]
    assert [found.value for found in sanguo.identifiers] == ["9787020002207"]
    assert sanguo.publication_year == 1522
    assert [scope.territories for scope in sanguo.mandates] == [WORLD - {"US", "CA"}, {"US", "CA"}]
    assert sanguo.mandates[0].start == TODAY
    assert liaozhai.mandates == []
    assert codes(sanguo) == codes(liaozhai) == []


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ","), ("gb18030", ","), ("gb18030", "|")],
)
def test_text_is_read_in_the_encodings_of_the_region(encoding: str, delimiter: str) -> None:
    rows = [("书号", "书名", "作者", "语言"), ("978-7-02-000220-7", "三国演义，全本", "罗贯中", "中文")]
    [record] = read(delimited(rows, encoding=encoding, delimiter=delimiter), "CSV")
    assert (record.titles[0].text, record.credits[0].name) == ("三国演义，全本", "罗贯中")


def test_thai_text_of_windows_is_read() -> None:
    rows = [("ชื่อเรื่อง", "ผู้แต่ง", "ภาษา"), ("สี่แผ่นดิน", "ม.ร.ว. คึกฤทธิ์ ปราโมช", "ไทย"), ("ผู้ใหญ่ลี", "พิพัฒน์", "ไทย")]
    first, second = read(delimited(rows, encoding="cp874"), "CSV")
    assert (first.titles, second.titles) == ([Words("สี่แผ่นดิน", "th")], [Words("ผู้ใหญ่ลี", "th")])


BROKEN = {
    "no zip": (b"PK nothing", "XLSX", "SHEET_NOT_XLSX"),
    "the old form, or locked": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLSX", "SHEET_OLD_OR_LOCKED"),
    "cut off": (workbook([HEADINGS, SANGUO])[:-200], "XLSX", "SHEET_NOT_XLSX"),
    "no names": (workbook([("a", "b"), ("c", "d")]), "XLSX", "SHEET_NO_HEADER"),
    "no rows": (workbook([HEADINGS]), "XLSX", "SHEET_EMPTY"),
    "letters of no known encoding": ("Title,ISBN\nCafé,1".encode("cp1252"), "CSV", "SHEET_ENCODING"),
    "no text": (bytes(range(256)) * 40, "CSV", "SHEET_NOT_TEXT"),
    "quotes without end": (b'Title,ISBN\n"' + b"a,b\n" * 60_000, "CSV", "SHEET_QUOTES"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_list_is_refused_as_a_whole(what: str) -> None:
    content, file_format, code = BROKEN[what]
    with pytest.raises(FileRefused) as refused:
        READERS[file_format].count(io.BytesIO(content))
    assert refused.value.problem.code == code


def test_a_bomb_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog.formats.sheets import workbook as parts

    monkeypatch.setattr(parts, "MAX_ROW", 1024 * 1024)
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEADINGS, SANGUO]))) as old, zipfile.ZipFile(bomb, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            if "worksheets" in name:
                content = content.replace(b"</row>", b"<c/>" * 2_000_000 + b"</row>", 1)
            new.writestr(name, content)
    assert bomb.tell() < 100_000
    with pytest.raises(FileRefused) as refused:
        READERS["XLSX"].count(bomb)
    assert refused.value.problem.code == "SHEET_TOO_LARGE"


@pytest.mark.parametrize(
    ("value", "code", "fix"),
    [
        ("9.78702E+12", "SHEET_SCIENTIFIC", None),
        ("978702000220８", "SHEET_IDENTIFIER", None),
        ("978702OOO22O7", "SHEET_IDENTIFIER", "9787020002207"),
        ("97870200O2207", "SHEET_IDENTIFIER", "9787020002207"),
    ],
)
def test_a_damaged_identifier_leaves_the_row_out_and_is_mended_where_one_reading_is_possible(
    value: object, code: str, fix: str | None
) -> None:
    record = one(("Title", "三国演义"), ("Language", "zh"), ("ISBN", value))
    [problem] = record.problems
    assert (problem.code, problem.field, problem.skips, problem.params.get("fix")) == (code, "ISBN", True, fix)
    assert not record.usable


@pytest.mark.parametrize(
    "value", ["978-7-02-000220-7", "７-02-000220-X", 9787020002207, "9.787020002207E+12", "ISBN 9787020002207"]
)
def test_an_identifier_is_read_however_it_is_typed(value: object) -> None:
    record = one(("Title", "三国演义"), ("Language", "zh"), ("ISBN", value))
    assert [found.value for found in record.identifiers] == ["9787020002207"]
    assert record.reference == "ISBN:9787020002207"
    assert not record.keyed


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024", 2024), ("２０２４年", 2024), ("៣១/១២/២០២៤", 2024), ("2024-03-15", 2024), ("15 มีนาคม 2024", 2024),
        ("March 15, 2024", 2024),
        ("03/04/2024", 2024), ("2024年3月15日", 2024), ("-400", -400),
        ("2567", "SHEET_YEAR_BUDDHIST"), ("15 มีนาคม 2567", "SHEET_YEAR_BUDDHIST"), ("24", "SHEET_YEAR_SHORT"),
        ("15/03/24", "SHEET_YEAR_SHORT"),
        ("45366", "SHEET_SERIAL"), ("soon", "SHEET_YEAR"), ("3100", "SHEET_YEAR"),
    ],
)  # fmt: skip
def test_years_in_the_region_s_spellings(text: str, meant: int | str) -> None:
    if isinstance(meant, int):
        assert year(Cell(text)) == meant
    else:
        with pytest.raises(Fault) as fault:
            year(Cell(text))
        assert fault.value.code == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-01-31", date(2026, 1, 31)), ("31/1/2026", date(2026, 1, 31)), ("1/31/2026", date(2026, 1, 31)),
        ("2026年1月31日", date(2026, 1, 31)),
        ("31 tháng 1 2026", date(2026, 1, 31)), ("31 januari 2026", date(2026, 1, 31)), ("05/05/2026", date(2026, 5, 5)),
        ("03/04/2026", "SHEET_DAY_AMBIGUOUS"), ("31/1/2569", "SHEET_YEAR_BUDDHIST"), ("31/2/2026", "SHEET_DAY"),
        ("46053", "SHEET_SERIAL"),
    ],
)  # fmt: skip
def test_days_are_read_or_asked_about(text: str, meant: date | str) -> None:
    if isinstance(meant, date):
        assert day(Cell(text)) == meant
    else:
        with pytest.raises(Fault) as fault:
            day(Cell(text))
        assert fault.value.code == meant


def test_a_cell_that_is_formatted_as_a_date_is_one() -> None:
    record = one(
        ("Title", "三国演义"),
        ("Language", "zh"),
        ("Rights", "TH; L"),
        ("Rights from", date(2026, 2, 1)),
        ("Rights until", "2027-01-31"),
    )
    assert [(scope.start, scope.end) for scope in record.mandates] == [(date(2026, 2, 1), date(2027, 2, 1))]
    assert year(Cell("2024-03-15", Kind.DATE)) == 2024


def test_a_formula_is_taken_by_its_result_with_a_warning_and_without_one_says_what_to_do() -> None:
    content = long_workbook(3)
    assert [codes(record) for record in read(content)] == [
        ["SHEET_FORMULA"],
        ["SHEET_FORMULA", "SHEET_MERGED"],
        ["SHEET_FORMULA"],
    ]
    [empty] = read(workbook([HEADINGS[:3], ("=1+1", "三国演义", "zh")]))
    assert (codes(empty), empty.usable) == (["SHEET_FORMULA_EMPTY"], False)


def test_merged_cells_leave_out_the_rows_that_have_no_value_of_their_own() -> None:
    first, second, third = read(
        workbook([HEADINGS[:3], ("a", "一", "zh"), ("b", "", "zh"), ("c", "二", "zh")], merged=["B2:B3"])
    )
    assert (first.usable, codes(first)) == (True, [])
    assert (second.usable, codes(second), second.problems[0].field) == (False, ["SHEET_MERGED"], "Title")
    assert third.usable


def test_a_mistake_in_rights_takes_none_of_them_and_says_the_letter() -> None:
    record = one(
        ("Title", "三国演义"), ("Language", "zh"), ("Rights: Print", "TH; L"), ("Rights", "World ex US,Thailnd; L")
    )
    [problem] = record.problems
    assert (problem.code, problem.params["position"], problem.params["fix"]) == ("SHEET_RIGHTS", "13", "Thailand")
    assert record.mandates == []
    assert record.usable


def test_what_is_held_back_is_read_like_the_rights() -> None:
    record = one(
        ("Title", "三国演义"),
        ("Language", "zh"),
        ("Rights", "World; L; PRINT, FILM_ADAPTATION"),
        ("Rights from", "2026-01-01"),
        ("Rights until", "2031-12-31"),
        ("Held back", "VN; L; EBOOK; ..2026-12-31 || TH; tha"),
    )
    assert record.problems == []
    start, usual = date(2026, 1, 1), {RightType.PRINT, *RIGHTS_BY_KIND["BOOK"]}
    assert record.holdbacks == [
        Scope(frozenset({RightType.EBOOK}), frozenset({"VN"}), None, start, date(2027, 1, 1)),
        Scope(
            frozenset({*usual, RightType.FILM_ADAPTATION}),
            frozenset({"TH"}),
            frozenset({"th"}),
            start,
            date(2032, 1, 1),
        ),
    ]


@pytest.mark.parametrize("value", ["Vietnm; L", "#REF!", "=A1"])
def test_what_is_held_back_in_words_that_cannot_be_read_is_not_offered_either(value: str) -> None:
    record = one(("Title", "三国演义"), ("Language", "zh"), ("Rights", "World; L"), ("Held back", value))
    assert [problem.field for problem in record.problems] == ["Held back"]
    assert (record.mandates, record.holdbacks) == ([], [])
    assert record.usable


def test_a_column_of_one_right_grants_that_right() -> None:
    record = one(
        ("Title", "三国演义"),
        ("Language", "zh"),
        ("Print rights", "World; L"),
        ("Audio rights", "TH; tha"),
        ("Exclusive", "no"),
    )
    assert record.mandates == [
        Scope(frozenset({RightType.PRINT}), WORLD, None, TODAY),
        Scope(frozenset({RightType.AUDIOBOOK}), frozenset({"TH"}), frozenset({"th"}), TODAY),
    ]


def test_the_same_key_twice_leaves_the_second_row_out() -> None:
    first, second = read(workbook([HEADINGS[:4], SANGUO[:4], ("k1", *LIAOZHAI[1:4])]))
    assert first.usable
    assert (second.usable, second.problems[0].code, second.problems[0].params["line"]) == (
        False,
        "SHEET_KEY_TWICE",
        "2",
    )


def test_unknown_columns_and_columns_that_come_twice_are_told_once() -> None:
    rows = [("Title", "Title", "Language", "Shelf"), ("三国演义", "三国志", "zh", "A1"), ("聊斋志异", "x", "zh", "A2")]
    first, second = read(workbook(rows))
    assert codes(first) == ["SHEET_COLUMN_TWICE", "SHEET_COLUMNS_UNKNOWN"]
    assert (first.titles[0].text, codes(second)) == ("三国演义", [])


def test_a_row_without_a_title_changes_a_title_that_is_listed() -> None:
    [record] = read(workbook([("Your key", "Thema"), ("k1", "Fiction; FYB")]))
    assert (record.notification, record.subjects, record.usable) == ("04", ["F", "FYB"], True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_known_by_their_names_in_every_language(language: str) -> None:
    named = {key: key_of(header(key).render(language)) for key in (*TEMPLATE, STATUS)}
    assert named == {key: key for key in (*TEMPLATE, STATUS)}


@pytest.mark.parametrize(
    ("name", "key"),
    [("ISBN-13", "identifier:ISBN"), ("Title (Thai)", "title:th"), ("title_vi", "title:vi"), ("书名（英文）", "title:en"),
     ("AUTHOR(S)", "role:aut"),
     ("Print rights", "right:PRINT"), ("Thema codes", "subjects"), ("出版时间", "year"), ("Shelf", None), ("", None)],
)  # fmt: skip
def test_columns_are_known_by_what_people_call_them(name: str, key: str | None) -> None:
    assert key_of(name) == key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file_format", ["XLSX", "CSV"])
def test_the_template_reads_back_without_problems(language: str, file_format: str) -> None:
    content = template.made(language, file_format.lower())
    with pytest.raises(FileRefused) as empty:
        READERS[file_format].count(io.BytesIO(content))
    assert empty.value.problem.code == "SHEET_EMPTY", "the example is no title"
    filled = [[header(key).render(language) for key in TEMPLATE], [template.example(key, language) for key in TEMPLATE]]
    filled[1][0] = "k1"
    content = workbook(filled) if file_format == "XLSX" else delimited(filled)
    [record] = read(content, file_format)
    assert record.problems == []
    assert {words.language: words.text for words in record.titles} == {
        "zh": "三国演义", "en": "Romance of the Three Kingdoms", "vi": "Tam quốc diễn nghĩa", "th": "สามก๊ก",
    }  # fmt: skip
    assert (record.kind, record.country, record.publication_year, record.subjects) == ("BOOK", "CN", 1522, ["FV"])
    assert len(record.mandates) == 2


def test_a_list_without_end_is_read_in_bounded_memory_and_time() -> None:
    rows = 6_000
    content = long_workbook(rows)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    found = {"SHEET_FORMULA": 0, "SHEET_MERGED": 0}
    for record in reader.workbook_records(io.BytesIO(content), TODAY):
        for problem in record.problems:
            found[problem.code] += 1
    assert found == {"SHEET_FORMULA": rows, "SHEET_MERGED": rows // 10}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 40, "megabytes"
    assert time.perf_counter() - started < 60


def remarks(row: int, *found: Remark) -> corrected.Remarks:
    return corrected.asked_in_order(iter([(row, list(found))]))


WRONG_ISBN = Remark("ISBN", "Is it another?", "978702OOO22O7", "9787020002207")
WRONG_YEAR = Remark("Year of publication", "This is no year.", "soon")


def test_a_corrected_workbook_is_the_person_s_own_with_marks_and_remarks() -> None:
    rows: Sequence[Sequence[Any]] = [HEADINGS, ("k1", "三国演义", "zh", "978702OOO22O7", "", "soon"), LIAOZHAI]
    made = io.BytesIO()
    corrected.workbook(io.BytesIO(workbook(rows)), made, remarks(2, WRONG_ISBN, WRONG_YEAR), "What to correct")
    sheet = openpyxl.load_workbook(made).active
    assert sheet["H1"].value == "What to correct"
    assert sheet["H2"].value == "ISBN: Is it another?\nYear of publication: This is no year."
    assert (sheet["D2"].value, sheet["F2"].value, sheet["B3"].value) == ("9787020002207", "soon", "聊斋志异")
    colours = [sheet[cell].fill.fgColor.rgb for cell in ("D2", "F2", "B2")]
    assert colours == ["FFFFF1C2", "FFF8D7D3", "00000000"]
    [mended, _other] = read(made.getvalue())
    assert (codes(mended), mended.identifiers[0].value) == (["SHEET_YEAR"], "9787020002207")
    again = io.BytesIO()
    corrected.workbook(made, again, corrected.asked_in_order(iter(())), "What to correct")
    with Workbook(again) as book:
        remarked = [row.cells.get(7) for row in book.rows(book.tables()[0])]
    assert remarked == [Cell("What to correct"), None, None], "what was said before is gone, the column is used again"


def test_corrected_text_keeps_its_delimiter_and_comes_as_utf_8() -> None:
    rows = [HEADINGS, ("k1", "三国演义", "zh", "978702OOO22O7", "", "soon")]
    made = io.BytesIO()
    source = io.BytesIO(delimited(rows, encoding="gb18030", delimiter=";"))
    corrected.delimited(source, made, remarks(2, WRONG_ISBN, Remark(None, "=1+1")), "What to correct")
    lines = made.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].endswith(";What to correct")
    assert lines[1].startswith("k1;三国演义;zh;9787020002207;")


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@x", "'=1", "plain", "", "'quoted'"])
def test_no_text_becomes_a_formula(text: str) -> None:
    written = inert(text)
    assert not written.startswith(("=", "+", "-", "@"))
    assert live_again(written) == text


WORK = ExportedWork(
    id=UUID(int=1),
    kind="COMIC",
    status="PUBLISHED",
    original_language="zh",
    title=ExportedText(
        "=SUM(三毛)", "zh", {"th": Rendered("ซานเหมา", "REVIEWED"), "en": Rendered("-Sanmao", "SUPPLIED")}
    ),
    description=ExportedText("一个孩子。\n\n两个孩子。", "zh", {"km": Rendered("ក្មេង", "REVIEWED")}),
    contributors=[Credited("Zhang Leping", "art", "张乐平"), Credited("无名氏", "ctb")],
    identifiers=[
        Identified("ISBN", "9787020002207"),
        Identified("ISBN", "9787020008735"),
        Identified("DOI", "10.1000/182"),
    ],
    subjects=["XA", "YFJ"],
    publication_year=-400,
    country_of_origin="CN",
    record_reference="@k1",
    mandates=[
        Granted(
            Scope(frozenset({RightType.COMIC_PRINT}), WORLD - {"US"}, None, date(2026, 1, 1), None, True), "entered"
        ),
        Granted(
            Scope(frozenset({RightType.EST}), frozenset({"TH"}), frozenset({"et", "zh-Hant"}), TODAY, date(2030, 1, 1)),
            "xlsx",
        ),
    ],
    holdbacks=[
        Scope(frozenset({RightType.COMIC_PRINT}), frozenset({"VN"}), None, date(2026, 1, 1), date(2027, 1, 1)),
        Scope(frozenset(RightType), WORLD - {"CN", "TW"}, frozenset({"en"}), TODAY),
    ],
    updated_at=datetime(2026, 11, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file_format", ["XLSX", "CSV"])
def test_what_is_written_reads_back_the_same(language: str, file_format: str) -> None:
    made = io.BytesIO()
    WRITERS[file_format]["LIST"].write(iter([WORK]), made, Order("象山", datetime.now(UTC), language))
    if file_format == "CSV":
        assert "=SUM" not in [
            cell[:4] for row in csv.reader(io.StringIO(made.getvalue().decode("utf-8-sig"))) for cell in row
        ]
    else:
        sheet = openpyxl.load_workbook(made).active
        assert not [cell.value for cell in sheet[2] if cell.data_type == "f"]
    [record] = read(made.getvalue(), file_format)
    assert codes(record) == ["SHEET_STATUS"]
    assert record.usable
    assert (record.reference, record.kind, record.original_language, record.country) == ("@k1", "COMIC", "zh", "CN")
    assert record.titles[0] == Words("=SUM(三毛)", "zh")
    assert {words.language: words.text for words in record.titles[1:]} == {"th": "ซานเหมา", "en": "-Sanmao"}
    assert [(words.language, words.text) for words in record.descriptions] == [
        ("zh", "一个孩子。\n\n两个孩子。"),
        ("km", "ក្មេង"),
    ]
    assert record.credits == [Credit("Zhang Leping", "art", "张乐平"), Credit("无名氏", "ctb")]
    assert record.identifiers == WORK.identifiers
    assert (record.subjects, record.publication_year) == (["XA", "YFJ"], -400)
    assert record.mandates == [granted.scope for granted in WORK.mandates]
    assert record.holdbacks == WORK.holdbacks


@pytest.mark.parametrize(("language", "state"), [("en", "Published"), ("th", "เผยแพร่แล้ว"), ("km", "បានផ្សាយ")])
def test_a_list_says_the_state_of_a_title_in_the_reader_s_words(language: str, state: str) -> None:
    made = io.BytesIO()
    WRITERS["CSV"]["LIST"].write(iter([WORK]), made, Order("象山", datetime.now(UTC), language))
    [names, cells] = csv.reader(io.StringIO(made.getvalue().decode("utf-8-sig")))
    assert (names[-1], cells[-1]) == (header("status").render(language), state)
