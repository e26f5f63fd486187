"""Sales reports in: booked once, to the last cent, for each owner; statements that add up; nothing written when refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from distribution.channels.base import SftpSettings
from distribution.errors import PeriodNotOver
from distribution.revenue import fetching, ledger
from distribution.revenue.models import AccountKind
from hub import jobs
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.distribution.partners import sftp_partner
from tests.factories import release as make
from tests.factories.accounts import Actor
from tests.factories.dsr import Sold, report, written

IMPORT = (
    """mutation($channel: ID!, $file: Upload!) { importSalesReport(channelId: $channel, file: $file) { id status } }"""
)
REPORT = """query($id: ID!) { salesReport(id: $id) {
  status lines unmatched period total { minor currency } problems { code field line message } channel { name } } }"""
CLOSE = """mutation($period: String!) { closePeriod(period: $period) {
  id payee period opening { minor } earned { minor currency } recouped { minor } held { minor } payable { minor } } }"""
LINES = """query($id: ID!, $first: Int!, $after: String) { statement(id: $id) {
  earned { minor } documentUrl
  byChannel: totals(by: CHANNEL) { label amount { minor } units }
  byTerritory: totals(by: TERRITORY) { key label amount { minor } }
  byTitle: totals(by: TITLE) { key label amount { minor } }
  lines(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { territory title isrc units reportLine gross { minor } amount { minor } channel { name } } } } } }"""
ADVANCE = "mutation($id: ID!, $amount: MoneyInput!) { recordAdvance(payeeId: $id, amount: $amount) { name } }"
BOOKS = (
    "sales_reports",
    "ledger_accounts",
    "ledger_postings",
    "ledger_entries",
    "earnings",
    "statements",
    "closed_periods",
)
EVERYWHERE = ("TH", "VN", "LA", "KH", "MM", "MY", "SG", "ID", "PH", "BN", "TL", "CN")
SPLITS = [{"payee": "韦小云", "role": "prf", "share": "0.7"}, {"payee": "乔羽", "role": "lyr", "share": "0.3"}]


class Books:
    """A label with two recordings, a channel, and the operator who runs it."""

    def __init__(self, api: Api, runtime: Runtime, database: TestDatabase) -> None:
        self.api, self.runtime, self.database = api, runtime, database
        self.reach: SftpSettings | None = None

    async def open(self) -> Books:
        self.desk = await make.operator(self.runtime)
        self.label = await make.label(self.runtime)
        await make.allocate(self.runtime, self.label.organization_id)
        self.channel = await make.channel(self.runtime, self.desk.organization_id, self.reach)
        release = await make.release(self.api, self.label)
        self.one = (await make.track(self.api, self.label, release, "刘三姐", splits=SPLITS))["isrc"]
        self.two = (await make.track(self.api, self.label, release, "漓江夜"))["isrc"]
        return self

    async def take_in(self, content: bytes, who: Actor | None = None) -> dict[str, Any]:
        """Upload a report, carry out what is due, and answer what became of it."""
        data = await self.api.data(
            IMPORT,
            {"channel": str(self.channel.id), "file": None},
            token=(who or self.label).token,
            files={"file": ("report.tsv", content, "text/tab-separated-values")},
        )
        assert data["importSalesReport"]["status"] == "CHECKING"
        await self.work_off()
        return await self.report(data["importSalesReport"]["id"], who)

    async def work_off(self) -> None:
        """Carry out what is due, and what that leads to."""
        due = """SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'
                 AND task_name IN ('distribution.check_report', 'distribution.book_report')"""
        while self.database.rows(due)[0][0]:
            await jobs.work(self.runtime, self.database.app_url, wait=False)
            await asyncio.sleep(0.1)

    async def report(self, report_id: str, who: Actor | None = None) -> dict[str, Any]:
        data = await self.api.data(REPORT, {"id": report_id}, token=(who or self.label).token)
        found: dict[str, Any] = data["salesReport"]
        return found

    async def close(self, period: str = "2026-10", who: Actor | None = None) -> dict[str, dict[str, Any]]:
        data = await self.api.data(CLOSE, {"period": period}, token=(who or self.label).token)
        return {item["payee"]: item for item in data["closePeriod"]}

    def balance(self, kind: str) -> int:
        query = """SELECT coalesce(sum(e.minor), 0) FROM ledger_entries e
                   JOIN ledger_accounts a ON a.id = account_id WHERE kind = %s"""
        return int(self.database.rows(query, kind)[0][0])


@pytest.fixture
async def books(api: Api, runtime: Runtime, database: TestDatabase) -> Books:
    return await Books(api, runtime, database).open()


def minors(statement: dict[str, Any]) -> dict[str, int]:
    return {name: int(statement[name]["minor"]) for name in ("opening", "earned", "recouped", "held", "payable")}


async def test_a_report_is_priced_split_and_stated_to_the_last_cent(books: Books) -> None:
    sold = [Sold(books.one, "TH", 100 + n, f"{0.004 + n / 1000:.6f}") for n in range(40)]
    sold += [Sold(books.two, "VN", 7, "12.345678"), Sold(books.two, "VN", 1, "-0.500001", returns=2)]
    total = sum(Decimal(line.amount) for line in sold)
    taken = await books.take_in(written(report(sold)))
    assert (taken["status"], taken["lines"], taken["unmatched"], taken["period"]) == ("BOOKED", 42, 0, "2026-10")
    cents = round(total * 100)
    assert taken["total"] == {"minor": str(cents), "currency": "USD"}
    stated = await books.close()
    assert sum(int(item["earned"]["minor"]) for item in stated.values()) == cents
    first = sum(Decimal(line.amount) for line in sold[:40])
    assert abs(int(stated["韦小云"]["earned"]["minor"]) - first * 70) < 1
    assert abs(int(stated["乔羽"]["earned"]["minor"]) - first * 30) < 1
    for item in stated.values():
        sums = minors(item)
        assert sums["opening"] + sums["earned"] == sums["recouped"] + sums["held"] + sums["payable"]
        assert sums["payable"] == sums["earned"]
    assert books.balance("RECEIVABLE") == cents == -books.balance("DUE")
    assert books.balance("PAYABLE") == 0


async def test_a_statements_lines_come_by_page_and_add_up(books: Books) -> None:
    await books.take_in(written(report([Sold(books.one, "TH" if n % 2 else "VN", 10, "0.333333") for n in range(25)])))
    other = report([Sold(books.one, "TH", 1, "5.000000")], message_id="PADPIDA2026010101N-DSR-000002")
    await books.take_in(written(other))
    stated = (await books.close())["韦小云"]
    seen, after = [], None
    while True:
        data = await books.api.data(
            LINES, {"id": stated["id"], "first": 10, "after": after}, token=books.label.token, language="vi"
        )
        lines = data["statement"]["lines"]
        seen += [edge["node"] for edge in lines["edges"]]
        after = lines["pageInfo"]["endCursor"]
        if not lines["pageInfo"]["hasNextPage"]:
            break
    assert lines["totalCount"] == len(seen) == 26
    assert sum(int(line["amount"]["minor"]) for line in seen) == int(stated["earned"]["minor"])
    assert [line["reportLine"] for line in seen[:3]] == [7, 8, 9]
    assert {line["title"] for line in seen} == {"刘三姐"}
    for name in ("byChannel", "byTerritory", "byTitle"):
        assert sum(int(item["amount"]["minor"]) for item in data["statement"][name]) == int(stated["earned"]["minor"])
    assert {item["label"] for item in data["statement"]["byTerritory"]} == {"Thái Lan", "Việt Nam"}
    bad = await books.api.refusal(
        LINES, {"id": stated["id"], "first": 10, "after": "bm9uc2Vuc2U"}, token=books.label.token
    )
    assert (bad["code"], bad["field"]) == ("INVALID", "after")


async def test_a_report_twice_books_once(books: Books) -> None:
    rows = report([Sold(books.one, "TH", 1, "1.000000")])
    first = await books.take_in(written(rows))
    assert first["status"] == "BOOKED"
    before = books.database.counts(*BOOKS)
    upload = {"channel": str(books.channel.id), "file": None}
    files = {"file": ("again.tsv", written(rows), "text/plain")}
    again = (await books.api.data(IMPORT, upload, token=books.label.token, files=files))["importSalesReport"]
    assert again["status"] == "BOOKED", "the same file is the same report"
    assert books.database.counts(*BOOKS) == before
    rows[1].append("another comment, the same message")
    other = await books.take_in(written(rows))
    assert (other["status"], [item["code"] for item in other["problems"]]) == ("REJECTED", ["ALREADY_BOOKED"])
    assert books.database.counts(*BOOKS[1:]) == {name: before[name] for name in BOOKS[1:]}


async def test_a_report_in_the_outbox_is_fetched_once(
    api: Api, runtime: Runtime, database: TestDatabase, tmp_path: Path
) -> None:
    (tmp_path / "root" / "outgoing").mkdir(parents=True)
    async with sftp_partner(tmp_path / "root") as settings:
        books = Books(api, runtime, database)
        books.reach = settings
        await books.open()
        content = written(report([Sold(books.one, "TH", 1, "1.000000")]))
        (tmp_path / "root" / "outgoing" / "DSR_one.tsv").write_bytes(content)
        (tmp_path / "root" / "outgoing" / "DSR_half.tsv.part").write_bytes(content[:100])
        (tmp_path / "root" / "outgoing" / "readme.txt").write_bytes(b"hello")
        for _time in range(2):
            await fetching.fetch_all(runtime)
        assert database.rows("SELECT file_name FROM fetched_reports") == [("DSR_one.tsv",)]
        await books.work_off()
        listing = "{ salesReports { edges { node { status fileName lines total { minor } } } } }"
        found = (await api.data(listing, token=books.label.token))["salesReports"]["edges"]
        assert [edge["node"] for edge in found] == [
            {"status": "BOOKED", "fileName": "DSR_one.tsv", "lines": 1, "total": {"minor": "100"}}
        ]


async def test_what_names_nobodys_recording_is_held(books: Books) -> None:
    taken = await books.take_in(
        written(report([Sold(books.one, "TH", 1, "1.000000"), Sold("QZXXX2600001", "TH", 1, "2.500000")]))
    )
    assert (taken["status"], taken["lines"], taken["unmatched"], taken["total"]["minor"]) == ("BOOKED", 2, 1, "350")
    assert (books.balance("HELD"), books.balance("PAYABLE"), books.balance("RECEIVABLE")) == (-250, -100, 350)


async def test_the_operators_report_reaches_every_label_with_its_own_lines_only(books: Books) -> None:
    other = await make.label(books.runtime, "another-label")
    await make.allocate(books.runtime, other.organization_id, prefix="AA6Q8")
    theirs = (await make.track(books.api, other, await make.release(books.api, other), "Their song"))["isrc"]
    sold = [
        Sold(books.one, "TH", 1, "0.004000"),
        Sold(theirs, "TH", 1, "0.004000"),
        Sold("QZXXX2600001", "TH", 1, "0.004000"),
    ]
    taken = await books.take_in(written(report(sold)), books.desk)
    assert (taken["status"], taken["lines"], taken["unmatched"], taken["total"]["minor"]) == ("BOOKED", 3, 1, "1")
    assert books.balance("RECEIVABLE") == 1, "three parts of 0.4 cents are one cent, not three, not none"
    listing = "{ salesReports { totalCount edges { node { id lines unmatched total { minor } } } } }"
    for who in (books.label, other):
        found = (await books.api.data(listing, token=who.token))["salesReports"]
        assert (found["totalCount"], found["edges"][0]["node"]["lines"], found["edges"][0]["node"]["unmatched"]) == (
            1,
            1,
            0,
        )
    desk = (await books.api.data(listing, token=books.desk.token))["salesReports"]
    assert (desk["totalCount"], desk["edges"][0]["node"]["lines"]) == (1, 3), "once, not once more for each label"
    stated = await books.close(who=books.desk)
    assert sum(int(item["earned"]["minor"]) for item in stated.values()) <= 1
    mine = (await books.api.data("{ statements { edges { node { id payee } } } }", token=other.token))["statements"][
        "edges"
    ]
    assert [edge["node"]["payee"] for edge in mine] == ["邕江音像"]
    query = "query($id: ID!) { statement(id: $id) { id } }"
    assert (await books.api.data(query, {"id": mine[0]["node"]["id"]}, token=books.label.token)) == {"statement": None}


async def test_a_bad_report_is_rejected_and_books_nothing(books: Books) -> None:
    sold = [Sold(books.one, "TH", 1, "1.000000"), Sold(books.one, "TH", 1, "1.000000")]
    broken, doubled = report(sold), report(sold)
    broken[-1][1] = "99"
    doubled[6][1] = doubled[5][1]
    bad = {
        "NOT_TEXT": b"\x89PNG" * 99,
        "FOOTER_LINES": written(broken),
        "TRANSACTION_REPEATED": written(doubled),
        "SENDER": written(report(sold, sender="PADPIDA2026010199Z")),
        "RECIPIENT": written(report(sold, recipient="PADPIDA2026010199Z")),
        "SUM_TOO_LARGE": written(report([Sold(books.one, place, 1, "999999999999.000000") for place in EVERYWHERE])),
    }
    before = books.database.counts(*BOOKS[1:])
    for code, content in bad.items():
        taken = await books.take_in(content)
        assert (taken["status"], [item["code"] for item in taken["problems"]]) == ("REJECTED", [code])
        assert taken["problems"][0]["line"]
    assert books.database.counts(*BOOKS[1:]) == before
    assert await books.close() == {}


async def test_advances_are_recouped_and_debts_are_carried(books: Books) -> None:
    payees = (await books.api.data("{ payees { id name } }", token=books.label.token))["payees"]
    payee = next(item["id"] for item in payees if item["name"] == "邕江音像")
    await books.api.data(ADVANCE, {"id": payee, "amount": {"minor": "300", "currency": "USD"}}, token=books.label.token)

    async def month(number: int, amount: str) -> dict[str, int]:
        rows = report(
            [Sold(books.two, "TH", 1, amount)],
            message_id=f"PADPIDA2026010101N-DSR-00000{number}",
            start=f"2026-0{number}-01",
            end=f"2026-0{number}-28",
        )
        assert (await books.take_in(written(rows)))["status"] == "BOOKED"
        return minors((await books.close(f"2026-0{number}"))["邕江音像"])

    assert await month(1, "2.000000") == {"opening": 0, "earned": 200, "recouped": 200, "held": 0, "payable": 0}
    assert await month(2, "-0.500000") == {"opening": 0, "earned": -50, "recouped": 0, "held": -50, "payable": 0}
    assert await month(3, "5.000000") == {"opening": -50, "earned": 500, "recouped": 100, "held": 0, "payable": 350}
    assert (books.balance("ADVANCE"), books.balance("DUE"), books.balance("PAYABLE")) == (0, -350, 0)


async def test_less_than_a_payees_minimum_waits(books: Books) -> None:
    books.database.rows("UPDATE payees SET minimum_minor = 1000 RETURNING 1")
    await books.take_in(written(report([Sold(books.two, "TH", 1, "9.990000")], start="2026-07-01", end="2026-07-31")))
    assert minors((await books.close("2026-07"))["邕江音像"]) == {
        "opening": 0,
        "earned": 999,
        "recouped": 0,
        "held": 999,
        "payable": 0,
    }
    late = report(
        [Sold(books.two, "TH", 1, "0.010000")],
        message_id="PADPIDA2026010101N-DSR-000009",
        start="2026-08-01",
        end="2026-08-31",
    )
    await books.take_in(written(late))
    assert minors((await books.close("2026-Q3"))["邕江音像"]) == {
        "opening": 999,
        "earned": 1,
        "recouped": 0,
        "held": 0,
        "payable": 1000,
    }


async def test_a_period_closes_once_and_late_reports_come_with_the_next(books: Books) -> None:
    september = {"start": "2026-09-01", "end": "2026-09-30"}
    await books.take_in(written(report([Sold(books.two, "TH", 1, "1.000000")], **september)))
    assert await books.close("2026-08") == {}, "nothing of August, nothing closed"
    assert minors((await books.close("2026-09"))["邕江音像"])["payable"] == 100
    late = report([Sold(books.two, "TH", 1, "2.000000")], message_id="PADPIDA2026010101N-DSR-000002", **september)
    await books.take_in(written(late))
    before = books.database.counts(*BOOKS)
    refused = await books.api.refusal(CLOSE, {"period": "2026-09"}, token=books.label.token)
    assert (refused["code"], refused["field"]) == ("CONFLICT", "period")
    assert books.database.counts(*BOOKS) == before
    assert minors((await books.close("2026-10"))["邕江音像"])["earned"] == 200


async def test_a_period_closes_when_it_is_over(books: Books) -> None:
    await books.take_in(written(report([Sold(books.two, "TH", 1, "1.000000")])))
    before = books.database.counts(*BOOKS)
    now = datetime.now(UTC)
    for period in (f"{now:%Y-%m}", f"{now.year}-Q{(now.month + 2) // 3}", f"{now.year + 1}-01", "2099-Q4"):
        for who in (books.label, books.desk):
            refused = await books.api.refusal(CLOSE, {"period": period}, token=who.token, language="vi")
            assert (refused["code"], refused["field"]) == ("INVALID", "period"), period
            assert refused["message"] == PeriodNotOver.default.render("vi")
            assert books.database.counts(*BOOKS) == before, period


async def test_a_report_of_days_to_come_is_refused(books: Books) -> None:
    today = datetime.now(UTC).date()
    tomorrow = today + timedelta(days=1)
    for start, end in (("2026-10-01", tomorrow.isoformat()), ("2099-01-01", "2099-01-31")):
        taken = await books.take_in(written(report([Sold(books.two)], start=start, end=end)))
        assert taken["status"] == "REJECTED"
        assert [(item["code"], item["field"], item["line"]) for item in taken["problems"]] == [
            ("NOT_OVER", "UsageEndDate", 1)
        ]
    assert books.database.counts("ledger_postings", "earnings") == {"ledger_postings": 0, "earnings": 0}
    until_today = report([Sold(books.two)], start=today.isoformat(), end=today.isoformat())
    assert (await books.take_in(written(until_today)))["status"] == "BOOKED"


async def test_a_period_waits_for_reports_that_are_being_checked(books: Books) -> None:
    await books.api.data(
        IMPORT,
        {"channel": str(books.channel.id), "file": None},
        token=books.label.token,
        files={"file": ("r.tsv", written(report([Sold(books.two)])), "text/plain")},
    )
    before = books.database.counts(*BOOKS)
    refused = await books.api.refusal(CLOSE, {"period": "2026-10"}, token=books.label.token)
    assert (refused["code"], refused["field"]) == ("CONFLICT", "period")
    assert books.database.counts(*BOOKS) == before


async def test_who_may_not_book_writes_nothing(books: Books) -> None:
    viewer = await make.label(books.runtime, roles=("VIEWER",), person="viewer")
    publisher = await make.label(books.runtime, "another-label", roles=("DISTRIBUTION",))
    before = books.database.counts(*BOOKS)
    for token, code in [(None, "UNAUTHENTICATED"), (viewer.token, "FORBIDDEN"), (publisher.token, "FORBIDDEN")]:
        files = {"file": ("r.tsv", written(report([])), "text/plain")}
        variables = {"channel": str(books.channel.id), "file": None}
        assert (await books.api.refusal(IMPORT, variables, token=token, files=files))["code"] == code
        assert (await books.api.refusal(CLOSE, {"period": "2026-10"}, token=token))["code"] == code
    for period in ("2026", "2026-13", "2026-Q5", "'; --", ""):
        refused = await books.api.refusal(CLOSE, {"period": period}, token=books.label.token)
        assert (refused["code"], refused["field"]) == ("INVALID", "period")
    missing = {"channel": "0198f2a0-0000-7000-8000-000000000000", "file": None}
    refused = await books.api.refusal(IMPORT, missing, token=books.label.token, files=files)
    assert (refused["code"], refused["field"]) == ("NOT_FOUND", "channelId")
    assert books.database.counts(*BOOKS) == before


async def test_the_database_refuses_a_posting_that_does_not_balance(books: Books) -> None:
    organization = books.label.organization_id
    before = books.database.counts(*BOOKS)
    with pytest.raises(DBAPIError, match="does not balance"):
        async with books.runtime.database.transaction(organization=organization) as tx:
            cash = await ledger.account(tx.session, organization, AccountKind.CASH, "USD")
            await ledger.post(tx.session, organization, "wrong", [(cash, 1)])
    with pytest.raises(DBAPIError, match="does not balance"):
        async with books.runtime.database.transaction(organization=organization) as tx:
            cash = await ledger.account(tx.session, organization, AccountKind.CASH, "USD")
            other = await ledger.account(tx.session, organization, AccountKind.CASH, "VND")
            await ledger.post(tx.session, organization, "wrong", [(cash, 1), (other, -1)])
    assert books.database.counts(*BOOKS) == before


async def test_a_statement_is_a_document_in_its_readers_language(books: Books) -> None:
    await books.take_in(written(report([Sold(books.one, "TH", 1200, "12.340000")])))
    stated = (await books.close())["韦小云"]
    data = await books.api.data(LINES, {"id": stated["id"], "first": 1, "after": None}, token=books.label.token)
    url = data["statement"]["documentUrl"]
    answered = await books.api.http.get(url, headers={"Authorization": f"Bearer {books.label.token}"})
    assert (answered.status_code, answered.headers["content-type"]) == (200, "application/pdf")
    assert answered.content.startswith(b"%PDF-")
    other = await make.label(books.runtime, "another-label")
    for headers in ({}, {"Authorization": f"Bearer {other.token}"}):
        refused = await books.api.http.get(url, headers=headers)
        assert (refused.status_code, b"%PDF" in refused.content) == (404, False)
