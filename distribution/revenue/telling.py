"""What a statement tells: its lines by page, and its totals by channel, territory and title."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from distribution.models import Channel
from distribution.revenue import lines
from distribution.revenue.models import Earning, SalesReport, Statement
from hub.errors import Invalid
from hub.i18n import _
from hub.runtime import Runtime

Told = Sequence[tuple[Earning, SalesReport, Channel]]
"""A statement's reports in the order of their arrival, each with what it brought and its channel."""


class TotalBy(Enum):
    CHANNEL = "CHANNEL"
    TERRITORY = "TERRITORY"
    TITLE = "TITLE"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report as one payee reads it. `gross`, `amount`: minor units of the statement's currency."""

    report: int
    channel: Channel
    line: int
    territory: str
    title: str
    isrc: str | None
    units: int
    gross: int
    amount: int

    @property
    def place(self) -> str:
        return f"{self.report}:{self.line}"


@dataclass(frozen=True, slots=True)
class Total:
    """`key`: channel id, territory or ISRC; `title` names the latter."""

    key: str
    channel: Channel | None
    title: str
    units: int
    gross: int
    amount: int


def count(told: Told) -> int:
    return sum(earning.lines for earning, _report, _channel in told)


async def page(runtime: Runtime, statement: Statement, told: Told, first: int, after: str | None) -> list[Line]:
    """At most `first` + 1 lines after the place `after`. Raises `Invalid` when that is no place in a statement."""
    report_number, line = _place(after)
    found: list[Line] = []
    with runtime.scratch.folder("statement") as folder:
        for number, (_earning, report, channel) in enumerate(told):
            if number < report_number or report.split_key is None:
                continue
            if len(found) > first:
                break
            path = folder / f"{number}.parquet"
            await runtime.storage.fetch(report.split_key, path)
            start = line if number == report_number else -1
            rows = await asyncio.to_thread(lines.page, path, str(statement.payee_id), start, first + 1 - len(found))
            found += [_line(number, channel, row) for row in rows]
    return found


async def totals(runtime: Runtime, statement: Statement, told: Told, by: TotalBy) -> list[Total]:
    """Totals, the largest amount first; all of them together are what was earned."""
    kept = [(report, channel) for _earning, report, channel in told if report.split_key is not None]
    if not kept:
        return []
    with runtime.scratch.folder("statement") as folder:
        paths = []
        for number, (report, _channel) in enumerate(kept):
            paths.append(folder / f"{number}.parquet")
            await runtime.storage.fetch(report.split_key or "", paths[-1])
        column = {TotalBy.CHANNEL: "file", TotalBy.TERRITORY: "territory", TotalBy.TITLE: "isrc"}[by]
        rows = await asyncio.to_thread(lines.totals, paths, str(statement.payee_id), column)
    if by is not TotalBy.CHANNEL:
        return [_total(str(row[column]), None, row) for row in rows]
    joined: dict[UUID, Total] = {}
    for row in rows:
        channel = kept[row["file"]][1]
        before = joined.get(channel.id) or Total(str(channel.id), channel, "", 0, 0, 0)
        joined[channel.id] = Total(
            before.key,
            channel,
            "",
            before.units + row["units"],
            before.gross + row["gross"],
            before.amount + row["amount"],
        )
    return sorted(joined.values(), key=lambda total: -total.amount)


def _place(after: str | None) -> tuple[int, int]:
    if after is None:
        return 0, -1
    report, _colon, line = after.partition(":")
    if not (report.isdecimal() and line.isdecimal() and len(after) < 30):
        raise Invalid(_("This list cannot be continued from here. Start it again."), field="after")
    return int(report), int(line)


def _line(number: int, channel: Channel, row: dict[str, Any]) -> Line:
    return Line(
        report=number,
        channel=channel,
        line=row["line"],
        territory=row["territory"],
        title=row["title"],
        isrc=row["isrc"],
        units=row["units"],
        gross=row["gross"],
        amount=row["amount"],
    )


def _total(key: str, channel: Channel | None, row: dict[str, Any]) -> Total:
    return Total(key, channel, row["title"] or "", row["units"], row["gross"], row["amount"])
