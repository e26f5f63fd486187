"""A small hand for writing ERN 4.3.2 messages and the files that belong to them, right or wrong on purpose."""

from __future__ import annotations

import hashlib
import io
import itertools
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import soundfile
from lxml import etree
from PIL import Image

NAMESPACE = "http://ddex.net/xml/ern/432"
SENDER = "PADPIDA2026112301B"
NUSANTARA = "PADPIDA2026010101N"
MEKONG = "PADPIDA2026010102M"
WORLD_TONE = "PADPIDA2026010103W"
STREAMING = ("SubscriptionModel", "OnDemandStream")
DOWNLOAD = ("PayAsYouGoModel", "PermanentDownload")

_numbers = itertools.count(1)


def gtin(number: int) -> str:
    """An EAN-13 of the range for tests, with its check digit."""
    body = f"950110{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


@cache
def tone(pitch: int, seconds: float = 2.0, container: str = "FLAC") -> bytes:
    """A little tune on a pitch (semitones of MIDI): different pitches make different recordings."""
    rate = 22_050
    notes = [pitch, pitch + 4, pitch + 7, pitch + 12]
    each = int(rate * seconds) // len(notes)
    wave = np.concatenate(
        [np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * np.arange(each) / rate) for note in notes]
    )
    file = io.BytesIO()
    soundfile.write(file, 0.5 * wave, rate, format=container, subtype="PCM_16")
    return file.getvalue()


@cache
def cover(pixels: int = 1500, container: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (pixels, pixels), (180, 60, 40)).save(file, container)
    return file.getvalue()


@dataclass(frozen=True)
class Track:
    isrc: str
    pitch: int = 60
    title: str = "刘三姐 · 山歌好比春江水"
    seconds: float = 2.0
    container: str = "FLAC"

    @property
    def file_name(self) -> str:
        return f"resources/{self.isrc}.{self.container.lower()}"

    @property
    def audio(self) -> bytes:
        return tone(self.pitch, self.seconds, self.container)


@dataclass(frozen=True)
class Deal:
    territories: tuple[str, ...]
    start: str = "2026-01-01"
    end: str | None = None
    terms: tuple[tuple[str, str], ...] = (STREAMING,)
    release: str = "R0"


@dataclass(frozen=True)
class Album:
    """A release to deliver. `resources` False leaves the files out of the message and the delivery."""

    icpn: str
    tracks: tuple[Track, ...]
    deals: tuple[Deal, ...] = (Deal(("ID", "MY")),)
    title: str = "Songs of the Li River"
    artist: str = "Liu Sanjie Ensemble"
    recipient: str = NUSANTARA
    sender: str = SENDER
    cover_pixels: int = 1500
    algorithm: str = "SHA-256"
    resources: bool = True
    message_id: str = field(default_factory=lambda: f"MSG-{uuid.uuid4()}")
    purge: bool = False
    created: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")

    def again(self, **changes: object) -> Album:
        """The same release in another message."""
        return replace(self, message_id=f"MSG-{uuid.uuid4()}", **changes)  # type: ignore[arg-type]

    def files(self) -> dict[str, bytes]:
        if not self.resources or self.purge:
            return {}
        return {track.file_name: track.audio for track in self.tracks} | {
            f"resources/{self.icpn}.jpg": cover(self.cover_pixels)
        }

    def xml(self, change: Callable[[etree._Element], None] | None = None) -> bytes:
        """The message; `change` may spoil its root element first."""
        root = _purge(self) if self.purge else _new_release(self)
        if change is not None:
            change(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def delivery(self, change: Callable[[etree._Element], None] | None = None) -> dict[str, bytes]:
        """Every file of the delivery folder, the XML last."""
        return self.files() | {f"{self.icpn}.xml": self.xml(change)}

    def folder(self, priority: str = "N", at: datetime | None = None) -> str:
        """A folder name; each one's time is a little later than the one before."""
        moment = at or datetime.now(UTC) + timedelta(milliseconds=next(_numbers))
        return f"{priority}_{self.icpn}_{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"


def album(tracks: int = 2, first_pitch: int = 50, **changes: object) -> Album:
    """A release of its own: no other has its ICPN and ISRCs."""
    number = next(_numbers)
    return Album(
        gtin(number),
        tuple(Track(f"QMBM226{number:03d}{track:02d}", first_pitch + 3 * track) for track in range(1, tracks + 1)),
        **changes,  # type: ignore[arg-type]
    )


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    node = etree.SubElement(parent, name, attributes)
    node.text = text
    return node


def _root(made: Album, name: str) -> etree._Element:
    root = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={"ern": NAMESPACE})
    if name == "NewReleaseMessage":
        root.set("ReleaseProfileVersionId", "Audio")
    root.set("LanguageAndScriptCode", "en")
    root.set("AvsVersionId", "9")
    header = _add(root, "MessageHeader")
    _add(header, "MessageId", made.message_id)
    for element, party in (("MessageSender", made.sender), ("MessageRecipient", made.recipient)):
        _add(_add(header, element), "PartyId", party)
    _add(header, "MessageCreatedDateTime", made.created)
    return root


def _purge(made: Album) -> etree._Element:
    root = _root(made, "PurgeReleaseMessage")
    _add(_add(_add(root, "PurgedRelease"), "ReleaseId"), "ICPN", made.icpn)
    return root


def _new_release(made: Album) -> etree._Element:
    root = _root(made, "NewReleaseMessage")
    party = _add(_add(root, "PartyList"), "Party")
    _add(party, "PartyReference", "P1")
    _add(_add(party, "PartyName"), "FullName", made.artist)
    resources = _add(root, "ResourceList")
    for number, track in enumerate(made.tracks, 1):
        _sound_recording(resources, made, number, track)
    image = _add(resources, "Image")
    _add(image, "ResourceReference", "A0")
    _add(image, "Type", "FrontCoverImage")
    _add(_add(image, "ResourceId"), "ProprietaryId", f"{made.icpn}-cover", Namespace=made.sender)
    if made.resources:
        details = _add(image, "TechnicalDetails")
        _add(details, "TechnicalResourceDetailsReference", "T0")
        _file(details, made, f"resources/{made.icpn}.jpg", cover(made.cover_pixels))
    releases = _add(root, "ReleaseList")
    _main_release(releases, made)
    for number, track in enumerate(made.tracks, 1):
        release = _add(releases, "TrackRelease")
        _add(release, "ReleaseReference", f"R{number}")
        _add(_add(release, "ReleaseId"), "ProprietaryId", f"{made.icpn}-{track.isrc}", Namespace=made.sender)
        _add(release, "ReleaseResourceReference", f"A{number}")
        _add(release, "ReleaseLabelReference", "P1")
        _add(_add(release, "DisplayGenre"), "GenreText", "Folk")
    if made.deals:
        _deals(_add(root, "DealList"), made.deals)
    return root


def _sound_recording(resources: etree._Element, made: Album, number: int, track: Track) -> None:
    recording = _add(resources, "SoundRecording")
    _add(recording, "ResourceReference", f"A{number}")
    _add(recording, "Type", "MusicalWorkSoundRecording")
    edition = _add(recording, "SoundRecordingEdition")
    _add(_add(edition, "ResourceId"), "ISRC", track.isrc)
    _line(edition, "P")
    if made.resources:
        details = _add(edition, "TechnicalDetails")
        _add(details, "TechnicalResourceDetailsReference", f"T{number}")
        file = _add(details, "DeliveryFile")
        _add(file, "Type", "AudioFile")
        _file(file, made, track.file_name, track.audio)
    _titled(recording, track.title, made.artist)
    _add(recording, "Duration", f"PT{track.seconds:g}S")


def _main_release(releases: etree._Element, made: Album) -> None:
    release = _add(releases, "Release")
    _add(release, "ReleaseReference", "R0")
    _add(release, "ReleaseType", "Album")
    _add(_add(release, "ReleaseId"), "ICPN", made.icpn)
    _titled(release, made.title, made.artist)
    _add(release, "ReleaseLabelReference", "P1")
    _line(release, "P")
    _line(release, "C")
    _add(_add(release, "DisplayGenre"), "GenreText", "Folk")
    group = _add(release, "ResourceGroup")
    for number in range(1, len(made.tracks) + 1):
        item = _add(group, "ResourceGroupContentItem")
        _add(item, "SequenceNumber", str(number))
        _add(item, "ReleaseResourceReference", f"A{number}")
    _add(group, "LinkedReleaseResourceReference", "A0", LinkDescription="CoverArt")


def _titled(parent: etree._Element, title: str, artist: str) -> None:
    _add(parent, "DisplayTitleText", title)
    _add(_add(parent, "DisplayTitle"), "TitleText", title)
    _add(parent, "DisplayArtistName", artist)
    display = _add(parent, "DisplayArtist", SequenceNumber="1")
    _add(display, "ArtistPartyReference", "P1")
    _add(display, "DisplayArtistRole", "MainArtist")


def _line(parent: etree._Element, kind: str) -> None:
    line = _add(parent, f"{kind}Line")
    _add(line, "Year", "2026")
    _add(line, f"{kind}LineText", "2026 Guilin Folk Archive")


def _file(parent: etree._Element, made: Album, uri: str, content: bytes) -> None:
    file = _add(parent, "File")
    _add(file, "URI", uri)
    algorithm = {"SHA-256": "sha256", "MD5": "md5", "SHA1": "sha1"}.get(made.algorithm, "sha256")
    checksum = _add(file, "HashSum")
    _add(checksum, "Algorithm", made.algorithm)
    _add(checksum, "HashSumValue", hashlib.new(algorithm, content, usedforsecurity=False).hexdigest())


def _deals(deal_list: etree._Element, deals: Iterable[Deal]) -> None:
    for deal in deals:
        release_deal = _add(deal_list, "ReleaseDeal")
        _add(release_deal, "DealReleaseReference", deal.release)
        for model, use in deal.terms:
            terms = _add(_add(release_deal, "Deal"), "DealTerms")
            for territory in deal.territories:
                _add(terms, "TerritoryCode", territory)
            period = _add(terms, "ValidityPeriod")
            _add(period, "StartDate", deal.start)
            if deal.end:
                _add(period, "EndDate", deal.end)
            _add(terms, "CommercialModelType", model)
            _add(terms, "UseType", use)
