"""The guide names every code, cell, option and defect that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import dsr
from sandbox.__main__ import _parser
from sandbox.refusals import STATUS
from sandbox.reports import Defect
from sandbox.settings import load

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "sandbox.md").read_text(encoding="utf-8")


def test_every_code_stands_in_the_guide_with_its_status() -> None:
    assert [code for code, status in STATUS.items() if f"| `{code}` | {status} |" not in GUIDE] == []


def test_every_option_and_defect_stands_in_the_guide() -> None:
    options = [option for action in _parser()._actions for option in action.option_strings if option.startswith("--")]
    assert [option for option in options if option not in (*GUIDE.split("`"), "--help") and option not in GUIDE] == []
    assert [defect for defect in Defect if f"| `{defect}` |" not in GUIDE] == []


@pytest.mark.parametrize("record", ["HEAD", "SY10", "SR08", "SRFO"])
def test_the_guide_counts_the_cells_of_a_record(record: str) -> None:
    section = GUIDE.partition(f"### {record}")[2].partition("\n### ")[0]
    assert f"{len(dsr.RECORDS[record])} cells" in section.partition("\n")[0]
    for name in dsr.RECORDS[record]:
        stem = name.removesuffix("InCurrencyOfTransaction").removesuffix("InCurrencyOfAccounting")
        assert stem in section, name


def test_the_shipped_platforms_are_those_of_the_guide() -> None:
    for platform in load().platforms:
        assert f"| `{platform.id}` | `{platform.party_id}` | {platform.protocol.upper()} |" in GUIDE
        assert f"| {platform.minimum_cover_px} × {platform.minimum_cover_px} |" in GUIDE
