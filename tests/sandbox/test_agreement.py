"""The hub's readers and the sandbox's writers mean the same files, though neither knows the other."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from distribution.messages import ack, dsr
from distribution.messages import ern as hub_ern
from distribution.messages.model import Deal as HubDeal
from distribution.messages.model import File, NewReleaseMessage, ReleaseDeal
from sandbox.reports import Defect, Reporter
from sandbox.sales import period
from tests.factories import distribution as make
from tests.sandbox import ern
from tests.sandbox.desk import Desk
from tests.sandbox.ern import DOWNLOAD, STREAMING, Deal, album


def _report(desk: Desk, defect: Defect | None) -> tuple[dsr.Report, int, int]:
    made = album(tracks=2, deals=(Deal(("ID", "SG"), terms=(STREAMING, DOWNLOAD)),))
    desk.take(made.delivery(), made.folder())
    reporter = Reporter(desk.intake.platform, desk.intake._settings, desk.intake.paths, desk.home.database)
    told = reporter.report(period("2026-10"), ern.SENDER, 1, defect)
    with (desk.intake.paths.reports / told.name).open("rb") as file:
        report = dsr.Report(dsr.lines_of(file))
        found = list(report.sales())
    return report, told.sales, sum(sale.net for sale in found) - int(told.total * dsr.MICRO)


def test_a_report_is_read_without_a_problem_to_the_same_sum(desk: Desk) -> None:
    report, sales, difference = _report(desk, None)
    assert report.problems == []
    assert (report.sales_count, difference) == (sales, 0)
    assert report.header is not None
    assert (report.header.sender, report.header.recipient) == (ern.NUSANTARA, ern.SENDER)


@pytest.mark.parametrize("defect", [Defect.FOOTER, Defect.CURRENCY, Defect.TRUNCATED])
def test_a_broken_report_is_found_out(desk: Desk, defect: Defect) -> None:
    report, _, _ = _report(desk, defect)
    assert report.problems


def test_answers_are_understood(desk: Desk) -> None:
    good, bad = album(tracks=1), album(tracks=1, deals=(Deal(("CN",)),))
    (told,) = desk.take(good.delivery(), good.folder())
    assert ack.answers(told.name, good.message_id)
    assert ack.read(told.content).verdict is ack.Verdict.LIVE
    (told,) = desk.take(bad.delivery(), bad.folder())
    understood = ack.read(told.content)
    assert understood.verdict is ack.Verdict.REFUSED
    assert [problem.code for problem in understood.problems] == ["DEAL_TERRITORY"]
    assert understood.message_id == bad.message_id


def _delivery() -> tuple[NewReleaseMessage, dict[str, bytes]]:
    """A message as the hub writes it, with files that fit."""
    message = make.message(1)
    (recording,), (cover,) = message.recordings, message.images
    audio, picture = ern.tone(60, 3.0), ern.cover(3000)
    files = {recording.audio.file.uri: audio, cover.file.uri: picture}

    def fitting(uri: str) -> File:
        return File(uri, hashlib.sha256(files[uri]).hexdigest(), len(files[uri]))

    deal = HubDeal(("ID", "SG"), date(2026, 11, 1), None, ("SubscriptionModel",), ("OnDemandStream",))
    sound = replace(recording.audio, file=fitting(recording.audio.file.uri))
    return replace(
        message,
        recordings=(replace(recording, duration_ms=3_000, audio=sound),),
        images=(replace(cover, file=fitting(cover.file.uri)),),
        release_deals=(ReleaseDeal(("R0", "R1"), (deal,)),),
    ), files


def test_what_the_hub_writes_is_accepted_and_taken_down_again(desk: Desk) -> None:
    message, files = _delivery()
    (told,) = desk.take(files | {f"{make.GTIN}.xml": hub_ern.build(message)}, f"N_{make.GTIN}_20261123093015123")
    assert told.accepted, told.reasons
    assert list(desk.catalogue()[0]["territories"]) == ["ID", "SG"]
    down = replace(message, message_id="BM-down", release_deals=())
    (told,) = desk.take({f"{make.GTIN}.xml": hub_ern.build(down)}, f"N_{make.GTIN}_20261124093015123")
    assert ack.read(told.content).verdict is ack.Verdict.GONE
    assert desk.catalogue()[0]["status"] == "taken_down"
