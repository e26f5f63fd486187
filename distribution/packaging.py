"""A release as it is sent: from the tables to a NewReleaseMessage, and what is still to do before it can go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from distribution import awaited, covers
from distribution.channels.choreography import Resource
from distribution.clearance import Offer
from distribution.messages import rules, terms
from distribution.messages.model import (
    Audio,
    Contributor,
    Deal,
    File,
    Image,
    MessagingParty,
    NewReleaseMessage,
    Party,
    Release,
    ReleaseDeal,
    RightsLine,
    SoundRecording,
    TrackRelease,
)
from distribution.models import AwaitedTrack, Channel, Recording, Track
from distribution.models import Release as ReleaseRow
from distribution.problems import Problem, restored
from hub.i18n import _

NO_GENRE: Final = "Other"
"""What platforms are told when a release names no genre: the element is required."""

NOBODY: Final = MessagingParty("PADPIDA0000000000", "")
LABEL: Final = "PLabel"
COVER: Final = "AC"
AVS_VERSION: Final = "9"
GTIN_TAKEN: Final = "GTIN_TAKEN"


@dataclass(frozen=True, slots=True)
class Content:
    """A release with its tracks and their recordings, in order; and the tracks whose audio a feed has still to bring."""

    release: ReleaseRow
    tracks: Sequence[tuple[Track, Recording]]
    awaited: Sequence[AwaitedTrack] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """What makes a message one of its own: id, thread, moment, who sends it to whom, and what it makes available where."""

    message_id: str
    thread_id: str
    created: datetime
    sender: MessagingParty
    recipient: MessagingParty
    avs_version: str
    offers: Sequence[Offer]
    deal_terms: Sequence[dict[str, str]]


def release_id(release: ReleaseRow) -> str:
    """The release as folders, files and messages name it: its GTIN, else an identifier of ours that never changes."""
    return release.gtin or f"BM{release.id.hex.upper()}"


def message_id(attempt_id: UUID) -> str:
    return f"BM-{attempt_id.hex}"


def message(content: Content, envelope: Envelope) -> NewReleaseMessage:
    """All that one channel is told about a release."""
    release = content.release
    parties = _Parties(release)
    main_artist = parties.artist(release.display_artist)
    line = _line(release, "p_line")
    recordings = tuple(
        _recording(content, number, recording, track, line, parties)
        for number, (track, recording) in enumerate(content.tracks, 1)
    )
    name = release_id(release)
    duration = sum(item.duration_ms for item in recordings)
    genre = release.genre or NO_GENRE
    return NewReleaseMessage(
        message_id=envelope.message_id,
        thread_id=envelope.thread_id,
        sender=envelope.sender,
        recipient=envelope.recipient,
        created=envelope.created,
        language=release.language,
        avs_version=envelope.avs_version,
        parties=parties.all(),
        recordings=recordings,
        images=_images(release),
        release=Release(
            reference="R0",
            type=terms.release_type(len(recordings), duration),
            proprietary_id=f"BM{release.id.hex.upper()}",
            icpn=release.gtin,
            title=release.title,
            display_artist=release.display_artist,
            artists=(main_artist,),
            label=LABEL,
            p_line=line,
            c_line=_line(release, "c_line"),
            genre=genre,
            release_date=release.release_date,
            duration_ms=duration,
            resources=tuple(item.reference for item in recordings),
            cover=COVER if release.cover else None,
            language=release.language,
            explicit=_explicit(recordings),
        ),
        track_releases=tuple(
            TrackRelease(f"R{number}", f"{name}-{number:03d}", item.reference, LABEL, genre)
            for number, item in enumerate(recordings, 1)
        ),
        release_deals=_deals(envelope, len(recordings)),
    )


def _line(release: ReleaseRow, kind: str) -> RightsLine:
    """The ℗ or © line that the label's feed gave, or one of its name and the year."""
    said = (release.feed or {}).get(kind)
    return RightsLine(said["year"], said["text"]) if said else RightsLine(release.release_date.year, release.label)


def resources(content: Content) -> list[Resource]:
    """The files that go with the message, the cover last."""
    found = [
        Resource(_audio_uri(content.release, number, recording), recording.audio["key"], recording.audio["bytes"])
        for number, (_track, recording) in enumerate(content.tracks, 1)
    ]
    if cover := content.release.cover:
        found.append(Resource(_cover_uri(content.release), cover["key"], cover["bytes"]))
    return found


def problems(content: Content) -> list[Problem]:
    """What is still to do before the release can go anywhere; paths are those of the release's own fields."""
    nominal = Envelope(
        message_id="BM-0",
        thread_id="BM-0",
        created=datetime.now(UTC),
        sender=NOBODY,
        recipient=NOBODY,
        avs_version=AVS_VERSION,
        offers=(),
        deal_terms=(),
    )
    found = [
        Problem(problem.code, problem.message, _own_path(problem.field))
        for problem in rules.check(message(content, nominal))
    ]
    found += awaited.problems(content.awaited)
    if (content.release.feed or {}).get("problem") == GTIN_TAKEN:
        taken = _("The barcode that your feed gives names another organization's release. Ask who assigned it.")
        found.append(Problem(GTIN_TAKEN, taken, "gtin"))
    if cover := content.release.cover:
        found += covers.Cover(cover["format"], cover["width"], cover["height"]).problems
    for track, recording in content.tracks:
        heard = [restored(item) for item in recording.audio_problems]
        found += [
            Problem(item.code, item.message, f"tracks[{track.number}].audio") for item in heard if item.code == "SILENT"
        ]
    return found


def channel_problems(content: Content, channel: Channel) -> list[Problem]:
    """What this channel asks beyond the others."""
    cover = content.release.cover
    if cover and min(cover["width"], cover["height"]) < channel.minimum_cover:
        return [
            Problem(
                "COVER_SMALL",
                _(
                    "%(channel)s asks for a cover of at least %(least)s × %(least)s pixels.",
                    channel=channel.name,
                    least=channel.minimum_cover,
                ),
                "cover",
            )
        ]
    return []


class _Parties:
    """Everybody a message names, each once."""

    def __init__(self, release: ReleaseRow) -> None:
        self._language = release.language
        self._artists: dict[str, str] = {}
        self._label = Party(LABEL, release.label, release.language)

    def artist(self, name: str) -> str:
        return self._artists.setdefault(name, f"P{len(self._artists) + 1}")

    def all(self) -> tuple[Party, ...]:
        artists = (Party(reference, name, self._language) for name, reference in self._artists.items())
        return (self._label, *artists)


def _recording(
    content: Content, number: int, recording: Recording, track: Track, line: RightsLine, parties: _Parties
) -> SoundRecording:
    sound = recording.audio
    return SoundRecording(
        reference=f"A{number}",
        isrc=recording.isrc,
        title=track.title,
        display_artist=recording.display_artist,
        artists=(parties.artist(recording.display_artist),),
        contributors=_contributors(recording, parties),
        duration_ms=recording.duration_ms,
        p_line=line,
        audio=Audio(
            file=File(_audio_uri(content.release, number, recording), recording.audio_sha256, sound["bytes"]),
            codec=sound["codec"],
            sampling_rate=sound["rate"],
            channels=sound["channels"],
            bit_depth=sound["bits"],
        ),
        language=content.release.language,
        explicit=recording.explicit,
    )


def _contributors(recording: Recording, parties: _Parties) -> tuple[Contributor, ...]:
    roles: dict[str, list[str]] = {}
    for person in recording.contributors:
        role = terms.contributor_role(person["role"])
        if role not in roles.setdefault(person["name"], []):
            roles[person["name"]].append(role)
    return tuple(Contributor(parties.artist(name), tuple(done)) for name, done in roles.items())


def _images(release: ReleaseRow) -> tuple[Image, ...]:
    if not (cover := release.cover):
        return ()
    file = File(_cover_uri(release), cover["sha256"], cover["bytes"])
    codec = covers.CODECS[cover["format"]]
    return (Image(COVER, f"{release_id(release)}-cover", file, codec, cover["width"], cover["height"]),)


def _deals(envelope: Envelope, tracks: int) -> tuple[ReleaseDeal, ...]:
    deals = []
    for offer in envelope.offers:
        uses: dict[str, list[str]] = {}
        for term in envelope.deal_terms:
            if terms.RIGHT_OF_USE.get(term["use_type"]) == offer.right:
                uses.setdefault(term["commercial_model"], []).append(term["use_type"])
        deals += [
            Deal(offer.territories, offer.start, offer.end, (model,), tuple(kinds)) for model, kinds in uses.items()
        ]
    if not deals:
        return ()
    return (ReleaseDeal(("R0", *(f"R{number}" for number in range(1, tracks + 1))), tuple(deals)),)


def _explicit(recordings: Sequence[SoundRecording]) -> bool | None:
    said = [recording.explicit for recording in recordings]
    return None if not said or None in said else any(said)


def _audio_uri(release: ReleaseRow, number: int, recording: Recording) -> str:
    return f"resources/{release_id(release)}_01_{number:03d}.{recording.audio['suffix']}"


def _cover_uri(release: ReleaseRow) -> str:
    cover = release.cover or {}
    return f"resources/{release_id(release)}.{covers.SUFFIXES[cover['format']]}"


def _own_path(field: str | None) -> str | None:
    """A path of the message as one of the release: `recordings[A2].title` → `tracks[2].title`."""
    if field is None:
        return None
    return field.replace("recordings[A", "tracks[").removeprefix("release.")
