"""GraphQL types of releases, channels and deliveries."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import strawberry

from distribution import awaited, models, packaging, policies
from distribution.loaders import (
    AttemptLoader,
    AwaitedLoader,
    ChannelLoader,
    DeliveriesLoader,
    ReadinessLoader,
    ReleaseLoader,
    SplitsLoader,
    TracksLoader,
)
from distribution.models import DeliveryStatus
from distribution.packaging import Content
from distribution.problems import Problem as Found
from distribution.problems import restored
from distribution.revenue.pricing import SHARE_PARTS
from hub.context import ID, Info
from hub.errors import NotFound
from hub.security import Caller
from hub.types import LanguageTag, Problem, Territory, problem

strawberry.enum(DeliveryStatus)


def shown(found: list[Found], info: Info) -> list[Problem]:
    """Problems in the reader's language."""
    return [problem(one.code, one.message, info.context.language, field=one.field, line=one.line) for one in found]


def signed_in(info: Info) -> Caller:
    """Who asks. UNAUTHENTICATED for nobody; row-level security decides what they see."""
    return info.context.person


def places(codes: list[str]) -> list[Territory]:
    return [Territory(code) for code in codes]


@strawberry.type
class Channel:
    id: ID
    name: str
    format: str
    protocol: str
    territories: list[Territory]

    @classmethod
    def of(cls, row: models.Channel) -> Channel:
        return cls(
            id=ID(str(row.id)),
            name=row.name,
            format=row.format,
            protocol=row.protocol,
            territories=places(row.territories),
        )

    @classmethod
    async def load(cls, info: Info, channel_id: UUID) -> Channel:
        row = await info.context.load(ChannelLoader, channel_id)
        if row is None:
            raise NotFound
        return cls.of(row)


@strawberry.type(description="share: parts of 1 as a decimal string")
class SplitShare:
    payee: str
    role: str
    share: str

    @classmethod
    def of(cls, row: models.Split, payee: str) -> SplitShare:
        whole, parts = divmod(row.share, SHARE_PARTS)
        decimal = f"{whole}.{parts:06d}".rstrip("0").rstrip(".")
        return cls(payee=payee, role=row.role, share=decimal)


@strawberry.type(description="What the sound file of a track is; warnings do not keep it from going out")
class TrackAudio:
    format: str
    sample_rate: int
    bits: int | None
    channels: int
    row: strawberry.Private[models.Recording]

    @strawberry.field
    def warnings(self, info: Info) -> list[Problem]:
        return shown([restored(item) for item in self.row.audio_problems], info)


@strawberry.type
class Track:
    id: ID
    number: int
    title: str
    isrc: str
    duration_ms: int
    display_artist: str
    explicit: bool | None
    recording: strawberry.Private[models.Recording]

    @strawberry.field
    async def splits(self, info: Info) -> list[SplitShare]:
        rows = await info.context.load(SplitsLoader, self.recording.id)
        return [SplitShare.of(row, payee) for row, payee in rows or []]

    @strawberry.field
    def audio(self) -> TrackAudio:
        sound = self.recording.audio
        return TrackAudio(
            format=sound["container"],
            sample_rate=sound["rate"],
            bits=sound["bits"],
            channels=sound["channels"],
            row=self.recording,
        )

    @classmethod
    def of(cls, row: models.Track, recording: models.Recording) -> Track:
        return cls(
            id=ID(str(row.id)),
            number=row.number,
            title=row.title,
            isrc=recording.isrc,
            duration_ms=recording.duration_ms,
            display_artist=recording.display_artist,
            explicit=recording.explicit,
            recording=recording,
        )


@strawberry.type(description="A release at a channel: territories, where it is or shall be on sale there")
class Delivery:
    id: ID
    status: DeliveryStatus
    territories: list[Territory]
    updated_at: datetime
    row: strawberry.Private[models.Delivery]

    @strawberry.field
    async def channel(self, info: Info) -> Channel:
        return await Channel.load(info, self.row.channel_id)

    @strawberry.field
    async def release(self, info: Info) -> Release:
        row = await info.context.load(ReleaseLoader, self.row.release_id)
        if row is None:
            raise NotFound
        return Release.of(row)

    @strawberry.field(description="Of the latest message about the release; stable however often it is sent")
    async def message_id(self, info: Info) -> str | None:
        attempt = await self._attempt(info)
        return attempt.message_id if attempt else None

    @strawberry.field(description="Files of the latest message that have arrived, the message among them")
    async def files_sent(self, info: Info) -> int:
        attempt = await self._attempt(info)
        return attempt.files_sent if attempt else 0

    @strawberry.field
    async def files_total(self, info: Info) -> int:
        attempt = await self._attempt(info)
        return len(attempt.files) + 1 if attempt and attempt.message_key else 0

    @strawberry.field
    def problems(self, info: Info) -> list[Problem]:
        return shown([restored(item) for item in self.row.problems], info)

    async def _attempt(self, info: Info) -> models.DeliveryAttempt | None:
        if self.row.attempt_id is None:
            return None
        return await info.context.load(AttemptLoader, self.row.attempt_id)

    @classmethod
    def of(cls, row: models.Delivery) -> Delivery:
        return cls(
            id=ID(str(row.id)),
            status=DeliveryStatus(row.status),
            territories=places(row.territories),
            updated_at=row.updated_at,
            row=row,
        )


@strawberry.type(description="Whether the release can go out to a channel: territories, where the rights allow it")
class ChannelReadiness:
    channel: Channel
    ready: bool
    territories: list[Territory]
    problems: list[Problem]


@strawberry.type(
    description="A track that the label's feed names and whose audio has still to come. duration: as the feed says it"
)
class AwaitedTrack:
    number: int
    title: str
    isrc: str
    display_artist: str
    duration_ms: int | None
    file_name: str
    problem: Problem
    coming: bool = strawberry.field(description="The file came with the feed and is being taken in")

    @classmethod
    def of(cls, row: models.AwaitedTrack, info: Info) -> AwaitedTrack:
        [problem] = shown(awaited.problems([row]), info)
        return cls(
            number=row.number,
            title=row.title,
            isrc=row.isrc,
            display_artist=row.display_artist,
            duration_ms=row.duration_ms,
            file_name=awaited.file_name(row),
            problem=problem,
            coming=row.entry is not None,
        )


@strawberry.type
class Release:
    id: ID
    title: str
    language: LanguageTag
    display_artist: str
    label: str
    release_date: date
    genre: str | None
    gtin: str | None
    created_at: datetime
    row: strawberry.Private[models.Release]

    @strawberry.field
    async def tracks(self, info: Info) -> list[Track]:
        return [Track.of(track, recording) for track, recording in await self._tracks(info)]

    @strawberry.field(description="What is to be done before it can go out")
    async def problems(self, info: Info) -> list[Problem]:
        return shown(packaging.problems(Content(self.row, await self._tracks(info), await self._awaited(info))), info)

    @strawberry.field(description="Tracks of the label's feed whose audio has still to come: supplyAudio brings it")
    async def awaited(self, info: Info) -> list[AwaitedTrack]:
        return [AwaitedTrack.of(row, info) for row in await self._awaited(info)]

    @strawberry.field
    async def deliveries(self, info: Info) -> list[Delivery]:
        return [Delivery.of(row) for row in await info.context.load(DeliveriesLoader, self.row.id) or []]

    @strawberry.field
    async def readiness(self, info: Info) -> list[ChannelReadiness]:
        return [
            ChannelReadiness(
                channel=Channel.of(item.channel),
                ready=item.ready,
                territories=places(item.territories),
                problems=shown(item.problems, info),
            )
            for item in await info.context.load(ReadinessLoader, self.row.id) or []
        ]

    @strawberry.field(description="As entered; when nothing was, wherever the rights allow and a channel sells")
    async def territories(self, info: Info) -> list[Territory]:
        if self.row.territories is not None:
            return places(self.row.territories)
        ready = await info.context.load(ReadinessLoader, self.row.id) or []
        return places(sorted({code for item in ready for code in item.territories}))

    @strawberry.field(description="Path of a small picture of the cover; it never changes its content")
    def cover_url(self) -> str | None:
        cover = self.row.cover
        return f"/covers/releases/{self.row.organization_id}/{cover['sha256']}.jpg" if cover else None

    @strawberry.field(description="Whether the caller may send it abroad and take it down")
    def may_publish(self, info: Info) -> bool:
        caller = info.context.caller
        return (
            caller is not None and caller.organization_id == self.row.organization_id and policies.may_release(caller)
        )

    async def _tracks(self, info: Info) -> list[tuple[models.Track, models.Recording]]:
        return await info.context.load(TracksLoader, self.row.id) or []

    async def _awaited(self, info: Info) -> list[models.AwaitedTrack]:
        return await info.context.load(AwaitedLoader, self.row.id) or []

    @classmethod
    def of(cls, row: models.Release) -> Release:
        return cls(
            id=ID(str(row.id)),
            title=row.title,
            language=LanguageTag(row.language),
            display_artist=row.display_artist,
            label=row.label,
            release_date=row.release_date,
            genre=row.genre,
            gtin=row.gtin,
            created_at=row.created_at,
            row=row,
        )
