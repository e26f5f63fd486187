"""Sales reports in: taken, checked against themselves, cut by owner, priced, split and booked. A report twice books once.

The operator takes in the reports of its channels; every label with lines in one gets a report of its own with just those lines.
A label may take in a report by itself: lines of others are passed over, lines that name nobody's recording are held.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from distribution import policies
from distribution import queries as places
from distribution.messages import dsr
from distribution.models import Channel
from distribution.problems import Problem
from distribution.revenue import ledger, lines, queries
from distribution.revenue.lines import Outcome
from distribution.revenue.models import AccountKind, Earning, FetchedReport, SalesReport
from distribution.revenue.periods import today
from distribution.revenue.pricing import apportion, quantum
from hub import audit
from hub.characters import only_text
from hub.database import act_for
from hub.errors import Forbidden, NotFound
from hub.formats import last_day
from hub.i18n import _
from hub.jobs import enqueue
from hub.money import EXPONENTS
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import Readable, receive

MOST_REPEATED: Final = 20
PARTS_FIRST: Final = timedelta(seconds=0.2)
LONGEST_WAIT: Final = timedelta(minutes=5)
PARQUET: Final = "application/vnd.apache.parquet"


async def take_in(
    session: AsyncSession, runtime: Runtime, caller: Caller, channel_id: UUID, upload: Readable, file_name: str | None
) -> SalesReport:
    """Keep an uploaded report and have it checked; the same file again is the same report.

    Raises `Forbidden`, `NotFound`, `TooLarge`.
    """
    if not policies.may_book(caller):
        raise Forbidden
    if channel_id not in await places.channels_by_id(session, [channel_id]):
        raise NotFound(field="channelId")
    async with receive(upload, runtime.settings.max_upload_bytes, runtime.scratch.path) as received:
        key = file_key(caller.organization_id, received.sha256)
        await runtime.storage.put(key, received.path, "text/tab-separated-values")
    report = await keep(session, caller.organization_id, channel_id, key, file_name)
    await audit.record(session, caller, "distribution.report.taken_in", "sales_report", report.id)
    return report


def file_key(organization_id: UUID, sha256: str) -> str:
    return f"sales/files/{organization_id}/{sha256}.tsv"


async def keep(
    session: AsyncSession, organization_id: UUID, channel_id: UUID, key: str, file_name: str | None
) -> SalesReport:
    """A report whose file is stored, with the job that checks it; unless this very file is being or has been taken in."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 11))))
    known = await queries.report_of_file(session, organization_id, channel_id, key)
    if known is not None:
        return known
    report = SalesReport(
        organization_id=organization_id,
        channel_id=channel_id,
        file_key=key,
        file_name=only_text(file_name or "")[:200] or None,
    )
    session.add(report)
    await session.flush()
    await session.refresh(report)
    await enqueue(session, "distribution.check_report", organization_id=str(organization_id), report_id=str(report.id))
    return report


@dataclass(frozen=True, slots=True)
class Part:
    """What one organization has of a report: its lines as Parquet, and what these are paid in minor units.

    `lines`, `total`: what the report shows; to the operator that forwards it, the whole. `unmatched`: lines that name nobody's
    recording.
    """

    organization_id: UUID
    path: Path
    paid: int
    lines: int
    total: int
    unmatched: int


async def check(runtime: Runtime, organization: UUID, report_id: UUID) -> None:
    """Read a report and accept or reject it as a whole; accepted, every owner's part is on its way to the books."""
    async with runtime.database.transaction(organization=organization, read_only=True) as tx, tx.use() as session:
        report = await queries.report(session, report_id)
        if report is None or report.status != "CHECKING":
            return
        channel = (await places.channels_by_id(session, [report.channel_id]))[report.channel_id]
    with runtime.scratch.folder("report") as folder:
        await runtime.storage.fetch(report.file_key, folder / "report.tsv")
        taken = await asyncio.to_thread(lines.store, folder / "report.tsv", folder / "lines.parquet")
        problems = taken.problems or await _outer_problems(
            runtime, organization, channel, taken, folder / "lines.parquet"
        )
        if problems:
            await _reject(runtime, organization, report_id, taken, problems)
            return
        parts = await _parts(runtime, organization, channel, taken, folder)
        await _accept(runtime, report, channel, taken, parts)


async def _outer_problems(
    runtime: Runtime, organization: UUID, channel: Channel, taken: dsr.Report, path: Path
) -> list[Problem]:
    """What is wrong with a report that is sound in itself."""
    header = taken.header
    assert header is not None
    found = []
    if header.sender != channel.party_id:
        found.append(
            Problem(
                "SENDER",
                _("This report is from %(sender)s, not from this platform.", sender=header.sender_name),
                "SenderPartyId",
                1,
            )
        )
    if last_day(header.end) > today():
        found.append(
            Problem(
                "NOT_OVER",
                _("The report tells of days that are still to come. Take it in when its period is over."),
                "UsageEndDate",
                1,
            )
        )
    if header.recipient not in (None, channel.sender_party_id):
        found.append(Problem("RECIPIENT", _("This report is meant for somebody else."), "RecipientPartyId", 1))
    for identifier, line in await asyncio.to_thread(lines.repeated_transactions, path, MOST_REPEATED):
        found.append(
            Problem(
                "TRANSACTION_REPEATED",
                _("The sale %(id)s is there twice.", id=identifier[:60]),
                "SalesTransactionId",
                line,
            )
        )
    async with runtime.database.transaction(organization=organization, read_only=True) as tx, tx.use() as session:
        if await queries.booked(session, organization, channel.id, header.message_id):
            found.append(
                Problem(
                    "ALREADY_BOOKED", _("This report was already received. Nothing was booked again."), "MessageId", 1
                )
            )
    return found


async def _parts(runtime: Runtime, organization: UUID, channel: Channel, taken: dsr.Report, folder: Path) -> list[Part]:
    """The report cut by owner, money and all. The part of `organization` comes first; lines that name nobody's are in it."""
    sums = await asyncio.to_thread(lines.sums, folder / "lines.parquet")
    async with runtime.database.transaction(organization=organization, read_only=True) as tx, tx.use() as session:
        owners = await queries.owners(session, [item.isrc for item in sums if item.isrc is not None])
    forwards = channel.organization_id == organization
    net: dict[UUID | None, int] = defaultdict(int)
    count: dict[UUID | None, int] = defaultdict(int)
    codes: dict[UUID | None, list[str]] = defaultdict(list)
    for item in sums:
        owner = owners.get(item.isrc or "")
        if owner in (None, organization) or forwards:
            net[owner] += item.net
            count[owner] += item.lines
            codes[owner] += [item.isrc] if item.isrc else []
    paid: Mapping[UUID | None, int] = apportion(net, quantum(EXPONENTS[taken.currency])) if taken.currency else {}
    parts = []
    for owner in [organization, *sorted(set(net) - {None, organization}, key=str)]:
        assert owner is not None
        mine = owner == organization
        path = folder / f"{owner}.parquet"
        others = [code for code, whose in owners.items() if whose != owner] if mine else None
        await asyncio.to_thread(lines.cut, folder / "lines.parquet", codes[owner], path, others=others)
        own = paid.get(owner, 0) + (paid.get(None, 0) if mine else 0)
        whole = mine and forwards
        parts.append(
            Part(
                organization_id=owner,
                path=path,
                paid=own,
                lines=taken.sales_count if whole else count[owner] + (count[None] if mine else 0),
                total=sum(paid.values()) if whole else own,
                unmatched=count[None] if mine else 0,
            )
        )
    return parts


async def _accept(
    runtime: Runtime, report: SalesReport, channel: Channel, taken: dsr.Report, parts: Sequence[Part]
) -> None:
    own, *others = parts
    async with runtime.database.transaction(organization=own.organization_id) as tx, tx.use() as session:
        ids = [report.id, *[(await session.execute(select(func.uuidv7()))).scalar_one() for _part in others]]
    for report_id, part in zip(ids, parts, strict=True):
        await runtime.storage.put(_lines_key(report_id), part.path, PARQUET)
    async with runtime.database.transaction(organization=own.organization_id) as tx, tx.use() as session:
        held = await queries.report(session, report.id, lock=True)
        if held is None or held.status != "CHECKING":
            return
        _fill(held, taken, own)
        await session.flush()
        await _enqueue_booking(session, held, own.paid)
        for report_id, part in zip(ids[1:], others, strict=True):
            await act_for(session, part.organization_id)
            if taken.header and not await queries.booked(
                session, part.organization_id, channel.id, taken.header.message_id
            ):
                forwarded = SalesReport(
                    id=report_id,
                    organization_id=part.organization_id,
                    channel_id=channel.id,
                    file_key=report.file_key,
                    file_name=report.file_name,
                )
                _fill(forwarded, taken, part)
                session.add(forwarded)
                await session.flush()
                await _enqueue_booking(session, forwarded, part.paid)
        await act_for(session, own.organization_id)


def _fill(report: SalesReport, taken: dsr.Report, part: Part) -> None:
    assert taken.header is not None
    report.status, report.message_id = "ACCEPTED", taken.header.message_id
    report.period_start, report.period_end = taken.header.start, taken.header.end
    report.currency, report.total_minor = taken.currency, part.total if taken.currency else None
    report.lines, report.unmatched = part.lines, part.unmatched
    report.lines_key = _lines_key(report.id)


def _lines_key(report_id: UUID) -> str:
    return f"sales/{report_id}/lines.parquet"


async def _enqueue_booking(session: AsyncSession, report: SalesReport, paid: int, waits: int = 0) -> None:
    """`waits`: how often the parts of others were still on their way; each wait is longer."""
    await enqueue(
        session,
        "distribution.book_report",
        at=datetime.now(UTC) + min(PARTS_FIRST * 2 ** min(waits, 12), LONGEST_WAIT) if waits else None,
        waits=waits,
        organization_id=str(report.organization_id),
        report_id=str(report.id),
        paid=paid,
    )


async def _reject(
    runtime: Runtime, organization: UUID, report_id: UUID, taken: dsr.Report, problems: Sequence[Problem]
) -> None:
    async with runtime.database.transaction(organization=organization) as tx, tx.use() as session:
        report = await queries.report(session, report_id, lock=True)
        if report is not None and report.status == "CHECKING":
            report.status = "REJECTED"
            report.message_id = taken.header.message_id if taken.header else None
            report.problems = [problem.stored() for problem in problems]


async def book(runtime: Runtime, organization: UUID, report_id: UUID, paid: int, waits: int = 0) -> None:
    """Price and split an accepted report's lines, which are paid `paid`, and post it.

    The channel owes, payees are owed, and what matches nothing is held. To the operator a report is booked when every label's
    part of it is.
    """
    async with runtime.database.transaction(organization=organization) as tx, tx.use() as session:
        report = await queries.report(session, report_id)
        if report is None or report.status != "ACCEPTED":
            return
        if await queries.parts_pending(session, report):
            await _enqueue_booking(session, report, paid, waits + 1)
            return
    outcome, key = Outcome({}), None
    if report.currency is not None:
        assert report.lines_key is not None
        with runtime.scratch.folder("booking") as folder:
            await runtime.storage.fetch(report.lines_key, folder / "lines.parquet")
            sums = await asyncio.to_thread(lines.sums, folder / "lines.parquet")
            async with (
                runtime.database.transaction(organization=organization, read_only=True) as tx,
                tx.use() as session,
            ):
                shares = await queries.shares(session, [item.isrc for item in sums if item.isrc])
            outcome = await asyncio.to_thread(
                lines.split,
                folder / "lines.parquet",
                shares,
                quantum(EXPONENTS[report.currency]),
                paid,
                folder / "split.parquet",
            )
            key = f"sales/{report_id}/split.parquet"
            await runtime.storage.put(key, folder / "split.parquet", PARQUET)
    async with runtime.database.transaction(organization=organization) as tx, tx.use() as session:
        await _post(session, report_id, outcome, key)


async def _post(session: AsyncSession, report_id: UUID, outcome: Outcome, split_key: str | None) -> None:
    report = await queries.report(session, report_id, lock=True)
    if report is None or report.status != "ACCEPTED":
        return
    report.status, report.split_key, report.booked_at = "BOOKED", split_key, datetime.now(UTC)
    if not outcome.payees or report.currency is None:
        return
    organization, currency = report.organization_id, report.currency
    receivable = await ledger.account(
        session, organization, AccountKind.RECEIVABLE, currency, channel_id=report.channel_id
    )
    entries = [(receivable, sum(minor for minor, _lines in outcome.payees.values()))]
    earnings = []
    for payee, (minor, count) in sorted(outcome.payees.items(), key=lambda item: item[0] or ""):
        if payee is None:
            held = await ledger.account(session, organization, AccountKind.HELD, currency, channel_id=report.channel_id)
            entries.append((held, -minor))
            continue
        payable = await ledger.account(session, organization, AccountKind.PAYABLE, currency, payee_id=UUID(payee))
        entries.append((payable, -minor))
        earnings.append(
            {
                "organization_id": organization,
                "report_id": report.id,
                "payee_id": UUID(payee),
                "minor": minor,
                "lines": count,
            }
        )
    if await ledger.post(session, organization, f"report:{report.id}", entries) and earnings:
        await session.execute(insert(Earning), earnings)


async def mark_fetched(session: AsyncSession, channel_id: UUID, file_name: str) -> bool:
    """Note that a file of a channel's outbox is taken. False when it had been before."""
    noted = await session.execute(
        upsert(FetchedReport)
        .values(channel_id=channel_id, file_name=file_name)
        .on_conflict_do_nothing()
        .returning(FetchedReport.file_name)
    )
    return noted.scalar_one_or_none() is not None
