"""Releases in GraphQL: make one, publish it abroad, watch what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import date
from typing import cast
from uuid import UUID

import strawberry
from strawberry.file_uploads import Upload

from accounts.loaders import OrganizationLoader
from catalog.api.inputs import ContributorInput
from catalog.facts import checked_credits
from catalog.languages import UnknownLanguage, normalise
from catalog.scopes import expanded
from distribution import publishing, queries, service
from distribution.api.types import (
    Channel,
    Delivery,
    Release,
    Track,
    signed_in,
)
from distribution.loaders import ReleaseLoader
from distribution.models import DeliveryStatus
from distribution.service import NewRelease, NewTrack, Share
from hub.context import ID, Info
from hub.errors import Invalid, NotFound
from hub.i18n import _
from hub.storage import Readable
from hub.types import (
    Connection,
    First,
    LanguageTag,
    Territory,
    after_row,
    connection,
    page_size,
    row_id,
    words,
)

LONGEST_TITLE = 300
LONGEST_NAME = 200
LONGEST_LYRICS = 20_000
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


@strawberry.input(
    description="role: MARC relator code, label, or a DDEX word such as MainArtist."
    " share: parts of 1 as a decimal string; the shares of a track add up to exactly 1"
)
class SplitInput:
    payee: str
    role: str
    share: str


@strawberry.input
class CreateReleaseInput:
    title: str
    language: LanguageTag
    display_artist: str
    release_date: date
    work_id: ID | None = None
    label: str | None = None
    genre: str | None = None
    cover: Upload | None = None
    territories: list[Territory] | None = None


@strawberry.input
class AddTrackInput:
    title: str
    audio: Upload
    isrc: str | None = None
    display_artist: str | None = None
    contributors: list[ContributorInput] | None = None
    splits: list[SplitInput] | None = None
    lyrics: str | None = None
    explicit: bool | None = None


def territories_of(codes: list[Territory] | None, field: str) -> frozenset[str] | None:
    """Codes and groups as a set of codes; None stays None. INVALID for what is neither, and for an empty list."""
    if codes is None:
        return None
    found = expanded(codes, field)
    if not found:
        raise Invalid(_("Name at least one territory."), field=field)
    return found


def _tag(tag: str) -> str:
    try:
        return normalise(tag)
    except UnknownLanguage as error:
        raise Invalid(_("%(tag)s is not a language tag.", tag=tag[:35]), field="language") from error


async def _new_release(info: Info, given: CreateReleaseInput) -> NewRelease:
    label = words(given.label, "label", longest=LONGEST_NAME, required=False)
    if label is None:
        organization = await info.context.load(OrganizationLoader, info.context.person.organization_id)
        label = next(name.name for name in organization.names if name.original) if organization else ""
    if not EARLIEST <= given.release_date <= LATEST:
        raise Invalid(_("Choose a day between 1900 and 2199."), field="releaseDate")
    return NewRelease(
        title=words(given.title, "title", longest=LONGEST_TITLE) or "",
        language=_tag(given.language),
        display_artist=words(given.display_artist, "displayArtist", longest=LONGEST_NAME) or "",
        label=label,
        release_date=given.release_date,
        genre=words(given.genre, "genre", longest=LONGEST_NAME, required=False),
        territories=territories_of(given.territories, "territories"),
        work_id=row_id(given.work_id, "workId") if given.work_id else None,
    )


def _new_track(given: AddTrackInput) -> NewTrack:
    splits = given.splits or []
    if len(splits) > service.MOST_SPLITS:
        raise Invalid(_("A track has at most %(most)s shares.", most=service.MOST_SPLITS), field="splits")
    credits = checked_credits((one.name, one.role, one.name_original) for one in given.contributors or [])
    return NewTrack(
        title=words(given.title, "title", longest=LONGEST_TITLE) or "",
        display_artist=words(given.display_artist, "displayArtist", longest=LONGEST_NAME, required=False),
        isrc=words(given.isrc, "isrc", longest=64, required=False),
        contributors=tuple((one.name, one.role) for one in credits),
        splits=tuple(
            Share(
                payee=words(split.payee, f"splits.{place}.payee", longest=LONGEST_NAME) or "",
                role=service.payee_role(split.role, f"splits.{place}.role"),
                parts=service.parts_of(split.share, f"splits.{place}.share"),
            )
            for place, split in enumerate(splits)
        ),
        lyrics=words(given.lyrics, "lyrics", longest=LONGEST_LYRICS, required=False),
        explicit=given.explicit,
    )


def _ids(ids: list[ID] | None, field: str) -> list[UUID] | None:
    if ids is None:
        return None
    if not 1 <= len(ids) <= 100:
        raise Invalid(_("Name between 1 and 100 of them."), field=field)
    return [row_id(item, field) for item in ids]


@strawberry.type
class Query:
    @strawberry.field
    async def release(self, info: Info, id: ID) -> Release | None:
        row = await info.context.load(ReleaseLoader, row_id(id))
        return Release.of(row) if row else None

    @strawberry.field(description="My organization's releases, newest first")
    async def releases(self, info: Info, first: First = 20, after: str | None = None) -> Connection[Release]:
        signed_in(info)
        size = page_size(first, info)
        async with info.context.tx.use() as session:
            rows, total = await queries.releases(session, size, after_row(after))
        return connection(rows, total, size, Release.of)

    @strawberry.field(description="Platforms that take deliveries")
    async def channels(self, info: Info) -> list[Channel]:
        signed_in(info)
        async with info.context.tx.use() as session:
            return [Channel.of(row) for row in await queries.channels(session)]

    @strawberry.field(description="Everything that went out, newest first")
    async def deliveries(
        self,
        info: Info,
        status: list[DeliveryStatus] | None = None,
        first: First = 20,
        after: str | None = None,
    ) -> Connection[Delivery]:
        signed_in(info)
        size = page_size(first, info)
        states = None if status is None else [one.value for one in status]
        async with info.context.tx.use() as session:
            rows, total = await queries.deliveries(session, states, size, after_row(after))
        return connection(rows, total, size, Delivery.of)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def create_release(self, info: Info, input: CreateReleaseInput) -> Release:
        caller, runtime = info.context.person, info.context.runtime
        new = await _new_release(info, input)
        cover = None if input.cover is None else cast(Readable, input.cover)
        async with info.context.tx.use() as session:
            row = await service.create_release(session, runtime, caller, new, cover)
            await session.refresh(row)
        return Release.of(row)

    @strawberry.mutation(description="Another cover; it goes out with the next message about the release")
    async def set_release_cover(self, info: Info, release_id: ID, cover: Upload) -> Release:
        caller, runtime = info.context.person, info.context.runtime
        async with info.context.tx.use() as session:
            row = await service.set_cover(
                session, runtime, caller, row_id(release_id, "releaseId"), cast(Readable, cover)
            )
        info.context.forget()
        return Release.of(row)

    @strawberry.mutation(description="Without an ISRC, one is assigned for life")
    async def add_track(self, info: Info, release_id: ID, input: AddTrackInput) -> Track:
        caller, runtime = info.context.person, info.context.runtime
        new = _new_track(input)
        async with info.context.tx.use() as session:
            track, recording = await service.add_track(
                session, runtime, caller, row_id(release_id, "releaseId"), new, cast(Readable, input.audio)
            )
        info.context.forget()
        return Track.of(track, recording)

    @strawberry.mutation(
        description="The audio of a track that the feed has named; it keeps the ISRC that the feed gives"
    )
    async def supply_audio(self, info: Info, release_id: ID, number: int, audio: Upload) -> Track:
        caller, runtime = info.context.person, info.context.runtime
        async with info.context.tx.use() as session:
            track, recording = await service.supply_audio(
                session, runtime, caller, row_id(release_id, "releaseId"), number, cast(Readable, audio)
            )
        info.context.forget()
        return Track.of(track, recording)

    @strawberry.mutation(
        description="Before the release has gone out; later tracks move up, the recording keeps its ISRC"
    )
    async def remove_track(self, info: Info, release_id: ID, number: int) -> Release:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await service.remove_track(session, caller, row_id(release_id, "releaseId"), number)
        info.context.forget()
        return Release.of(row)

    @strawberry.mutation(description="channelIds null: every channel that the rights allow; NOT_CLEARED otherwise")
    async def publish_abroad(self, info: Info, release_id: ID, channel_ids: list[ID] | None = None) -> list[Delivery]:
        caller = info.context.person
        async with info.context.tx.use() as session:
            rows = await publishing.publish_abroad(
                session, caller, row_id(release_id, "releaseId"), _ids(channel_ids, "channelIds")
            )
        info.context.forget()
        return [Delivery.of(row) for row in rows]

    @strawberry.mutation(description="Null: every channel, every territory")
    async def take_down(
        self,
        info: Info,
        release_id: ID,
        channel_ids: list[ID] | None = None,
        territories: list[Territory] | None = None,
    ) -> list[Delivery]:
        caller = info.context.person
        async with info.context.tx.use() as session:
            rows = await publishing.take_down(
                session,
                caller,
                row_id(release_id, "releaseId"),
                _ids(channel_ids, "channelIds"),
                territories_of(territories, "territories"),
            )
        info.context.forget()
        return [Delivery.of(row) for row in rows]

    @strawberry.mutation(description="Send a delivery that was rejected or has failed once more, as a new message")
    async def retry_delivery(self, info: Info, delivery_id: ID) -> Delivery:
        caller = info.context.person
        async with info.context.tx.use() as session:
            row = await publishing.send_again(session, caller, row_id(delivery_id, "deliveryId"))
        info.context.forget()
        return Delivery.of(row)


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="Every change of a delivery of the release, from now on; all of them when news may have been missed"
    )
    async def delivery_changed(self, info: Info, release_id: ID) -> AsyncGenerator[Delivery, None]:
        release = row_id(release_id, "releaseId")
        signed_in(info)
        if await info.context.load(ReleaseLoader, release) is None:
            raise NotFound(field="releaseId")
        async with info.context.runtime.events.subscribe(publishing.topic(release)) as news:
            async for item in news:
                info.context.forget()
                async with info.context.tx.use() as session:
                    if "delivery" in item:
                        one = await queries.delivery(session, UUID(item["delivery"]))
                        rows = [one] if one is not None else []
                    else:
                        rows = (await queries.deliveries_of(session, [release]))[release]
                for row in rows:
                    yield Delivery.of(row)
