"""NewReleaseMessage: written in the schema's order, valid by the schema, the whole truth about the deals."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from distribution.messages import ern, rules
from distribution.messages.model import Deal, NewReleaseMessage, ReleaseDeal
from distribution.messages.validate import validate
from hub.errors import Invalid, TooLarge
from tests.factories import distribution as make

pytestmark = pytest.mark.standards


def variants() -> dict[str, NewReleaseMessage]:
    full = make.message()
    return {
        "two tracks": full,
        "twelve tracks": make.message(12),
        "without a GTIN": replace(full, release=replace(full.release, icpn=None)),
        "on behalf of a label": replace(full, on_behalf_of=make.RECIPIENT),
        "a test": replace(full, test=True),
        "explicit, no language": replace(
            full,
            release=replace(full.release, explicit=True, language=None),
            recordings=tuple(replace(r, language=None, explicit=None) for r in full.recordings),
        ),
        "with an end": replace(
            full,
            release_deals=(
                ReleaseDeal(
                    ("R0",),
                    (
                        Deal(
                            ("TH",), date(2026, 12, 1), date(2027, 12, 1), ("PayAsYouGoModel",), ("PermanentDownload",)
                        ),
                    ),
                ),
            ),
        ),
        "taken down": replace(full, release_deals=()),
        "worldwide": replace(
            full,
            release_deals=(
                ReleaseDeal(
                    ("R0",),
                    (Deal(("Worldwide",), date(2026, 12, 1), None, ("FreeOfChargeModel",), ("OnDemandStream",)),),
                ),
            ),
        ),
    }


@pytest.mark.parametrize("name", variants())
def test_every_message_is_valid_by_our_rules_and_by_the_schema(name: str, standards: Path) -> None:
    message = variants()[name]
    assert rules.check(message) == []
    assert [str(problem.message) for problem in validate(ern.build(message), standards)] == []


def test_the_same_message_is_the_same_bytes() -> None:
    assert ern.build(make.message()) == ern.build(make.message())


def test_an_end_is_the_first_day_after_here_and_the_last_day_there() -> None:
    message = variants()["with an end"]
    root = etree.fromstring(ern.build(message))
    assert root.findtext(".//EndDate") == "2027-11-30"


def test_a_takedown_says_no_deal_at_all() -> None:
    message = variants()["taken down"]
    assert message.takes_down
    root = etree.fromstring(ern.build(message))
    assert root.find("DealList") is None
    assert root.findall(".//File") == []
    assert {element.text for element in root.iterfind(".//IsProvidedInDelivery")} == {"false"}


def test_a_message_says_what_was_meant() -> None:
    root = etree.fromstring(ern.build(make.message()))
    assert [child.tag for child in root] == ["MessageHeader", "PartyList", "ResourceList", "ReleaseList", "DealList"]
    assert root.tag == "{http://ddex.net/xml/ern/432}NewReleaseMessage"
    assert root.get("AvsVersionId") == "9"
    assert [element.text for element in root.iterfind(".//SoundRecording//ISRC")] == ["AA6Q72600001", "AA6Q72600002"]
    assert root.findtext(".//SoundRecording/Duration") == "PT1M1.501S"
    assert root.findtext(".//SoundRecording//HashSum/HashSumValue") == f"{1:064x}"
    assert root.findtext(".//Contributor/Role/Value") == "Composer"
    assert root.findtext(".//Release/DisplayTitleText") == "壮乡的歌"
    assert [element.text for element in root.iterfind(".//TerritoryCode")] == ["TH", "VN"]


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [(225_000, "PT3M45S"), (1, "PT0.001S"), (3_600_000, "PT1H0M0S"), (59_990, "PT59.99S"), (7_384_500, "PT2H3M4.5S")],
)
def test_durations(milliseconds: int, written: str) -> None:
    assert ern.duration(milliseconds) == written


def test_messages_of_an_older_version_are_not_taken_for_ours(standards: Path) -> None:
    samples = sorted((standards / "ern" / "samples-4.3").glob("*.xml"))
    assert len(samples) == 3
    for sample in samples:
        found = validate(sample.read_bytes(), standards)
        assert found[0].code == "WRONG_VERSION"
        assert "43" in str(found[0].message)
        assert any(problem.code == "SCHEMA" for problem in found)


def test_a_renamed_old_message_still_fails_by_the_schema(standards: Path) -> None:
    sample = (standards / "ern" / "samples-4.3" / "5 SimpleVideoSingle.xml").read_bytes()
    found = validate(sample.replace(b"http://ddex.net/xml/ern/43", b"http://ddex.net/xml/ern/432"), standards)
    assert any("AdditionalTitle" in str(problem.message) and problem.line for problem in found)


def test_without_the_schema_the_version_is_still_checked() -> None:
    assert validate(ern.build(make.message()), None) == []
    other = ern.build(make.message()).replace(b"ern/432", b"ern/43")
    assert [problem.code for problem in validate(other, None)] == ["WRONG_VERSION"]
    assert [problem.code for problem in validate(b"<feed/>", None)] == ["NOT_A_RELEASE"]


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"<",
        b"\x00\x01",
        "<a>中".encode("utf-16"),
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a>&z;</a>',
        b"<!DOCTYPE a><a/>",
        b"<a>" * 100_000,
    ],
)
def test_hostile_xml_is_refused_with_a_line(hostile: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        validate(hostile, None)
    assert refused.value.params.get("line") or "document type" in str(refused.value)


def test_a_very_large_message_is_refused() -> None:
    with pytest.raises(TooLarge):
        validate(b"<a>" + b" " * (8 * 1024 * 1024) + b"</a>", None)
