"""Sales reports are read line by line; whatever is wrong has a code, a line and a cell."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution.messages import dsr
from distribution.problems import Problem
from tests.factories.dsr import Sold, report, written

Rows = list[list[str]]


def read(content: bytes) -> tuple[dsr.Report, list[dsr.Sale]]:
    taken = dsr.Report(dsr.lines_of(io.BytesIO(content)))
    return taken, list(taken.sales())


def problems(rows: Rows) -> list[Problem]:
    return read(written(rows))[0].problems


TWO = [Sold(), Sold("AA6Q72600002", "VN", 3, "0.000001", returns=1)]


def test_a_report_gives_its_header_and_its_sales() -> None:
    taken, sales = read(written(report(TWO)))
    assert taken.problems == []
    assert taken.header is not None
    assert (taken.header.message_id, taken.header.sender) == ("PADPIDA2026010101N-DSR-000001", "PADPIDA2026010101N")
    assert (taken.header.start, taken.header.end) == (date(2026, 10, 1), date(2026, 11, 1))
    assert [(sale.line, sale.isrc, sale.territory, sale.units, sale.net) for sale in sales] == [
        (7, "AA6Q72600001", "TH", 10, 12_345),
        (8, "AA6Q72600002", "VN", 2, 1),
    ]
    assert (taken.sales_count, taken.net, taken.currency) == (2, 12_346, "USD")
    assert sales[0].title == "刘三姐"


def test_a_period_without_sales_is_a_report() -> None:
    taken, sales = read(written(report([])))
    assert (taken.problems, sales, taken.currency) == ([], [], None)


def test_line_ends_a_byte_order_mark_versions_and_extra_cells_by_agreement() -> None:
    rows = report(TWO)
    rows[4][0] = "SY10.01"
    rows.insert(7, ["DE01", "ReturnReason", "FaultyFile", "and", "more"])
    rows[-1][1] = str(len(rows))
    taken, sales = read(b"\xef\xbb\xbf" + written(rows).replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    assert taken.problems == []
    assert len(sales) == 2


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("a|b", ["a", "b"]),
        (r"a\|b", ["a|b"]),
        (r"a\\|b", ["a\\", "b"]),
        (r"a\\\|b|", ["a\\|b", ""]),
        ("", [""]),
        (r"x\y", [r"x\y"]),
    ],
)
def test_values_of_a_cell(cell: str, values: list[str]) -> None:
    assert dsr.split(cell) == values


@given(st.lists(st.text(alphabet="a|\\ "), min_size=1))
def test_joining_and_splitting_gives_the_values_back(values: list[str]) -> None:
    assert dsr.split("|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)) == values


def change(row: int, cell: int, value: str) -> Callable[[Rows], None]:
    def changed(rows: Rows) -> None:
        rows[row][cell] = value

    return changed


def drop(row: int) -> Callable[[Rows], None]:
    def changed(rows: Rows) -> None:
        del rows[row]
        rows[-1][1] = str(len(rows))

    return changed


def insert(row: int, cells: list[str]) -> Callable[[Rows], None]:
    def changed(rows: Rows) -> None:
        rows.insert(row, cells)
        if rows[-1][0] == "SRFO":
            rows[-1][1] = str(len(rows))

    return changed


BROKEN: list[tuple[str, str | None, int, Callable[[Rows], None]]] = [
    ("HEADER_MISSING", None, 4, drop(0)),
    ("OTHER_PROFILE", "Profile", 1, change(0, 2, "UGCProfile")),
    ("CELL_MISSING", "MessageId", 1, change(0, 4, "")),
    ("SEVERAL_FILES", "NumberOfFiles", 1, change(0, 7, "2")),
    ("PERIOD", "UsageEndDate", 1, change(0, 9, "2026-09-30")),
    ("CELL_NOT_UNDERSTOOD", "UsageEndDate", 1, change(0, 9, "9999-12-31")),
    ("CELL_NOT_UNDERSTOOD", "UsageStartDate", 1, change(0, 8, "2026-10")),
    ("UNKNOWN_RECORD", "RecordType", 5, insert(4, ["AS01", "1"])),
    ("RECORD_OUT_OF_PLACE", "RecordType", 2, insert(1, ["DE01", "x"])),
    ("CELL_COUNT", "RecordType", 6, lambda rows: rows[5].append("")),
    ("SUMMARY_REPEATED", "SummaryRecordId", 6, change(5, 1, "1")),
    ("CELL_NOT_UNDERSTOOD", "Territory", 5, change(4, 12, "XX")),
    (
        "CURRENCY",
        "CurrencyOfAccounting",
        6,
        lambda rows: [row.__setitem__(slice(20, 22), ["XAU", "XAU"]) for row in rows[4:6]] and None,
    ),
    ("MIXED_CURRENCIES", "CurrencyOfAccounting", 6, lambda rows: rows[5].__setitem__(slice(20, 22), ["VND", "VND"])),
    ("EXCHANGE_RATE", "ExchangeRate", 5, change(4, 22, "1.1")),
    ("SUMMARY_AMOUNT", "AllocatedNetRevenueInCurrencyOfAccounting", 5, change(4, 37, "0.5")),
    ("SUMMARY_USAGES", "AllocatedUsages", 5, change(4, 17, "11")),
    ("SUMMARY_UNKNOWN", "SummaryRecordId", 7, change(6, 24, "9")),
    ("USAGES", "NetUsage", 7, change(6, 26, "99")),
    ("CELL_NOT_UNDERSTOOD", "ResourceISRC", 7, change(6, 13, "HELLO")),
    ("CELL_NOT_UNDERSTOOD", "AllocatedNetRevenueInCurrencyOfAccounting", 7, change(6, 46, "1e3")),
    ("CELL_NOT_UNDERSTOOD", "AllocatedNetRevenueInCurrencyOfAccounting", 7, change(6, 46, "NaN")),
    ("CELL_NOT_UNDERSTOOD", "AllocatedNetRevenueInCurrencyOfAccounting", 7, change(6, 46, "9" * 13)),
    ("CELL_NOT_UNDERSTOOD", "AllocatedNetRevenueInCurrencyOfAccounting", 7, change(6, 46, "1,5")),
    ("CELL_NOT_UNDERSTOOD", "CopyrightObligationWithDSP", 7, change(6, 47, "yes")),
    ("FOOTER_MISSING", None, 8, lambda rows: rows.pop() and None),
    ("FOOTER_LINES", "NumberOfLinesInReport", 9, change(8, 1, "8")),
    ("FOOTER_SUMMARIES", "NumberOfSummaryRecords", 9, change(8, 2, "3")),
    ("AFTER_FOOTER", None, 10, lambda rows: rows.append(rows[6])),
    ("NOT_TEXT", None, 3, change(2, 0, "#\x00")),
    ("LINE_TOO_LONG", None, 7, change(6, 21, "x" * 70_000)),
]


@pytest.mark.parametrize(("code", "cell", "line", "broken"), BROKEN)
def test_what_is_wrong_has_a_code_a_line_and_a_cell(
    code: str, cell: str | None, line: int, broken: Callable[[Rows], None]
) -> None:
    rows = report(TWO)
    broken(rows)
    found = problems(rows)
    assert (code, cell, line) in {(problem.code, problem.field, problem.line) for problem in found}, found
    assert all(str(problem.message) for problem in found)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"<html>", b"HEAD", b"HEAD\t" * 20_000, b"\n" * 50]
)
def test_what_is_no_report_at_all_has_a_problem(content: bytes) -> None:
    taken, sales = read(content)
    assert taken.problems
    assert sales == []


def test_a_line_that_never_ends_is_not_read_into_memory() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            self.given += len(buffer)
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    source = Endless()
    taken = dsr.Report(dsr.lines_of(io.BufferedReader(source)))
    assert list(taken.sales()) == []
    assert [problem.code for problem in taken.problems] == ["LINE_TOO_LONG"]
    assert source.given < 1_000_000


def test_no_more_than_a_hundred_problems_are_collected() -> None:
    rows = report(TWO)
    rows[6:6] = [["XX99"]] * 500
    assert len(problems(rows)) == dsr.MOST_PROBLEMS


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_makes_a_report_look_whole_with_another_sum(data: st.DataObject) -> None:
    content = written(report(TWO))
    place = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:place] + bytes([data.draw(st.integers(0, 255))]) + content[place + 1 :]
    whole, _sales = read(content)
    taken, _damaged = read(damaged)
    assert taken.problems or taken.net == whole.net


@given(st.integers(1, 2000))
def test_a_report_that_breaks_off_is_never_whole(length: int) -> None:
    content = written(report(TWO))
    taken, _sales = read(content[: -min(length, len(content) - 1)])
    assert taken.problems or length == 1


@pytest.mark.standards
def test_a_report_of_another_profile_is_refused_by_its_name(standards: Path) -> None:
    (sample,) = (standards / "dsr").glob("*.tsv")
    with sample.open("rb") as file:
        taken = dsr.Report(dsr.lines_of(file))
        assert list(taken.sales()) == []
    assert [(problem.code, problem.field, problem.line) for problem in taken.problems] == [
        ("OTHER_PROFILE", "Profile", 1)
    ]
    assert "UGCProfile" in str(taken.problems[0].message)
