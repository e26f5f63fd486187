"""A label, its code range, a channel and a release, as an outside client and the operator make them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from distribution import registry
from distribution.channels.base import SECRETS, S3Settings, SftpSettings
from distribution.isrc import Allocation
from distribution.models import Channel
from distribution.registry import NewChannel
from hub.database import act_for
from hub.runtime import Runtime
from tests.client import Api
from tests.factories.accounts import Actor, actor
from tests.factories.distribution import picture, sound

CREATE = "mutation($input: CreateReleaseInput!) { createRelease(input: $input) { id gtin problems { code field } } }"
ADD = """mutation($id: ID!, $input: AddTrackInput!) {
  addTrack(releaseId: $id, input: $input) { id number title isrc durationMs }
}"""
PUBLISH = """mutation($id: ID!, $channels: [ID!]) {
  publishAbroad(releaseId: $id, channelIds: $channels) { id status messageId territories problems { code } }
}"""
TAKE_DOWN = """mutation($id: ID!, $channels: [ID!], $territories: [Territory!]) {
  takeDown(releaseId: $id, channelIds: $channels, territories: $territories) { id status territories }
}"""
DELIVERIES = """query($id: ID!) { release(id: $id) { deliveries {
  id status messageId territories filesSent filesTotal channel { name } problems { code field message } } } }"""
TERMS = (("SubscriptionModel", "OnDemandStream"), ("PayAsYouGoModel", "PermanentDownload"))


async def label(runtime: Runtime, name: str = "yongjiang-music", **options: Any) -> Actor:
    return await actor(runtime, name, kind="LABEL", country="CN", language="zh", **options)


async def operator(runtime: Runtime) -> Actor:
    return await actor(runtime, "banmao-desk", kind="OPERATOR", country="CN", language="zh")


async def allocate(
    runtime: Runtime,
    organization: UUID,
    prefix: str = "AA6Q7",
    first: int = 1,
    last: int = 999,
    year: int | None = None,
) -> None:
    async with runtime.database.transaction(organization=organization) as tx:
        allocation = Allocation(prefix, year or datetime.now(UTC).year, first, last or first + 99)
        await registry.store_range(tx.session, organization, allocation)


async def channel(
    runtime: Runtime,
    owner: UUID,
    settings: SftpSettings | S3Settings | None = None,
    *,
    slug: str = "nusantara",
    territories: tuple[str, ...] = ("TH", "VN", "ID"),
    terms: tuple[tuple[str, str], ...] = TERMS,
    party_id: str = "PADPIDA2026010101N",
    minimum_cover: int = 1400,
) -> Channel:
    """A channel; without settings it is one that nobody answers on."""
    reach = settings or SftpSettings(
        host="127.0.0.1", port=9, host_key="ssh-ed25519 AAAA", username="hub", password=SecretStr("none")
    )
    plain: dict[str, Any] = reach.model_dump(mode="json", exclude=set(SECRETS))
    plain |= {
        name: value.get_secret_value() for name in SECRETS if isinstance(value := getattr(reach, name, None), SecretStr)
    }
    async with runtime.database.transaction() as tx:
        await act_for(tx.session, owner)
        return await registry.store_channel(
            tx.session,
            runtime.vault,
            owner,
            NewChannel(
                slug=slug,
                name=slug.title(),
                party_id=party_id,
                sender_party_id="PADPIDA2026112301B",
                sender_name="Banmao",
                territories=territories,
                deal_terms=terms,
                settings=plain,
                minimum_cover=minimum_cover,
            ),
        )


async def release(api: Api, who: Actor, *, cover: bool = True, **given: Any) -> str:
    """A release of the label's own, as an outside client makes it; its id."""
    new = {
        "title": "壮乡的歌",
        "language": "zh",
        "displayArtist": "南宁民歌合唱团",
        "label": "邕江音像",
        "releaseDate": date(2026, 11, 1).isoformat(),
        "genre": "Folk",
        **given,
    }
    files = {"input.cover": ("cover.jpg", picture(), "image/jpeg")} if cover else None
    data = await api.data(CREATE, {"input": {**new, "cover": None}}, token=who.token, files=files)
    return str(data["createRelease"]["id"])


async def track(api: Api, who: Actor, release_id: str, title: str = "刘三姐", **given: Any) -> dict[str, Any]:
    """A track with a sound of its own (unless `audio` is given); as the API answers."""
    audio = given.pop("audio", None) or sound(0.5 + (hash(title) % 1000) / 4000)
    data = await api.data(
        ADD,
        {"id": release_id, "input": {"title": title, "audio": None, **given}},
        token=who.token,
        files={"input.audio": ("a.flac", audio, "audio/flac")},
    )
    added: dict[str, Any] = data["addTrack"]
    return added


async def deliveries(api: Api, who: Actor, release_id: str) -> list[dict[str, Any]]:
    data = await api.data(DELIVERIES, {"id": release_id}, token=who.token)
    found: list[dict[str, Any]] = data["release"]["deliveries"]
    return found
