"""Pricing and splitting: one Ibis expression, whole numbers only, nothing lost.

Lines come in micro-units (10⁻⁶ of the currency's major unit); money leaves in minor units. Four steps, each by largest
remainder, so that parts always sum to their whole:

1. each line's micro-units are split among its payees;
2. what the report pays, in minor units, is its micro-units rounded once, half to even;
3. that sum goes to the payees by their micro-units (lines that no recording matches are a payee of their own: NULL);
4. each payee's sum goes to their lines by their micro-units.

A line of a stream is often less than a cent: rounding line by line would lose or invent money, rounding by payee cannot.
Runs on DuckDB, or on any engine that Ibis compiles to.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any, Final, TypeVar

import ibis

K = TypeVar("K", bound=Hashable)

SHARE_PARTS: Final = 1_000_000
"""A whole recording; shares are whole parts of it."""

MICRO_PLACES: Final = 6

LINES: Final = {
    "line": "int64",
    "isrc": "string",
    "title": "string",
    "territory": "string",
    "units": "int64",
    "gross": "int64",
    "net": "int64",
}
"""Columns of a report's lines that pricing reads. `gross`, `net`: micro-units before and after the platform's deductions."""

SHARES: Final = {"isrc": "string", "payee": "string", "position": "int64", "share": "int64"}
"""Who is owed what of which recording: parts of `SHARE_PARTS`, which sum to it for every ISRC."""


def quantum(exponent: int) -> int:
    """Micro-units in one minor unit of a currency with that many decimal places."""
    return int(10 ** (MICRO_PLACES - exponent))


def priced(lines: Any, shares: Any, minor: int, total: int | None = None) -> Any:
    """Split lines: one row for each line and payee, with `amount` and `gross` in minor units.

    `lines` and `shares` are Ibis tables (`LINES`, `SHARES`); `minor` is `quantum` of the report's currency. Rows of lines
    that no recording matches have a NULL payee: their money is held. `gross` is the whole line's, the same in all its rows.
    `total`: the minor units that these lines are paid, where they are only a part of a report (see `apportion`).
    """
    return _to_lines(_to_payees(_split(_with_gross(lines, minor), shares), minor, total), minor)


def half_even(micro: int, minor: int) -> int:
    """Micro-units in minor units, rounded half to even."""
    return round(Fraction(micro, minor))


def apportion(parts: Mapping[K, int], minor: int) -> dict[K, int]:
    """Micro-units of several in minor units, by largest remainder: they sum to the whole rounded once. Ties go to the first."""
    floors = {key: divmod(micro, minor) for key, micro in parts.items()}
    missing = half_even(sum(parts.values()), minor) - sum(whole for whole, _rest in floors.values())
    ranked = sorted(floors, key=lambda key: -floors[key][1])
    return {key: floors[key][0] + (key in ranked[:missing]) for key in parts}


def _floor(value: Any, divisor: int) -> Any:
    """⌊value / divisor⌋, exactly. Engines divide in floating point: a multiple of the divisor comes out within a half."""
    return ((value - _rest(value, divisor)) / divisor).round().cast("int64")


def _rest(value: Any, divisor: int) -> Any:
    """value mod divisor, never negative."""
    return ((value % divisor) + divisor) % divisor


def _half_even(value: Any, divisor: int) -> Any:
    """value / divisor to the nearest whole number, half to even."""
    down, twice = _floor(value, divisor), _rest(value, divisor) * 2
    up = (twice > divisor) | ((twice == divisor) & (_rest(down, 2) == 1))
    return down + up.cast("int64")


def _with_gross(lines: Any, minor: int) -> Any:
    """Lines with `gross_minor`, which sum to the report's gross revenue rounded once."""
    base, rest = _floor(lines.gross, minor), _rest(lines.gross, minor)
    table = lines.mutate(base=base, rest=rest, every=ibis.literal(1))
    whole = ibis.window(group_by="every")
    missing = _half_even(table.gross.sum().over(whole).cast("int64"), minor) - table.base.sum().over(whole).cast(
        "int64"
    )
    rank = ibis.row_number().over(ibis.window(group_by="every", order_by=[ibis.desc("rest"), "line"]))
    table = table.mutate(missing=missing, rank=rank)
    return table.mutate(gross_minor=table.base + (table.rank < table.missing).cast("int64")).drop(
        "base", "rest", "every", "missing", "rank"
    )


def _split(lines: Any, shares: Any) -> Any:
    """One row for each line and payee with its `part` in micro-units. Equal remainders take turns from line to line."""
    table = lines.left_join(shares, "isrc")
    table = table.mutate(share=table.share.fill_null(SHARE_PARTS), position=table.position.fill_null(0))
    whole, rest = _floor(table.net, SHARE_PARTS), _rest(table.net, SHARE_PARTS)
    table = table.mutate(
        base=whole * table.share + _floor(rest * table.share, SHARE_PARTS), left=_rest(rest * table.share, SHARE_PARTS)
    )
    line = ibis.window(group_by="line")
    table = table.mutate(missing=table.net - table.base.sum().over(line).cast("int64"), payees=table.count().over(line))
    table = table.mutate(turn=(table.position + table.line) % table.payees)
    rank = ibis.row_number().over(ibis.window(group_by="line", order_by=[ibis.desc("left"), "turn", "position"]))
    table = table.mutate(rank=rank)
    return table.mutate(part=table.base + (table.rank < table.missing).cast("int64")).select(
        "line", "isrc", "title", "territory", "units", "payee", "share", "gross_minor", "part"
    )


def _to_payees(parts: Any, minor: int, total: int | None) -> Any:
    """The parts with `payee_minor`: what their payee gets of the report, in minor units."""
    payees = parts.group_by("payee").aggregate(micro=parts.part.sum().cast("int64"))
    payees = payees.mutate(base=_floor(payees.micro, minor), rest=_rest(payees.micro, minor), every=ibis.literal(1))
    whole = ibis.window(group_by="every")
    paid = (
        _half_even(payees.micro.sum().over(whole).cast("int64"), minor)
        if total is None
        else ibis.literal(total, "int64")
    )
    missing = paid - payees.base.sum().over(whole).cast("int64")
    rank = ibis.row_number().over(
        ibis.window(group_by="every", order_by=[ibis.desc("rest"), ibis.asc("payee", nulls_first=False)])
    )
    payees = payees.mutate(missing=missing, rank=rank)
    payees = payees.mutate(payee_minor=payees.base + (payees.rank < payees.missing).cast("int64"))
    payees = payees.select(owed="payee", payee_minor="payee_minor")
    return parts.left_join(payees, parts.payee.identical_to(payees.owed)).drop("owed")


def _to_lines(parts: Any, minor: int) -> Any:
    """The parts with `amount`: their payee's minor units, brought to the lines that earned them."""
    table = parts.mutate(base=_floor(parts.part, minor), rest=_rest(parts.part, minor))
    payee = ibis.window(group_by="payee")
    rank = ibis.row_number().over(ibis.window(group_by="payee", order_by=[ibis.desc("rest"), "line"]))
    table = table.mutate(missing=table.payee_minor - table.base.sum().over(payee).cast("int64"), rank=rank)
    return table.mutate(amount=table.base + (table.rank < table.missing).cast("int64")).select(
        "line", "isrc", "title", "territory", "units", "payee", "share", gross="gross_minor", amount="amount"
    )
