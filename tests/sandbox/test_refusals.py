"""Every rule refuses what it is there for, by its code and at its place, and a refused message changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from lxml import etree

from sandbox.refusals import STATUS
from sandbox.settings import load
from tests.sandbox import ern
from tests.sandbox.desk import Desk
from tests.sandbox.ern import Deal, Track, album
from tests.sandbox.partner import Answer

Change = Callable[[etree._Element], None]


def text(path: str, value: str) -> Change:
    def change(root: etree._Element) -> None:
        node = root.find(path)
        assert node is not None, path
        node.text = value

    return change


def without(path: str) -> Change:
    def change(root: etree._Element) -> None:
        node = root.find(path)
        assert node is not None, path
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)

    return change


def attribute(path: str, name: str, value: str) -> Change:
    def change(root: etree._Element) -> None:
        node = root.find(path) if path != "." else root
        assert node is not None, path
        node.set(name, value)

    return change


def doubled(path: str) -> Change:
    def change(root: etree._Element) -> None:
        node = root.find(path)
        assert node is not None, path
        node.addnext(etree.fromstring(etree.tostring(node)))

    return change


RECORDING = "ResourceList/SoundRecording"
TERMS = "DealList/ReleaseDeal/Deal/DealTerms"
FILE = f"{RECORDING}/SoundRecordingEdition/TechnicalDetails/DeliveryFile/File"

SPOILED = [
    ("MESSAGE_ID", "MessageId", text("MessageHeader/MessageId", "x" * 129)),
    ("MESSAGE_DATE", "MessageCreatedDateTime", text("MessageHeader/MessageCreatedDateTime", "yesterday")),
    ("MESSAGE_DATE", "MessageCreatedDateTime", text("MessageHeader/MessageCreatedDateTime", "2999-01-01T00:00:00Z")),
    ("SENDER_UNKNOWN", "MessageSender", text("MessageHeader/MessageSender/PartyId", "PADPIDA2026999999X")),
    ("RECIPIENT_WRONG", "MessageRecipient", text("MessageHeader/MessageRecipient/PartyId", ern.MEKONG)),
    ("LANGUAGE_CODE", "@LanguageAndScriptCode", attribute(".", "LanguageAndScriptCode", "xx")),
    ("LANGUAGE_CODE", "@LanguageAndScriptCode", attribute(f"{RECORDING}/DisplayTitleText", "LanguageAndScriptCode", "zh-Qqqq")),
    ("METADATA_MISSING", "DisplayTitleText", text("ReleaseList/Release/DisplayTitleText", " ")),
    ("METADATA_MISSING", RECORDING, without(f"{RECORDING}/DisplayArtistName")),
    ("METADATA_MISSING", "Release", doubled("ReleaseList/Release")),
    ("DURATION_SYNTAX", "Duration", text(f"{RECORDING}/Duration", "2 seconds")),
    ("AUDIO_DURATION", "Duration", text(f"{RECORDING}/Duration", "PT3M20S")),
    ("PLINE_MISSING", RECORDING, without(f"{RECORDING}/SoundRecordingEdition/PLine")),
    ("PLINE_MISSING", "Release", without("ReleaseList/Release/PLine")),
    ("CLINE_MISSING", "Release", without("ReleaseList/Release/CLine")),
    ("CLINE_MISSING", "CLineText", text("ReleaseList/Release/CLine/CLineText", "")),
    ("LINE_YEAR", "Year", text("ReleaseList/Release/CLine/Year", "2999")),
    ("REFERENCE_UNKNOWN", "ArtistPartyReference", text(f"{RECORDING}/DisplayArtist/ArtistPartyReference", "P9")),
    ("REFERENCE_UNKNOWN", "DealReleaseReference", text("DealList/ReleaseDeal/DealReleaseReference", "R99")),
    ("REFERENCE_UNKNOWN", "LinkedReleaseResourceReference", text(".//LinkedReleaseResourceReference", "A99")),
    ("REFERENCE_DUPLICATE", "Party", doubled("PartyList/Party")),
    ("TRACK_RELEASE_MISSING", RECORDING, without("ReleaseList/TrackRelease")),
    ("TRACK_RELEASE_EXTRA", "ReleaseResourceReference", text("ReleaseList/TrackRelease/ReleaseResourceReference", "A0")),
    ("ISRC_MISSING", "SoundRecordingEdition", without(f"{RECORDING}/SoundRecordingEdition/ResourceId/ISRC")),
    ("ISRC_SYNTAX", "ISRC", text(f"{RECORDING}/SoundRecordingEdition/ResourceId/ISRC", "HELLO")),
    ("ISRC_SYNTAX", "ISRC", text(f"{RECORDING}/SoundRecordingEdition/ResourceId/ISRC", "QM-BM2-26-00001")),
    ("ICPN_CHECK", "ICPN", text("ReleaseList/Release/ReleaseId/ICPN", "1")),
    ("RELEASE_ID_FOLDER", "Release", text("ReleaseList/Release/ReleaseId/ICPN", ern.gtin(999_999))),
    ("RELEASE_ID_MISSING", "Release", without("ReleaseList/Release/ReleaseId/ICPN")),
    ("TERRITORY_CODE", "TerritoryCode", text(f"{TERMS}/TerritoryCode", "QQ")),
    ("DEAL_TERRITORY", "TerritoryCode", text(f"{TERMS}/TerritoryCode", "CN")),
    ("DEAL_TERRITORY", "TerritoryCode", text(f"{TERMS}/TerritoryCode", "Worldwide")),
    ("DEAL_TERMS", "UseType", text(f"{TERMS}/UseType", "UseAsRingtone")),
    ("DEAL_TERMS", "DealTerms", without(f"{TERMS}/CommercialModelType")),
    ("DEAL_DATES", "StartDate", text(f"{TERMS}/ValidityPeriod/StartDate", "soon")),
    ("DEAL_DATES", "DealTerms", without(f"{TERMS}/ValidityPeriod")),
    ("HASH_MISSING", "File", without(f"{FILE}/HashSum")),
    ("HASH_ALGORITHM", "Algorithm", text(f"{FILE}/HashSum/Algorithm", "CRC32")),
    ("FILE_NAME", "URI", text(f"{FILE}/URI", "resources/../../../etc/passwd")),
    ("FILE_NAME", "URI", text(f"{FILE}/URI", "/etc/passwd")),
    ("FILE_NAME", "URI", text(f"{FILE}/URI", "file:///etc/passwd")),
    ("COVER_MISSING", "Release", text("ResourceList/Image/Type", "BackCoverImage")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "place", "change"), SPOILED, ids=[f"{code}-{n}" for n, (code, *_) in enumerate(SPOILED)]
)
def test_a_spoiled_message_is_refused_where_it_is_wrong(desk: Desk, code: str, place: str, change: Change) -> None:
    made = album()
    told = _refused(desk, made.delivery(change), made.folder())
    assert code in told.codes
    path, sentence = told.reasons[code]
    assert place in path
    assert sentence.endswith(".")


def _refused(desk: Desk, files: dict[str, bytes], folder: str) -> Answer:
    (told,) = desk.take(files, folder)
    assert told.status == "ProcessingErrorAtReleaseDistributor"
    assert not told.accepted
    assert desk.catalogue() == []
    assert not any(desk.intake.paths.inbox.glob("N_*"))
    return told


def test_an_untouched_message_is_accepted(desk: Desk) -> None:
    made = album()
    (told,) = desk.take(made.delivery(), made.folder())
    assert told.accepted, told.reasons
    assert [release["status"] for release in desk.catalogue()] == ["live"]


def test_every_code_has_a_status_of_the_standard(standards: Path) -> None:
    tree = etree.parse(str(standards / "ern" / "allowed-value-sets.xsd"))
    allowed = set(tree.xpath("//*[@name='ErncFileStatus']//@value"))
    assert set(STATUS.values()) <= allowed


def test_two_recordings_cannot_share_an_isrc(desk: Desk) -> None:
    made = album(tracks=1)
    twin = made.again(tracks=(made.tracks[0], Track(made.tracks[0].isrc, 60, container="WAV")))
    assert "ISRC_DUPLICATE" in _refused(desk, twin.delivery(), twin.folder()).codes


def test_an_isrc_stays_with_its_recording(desk: Desk) -> None:
    first = album(tracks=1)
    desk.take(first.delivery(), first.folder())
    before = desk.catalogue()
    other = album(tracks=1)
    other = other.again(tracks=(Track(first.tracks[0].isrc, pitch=71),))
    (told,) = desk.take(other.delivery(), other.folder())
    assert told.codes == ["ISRC_OTHER_RECORDING"]
    assert desk.catalogue() == before


def test_the_same_recording_may_come_again_in_another_format(desk: Desk) -> None:
    first = album(tracks=1)
    desk.take(first.delivery(), first.folder())
    other = album(tracks=1)
    other = other.again(tracks=(Track(first.tracks[0].isrc, first.tracks[0].pitch, container="WAV"),), algorithm="MD5")
    (told,) = desk.take(other.delivery(), other.folder())
    assert told.accepted, told.reasons


def _audio(samples: list[float], container: str = "FLAC") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, 22_050, format=container)
    return file.getvalue()


@pytest.mark.parametrize(
    ("code", "audio"),
    [
        ("AUDIO_UNDECODABLE", b"this is no music"),
        ("AUDIO_UNDECODABLE", ern.tone(53)[:3000]),
        ("AUDIO_FORMAT", _audio([0.1, 0.2] * 22_050, "OGG")),
        ("AUDIO_SILENT", _audio([0.0] * 44_100)),
        ("AUDIO_DURATION", _audio([0.1, -0.1] * 400)),
    ],
    ids=["noise", "cut-off", "ogg", "silence", "short"],
)
def test_audio_that_is_not_what_it_says(desk: Desk, code: str, audio: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    made = album(tracks=1)
    monkeypatch.setattr(Track, "audio", property(lambda _: audio))
    told = _refused(desk, made.delivery(), made.folder())
    assert code in told.codes


@pytest.mark.parametrize(
    ("code", "picture"),
    [
        ("COVER_UNDECODABLE", b"no picture"),
        ("COVER_UNDECODABLE", ern.cover(1500)[:9000]),
        ("COVER_FORMAT", ern.cover(1500, "GIF")),
        ("COVER_SIZE", ern.cover(1399)),
    ],
    ids=["noise", "cut-off", "gif", "small"],
)
def test_a_cover_that_will_not_do(desk: Desk, code: str, picture: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    made = album(tracks=1)
    monkeypatch.setattr(ern, "cover", lambda _: picture)
    assert _refused(desk, made.delivery(), made.folder()).codes == [code]


def test_audio_has_to_come_with_the_first_message(desk: Desk) -> None:
    made = album(resources=False)
    assert set(_refused(desk, made.delivery(), made.folder()).codes) == {"AUDIO_MISSING", "COVER_MISSING"}


def test_a_release_belongs_to_the_sender_who_brought_it(desk: Desk, tmp_path: Path) -> None:
    made = album()
    desk.take(made.delivery(), made.folder())
    before = desk.catalogue()
    rival = "PADPIDA2026777777R"
    desk.intake._settings = load(tmp_path / "platforms.toml", (ern.SENDER, rival))
    stolen = made.again(sender=rival, deals=())
    (told,) = desk.take(stolen.delivery(), stolen.folder())
    assert told.codes == ["RELEASE_OTHER_SENDER"]
    assert desk.catalogue() == before


def test_identifiers_of_two_releases_cannot_be_one(desk: Desk) -> None:
    one, two = album(), album()
    desk.take(one.delivery(), one.folder())

    def with_own_id(root: etree._Element) -> None:
        identifiers = root.find("ReleaseList/Release/ReleaseId")
        assert identifiers is not None
        etree.SubElement(identifiers, "ProprietaryId", Namespace=ern.SENDER).text = "own-2"

    desk.take(two.delivery(with_own_id), two.folder())
    before = desk.catalogue()
    mixed = one.again()
    (told,) = desk.take(mixed.delivery(with_own_id), mixed.folder())
    assert told.codes == ["RELEASE_ID_CONFLICT"]
    assert desk.catalogue() == before


def test_a_message_id_is_never_another_messages(desk: Desk) -> None:
    made = album()
    desk.take(made.delivery(), made.folder())
    before = desk.catalogue()
    (told,) = desk.take(made.delivery(text("ReleaseList/Release/DisplayTitleText", "Other songs")), made.folder())
    assert told.codes == ["MESSAGE_ID_REUSED"]
    assert desk.catalogue() == before


def test_an_older_message_cannot_undo_a_newer_one(desk: Desk) -> None:
    made = album()
    earlier = made.folder()
    newer = made.again(deals=(Deal(("SG",)),))
    desk.take(newer.delivery(), newer.folder())
    (told,) = desk.take(made.delivery(), earlier)
    assert told.codes == ["SUPERSEDED"]
    assert list(desk.catalogue()[0]["territories"]) == ["SG"]


def test_only_what_is_there_can_be_purged(desk: Desk) -> None:
    made = album(purge=True)
    assert _refused(desk, made.delivery(), made.folder()).codes == ["RELEASE_UNKNOWN"]


@pytest.mark.parametrize("name", ["1 Audio", "4 SimpleAudioSingle", "5 SimpleVideoSingle"])
def test_messages_of_an_older_edition_are_refused_for_what_they_are(desk: Desk, standards: Path, name: str) -> None:
    content = (standards / "ern" / "samples-4.3" / f"{name}.xml").read_bytes()
    told = _refused(desk, {"A10302B0003989564F.xml": content}, "N_A10302B0003989564F_20261123120000000")
    assert told.codes == ["NAMESPACE"]
    assert "http://ddex.net/xml/ern/43}" in told.reasons["NAMESPACE"][1]


def test_a_folder_that_is_named_by_no_rule_is_refused(tmp_path: Path, desk: Desk) -> None:
    desk.intake._limits = desk.intake._limits.model_copy(update={"quiet_seconds": 0.0})
    (told,) = desk.take(album().delivery(), "my new album")
    assert told.codes == ["FOLDER_NAME"]
    assert told.message_id == "my new album"
    assert told.name.startswith("ACK_my-new-album_")
