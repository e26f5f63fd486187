"""Pricing against a plain Python reckoning of the same four steps; and what must hold whatever comes in."""

from fractions import Fraction
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribution.revenue.pricing import LINES, SHARE_PARTS, SHARES, priced, quantum

Row = dict[str, Any]
CONNECTION = ibis.duckdb.connect(threads=1)
ARROW = {"int64": pa.int64(), "string": pa.string()}


def table(rows: list[Row], columns: dict[str, str]) -> Any:
    schema = pa.schema([(name, ARROW[kind]) for name, kind in columns.items()])
    return ibis.memtable(pa.Table.from_pylist([{name: row[name] for name in columns} for row in rows], schema=schema))


def run(lines: list[Row], shares: list[Row], minor: int) -> list[Row]:
    expression = priced(table(lines, LINES), table(shares, SHARES), minor).order_by("line", "payee")
    rows: list[Row] = CONNECTION.to_pyarrow(expression).to_pylist()
    return rows


def line(number: int, net: int, isrc: str = "A", gross: int | None = None) -> Row:
    return {
        "line": number,
        "isrc": isrc,
        "title": "t",
        "territory": "TH",
        "units": 1,
        "net": net,
        "gross": net if gross is None else gross,
    }


def shares_of(isrc: str, *parts: int) -> list[Row]:
    return [
        {"isrc": isrc, "payee": f"{isrc}-{place}", "position": place, "share": part} for place, part in enumerate(parts)
    ]


def largest_remainder(exact: list[Fraction], whole: int, order: list[Any]) -> list[int]:
    floors = [part.numerator // part.denominator for part in exact]
    ranked = sorted(range(len(exact)), key=lambda index: (-(exact[index] - floors[index]), order[index]))
    for index in ranked[: whole - sum(floors)]:
        floors[index] += 1
    return floors


def by_hand(lines: list[Row], shares: list[Row], minor: int) -> list[Row]:
    parts: list[Row] = []
    for row in lines:
        owed = [share for share in shares if share["isrc"] == row["isrc"]] or [
            {"payee": None, "position": 0, "share": SHARE_PARTS}
        ]
        exact = [Fraction(row["net"] * share["share"], SHARE_PARTS) for share in owed]
        turns = [((share["position"] + row["line"]) % len(owed), share["position"]) for share in owed]
        split = largest_remainder(exact, row["net"], turns)
        parts += [{**row, "payee": share["payee"], "part": part} for share, part in zip(owed, split, strict=True)]
    payees = sorted({part["payee"] for part in parts}, key=lambda name: (name is None, name))
    totals = [Fraction(sum(part["part"] for part in parts if part["payee"] == payee), minor) for payee in payees]
    sums = largest_remainder(totals, round(sum(totals, Fraction(0))), list(range(len(payees))))
    for payee, owed_minor in zip(payees, sums, strict=True):
        own = [part for part in parts if part["payee"] == payee]
        exact = [Fraction(part["part"], minor) for part in own]
        for part, amount in zip(own, largest_remainder(exact, owed_minor, [part["line"] for part in own]), strict=True):
            part["amount"] = amount
    return sorted(parts, key=lambda part: (part["line"], part["payee"] or ""))


def whole_shares(count: int) -> st.SearchStrategy[list[int]]:
    cuts = st.lists(st.integers(0, SHARE_PARTS), min_size=count - 1, max_size=count - 1)
    return cuts.map(
        lambda inner: [b - a for a, b in zip([0, *sorted(inner)], [*sorted(inner), SHARE_PARTS], strict=True)]
    )


amounts = st.one_of(st.integers(-20_000, 20_000), st.integers(-(10**12), 10**12))
cases = st.tuples(
    st.lists(st.tuples(amounts, st.sampled_from("ABCX"), amounts), min_size=1, max_size=25),
    st.integers(1, 4).flatmap(whole_shares),
    st.integers(1, 4).flatmap(whole_shares),
    st.sampled_from([0, 2]),
)


@settings(max_examples=25, deadline=None)
@given(cases)
def test_pricing_is_what_a_patient_clerk_would_reckon(case: Any) -> None:
    sold, first, second, exponent = case
    lines = [line(number, net, isrc, gross) for number, (net, isrc, gross) in enumerate(sold, 7)]
    shares = shares_of("A", *first) + shares_of("B", *second) + shares_of("C", SHARE_PARTS)
    minor = quantum(exponent)
    rows = run(lines, shares, minor)
    expected = by_hand(lines, shares, minor)
    assert [(row["line"], row["payee"], row["amount"]) for row in rows] == [
        (row["line"], row["payee"], row["amount"]) for row in expected
    ]
    assert sum(row["amount"] for row in rows) == round(Fraction(sum(row["net"] for row in lines), minor))
    gross = {row["line"]: row["gross"] for row in rows}
    assert sum(gross.values()) == round(Fraction(sum(row["gross"] for row in lines), minor))


def test_many_lines_below_a_cent_still_pay_everyone_their_share() -> None:
    lines = [line(number, 4_000) for number in range(1, 1_001)]
    rows = run(lines, shares_of("A", 750_000, 250_000), quantum(2))
    paid = {payee: sum(row["amount"] for row in rows if row["payee"] == payee) for payee in ("A-0", "A-1")}
    assert paid == {"A-0": 300, "A-1": 100}


def test_equal_shares_of_odd_amounts_take_turns() -> None:
    lines = [line(number, 1) for number in range(1, 20_001)]
    rows = run(lines, shares_of("A", 500_000, 500_000), quantum(2))
    assert sum(row["amount"] for row in rows if row["payee"] == "A-0") == 1
    assert sum(row["amount"] for row in rows if row["payee"] == "A-1") == 1


def test_amounts_beyond_floating_point_stay_exact() -> None:
    large = 9_007_199_254_740_993
    rows = run([line(1, large), line(2, -large + 10_000)], shares_of("A", 333_333, 333_333, 333_334), quantum(2))
    assert sum(row["amount"] for row in rows) == 1
    assert sum(row["amount"] for row in rows if row["line"] == 1) in range(large // 10_000 - 3, large // 10_000 + 4)


@pytest.mark.parametrize(
    ("micro", "minor"), [(5_000, 0), (15_000, 2), (25_000, 2), (-5_000, 0), (5_001, 1), (4_999, 0)]
)
def test_the_sum_of_a_report_is_rounded_once_half_to_even(micro: int, minor: int) -> None:
    (row,) = run([line(1, micro)], shares_of("A", SHARE_PARTS), quantum(2))
    assert row["amount"] == minor


def test_a_line_without_a_recording_is_held_whole() -> None:
    rows = run([line(1, 10_000), line(2, 30_000, "Z")], shares_of("A", SHARE_PARTS), quantum(2))
    assert [(row["payee"], row["amount"]) for row in rows] == [("A-0", 1), (None, 3)]
