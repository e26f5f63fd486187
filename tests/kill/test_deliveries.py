"""Releases on their way abroad when the web process, the worker or PostgreSQL dies. The partner is the strict sandbox."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from distribution import connecting
from tests.factories import release as make
from tests.factories.accounts import Actor, actor
from tests.factories.distribution import picture, sound
from tests.kill.gates import Moment, gate
from tests.kill.watched import DEATHS, PATIENCE, Death, Remote, Watched

pytestmark = pytest.mark.kill
PLATFORM = "nusantara"
MOMENTS = {
    "a code is assigned": Moment("INSERT ON tracks", "new.number = 2"),
    "publish abroad is pressed": Moment("INSERT ON delivery_attempts"),
    "one file is there": Moment("UPDATE ON delivery_attempts", "new.files_sent = 1 AND old.files_sent = 0"),
    "the platform has answered": Moment("UPDATE ON delivery_attempts", "new.step = 'SENT' AND old.step = 'PREPARED'"),
    "the answer is noted": Moment("UPDATE ON delivery_attempts", "new.step = 'ANSWERED' AND old.step = 'SENT'"),
}
RELEASE = {
    "title": "壮乡的歌",
    "language": "zh",
    "displayArtist": "南宁民歌合唱团",
    "label": "邕江音像",
    "releaseDate": "2026-11-01",
    "genre": "Folk",
    "cover": None,
}
SEEN = """
query ($id: ID!) {
  release(id: $id) { tracks { id number title isrc durationMs } deliveries { status messageId problems { code } } }
}
"""
CODES = 10
LIVE = "ReleaseMadeAvailableToConsumers"
_labels = count()


@dataclass(frozen=True)
class Label:
    """A label with codes of its own, on its way: how often it asks, each request has the same key."""

    who: Actor
    number: int
    key: str

    @property
    def codes(self) -> list[str]:
        return [f"{self.number * CODES + place:05d}" for place in (1, 2)]

    async def publishes(self, api: Remote, channel: str) -> tuple[str, list[dict[str, Any]], str]:
        """A release of two tracks, sent abroad: its id, its tracks, its message's id."""
        cover = {"input.cover": ("cover.jpg", picture(), "image/jpeg")}
        made = await self._ask(api, "release", make.CREATE, {"input": RELEASE}, cover)
        release = str(made["createRelease"]["id"])
        tracks = []
        for place, title in enumerate(("刘三姐", "漓江夜"), 1):
            given = {"id": release, "input": {"title": title, "audio": None}}
            audio = {"input.audio": ("a.flac", sound(1 + (2 * self.number + place) / 50), "audio/flac")}
            tracks.append((await self._ask(api, f"track-{place}", make.ADD, given, audio))["addTrack"])
        sent = await self._ask(api, "publish", make.PUBLISH, {"id": release, "channels": [channel]})
        (delivery,) = sent["publishAbroad"]
        return release, tracks, delivery["messageId"]

    async def _ask(
        self, api: Remote, step: str, query: str, given: dict[str, Any], files: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = await api.insist(query, given, token=self.who.token, key=f"{self.key}-{step}", files=files)
        assert "errors" not in answer, answer
        return dict(answer["data"])

    async def sees(self, api: Remote, release: str) -> dict[str, Any]:
        """The release as the label sees it when its delivery has come to an end, however long that takes."""
        async with asyncio.timeout(120):
            while True:
                seen = (await api.insist(SEEN, {"id": release}, token=self.who.token))["data"]["release"]
                if seen["deliveries"][0]["status"] in ("LIVE", "REJECTED", "FAILED"):
                    return dict(seen)
                await asyncio.sleep(0.2)


class Platform:
    """The partner's side: what its desk says, and what lies in its folders."""

    def __init__(self, http: httpx.Client, home: Path) -> None:
        self.http = http
        self.home = home

    def verdicts(self, message_id: str) -> list[tuple[str, str]]:
        answer = self.http.get(f"/platforms/{PLATFORM}/messages", params={"message_id": message_id})
        return [(one["folder"], one["status"]) for one in answer.raise_for_status().json()["messages"]]

    def on_sale(self, message_id: str) -> list[list[str]]:
        """Of each release that the message brought, the codes of its tracks."""
        found = self.http.get(f"/platforms/{PLATFORM}/releases").raise_for_status().json()["releases"]
        live = [one for one in found if one["message_id"] == message_id and one["status"] == "live"]
        return [[track["isrc"] for track in one["tracks"]] for one in live]

    def answers(self, message_id: str) -> int:
        return len(list(self.home.glob(f"root/inbox/acknowledgements/ACK_{message_id}_*")))

    async def answered(self, message_id: str) -> None:
        """Until the answer lies where the hub will look for it."""
        until = time.monotonic() + PATIENCE
        while not self.answers(message_id):
            assert time.monotonic() < until, f"{PLATFORM} has not answered {message_id}"
            await asyncio.sleep(0.1)

    def arrived(self, folder: str) -> list[str]:
        """Files of a delivery, each time that it came: under way, being judged or put away."""
        places = [
            self.home / "root" / "inbox" / folder,
            *self.home.glob(f"work/{folder}.*"),
            *self.home.glob(f"kept/{folder}.*"),
        ]
        return sorted(file.suffix for place in places for file in place.rglob("*") if file.is_file())


@pytest.fixture
def platform(hub: Watched) -> Iterator[Platform]:
    sheet = hub.hub.sandbox_file
    told = json.loads(sheet.read_text())["http"]
    headers = {"Authorization": f"Bearer {told['key']}"}
    with httpx.Client(base_url=told["url"], headers=headers, timeout=30) as http:
        yield Platform(http, sheet.parent / "platforms" / PLATFORM)


@pytest.fixture(scope="package")
async def channel(hub: Watched, api: Remote) -> str:
    """The platform as a channel of the hub's."""
    desk = await actor(api.runtime, f"desk-{uuid4().hex[:8]}", kind="OPERATOR", country="CN", language="zh")
    async with api.runtime.database.transaction(organization=desk.organization_id) as tx:
        entered = await connecting.connect(tx.session, api.runtime.vault, desk.organization_id, hub.hub.sandbox_file)
    return str(next(one.id for one in entered if one.slug == PLATFORM))


@pytest.fixture
async def labels(api: Remote) -> dict[str, Label]:
    async def one() -> Label:
        number, name = next(_labels), uuid4().hex[:8]
        who = await make.label(api.runtime, f"label-{name}")
        first = number * CODES + 1
        await make.allocate(api.runtime, who.organization_id, first=first, last=first + CODES - 1)
        return Label(who, number, name)

    return {moment: await one() for moment in MOMENTS}


ATTEMPT = "SELECT step, folder, message_id FROM delivery_attempts WHERE organization_id = %s"


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
async def test_every_release_arrives_once(
    hub: Watched, api: Remote, platform: Platform, channel: str, labels: dict[str, Label], death: Death
) -> None:
    with ExitStack() as stack:
        gates = {
            name: stack.enter_context(gate(hub, moment, organization_id=labels[name].who.organization_id))
            for name, moment in MOMENTS.items()
        }
        publishing = asyncio.gather(*(label.publishes(api, channel) for label in labels.values()))
        for each in gates.values():
            await each.reached()
        await in_the_middle(hub, platform, labels)
        death(hub)
        for each in gates.values():
            each.open()
        await hub.answers()
        published = await publishing
    for (moment, label), (release, tracks, message_id) in zip(labels.items(), published, strict=True):
        seen = await label.sees(api, release)
        assert seen["deliveries"] == [{"status": "LIVE", "messageId": message_id, "problems": []}], moment
        codes = [track["isrc"] for track in tracks]
        assert [code[-5:] for code in codes] == label.codes, "no code is lost and none is given twice"
        assert seen["tracks"] == tracks
        ((step, folder, _id),) = hub.rows(ATTEMPT, label.who.organization_id)
        assert step == "ANSWERED"
        assert platform.verdicts(message_id) == [(folder, LIVE)], f"{moment}: it came once"
        assert platform.on_sale(message_id) == [codes]
        assert platform.answers(message_id) == 1
        assert platform.arrived(folder) == [".flac", ".flac", ".jpg", ".xml"]
        assert hub.rows("SELECT action FROM audit_log WHERE subject_id = %s ORDER BY id", release) == [
            ("distribution.release.created",),
            ("distribution.track.added",),
            ("distribution.track.added",),
            ("distribution.release.published",),
        ]
        assert await label.publishes(api, channel) == (release, tracks, message_id), "asked again, nothing happens"
        assert hub.rows(ATTEMPT, label.who.organization_id) == [("ANSWERED", folder, message_id)]
    await hub.settled()
    assert not hub.failed()


async def in_the_middle(hub: Watched, platform: Platform, labels: dict[str, Label]) -> None:
    """Each label stands where its gate holds it."""
    assert [hub.rows(ATTEMPT, labels[moment].who.organization_id) for moment in list(MOMENTS)[:2]] == [[], []]
    ((step, folder, _id),) = hub.rows(ATTEMPT, labels["one file is there"].who.organization_id)
    assert (step, len(platform.arrived(folder))) == ("PREPARED", 1)
    ((step, folder, message_id),) = hub.rows(ATTEMPT, labels["the platform has answered"].who.organization_id)
    await platform.answered(message_id)
    assert step == "PREPARED", "the platform has answered what the hub has not noted as sent"
    ((step, _folder, _id),) = hub.rows(ATTEMPT, labels["the answer is noted"].who.organization_id)
    assert step == "SENT"
