"""What an ERN message says, as plain data. References are the message's own anchors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Titled:
    """Words and the language and script that the message gives them (RFC 5646), if any."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the message. `algorithm` and `value`: its HashSum; empty where there is none."""

    uri: str
    algorithm: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """`kind`: local name of its element (SoundRecording, Video, Image …). `roles`: party and AVS ContributorRole."""

    reference: str
    kind: str
    type: str
    line: int
    isrc: str
    titles: tuple[Titled, ...]
    artists: tuple[Titled, ...]
    roles: tuple[tuple[str, str], ...]
    duration_ms: int | None
    explicit: bool | None
    language: str
    file: File | None


@dataclass(frozen=True, slots=True)
class Release:
    """`icpn`, `grid`, `proprietary`: ReleaseId, the last as (namespace, value). `resources` in playing order, `linked` pictures.

    `p_line` and `c_line`: year and the words after it. `main`: the release that the message is about, not a track of it.
    """

    reference: str
    main: bool
    line: int
    icpn: str
    grid: str
    proprietary: tuple[tuple[str, str], ...]
    titles: tuple[Titled, ...]
    artists: tuple[Titled, ...]
    artist_parties: tuple[str, ...]
    label: str
    genre: str
    released: date | None
    p_line: tuple[int, str] | None
    c_line: tuple[int, str] | None
    year: int | None
    resources: tuple[str, ...]
    linked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deal:
    """`start` and `end` as written; `None` for one that is not there. Days of the end are included (ERN, PeriodWithStartDate)."""

    releases: tuple[str, ...]
    line: int
    territories: tuple[str, ...]
    excluded: tuple[str, ...]
    uses: tuple[str, ...]
    start: str | None
    end: str | None


@dataclass(slots=True)
class Message:
    """`purges`: a PurgeReleaseMessage, which names a release and says nothing else. `dangling` and `twice`: references.

    `content`: the XML as it came; `digest`: SHA-256 of what it says, which is the same when the same is sent in a new message.
    """

    line: int
    language: str
    test: bool
    purges: bool
    parties: dict[str, tuple[Titled, ...]] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    deals: list[Deal] = field(default_factory=list)
    dangling: list[tuple[str, int]] = field(default_factory=list)
    twice: list[tuple[str, int]] = field(default_factory=list)
    version: str = ""
    content: bytes = b""
    digest: str = ""

    @property
    def main(self) -> Release | None:
        """The one release that the message is about (ERN 4.3, ReleaseList)."""
        return next((release for release in self.releases.values() if release.main), None)


@dataclass(frozen=True, slots=True)
class Track:
    """A recording on its release, as distribution is told of it. `entry`: where its file is in the archive, if it came along."""

    number: int
    isrc: str
    title: str
    display_artist: str
    duration_ms: int | None
    explicit: bool | None
    contributors: tuple[tuple[str, str], ...]
    file: File | None
    entry: str | None

    def stored(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "isrc": self.isrc,
            "title": self.title,
            "display_artist": self.display_artist,
            "duration_ms": self.duration_ms,
            "explicit": self.explicit,
            "contributors": [list(credit) for credit in self.contributors],
            "file": stored_file(self.file),
            "entry": self.entry,
        }

    @classmethod
    def restored(cls, data: dict[str, Any]) -> Track:
        credits = tuple((name, role) for name, role in data["contributors"])
        return cls(**data | {"contributors": credits, "file": restored_file(data["file"])})


@dataclass(frozen=True, slots=True)
class Carried:
    """What a message says beyond the catalogue. `withdrawn`: no deal is left. `cover_entry`: where the cover came along."""

    title: str
    language: str
    display_artist: str
    label: str
    genre: str | None
    released: date
    p_line: tuple[int, str] | None
    c_line: tuple[int, str] | None
    gtin: str | None
    withdrawn: bool
    tracks: tuple[Track, ...]
    cover: File | None
    cover_entry: str | None

    def stored(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "language": self.language,
            "display_artist": self.display_artist,
            "label": self.label,
            "genre": self.genre,
            "released": self.released.isoformat(),
            "p_line": self.p_line,
            "c_line": self.c_line,
            "gtin": self.gtin,
            "withdrawn": self.withdrawn,
            "tracks": [track.stored() for track in self.tracks],
            "cover": stored_file(self.cover),
            "cover_entry": self.cover_entry,
        }

    @classmethod
    def restored(cls, data: dict[str, Any]) -> Carried:
        lines = {kind: (data[kind][0], data[kind][1]) if data[kind] else None for kind in ("p_line", "c_line")}
        tracks = tuple(Track.restored(item) for item in data["tracks"])
        own = {
            "released": date.fromisoformat(data["released"]),
            "tracks": tracks,
            "cover": restored_file(data["cover"]),
        }
        return cls(**data | own | lines)


def stored_file(file: File | None) -> dict[str, str] | None:
    return None if file is None else {"uri": file.uri, "algorithm": file.algorithm, "value": file.value}


def restored_file(data: dict[str, str] | None) -> File | None:
    return None if data is None else File(**data)
