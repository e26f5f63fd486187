"""What a NewReleaseMessage says (DDEX ERN 4.3.2), as plain data: no XML, no database.

References are the message's own anchors: parties `P…`, resources `A…`, releases `R…`, technical details `T…`.
Durations are milliseconds. Dates of deals are half-open, as everywhere in the hub; the message's EndDate is the day before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MessagingParty:
    """Who sends or receives: a DDEX Party Identifier (`PADPIDA…`) and a name."""

    party_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Party:
    reference: str
    name: str
    language: str | None = None
    isni: str | None = None


@dataclass(frozen=True, slots=True)
class Contributor:
    """A party and what it did, as values of AVS ContributorRole (`Composer`, `Lyricist`, …)."""

    party: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file that travels with the message: its place beside the XML, SHA-256 in hex, and bytes."""

    uri: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Audio:
    """Technical details of a sound recording. `codec` is AVS AudioCodecType; sampling rate in Hz."""

    file: File
    codec: str
    sampling_rate: int
    channels: int
    bit_depth: int | None


@dataclass(frozen=True, slots=True)
class RightsLine:
    """A ℗ or © line: the year and the words after it."""

    year: int
    text: str


@dataclass(frozen=True, slots=True)
class SoundRecording:
    reference: str
    isrc: str
    title: str
    display_artist: str
    artists: tuple[str, ...]
    contributors: tuple[Contributor, ...]
    duration_ms: int
    p_line: RightsLine | None
    audio: Audio
    language: str | None = None
    explicit: bool | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A front cover. `codec` is AVS ImageCodecType; sizes in pixels."""

    reference: str
    proprietary_id: str
    file: File
    codec: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Release:
    """The main release. `icpn` is a GTIN-12/13/14; `proprietary_id` is ours, unique and stable."""

    reference: str
    type: str
    proprietary_id: str
    icpn: str | None
    title: str
    display_artist: str
    artists: tuple[str, ...]
    label: str
    p_line: RightsLine | None
    c_line: RightsLine | None
    genre: str
    release_date: date | None
    duration_ms: int
    resources: tuple[str, ...]
    cover: str | None
    language: str | None = None
    explicit: bool | None = None


@dataclass(frozen=True, slots=True)
class TrackRelease:
    """A track that can be had by itself: one for each primary resource of the main release."""

    reference: str
    proprietary_id: str
    resource: str
    label: str
    genre: str


@dataclass(frozen=True, slots=True)
class Deal:
    """What a platform may do, where and from when; `end` is the first day after, None without end."""

    territories: tuple[str, ...]
    start: date
    end: date | None
    commercial_models: tuple[str, ...]
    use_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseDeal:
    releases: tuple[str, ...]
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class NewReleaseMessage:
    """The whole truth about one release for one recipient: always all its current and future deals.

    Without a deal the release is not available: that is the takedown (ERN 4.3.2, DealList).
    """

    message_id: str
    thread_id: str
    sender: MessagingParty
    recipient: MessagingParty
    created: datetime
    language: str
    avs_version: str
    parties: tuple[Party, ...]
    recordings: tuple[SoundRecording, ...]
    images: tuple[Image, ...]
    release: Release
    track_releases: tuple[TrackRelease, ...]
    release_deals: tuple[ReleaseDeal, ...]
    on_behalf_of: MessagingParty | None = None
    test: bool = False

    @property
    def takes_down(self) -> bool:
        """Whether this message leaves the release unavailable everywhere."""
        return not any(deal.deals for deal in self.release_deals)
