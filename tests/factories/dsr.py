"""Sales reports as a platform writes them, for tests to break one cell at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Sold:
    isrc: str = "AA6Q72600001"
    territory: str = "TH"
    usages: int = 10
    amount: str = "0.012345"
    title: str = "刘三姐"
    returns: int = 0
    icpn: str = "9501101530003"


def report(
    sold: Sequence[Sold],
    *,
    message_id: str = "PADPIDA2026010101N-DSR-000001",
    currency: str = "USD",
    sender: str = "PADPIDA2026010101N",
    recipient: str = "PADPIDA2026112301B",
    start: str = "2026-10-01",
    end: str = "2026-10-31",
) -> list[list[str]]:
    """The rows of a report whose sums are right. Turn them into a file with `written`."""
    territories = list(dict.fromkeys(line.territory for line in sold))
    head = ["HEAD", "dsrf/1.3/1.4.1/1.2", "FinancialReportingToRecordCompaniesProfileSRB", "1.0", message_id]
    head += [
        "2026-11-02T04:00:00Z",
        "1",
        "1",
        start,
        end,
        sender,
        "Nusantara Play",
        "NusantaraPlay",
        recipient,
        "Banmao",
        "",
    ]
    rows = [head, ["#HEAD", "MessageVersion"], ["#SY10"], [""]]
    for number, territory in enumerate(territories, 1):
        here = [line for line in sold if line.territory == territory]
        amount = str(sum((Decimal(line.amount) for line in here), Decimal(0)))
        usages, returns = sum(line.usages for line in here), sum(line.returns for line in here)
        row = [
            "SY10",
            str(number),
            "",
            "",
            "SubscriptionModel",
            "OnDemandStream",
            start,
            end,
            "",
            "",
            "",
            "",
            territory,
            "Nusantara",
            "",
            "",
        ]
        row += [
            str(usages),
            str(usages - returns),
            str(returns),
            "100",
            currency,
            currency,
            "1",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "0",
            "0",
        ]
        row += [amount] * 6 + ["", "", "0", "", "", "", amount, amount]
        rows.append(row)
    for number, line in enumerate(sold, 1):
        row = [
            "SR08",
            f"{message_id}-{number:07d}",
            "",
            line.icpn,
            "D1",
            "",
            "",
            "",
            "Album",
            "壮乡的歌",
            "",
            "合唱团",
            "",
            line.isrc,
            "",
            "T1",
            "",
            "",
            "",
            "",
        ]
        row[19:] = [
            "SoundRecording",
            line.title,
            "",
            "合唱团",
            "",
            str(territories.index(line.territory) + 1),
            end,
            str(line.usages),
            str(line.returns),
        ]
        row += [
            str(line.usages - line.returns),
            "",
            "",
            "",
            "",
            "Standard",
            "",
            "",
            "",
            "",
            "",
            "",
            "100",
            "0.001",
            "0.001",
        ]
        row += [line.amount] * 4 + ["true"]
        rows.append(row)
    rows.append(["SRFO", str(len(rows) + 1), str(len(territories))])
    return rows


def written(rows: Sequence[Sequence[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in rows).encode()
