"""ERN messages read: what a release, its recordings and its deals mean, and what is wrong with them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalog import problems
from catalog.formats.ern import reader
from catalog.formats.ern.model import Carried
from catalog.formats.problems import FileRefused
from catalog.formats.record import Record
from catalog.rights import RightType, Scope
from catalog.territories import WORLD
from distribution.messages import ern
from distribution.messages.model import Deal, File, NewReleaseMessage, ReleaseDeal
from hub.i18n import LANGUAGES
from tests.factories.distribution import GTIN, message

START = "<StartDate>2026-12-01</StartDate>"
TODAY = date(2026, 11, 23)
SAMPLES = ("1 Audio.xml", "4 SimpleAudioSingle.xml", "5 SimpleVideoSingle.xml")


def read(content: bytes) -> list[Record]:
    file = io.BytesIO(content)
    found = list(reader.records(file, TODAY))
    file.seek(0)
    assert reader.count(file) == len(found)
    return found


def one(said: NewReleaseMessage, *changes: tuple[str, str]) -> Record:
    """The record of a message whose XML has been changed by hand."""
    content = ern.build(said).decode()
    for old, new in changes:
        assert old in content, old
        content = content.replace(old, new)
    (record,) = read(content.encode())
    return record


def tag(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>"


def carried(record: Record) -> Carried:
    assert record.carried is not None
    return Carried.restored(record.carried)


def test_a_message_of_our_own_reads_back_as_it_was() -> None:
    said = message(3)
    record = one(said)
    assert (record.reference, record.aliases, record.kind, record.whole) == (
        f"ICPN:{GTIN}",
        [f"{said.sender.party_id}:BM0001"],
        "MUSIC",
        True,
    )
    assert [(words.text, words.language) for words in record.titles] == [("壮乡的歌", "zh")]
    assert record.original_language == "zh"
    assert [(credit.name, credit.role) for credit in record.credits] == [
        ("南宁民歌合唱团", "prf"), ("Traditional", "cmp"), ("Traditional", "arr"),
    ]  # fmt: skip
    assert [(found.scheme, found.value) for found in record.identifiers] == [("GTIN", GTIN)]
    assert (record.publication_year, record.subjects, record.problems) == (2026, ["AVLT"], [])
    assert record.mandates == [
        Scope(frozenset({RightType.STREAMING}), frozenset({"TH", "VN"}), None, date(2026, 12, 1))
    ]
    release = carried(record)
    own = said.release
    assert (release.title, release.display_artist, release.label, release.genre) == (
        own.title,
        own.display_artist,
        "广西声像社",
        own.genre,
    )
    assert (release.released, release.gtin, release.p_line, release.c_line) == (
        own.release_date,
        GTIN,
        (2026, "广西声像社"),
        (2026, "广西声像社"),
    )
    for number, (track, recording) in enumerate(zip(release.tracks, said.recordings, strict=True), 1):
        assert (track.number, track.isrc, track.title) == (number, recording.isrc, recording.title)
        assert (track.duration_ms, track.explicit) == (recording.duration_ms, recording.explicit)
        assert track.contributors == (("南宁民歌合唱团", "prf"), ("Traditional", "cmp"), ("Traditional", "arr"))
        assert track.file is not None
        assert (track.file.uri, track.file.value) == (recording.audio.file.uri, recording.audio.file.sha256)
    assert release.cover is not None
    assert release.cover.uri == said.images[0].file.uri


def test_the_message_is_kept_as_it_came_and_known_again_in_a_new_one() -> None:
    said = message()
    record, resent = one(said), one(replace(said, message_id="ANOTHER", created=said.created.replace(year=2027)))
    assert record.original is not None
    assert resent.original is not None
    assert (record.original.dialect, record.original.digest) == ("4.3.2", resent.original.digest)
    assert read(record.original.content)[0].titles == record.titles
    other = one(said, ("山歌好比春江水", "山歌好比春江月")).original
    assert other is not None
    assert other.digest != record.original.digest


def test_a_record_and_what_it_carries_survive_being_kept() -> None:
    release = carried(one(message()))
    assert Carried.restored(release.stored()) == release


@pytest.mark.parametrize("version", ["43", "431", "432"])
def test_versions_that_are_read(version: str) -> None:
    assert one(message(), ("http://ddex.net/xml/ern/432", f"http://ddex.net/xml/ern/{version}")).usable


@pytest.mark.standards
@pytest.mark.parametrize(("sample", "reference", "titles", "tracks", "territories"), [
    (SAMPLES[0], "ICPN:0094631432057", {"ja": "夢のはじまり", "ja-Latn": "Yume no Hajmari", "ja-Kana": "ﾕﾒﾉﾊｼﾞﾏﾘ"}, 21, 1),
    (SAMPLES[1], "GRid:A10302B0003989564F", {"en": "I Love You"}, 1, 249),
    (SAMPLES[2], "GRid:A10302B0003662026S", {"en": "Been Waiting"}, 0, 1),
])  # fmt: skip
def test_every_sample_is_read(
    standards: Path, sample: str, reference: str, titles: dict[str, str], tracks: int, territories: int
) -> None:
    (record,) = read((standards / "ern" / "samples-4.3" / sample).read_bytes())
    assert record.usable
    assert (record.reference, {words.language: words.text for words in record.titles}) == (reference, titles)
    assert len(carried(record).tracks) == tracks
    (given,) = record.mandates
    assert given.rights == {RightType.STREAMING, RightType.DOWNLOAD}
    assert len(given.territories) == territories
    assert [problem.code for problem in record.problems] == (["ERN_VIDEO"] if tracks == 0 else [])
    if tracks == 21:
        first = carried(record).tracks[0]
        assert (first.title, first.display_artist, first.isrc) == ("夢のララバイ", "しゅうさえこ", "JPTO09404900")
        assert [(credit.name, credit.role, credit.name_original) for credit in record.credits] == [
            ("Saeko Shu", "prf", "しゅうさえこ")
        ]


@pytest.mark.parametrize(
    ("deal", "meant"),
    [
        (Deal(("Worldwide",), date(2026, 1, 1), date(2027, 1, 1), ("PayAsYouGoModel",), ("PermanentDownload",)),
         Scope(frozenset({RightType.DOWNLOAD}), WORLD, None, date(2026, 1, 1), date(2027, 1, 1))),
        (Deal(("VN",), date(2026, 1, 1), None, ("SubscriptionModel",), ("ConditionalDownload", "NonInteractiveStream")),
         Scope(frozenset({RightType.STREAMING}), frozenset({"VN"}), None, date(2026, 1, 1))),
    ],
)  # fmt: skip
def test_a_deal_is_a_mandate(deal: Deal, meant: Scope) -> None:
    said = replace(message(1), release_deals=(ReleaseDeal(("R0",), (deal,)),))
    assert one(said).mandates == [meant]


def test_deals_of_every_track_are_deals_of_the_release() -> None:
    stream = Deal(("TH", "VN"), date(2026, 1, 1), None, ("SubscriptionModel",), ("OnDemandStream",))
    thai = Deal(("TH",), date(2026, 1, 1), None, ("SubscriptionModel",), ("OnDemandStream",))
    both = replace(message(), release_deals=(ReleaseDeal(("R1",), (stream,)), ReleaseDeal(("R2",), (thai,))))
    assert [given.territories for given in one(both).mandates] == [{"TH"}]
    single = replace(message(), release_deals=(ReleaseDeal(("R1",), (stream,)),))
    assert one(single).mandates == []


def test_territories_that_are_left_out() -> None:
    record = one(
        message(),
        ("<TerritoryCode>TH</TerritoryCode>", "<ExcludedTerritoryCode>US</ExcludedTerritoryCode>"),
        ("<TerritoryCode>VN</TerritoryCode>", ""),
    )
    assert record.mandates[0].territories == WORLD - {"US"}


def test_a_message_without_deals_withdraws_and_a_purge_too() -> None:
    taken = one(replace(message(), release_deals=()))
    assert (taken.notification, taken.mandates, carried(taken).withdrawn) == ("05", [], True)
    purge = f"""<ern:PurgeReleaseMessage xmlns:ern="http://ddex.net/xml/ern/432" LanguageAndScriptCode="zh" AvsVersionId="9">
      <MessageHeader><MessageId>P-1</MessageId></MessageHeader>
      <PurgedRelease><ReleaseId><ICPN>{GTIN}</ICPN></ReleaseId></PurgedRelease></ern:PurgeReleaseMessage>"""
    (purged,) = read(purge.encode())
    assert (purged.reference, purged.notification, purged.usable, purged.whole) == (f"ICPN:{GTIN}", "05", True, True)
    assert one(replace(message(), test=True)).notification == "89"


@pytest.mark.parametrize(
    ("old", "new", "code", "field", "value"),
    [
        ("<ISRC>AA6Q72600001</ISRC>", "<ISRC>HELLO</ISRC>", "ERN_IDENTIFIER", "ISRC", "HELLO"),
        (f"<ICPN>{GTIN}</ICPN>", "<ICPN>1</ICPN>", "ERN_IDENTIFIER", "ICPN", "1"),
        (tag("ReleaseResourceReference", "A2"), tag("ReleaseResourceReference", "A9"), "ERN_REFERENCE", "Reference", "A9"),
        (tag("ArtistPartyReference", "PArtist"), tag("ArtistPartyReference", "PX"), "ERN_REFERENCE", "Reference", "PX"),
        (tag("DealReleaseReference", "R2"), tag("DealReleaseReference", "R7"), "ERN_REFERENCE", "Reference", "R7"),
        (tag("ResourceReference", "A2"), tag("ResourceReference", "A1"), "ERN_REFERENCE_TWICE", "Reference", "A1"),
        (tag("TerritoryCode", "TH"), tag("TerritoryCode", "XQ"), "TERRITORY_UNKNOWN", "TerritoryCode", "XQ"),
        (tag("TerritoryCode", "VN"), tag("ExcludedTerritoryCode", "VN"), "ERN_TERRITORIES", "ExcludedTerritoryCode", None),
        (START, START + tag("EndDate", "2026-11-01"), "END_BEFORE_START", "EndDate", "2026-11-01"),
        (START, tag("StartDate", "next week"), "DATE_UNREAD", "StartDate", "next week"),
        ("DisplayTitle", "OtherTitle", "FIELD_MISSING", "DisplayTitle", "DisplayTitle"),
    ],
)  # fmt: skip
def test_a_message_that_cannot_be_right_is_left_out(
    old: str, new: str, code: str, field: str, value: str | None
) -> None:
    record = one(message(), (old, new))
    assert not record.usable
    wrong = next(problem for problem in record.problems if problem.code == code)
    assert (wrong.field, wrong.skips) == (field, True)
    assert wrong.line is not None
    assert wrong.line > 1
    assert value is None or wrong.params["value"] == value
    said = {problems.sentence(problems.stored(wrong)).render(language) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert value is None or code == "END_BEFORE_START" or all(value in text for text in said)


def test_uses_and_recordings_that_are_nothing_here_are_told() -> None:
    record = one(message(), ("OnDemandStream", "KaraokeMachine"))
    assert ([problem.code for problem in record.problems], record.mandates, record.usable) == (["ERN_USE"], [], True)
    bare = one(message(), ("<ResourceId>\n          <ISRC>AA6Q72600002</ISRC>\n        </ResourceId>", ""))
    assert [problem.code for problem in bare.problems] == ["ERN_NO_ISRC"]
    assert [track.isrc for track in carried(bare).tracks] == ["AA6Q72600001"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<NewReleaseMessage/>", "ERN_NOT_ERN"),
        (b"<ONIXMessage release='3.0'/>", "ERN_NOT_ERN"),
        (b"<x:NewReleaseMessage xmlns:x='http://ddex.net/xml/ern/382'/>", "ERN_VERSION"),
        (ern.build(message())[:-40], "XML_MALFORMED"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + ern.build(message()).partition(b"?>")[2], "XML_ENTITIES"),
        (b"PK\x03\x04", "ZIP_BROKEN"),
    ],
)
def test_files_that_are_no_ern_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert refused.value.problem.code == code


def archive(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return written.getvalue()


def test_an_archive_of_deliveries_brings_the_files_beside_the_messages() -> None:
    first, second = b"RIFF one", b"RIFF two"
    said = message(3)
    files = [
        File(f"resources/{name}", hashlib.sha256(content).hexdigest(), len(content))
        for name, content in (("1.flac", first), ("2.flac", second), ("3.flac", b""))
    ]
    said = replace(
        said,
        recordings=tuple(
            replace(one_, audio=replace(one_.audio, file=file))
            for one_, file in zip(said.recordings, files, strict=True)
        ),
    )
    folder = f"P_{GTIN}_20261123093000000"
    other = replace(message(1), release=replace(message(1).release, icpn="9501101530010", resources=("A1",)))
    packed = archive({
        f"{folder}/{GTIN}.xml": ern.build(said),
        f"{folder}/resources/1.flac": first,
        f"{folder}/resources/2.flac": b"something else",
        "P_9501101530010_20261123093000001/9501101530010.xml": ern.build(other),
        "BatchComplete_1.xml": b"<done/>",
        "__MACOSX/._x.xml": b"junk",
    })  # fmt: skip
    record, another = read(packed)
    tracks = carried(record).tracks
    assert [track.entry for track in tracks] == [f"{folder}/resources/1.flac", None, None]
    assert {problem.code for problem in record.problems} == {"ERN_HASH", "ERN_FILE_MISSING"}
    assert all(problem.field is not None and problem.field.startswith(folder) for problem in record.problems)
    assert another.reference == "ICPN:9501101530010"


def test_archives_that_cannot_be_taken() -> None:
    for content, code in (
        (archive({"readme.txt": b"nothing"}), "ERN_NO_MESSAGE"),
        (archive({"a.xml": b"<broken"}), "XML_MALFORMED"),
        (archive({"a.xml": ern.build(message()), "b": bytes(65 * 1024 * 1024)}), "ZIP_BOMB"),
    ):
        with pytest.raises(FileRefused) as refused:
            read(content)
        assert refused.value.problem.code == code


def test_when_nothing_says_the_day_it_is_that_of_the_first_deal() -> None:
    said = message(1)
    record = one(replace(said, release=replace(said.release, release_date=None)))
    assert carried(record).released == date(2026, 12, 1)
