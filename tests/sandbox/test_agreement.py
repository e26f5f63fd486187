"""The hub's readers and the sandbox's writers mean the same files, though neither knows the other."""

from __future__ import annotations

import pytest

from distribution.messages import ack, dsr
from sandbox.reports import Defect, Reporter
from sandbox.sales import period
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
