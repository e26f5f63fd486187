"""Sales reports: put together, written down, placed in the outbox; and broken on request, so that a reader can be tried out."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from sandbox import database, dsr
from sandbox.home import Paths
from sandbox.sales import Period, Sale, Terms, sold
from sandbox.settings import Platform, Settings

UNKNOWN_ISRC = "ZZSBX2699999"
NO_CURRENCY = "ZZZ"


class Defect(StrEnum):
    """How a report is broken on purpose."""

    FOOTER = "footer"
    CURRENCY = "currency"
    UNKNOWN_ISRC = "unknown-isrc"
    TRUNCATED = "truncated"
    DUPLICATE_MESSAGE_ID = "duplicate-message-id"


class NothingToBreak(Exception):
    """This defect needs sales in the period, or an earlier report."""


@dataclass(frozen=True)
class Report:
    """A report that lies in the outbox. ``total`` is what it says is paid, in ``currency``."""

    name: str
    message_id: str
    lines: int
    sales: int
    total: Decimal
    currency: str


class Reporter:
    """One platform's bookkeeping."""

    def __init__(self, platform: Platform, settings: Settings, paths: Paths, database_path: Path) -> None:
        self._platform = platform
        self._settings = settings
        self._paths = paths
        self._database = database_path

    def report(self, when: Period, recipient: str, seed: int, defect: Defect | None) -> Report:
        """Write one report on a sender's releases. Raises `NothingToBreak` when a defect cannot be made."""
        with database.connection(self._database) as connection:
            previous = connection.execute(
                "SELECT message_id FROM reports WHERE platform = ? AND content IS NOT NULL ORDER BY id DESC",
                (self._platform.id,),
            ).fetchone()
            if defect is Defect.DUPLICATE_MESSAGE_ID and previous is None:
                raise NothingToBreak("There is no earlier report whose MessageId could be used again.")
            ways = list(sold(connection, self._platform, self._settings, recipient, when, seed))
            if defect is not None and defect is not Defect.DUPLICATE_MESSAGE_ID and not ways:
                raise NothingToBreak(f"Nothing was sold in {when.name}: there is nothing to break.")
            number = connection.execute("INSERT INTO reports (platform) VALUES (?)", (self._platform.id,)).lastrowid
            message_id = f"{self._platform.party_id}-DSR-{number:06d}"
            if defect is Defect.DUPLICATE_MESSAGE_ID:
                message_id = previous["message_id"]
            writer = _Writer(self._platform, when, recipient, message_id, datetime.now(UTC), defect)
            content = writer.write(ways)
            connection.execute(
                "UPDATE reports SET name = ?, message_id = ?, content = ?, placed = 0 WHERE id = ?",
                (writer.file_name(number or 0), message_id, content, number),
            )
            self.place(connection)
        return Report(
            writer.file_name(number or 0),
            message_id,
            content.count(b"\n"),
            writer.sales,
            writer.total,
            self._platform.currency,
        )

    def place(self, connection: sqlite3.Connection) -> None:
        """Put every finished report that may not be in the outbox yet there."""
        rows = connection.execute(
            "SELECT id, name, content FROM reports WHERE platform = ? AND placed = 0 ORDER BY id", (self._platform.id,)
        ).fetchall()
        for row in rows:
            self._paths.publish(self._paths.reports, row["name"], row["content"])
            connection.execute("UPDATE reports SET placed = 1 WHERE id = ?", (row["id"],))


class _Writer:
    def __init__(
        self,
        platform: Platform,
        when: Period,
        recipient: str,
        message_id: str,
        created: datetime,
        defect: Defect | None,
    ) -> None:
        self._platform = platform
        self._when = when
        self._recipient = recipient
        self._message_id = message_id
        self._created = created
        self._defect = defect
        self.sales = 0
        self.total = Decimal(0)
        self._territories: set[str] = set()

    def file_name(self, number: int) -> str:
        """The name by DSR Part 1 clause 8.1; milliseconds are the report's number, so that no two names are the same."""
        territory = next(iter(self._territories)) if len(self._territories) == 1 else "Multi"
        return (
            f"DSR_{self._recipient}_{self._platform.party_id}_{self._platform.service}_{self._when.name}_{territory}_1of1_"
            f"{self._created:%Y%m%dT%H%M%S}{number % 1000:03d}.tsv"
        )

    def write(self, ways: list[tuple[Terms, list[Sale]]]) -> bytes:
        summaries: list[str] = []
        details: list[str] = []
        for number, (terms, found) in enumerate(ways, start=1):
            last = number == len(ways)
            self._territories.add(terms.territory)
            amounts = [_amounts(terms, sale) for sale in found]
            strangers = [False] * len(found)
            if last and self._defect is Defect.UNKNOWN_ISRC:
                found, amounts, strangers = [*found, found[-1]], [*amounts, amounts[-1]], [*strangers, True]
            summaries.append(
                self._summary(number, terms, found, amounts, broken=last and self._defect is Defect.CURRENCY)
            )
            for sale, amount, stranger in zip(found, amounts, strangers, strict=True):
                details += self._detail(number, terms, sale, amount, stranger=stranger)
        lines = [self._head(), *dsr.comments(), *summaries, *details]
        count = len(lines) + 1 - (self._defect is Defect.FOOTER)
        lines.append(dsr.line("SRFO", {"NumberOfLinesInReport": count, "NumberOfSummaryRecords": len(summaries)}))
        content = "".join(f"{line}\n" for line in lines).encode()
        if self._defect is Defect.TRUNCATED:
            first_detail = len("".join(f"{line}\n" for line in lines[: -1 - len(details)]).encode())
            content = content[: (first_detail + len(content)) // 2]
        return content

    def _head(self) -> str:
        return dsr.line(
            "HEAD",
            {
                "MessageVersion": dsr.MESSAGE_VERSION,
                "Profile": dsr.PROFILE,
                "ProfileVersion": dsr.PROFILE_VERSION,
                "MessageId": self._message_id,
                "MessageCreatedDateTime": f"{self._created:%Y-%m-%dT%H:%M:%SZ}",
                "FileNumber": 1,
                "NumberOfFiles": 1,
                "UsageStartDate": self._when.start.isoformat(),
                "UsageEndDate": self._when.last_day.isoformat(),
                "SenderPartyId": self._platform.party_id,
                "SenderName": self._platform.name,
                "ServiceDescription": self._platform.service,
                "RecipientPartyId": self._recipient,
            },
        )

    def _summary(
        self, number: int, terms: Terms, found: list[Sale], amounts: list[dict[str, Decimal]], *, broken: bool
    ) -> str:
        total = {name: sum((amount[name] for amount in amounts), Decimal(0)) for name in amounts[0]}
        net_t, net_a = (
            total["AllocatedNetRevenueInCurrencyOfTransaction"],
            total["AllocatedNetRevenueInCurrencyOfAccounting"],
        )
        self.total += net_a
        return dsr.line(
            "SY10",
            {
                "SummaryRecordId": number,
                "CommercialModel": terms.term.commercial_model,
                "UseType": terms.term.use_type,
                "ReportingPeriodStartDate": self._when.start.isoformat(),
                "ReportingPeriodEndDate": self._when.last_day.isoformat(),
                "Territory": terms.territory,
                "ServiceDescription": self._platform.service,
                "Usages": sum(sale.usages for sale in found),
                "AllocatedUsages": sum(sale.net for sale in found),
                "Returns": sum(sale.returns for sale in found),
                "MusicUsageRatio": 100,
                "CurrencyOfTransaction": terms.transaction_currency,
                "CurrencyOfAccounting": NO_CURRENCY if broken else terms.accounting_currency,
                "ExchangeRate": terms.rate,
                "ExchangeRateSource": "SandboxRates",
                "DateOfCurrencyExchange": f"{self._when.end.isoformat()}T00:00:00Z",
                "DeductionType": "WithholdingTax" if terms.withholding else None,
                **total,
                "NetRevenueInCurrencyOfTransaction": net_t,
                "NetRevenueInCurrencyOfAccounting": net_a,
                "SubscriptionFeeInCurrencyOfAccounting": 0,
                "FinalTotalAmountInCurrencyOfTransaction": net_t,
                "FinalTotalAmountInCurrencyOfAccounting": net_a,
            },
        )

    def _detail(
        self, number: int, terms: Terms, sale: Sale, amounts: dict[str, Decimal], *, stranger: bool
    ) -> Iterable[str]:
        self.sales += 1
        release, track = sale.release, sale.track
        price = terms.consumer_price
        taxed = bool(terms.withholding)
        yield dsr.line(
            "SR08",
            {
                "SalesTransactionId": f"{self._message_id}-{self.sales:07d}",
                "ReleaseGRid": release["grid"],
                "ReleaseICPN": release["icpn"],
                "DspReleaseId": release["dsp_release_id"],
                "ProprietaryReleaseId": _identifiers(release),
                "ReleaseType": release["type"],
                "ReleaseTitle": release["title"],
                "ReleaseDisplayArtistName": release["artist"],
                "ResourceISRC": UNKNOWN_ISRC if stranger else track["isrc"],
                "DspResourceId": "UNKNOWN" if stranger else track["dsp_resource_id"],
                "ProprietaryResourceId": () if stranger else _identifiers(track),
                "ResourceType": "SoundRecording",
                "ResourceTitle": track["title"],
                "ResourceDisplayArtistName": track["artist"],
                "SummaryRecordId": number,
                "SalesTransactionDate": sale.day.isoformat(),
                "TotalUsages": sale.usages,
                "Returns": sale.returns,
                "NetUsage": sale.net,
                "PriceType": "Standard",
                "PriceConsumerPaidExcSalesTaxInCurrencyOfTransaction": price,
                "PriceConsumerPaidExcSalesTaxInCurrencyOfAccounting": None if price is None else terms.accounted(price),
                "DeductionType": "WithholdingTax" if taxed else None,
                "RightSharePercentage": 100,
                "CalculatedUnitPriceInCurrencyOfTransaction": terms.unit_price,
                "CalculatedUnitPriceInCurrencyOfAccounting": terms.accounted(terms.unit_price),
                "CopyrightObligationWithDSP": True,
                **{name: amount for name, amount in amounts.items() if taxed or not name.startswith("Deductions")},
            },
        )
        if sale.return_reason is not None:
            yield dsr.line("DE01", {"DealSpecificCell1": "ReturnReason", "DealSpecificCell2": sale.return_reason})


def _amounts(terms: Terms, sale: Sale) -> dict[str, Decimal]:
    """What is owed for one sale: each amount once in each currency, each converted once."""
    allocated = terms.unit_price * sale.net
    net = allocated - dsr.rounded(allocated * terms.withholding)
    allocated_a, net_a = terms.accounted(allocated), terms.accounted(net)
    return {
        "DeductionsInCurrencyOfTransaction": allocated - net,
        "DeductionsInCurrencyOfAccounting": allocated_a - net_a,
        "AllocatedRevenueInCurrencyOfTransaction": allocated,
        "AllocatedRevenueInCurrencyOfAccounting": allocated_a,
        "AllocatedNetRevenueInCurrencyOfTransaction": net,
        "AllocatedNetRevenueInCurrencyOfAccounting": net_a,
    }


def _identifiers(row: sqlite3.Row) -> list[str]:
    identifiers: list[str] = json.loads(row["proprietary_ids"])
    return identifiers
