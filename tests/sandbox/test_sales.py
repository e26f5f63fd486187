"""Sales reports: for what was live, when it was, adding up; the same from the same seed; broken when asked."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sandbox import database, dsr, sales
from sandbox.reports import Defect, NothingToBreak, Report, Reporter
from sandbox.sales import NotAPeriod, period
from sandbox.settings import SHIPPED, load
from tests.sandbox import ern
from tests.sandbox.desk import Desk
from tests.sandbox.ern import DOWNLOAD, STREAMING, Album, Deal, album
from tests.sandbox.partner import Partner, connected, deliver, http
from tests.sandbox.process import Sandbox

RADIO = ("AdvertisementSupportedModel", "NonInteractiveStream")


@dataclass
class Read:
    """A report as its records, by cell name."""

    content: bytes
    lines: list[str]
    records: dict[str, list[dict[str, str]]]

    @property
    def head(self) -> dict[str, str]:
        return self.records["HEAD"][0]


def read(content: bytes) -> Read:
    lines = content.decode().split("\n")
    assert lines.pop() == ""
    records: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for line in lines:
        if line and not line.startswith("#"):
            cells = line.split("\t")
            names = dsr.RECORDS[cells[0]]
            assert len(cells) == len(names), line
            records[cells[0]].append(dict(zip(names, cells, strict=True)))
    return Read(content, lines, records)


@dataclass
class Bookkeeping:
    desk: Desk

    def report(self, month: str = "2026-10", seed: int = 7, defect: Defect | None = None) -> tuple[Report, Read]:
        intake = self.desk.intake
        reporter = Reporter(intake.platform, intake._settings, intake.paths, self.desk.home.database)
        report = reporter.report(period(month), ern.SENDER, seed, defect)
        return report, read((intake.paths.reports / report.name).read_bytes())

    def publish(self, made: Album, on: date = date(2026, 11, 23)) -> None:
        self.desk.intake._today = lambda: on
        (told,) = self.desk.take(made.delivery(), made.folder())
        assert told.accepted, told.reasons


@pytest.fixture
def books(desk: Desk) -> Bookkeeping:
    return Bookkeeping(desk)


def every_way(territories: tuple[str, ...] = ("ID", "MY", "SG", "BN"), **dates: str) -> tuple[Deal, ...]:
    return (Deal(territories, terms=(STREAMING, DOWNLOAD, RADIO), **dates),)


def test_a_report_adds_up_to_the_last_place(books: Bookkeeping) -> None:
    books.publish(album(tracks=3, deals=every_way()))
    report, found = books.report()
    assert (report.lines, report.sales) == (len(found.lines), len(found.records["SR08"]))
    assert found.records["SRFO"] == [
        {"RecordType": "SRFO", "NumberOfLinesInReport": str(len(found.lines)), "NumberOfSummaryRecords": "12"}
    ]
    assert found.lines[0].startswith("HEAD\t")
    assert found.lines[-1].startswith("SRFO\t")
    total = Decimal(0)
    for summary in found.records["SY10"]:
        details = [d for d in found.records["SR08"] if d["SummaryRecordId"] == summary["SummaryRecordId"]]
        assert details
        rate = Decimal(summary["ExchangeRate"])
        for detail in details:
            _adds_up(detail, rate, taxed=summary["Territory"] in ("ID", "MY"))
        for name, cells in _SUMS.items():
            assert Decimal(summary[name]) == sum(Decimal(detail[cells] or 0) for detail in details), name
        assert summary["FinalTotalAmountInCurrencyOfAccounting"] == summary["AllocatedNetRevenueInCurrencyOfAccounting"]
        assert summary["CurrencyOfAccounting"] == "SGD"
        total += Decimal(summary["FinalTotalAmountInCurrencyOfAccounting"])
    assert total == report.total > 0
    currencies = {summary["Territory"]: summary["CurrencyOfTransaction"] for summary in found.records["SY10"]}
    assert currencies == {"ID": "IDR", "MY": "MYR", "SG": "SGD", "BN": "BND"}
    identifiers = [detail["SalesTransactionId"] for detail in found.records["SR08"]]
    assert len(set(identifiers)) == len(identifiers) > 500


_SUMS = {
    "Usages": "TotalUsages",
    "AllocatedUsages": "NetUsage",
    "Returns": "Returns",
    **{
        f"{name}InCurrencyOf{of}": f"{name}InCurrencyOf{of}"
        for name in ("AllocatedRevenue", "AllocatedNetRevenue", "Deductions")
        for of in ("Transaction", "Accounting")
    },
}


def _adds_up(detail: dict[str, str], rate: Decimal, *, taxed: bool) -> None:
    net = int(detail["TotalUsages"]) - int(detail["Returns"])
    assert int(detail["NetUsage"]) == net
    allocated = Decimal(detail["AllocatedRevenueInCurrencyOfTransaction"])
    paid = Decimal(detail["AllocatedNetRevenueInCurrencyOfTransaction"])
    assert allocated == net * Decimal(detail["CalculatedUnitPriceInCurrencyOfTransaction"])
    assert (detail["DeductionType"] == "WithholdingTax") is taxed
    assert allocated - paid == Decimal(detail["DeductionsInCurrencyOfTransaction"] or 0)
    assert Decimal(detail["AllocatedRevenueInCurrencyOfAccounting"]) == dsr.rounded(allocated * rate)
    assert Decimal(detail["AllocatedNetRevenueInCurrencyOfAccounting"]) == dsr.rounded(paid * rate)
    assert "E" not in "".join(detail[name] for name in detail if "InCurrencyOf" in name)


def test_the_same_seed_sells_the_same_and_another_something_else(books: Bookkeeping) -> None:
    books.publish(album(deals=every_way()))

    def sold(seed: int) -> list[dict[str, str]]:
        _, found = books.report(seed=seed)
        return [
            {name: cell for name, cell in detail.items() if name != "SalesTransactionId"}
            for detail in found.records["SR08"]
        ]

    assert sold(1) == sold(1)
    assert sold(1) != sold(2)


def test_no_message_id_and_no_name_is_used_twice(books: Bookkeeping) -> None:
    books.publish(album(deals=every_way()))
    reports = [books.report() for _ in range(3)]
    assert len({report.name for report, _ in reports}) == 3
    assert len({found.head["MessageId"] for _, found in reports}) == 3
    for report, found in reports:
        assert report.name.startswith(f"DSR_{ern.SENDER}_{ern.NUSANTARA}_NusantaraPlay_2026-10_Multi_1of1_2")
        assert found.head["UsageStartDate"], found.head["UsageEndDate"] == ("2026-10-01", "2026-10-31")


def test_sales_stop_on_the_day_of_the_takedown(books: Bookkeeping) -> None:
    made = album(deals=every_way(start="2026-09-10"))
    books.publish(made, on=date(2026, 9, 10))
    books.publish(made.again(deals=(), resources=False), on=date(2026, 10, 12))
    assert _days(books.report("2026-08")) == []
    assert (_days(books.report("2026-09"))[0], _days(books.report("2026-09"))[-1]) == ("2026-09-10", "2026-09-30")
    assert _days(books.report("2026-10"))[-1] == "2026-10-11"
    assert _days(books.report("2026-11")) == []
    assert _days(books.report("2026-Q4"))[-1] == "2026-10-11"


def test_a_deals_last_day_is_sold_and_the_next_is_not(books: Bookkeeping) -> None:
    books.publish(album(deals=every_way(start="2026-10-05", end="2026-10-20")))
    days = _days(books.report())
    assert (days[0], days[-1]) == ("2026-10-05", "2026-10-20")


def test_a_territory_that_no_deal_names_any_more_stops_alone(books: Bookkeeping) -> None:
    made = album(deals=every_way(("ID", "SG")))
    books.publish(made, on=date(2026, 9, 1))
    books.publish(made.again(deals=every_way(("SG",))), on=date(2026, 10, 10))
    _, found = books.report()
    of = {summary["SummaryRecordId"]: summary["Territory"] for summary in found.records["SY10"]}
    last: dict[str, str] = {}
    for detail in found.records["SR08"]:
        territory = of[detail["SummaryRecordId"]]
        last[territory] = max(last.get(territory, ""), detail["SalesTransactionDate"])
    assert last == {"ID": "2026-10-09", "SG": "2026-10-31"}


def test_a_day_is_sold_once_however_often_the_release_was_updated(books: Bookkeeping) -> None:
    made = album(tracks=1, deals=(*every_way(("SG",)), Deal(("SG",), release="R1")))
    books.publish(made, on=date(2026, 9, 1))
    for day in (5, 5, 17):
        books.publish(made.again(), on=date(2026, 10, day))
    _, found = books.report()
    streams = [
        detail["SalesTransactionDate"]
        for detail in found.records["SR08"]
        if detail["SummaryRecordId"] == _summary(found, *STREAMING)["SummaryRecordId"]
    ]
    assert len(streams) == len(set(streams)) > 20


def _summary(found: Read, commercial_model: str, use_type: str) -> dict[str, str]:
    (summary,) = [
        each
        for each in found.records["SY10"]
        if (each["CommercialModel"], each["UseType"]) == (commercial_model, use_type)
    ]
    return summary


def test_a_purged_release_is_reported_until_it_was_purged(books: Bookkeeping) -> None:
    made = album(deals=every_way())
    books.publish(made, on=date(2026, 9, 1))
    books.publish(made.again(purge=True), on=date(2026, 10, 4))
    assert _days(books.report())[-1] == "2026-10-03"
    assert [release["status"] for release in books.desk.catalogue()] == ["purged"]


def _days(reported: tuple[Report, Read]) -> list[str]:
    return sorted({detail["SalesTransactionDate"] for detail in reported[1].records["SR08"]})


def test_nothing_sold_is_a_report_too(books: Bookkeeping) -> None:
    report, found = books.report()
    assert (report.sales, report.total, len(found.records["SY10"])) == (0, 0, 0)
    assert found.records["SRFO"][0]["NumberOfLinesInReport"] == str(len(found.lines)) == "6"


def test_only_downloads_are_returned_and_say_why(books: Bookkeeping) -> None:
    books.publish(album(tracks=4, deals=every_way()))
    _, found = books.report()
    downloads = {s["SummaryRecordId"] for s in found.records["SY10"] if s["UseType"] == "PermanentDownload"}
    returned = [detail for detail in found.records["SR08"] if detail["Returns"] != "0"]
    assert returned
    assert {detail["SummaryRecordId"] for detail in returned} <= downloads
    assert len(found.records["DE01"]) == len(returned)
    assert [found.lines[n - 1][:4] for n, line in enumerate(found.lines) if line.startswith("DE01")] == ["SR08"] * len(
        returned
    )


def test_titles_with_bars_tabs_and_backslashes_stay_one_cell() -> None:
    line = dsr.line("SR08", {"ReleaseTitle": "a|b\\c\td\ne", "ProprietaryReleaseId": ["x::1", "y::2|3"]})
    cells = line.split("\t")
    assert len(cells) == 48
    assert cells[dsr.SR08.index("ReleaseTitle")] == "a\\|b\\\\c d e"
    assert cells[dsr.SR08.index("ProprietaryReleaseId")] == "x::1|y::2\\|3"


def test_footer_defect(books: Bookkeeping) -> None:
    books.publish(album(deals=every_way()))
    _, found = books.report(defect=Defect.FOOTER)
    assert found.records["SRFO"][0]["NumberOfLinesInReport"] == str(len(found.lines) - 1)


def test_currency_defect(books: Bookkeeping) -> None:
    books.publish(album(deals=every_way()))
    _, found = books.report(defect=Defect.CURRENCY)
    assert {summary["CurrencyOfAccounting"] for summary in found.records["SY10"]} == {"SGD", "ZZZ"}


def test_unknown_isrc_defect(books: Bookkeeping) -> None:
    made = album(deals=every_way())
    books.publish(made)
    report, found = books.report(defect=Defect.UNKNOWN_ISRC)
    strangers = {detail["ResourceISRC"] for detail in found.records["SR08"]} - {track.isrc for track in made.tracks}
    assert strangers == {"ZZSBX2699999"}
    net = sum(Decimal(detail["AllocatedNetRevenueInCurrencyOfAccounting"]) for detail in found.records["SR08"])
    assert net == report.total


def test_truncated_defect(books: Bookkeeping) -> None:
    books.publish(album(deals=every_way()))
    intake = books.desk.intake
    reporter = Reporter(intake.platform, intake._settings, intake.paths, books.desk.home.database)
    report = reporter.report(period("2026-10"), ern.SENDER, 7, Defect.TRUNCATED)
    content = (intake.paths.reports / report.name).read_bytes()
    assert b"SRFO\t" not in content.replace(b"#RecordType", b"")
    assert content.count(b"\nSR08\t") > 10


def test_duplicate_message_id_defect(books: Bookkeeping) -> None:
    books.publish(album(deals=every_way()))
    with pytest.raises(NothingToBreak):
        books.report(defect=Defect.DUPLICATE_MESSAGE_ID)
    _, first = books.report()
    report, second = books.report(seed=8, defect=Defect.DUPLICATE_MESSAGE_ID)
    assert second.head["MessageId"] == first.head["MessageId"] == report.message_id
    assert second.content != first.content


def test_a_report_that_was_written_down_but_not_placed_is_placed_once(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.publish(album(deals=every_way()))
    intake = books.desk.intake
    reporter = Reporter(intake.platform, intake._settings, intake.paths, books.desk.home.database)
    with monkeypatch.context() as cut:
        cut.setattr(Reporter, "place", _killed)
        with pytest.raises(KeyboardInterrupt):
            reporter.report(period("2026-10"), ern.SENDER, 7, None)
    assert list(intake.paths.reports.iterdir()) == []
    for _ in range(2):
        with database.connection(books.desk.home.database) as connection:
            reporter.place(connection)
    assert len(list(intake.paths.reports.iterdir())) == 1


def _killed(_: Reporter, connection: sqlite3.Connection) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-Q5", "26-10", "2026-10-01", "２０２６-10", "0000-01", "9999-12"]
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(NotAPeriod):
        period(text)


def test_periods_are_half_open() -> None:
    assert (period("2026-12").start, period("2026-12").end) == (date(2026, 12, 1), date(2027, 1, 1))
    assert (period("2026-Q4").start, period("2026-Q4").end) == (date(2026, 10, 1), date(2027, 1, 1))


def test_every_country_of_every_platform_can_be_priced() -> None:
    settings = load()
    for platform in settings.platforms:
        for territory in platform.served:
            term = platform.deal_terms[0]
            found = sales.terms(platform, settings, territory, term.commercial_model, term.use_type)
            assert found.unit_price > 0
            assert found.rate > 0


@pytest.fixture(params=["nusantara", "mekong"])
def platform_id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_report_asked_for_over_http_lies_in_the_outbox(box: Sandbox, platform_id: str) -> None:
    platform = box.platform(platform_id)
    made = album(recipient=platform["party_id"], deals=(Deal(tuple(platform["territories"])),))
    async with connected(box, platform_id) as partner:
        assert (await deliver(partner, made)).accepted
        with http(box) as client:
            asked = client.post(f"/platforms/{platform_id}/sales", params={"period": "2026-10", "seed": 3})
        assert asked.status_code == 201
        content = await _fetched(partner, platform["reports"].strip("/"), asked.json()["name"])
    found = read(content)
    assert asked.json()["lines"] == len(found.lines)
    assert asked.json()["message_id"] == found.head["MessageId"]
    assert made.icpn in {detail["ReleaseICPN"] for detail in found.records["SR08"]}


async def _fetched(partner: Partner, folder: str, name: str) -> bytes:
    assert name in await partner.names(folder)
    return await partner.get(f"{folder}/{name}")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/platforms/nowhere/sales?period=2026-10", 404, "PLATFORM_UNKNOWN"),
        ("/platforms/nusantara/sales?period=October", 422, "PERIOD"),
        ("/platforms/nusantara/sales?period=2026-10&recipient=PADPIDA2026999999X", 404, "SENDER_UNKNOWN"),
        ("/platforms/nusantara/sales?period=1999-01&defect=footer", 409, "NOTHING_TO_BREAK"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(box: Sandbox, path: str, status: int, code: str) -> None:
    outbox = box.home / "platforms" / "nusantara" / "root" / "outgoing"
    before = sorted(outbox.iterdir())
    with http(box) as client:
        found = client.post(path)
    assert (found.status_code, found.json()["detail"]["code"]) == (status, code)
    assert sorted(outbox.iterdir()) == before


def test_the_shipped_configuration_can_be_replaced_but_not_nonsense(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace('"ID", "MY", "BN", "SG"]', '"ID", "QQ"]'), encoding="utf-8")
    with pytest.raises(ValueError, match="'QQ' is not a territory"):
        load(own)
