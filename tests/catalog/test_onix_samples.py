"""The samples in `BANMAO_STANDARDS/onix`, which other people wrote."""

from datetime import date
from pathlib import Path

import pytest

from catalog.formats.onix.reader import records
from catalog.formats.record import Credit, Words
from catalog.rights import RightType

pytestmark = pytest.mark.standards


@pytest.mark.parametrize("name", ["Onix3.1-single-ref.xml", "onix3-single.xml", "single-book-onix3-short.xml"])
def test_sample(standards: Path, name: str) -> None:
    with (standards / "onix" / name).open("rb") as file:
        (record,) = records(file, date(2026, 11, 23))
    assert record.problems == []
    assert record.reference == "com.globalbookinfo.onix.01734529"
    assert record.titles == [Words("Roseanna", "en")]
    assert (record.original_language, record.publication_year, record.country) == ("sv", 1965, None)
    assert [(found.scheme, found.value) for found in record.identifiers] == [("ISBN", "9780007232833")]
    assert [credit.role for credit in record.credits] == ["aut", "aut", "trl", "win"]
    assert record.credits[3] == Credit("Henning Mankell", "win")
    assert record.descriptions[0].language == "en"
    assert record.descriptions[0].text.count("\n\n") == 3
    assert "<" not in record.descriptions[0].text
    assert "FIC022000" in record.subjects
    exclusive = next(scope for scope in record.mandates if scope.exclusive)
    others = next(scope for scope in record.mandates if not scope.exclusive)
    assert exclusive.rights == others.rights == {RightType.PRINT}
    assert {"GB", "MY", "SG"} <= exclusive.territories
    assert {"TH", "VN"} <= others.territories
    assert exclusive.territories.isdisjoint(others.territories)
    assert {"US", "PH"}.isdisjoint(exclusive.territories | others.territories)
