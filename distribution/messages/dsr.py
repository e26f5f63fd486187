"""Sales reports read: DDEX DSR flat file, Financial Reporting to Record Companies, one record per sale.

The file is streamed line by line. Everything wrong is a `Problem` with its line and cell; a report with a problem is taken
as a whole or not at all. Amounts come out as whole micro-units (10⁻⁶ of the currency's major unit), in the currency that is
paid: the platform has converted once, nobody converts again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import IO, Any, Final

from distribution.messages import dsr_records as records
from distribution.messages.dsr_cells import KINDS, split, unescape
from distribution.problems import Problem
from hub.i18n import Message, _
from hub.money import EXPONENTS

MICRO: Final = 1_000_000
MOST_PROBLEMS: Final = 100
MOST_LINES: Final = 20_000_000
LONGEST_LINE: Final = 64 * 1024
LARGEST_SUM: Final = 8 * 10**18
"""Micro-units, or usages, of a whole report: what its sums are reckoned in holds no more."""

_VERSION_SUFFIX = re.compile(r"\.[0-9]{1,3}\Z", re.ASCII)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Header:
    """Of the report as a whole; `start` and `end` are half-open (`UsageEndDate` is the day before `end`)."""

    message_id: str
    sender: str
    sender_name: str
    recipient: str | None
    created: datetime
    start: date
    end: date


@dataclass(slots=True)
class Summary:
    """What an SY10 says of its sales, and what they came to: allocated net revenue in micro-units, usages."""

    territory: str
    commercial_model: str
    use_type: str
    currency: str
    stated: Decimal
    stated_usages: Decimal
    line: int
    sales: int = 0
    amount: Decimal = Decimal(0)
    usages: int = 0


@dataclass(frozen=True, slots=True)
class Sale:
    """One SR08. `net` is what is paid for the line, `gross` what was allocated before deductions; micro-units of `currency`."""

    line: int
    transaction_id: str
    isrc: str | None
    icpn: str | None
    title: str
    artist: str
    territory: str
    commercial_model: str
    use_type: str
    day: date
    units: int
    currency: str
    gross: int
    net: int


@dataclass(slots=True)
class Report:
    """A file on its way through `sales()`. Header, problems and totals are complete when the sales have been walked.

    `bulk`: gross, net and units of all sales, each without its sign.
    """

    lines: Iterable[bytes]
    header: Header | None = None
    currency: str | None = None
    problems: list[Problem] = field(default_factory=list)
    sales_count: int = 0
    net: int = 0
    bulk: dict[str, int] = field(default_factory=lambda: {"gross": 0, "net": 0, "units": 0})

    def sales(self) -> Iterator[Sale]:
        """Every sale of the file in order. After more than a hundred problems the rest is not read."""
        yield from _Reader(self).walk()


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of an open file, one at a time; a line that never ends is cut where it is too long to be one."""
    return iter(lambda: file.readline(LONGEST_LINE + 1), b"")


class _Stop(Exception):
    """No use in reading on."""


@dataclass(slots=True)
class _Reader:
    report: Report
    number: int = 0
    summaries: dict[str, Summary] = field(default_factory=dict)
    previous: str = ""
    footer: tuple[int, Row] | None = None

    def walk(self) -> Iterator[Sale]:
        try:
            for raw in self.report.lines:
                self.number += 1
                sale = self._line(raw)
                if sale is not None:
                    self.report.sales_count += 1
                    self.report.net += sale.net
                    self._weigh(sale)
                    yield sale
            self._end()
        except _Stop:
            return

    def _weigh(self, sale: Sale) -> None:
        """Sales and what was given back do not hide each other: sums of either alone must be in bounds too."""
        for name, value in (("gross", sale.gross), ("net", sale.net), ("units", sale.units)):
            self.report.bulk[name] += abs(value)
            if self.report.bulk[name] > LARGEST_SUM:
                self._problem(
                    "SUM_TOO_LARGE", _("The report comes to more than the hub can add up. Ask for it in parts.")
                )
                raise _Stop

    def _problem(self, code: str, message: Message, cell: str | None = None, line: int | None = None) -> None:
        self.report.problems.append(Problem(code, message, cell, self.number if line is None else line))
        if len(self.report.problems) >= MOST_PROBLEMS:
            raise _Stop

    def _line(self, raw: bytes) -> Sale | None:
        if self.number > MOST_LINES:
            self._problem("TOO_MANY_LINES", _("The report has more lines than the hub reads. Ask for it in parts."))
            raise _Stop
        if len(raw) > LONGEST_LINE:
            self._problem("LINE_TOO_LONG", _("This line is longer than a report's lines are."))
            raise _Stop
        try:
            text = raw.decode("utf-8-sig" if self.number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            text = "\x00"
        if "\x00" in text:
            self._problem("NOT_TEXT", _("This line is not text in UTF-8."))
            raise _Stop
        if not text or text.startswith("#"):
            return None
        return self._record(text.split("\t"))

    def _record(self, cells: list[str]) -> Sale | None:
        kind = _VERSION_SUFFIX.sub("", cells[0])
        kind = "SRHE" if kind == "HEAD" else kind
        if self.report.header is None and kind != "SRHE":
            self._problem(
                "HEADER_MISSING",
                _("A report starts with its header. This is not a sales report, or its start is missing."),
            )
            raise _Stop
        if self.footer is not None:
            self._problem("AFTER_FOOTER", _("Nothing may follow the footer of a report."))
            raise _Stop
        record = records.RECORDS.get(kind)
        if record is None:
            self._problem(
                "UNKNOWN_RECORD", _("%(type)s is not a record of this kind of report.", type=kind[:20]), "RecordType"
            )
            return None
        if kind not in _FOLLOWS or self.previous not in _FOLLOWS[kind]:
            self._problem(
                "RECORD_OUT_OF_PLACE", _("A record of the type %(type)s may not stand here.", type=kind), "RecordType"
            )
        self.previous = kind
        if kind == "SRHE":
            self._profile(cells)
        row = self._cells(record, cells[1:])
        if row is None:
            if kind == "SRHE":
                raise _Stop
            return None
        if kind == "SR08":
            return self._sale(row)
        _TAKES.get(kind, _Reader._nothing)(self, row)
        return None

    def _profile(self, cells: list[str]) -> None:
        profile = cells[2] if len(cells) > 2 else ""
        if profile not in records.PROFILES:
            self._problem(
                "OTHER_PROFILE",
                _(
                    "This report follows the profile %(profile)s. The hub reads Financial Reporting to Record Companies.",
                    profile=profile[:60],
                ),
                "Profile",
            )
            raise _Stop

    def _cells(self, record: records.Record, cells: list[str]) -> Row | None:
        if len(cells) > len(record.cells) and not record.open_ended:
            self._problem(
                "CELL_COUNT",
                _(
                    "A record of the type %(type)s has %(count)s cells at most.",
                    type=record.type,
                    count=len(record.cells) + 1,
                ),
                "RecordType",
            )
            return None
        row: Row = {}
        sound = True
        for cell, text in zip(record.cells, [*cells, *[""] * (len(record.cells) - len(cells))], strict=False):
            if not text:
                if cell.required:
                    self._problem("CELL_MISSING", _("The cell %(cell)s is empty.", cell=cell.name), cell.name)
                    sound = False
                row[cell.name] = () if cell.repeated else None
                continue
            values = (
                [KINDS[cell.kind](value) for value in split(text)]
                if cell.repeated
                else [KINDS[cell.kind](unescape(text))]
            )
            if any(value is None for value in values):
                self._problem(
                    "CELL_NOT_UNDERSTOOD",
                    _("“%(value)s” is not a value of the cell %(cell)s.", value=text[:60], cell=cell.name),
                    cell.name,
                )
                sound = False
            row[cell.name] = tuple(values) if cell.repeated else values[0]
        return row if sound else None

    def _header(self, row: Row) -> None:
        if (row["FileNumber"], row["NumberOfFiles"]) != (1, 1):
            self._problem("SEVERAL_FILES", _("A report of this kind is one file."), "NumberOfFiles")
        if row["UsageEndDate"] < row["UsageStartDate"]:
            self._problem("PERIOD", _("The period of the report ends before it starts."), "UsageEndDate")
        self.report.header = Header(
            message_id=row["MessageId"],
            sender=row["SenderPartyId"],
            sender_name=row["SenderName"],
            recipient=row["RecipientPartyId"],
            created=row["MessageCreatedDateTime"],
            start=row["UsageStartDate"],
            end=date.fromordinal(row["UsageEndDate"].toordinal() + 1),
        )

    def _summary(self, row: Row) -> None:
        identifier, currency = row["SummaryRecordId"], row["CurrencyOfAccounting"]
        if identifier in self.summaries:
            self._problem("SUMMARY_REPEATED", _("The summary %(id)s is there twice.", id=identifier), "SummaryRecordId")
        if self.report.currency not in (None, currency):
            self._problem("MIXED_CURRENCIES", _("A report is paid in one currency."), "CurrencyOfAccounting")
        if currency not in EXPONENTS:
            self._problem(
                "CURRENCY", _("The hub does not settle in %(currency)s.", currency=currency), "CurrencyOfAccounting"
            )
        if currency == row["CurrencyOfTransaction"] and row["ExchangeRate"] != 1:
            self._problem("EXCHANGE_RATE", _("An amount that is not converted has the rate 1."), "ExchangeRate")
        self.report.currency = currency
        self.summaries[identifier] = Summary(
            territory=row["Territory"],
            commercial_model=row["CommercialModel"],
            use_type=row["UseType"],
            currency=currency,
            stated=row["AllocatedNetRevenueInCurrencyOfAccounting"],
            stated_usages=row["AllocatedUsages"],
            line=self.number,
        )

    def _sale(self, row: Row) -> Sale | None:
        summary = self.summaries.get(row["SummaryRecordId"])
        if summary is None:
            self._problem(
                "SUMMARY_UNKNOWN", _("There is no summary %(id)s.", id=row["SummaryRecordId"][:60]), "SummaryRecordId"
            )
            return None
        if row["TotalUsages"] - row["Returns"] != row["NetUsage"]:
            self._problem("USAGES", _("Usages less returns are not the net usages of this line."), "NetUsage")
        net = row["AllocatedNetRevenueInCurrencyOfAccounting"]
        summary.sales += 1
        summary.amount += net
        summary.usages += row["NetUsage"]
        return Sale(
            line=self.number,
            transaction_id=row["SalesTransactionId"],
            isrc=row["ResourceISRC"],
            icpn=row["ReleaseICPN"],
            title=row["ResourceTitle"] or row["ReleaseTitle"] or "",
            artist=row["ResourceDisplayArtistName"] or row["ReleaseDisplayArtistName"] or "",
            territory=summary.territory,
            commercial_model=summary.commercial_model,
            use_type=summary.use_type,
            day=row["SalesTransactionDate"],
            units=row["NetUsage"],
            currency=summary.currency,
            gross=micro(row["AllocatedRevenueInCurrencyOfAccounting"]),
            net=micro(net),
        )

    def _footer(self, row: Row) -> None:
        self.footer = (self.number, row)

    def _nothing(self, row: Row) -> None:
        """A record that carries nothing for us; its line has been counted."""

    def _end(self) -> None:
        if self.report.header is None:
            self._problem(
                "HEADER_MISSING",
                _("A report starts with its header. This is not a sales report, or its start is missing."),
            )
            return
        if self.footer is None:
            self._problem("FOOTER_MISSING", _("The report breaks off: its footer is missing. Fetch it again."))
            return
        line, row = self.footer
        if row["NumberOfLinesInReport"] != self.number:
            self._problem(
                "FOOTER_LINES",
                _(
                    "The footer counts %(stated)s lines, the report has %(counted)s.",
                    stated=row["NumberOfLinesInReport"],
                    counted=self.number,
                ),
                "NumberOfLinesInReport",
                line,
            )
        if row["NumberOfSummaryRecords"] != len(self.summaries):
            self._problem(
                "FOOTER_SUMMARIES",
                _(
                    "The footer counts %(stated)s summaries, the report has %(counted)s.",
                    stated=row["NumberOfSummaryRecords"],
                    counted=len(self.summaries),
                ),
                "NumberOfSummaryRecords",
                line,
            )
        for summary in self.summaries.values():
            if abs(summary.amount - summary.stated) * MICRO > summary.sales:
                self._problem(
                    "SUMMARY_AMOUNT",
                    _(
                        "The summary says %(stated)s, its lines come to %(counted)s.",
                        stated=summary.stated,
                        counted=summary.amount,
                    ),
                    "AllocatedNetRevenueInCurrencyOfAccounting",
                    summary.line,
                )
            if summary.usages != summary.stated_usages:
                self._problem(
                    "SUMMARY_USAGES",
                    _(
                        "The summary says %(stated)s, its lines come to %(counted)s.",
                        stated=summary.stated_usages,
                        counted=summary.usages,
                    ),
                    "AllocatedUsages",
                    summary.line,
                )


_TAKES: Final[dict[str, Callable[[_Reader, Row], None]]] = {
    "SRHE": _Reader._header,
    "SY10": _Reader._summary,
    "SRFO": _Reader._footer,
}
_FOLLOWS: Final = {
    "SRHE": {""},
    "SY10": {"SRHE", "SY10"},
    "SR08": {"SY10", "SR08", "DE01"},
    "DE01": {"SR08"},
    "SRFO": {"SRHE", "SY10", "SR08", "DE01"},
}


def micro(amount: Decimal) -> int:
    """Whole micro-units; further places are rounded half to even."""
    return int((amount * MICRO).to_integral_value(ROUND_HALF_EVEN))
