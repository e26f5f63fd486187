"""A label's feed fills its catalogue and its releases: once, as a whole, under the codes that its recordings have."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from distribution import packaging, publishing, queries
from distribution.messages import ern
from distribution.messages.model import Deal, File, NewReleaseMessage, ReleaseDeal
from distribution.models import Isrc
from distribution.packaging import Envelope
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import release as make
from tests.factories.accounts import Actor, actor
from tests.factories.distribution import GTIN, RECIPIENT, SENDER, message, picture, sound

WorkOff = Callable[[], Awaitable[None]]
IMPORT = (
    "mutation ($file: Upload!, $dryRun: Boolean) { importCatalog(file: $file, format: ERN, dryRun: $dryRun) { id } }"
)
SEEN = (
    "query ($id: ID!) { catalogImport(id: $id) { status created updated unchanged skipped problems { code message } } }"
)
WORKS = """{ myWorks(first: 20) { edges { node { id kind status title(language: "zh") { text }
  identifiers { scheme value } mandates { scope { rights territories period { start end } } } } } } }"""
RELEASES = """{ releases(first: 20) { edges { node { id title displayArtist label genre gtin releaseDate language coverUrl
  problems { code field } tracks { number title isrc displayArtist durationMs explicit }
  awaited { number title isrc fileName durationMs coming problem { code message } } } } } }"""
SUPPLY = """mutation ($id: ID!, $number: Int!, $audio: Upload!) {
  supplyAudio(releaseId: $id, number: $number, audio: $audio) { number isrc durationMs } }"""
TABLES = ("works", "texts", "mandates", "releases", "awaited_tracks", "recordings", "tracks", "isrcs")


class Label:
    """A label with its feed, asked through the front door."""

    def __init__(self, api: Api, someone: Actor, work_off: WorkOff) -> None:
        self.api, self.someone, self.work_off = api, someone, work_off

    async def take(self, content: bytes, *, dry_run: bool = False, as_: Actor | None = None) -> dict[str, Any]:
        token = (as_ or self.someone).token
        files = {"file": ("feed.zip", content, "application/octet-stream")}
        started = await self.api.data(IMPORT, {"file": None, "dryRun": dry_run}, token=token, files=files)
        await self.work_off()
        await self.work_off()  # what the import has left to do
        one = {"id": started["importCatalog"]["id"]}
        seen: dict[str, Any] = (await self.api.data(SEEN, one, token=token, language="en"))["catalogImport"]
        return seen

    async def works(self) -> list[dict[str, Any]]:
        edges = (await self.api.data(WORKS, token=self.someone.token))["myWorks"]["edges"]
        return [edge["node"] for edge in edges]

    async def release(self) -> dict[str, Any]:
        edges = (await self.api.data(RELEASES, token=self.someone.token, language="en"))["releases"]["edges"]
        (one,) = [edge["node"] for edge in edges]
        found: dict[str, Any] = one
        return found


@pytest.fixture
async def label(api: Api, work_off: WorkOff) -> Label:
    return Label(api, await make.label(api.runtime), work_off)


def packed(said: NewReleaseMessage, files: dict[str, bytes]) -> bytes:
    """A delivery as a zip: its folder, the message, and files by their URIs."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(f"P_{GTIN}/{GTIN}.xml", ern.build(said))
        for uri, content in files.items():
            archive.writestr(f"P_{GTIN}/{uri}", content)
    return written.getvalue()


def with_files(said: NewReleaseMessage, files: dict[str, bytes]) -> NewReleaseMessage:
    """The message with the sums of real files, in the order of its recordings; the cover last."""
    stored = [File(uri, hashlib.sha256(content).hexdigest(), len(content)) for uri, content in files.items()]
    recordings = tuple(
        replace(one, audio=replace(one.audio, file=file)) for one, file in zip(said.recordings, stored, strict=False)
    )
    images = tuple(
        replace(image, file=stored[len(recordings)]) for image in said.images[: len(stored) - len(recordings)]
    )
    return replace(said, recordings=recordings, images=images)


async def test_a_feed_becomes_works_and_releases_that_wait_for_their_audio(
    label: Label, database: TestDatabase
) -> None:
    await make.allocate(label.api.runtime, label.someone.organization_id, prefix="ZZ0AA")
    preview = await label.take(ern.build(message()), dry_run=True)
    assert (preview["status"], preview["created"], sum(database.counts(*TABLES).values())) == ("PREVIEW", 1, 0)
    done = await label.take(ern.build(message()))
    assert (done["status"], done["created"], done["problems"]) == ("DONE", 1, [])
    (work,) = await label.works()
    assert (work["kind"], work["status"], work["title"]["text"]) == ("MUSIC", "DRAFT", "壮乡的歌")
    assert work["identifiers"] == [{"scheme": "GTIN", "value": GTIN}]
    period = {"start": "2026-12-01", "end": None}
    assert work["mandates"] == [{"scope": {"rights": ["STREAMING"], "territories": ["TH", "VN"], "period": period}}]
    release = await label.release()
    assert {name: release[name] for name in ("title", "displayArtist", "label", "genre", "gtin", "releaseDate", "tracks")} == {
        "title": "壮乡的歌", "displayArtist": "南宁民歌合唱团", "label": "广西声像社", "genre": "Folk", "gtin": GTIN,
        "releaseDate": "2026-12-01", "tracks": [],
    }  # fmt: skip
    assert [
        (one["number"], one["title"], one["isrc"], one["fileName"], one["coming"]) for one in release["awaited"]
    ] == [
        (1, "刘三姐", "AA6Q72600001", f"{GTIN}_01_001.flac", False),
        (2, "山歌好比春江水", "AA6Q72600002", f"{GTIN}_01_002.flac", False),
    ]
    assert {problem["code"] for problem in release["problems"]} >= {"AUDIO_MISSING"}
    assert database.counts("isrcs", "recordings") == {"isrcs": 0, "recordings": 0}

    before = database.counts(*TABLES, "audit_log")
    again = await label.take(ern.build(message()))
    after = database.counts(*TABLES, "audit_log")
    assert (again["updated"], again["unchanged"]) == (0, 1)
    assert {name: after[name] for name in TABLES} == {name: before[name] for name in TABLES}
    assert await label.release() == release

    one = {"id": release["id"], "number": 2, "audio": None}
    files = {"audio": ("two.flac", sound(), "audio/flac")}
    supplied = await label.api.data(SUPPLY, one, token=label.someone.token, files=files)
    assert supplied["supplyAudio"] == {"number": 2, "isrc": "AA6Q72600002", "durationMs": 1500}
    refused = await label.api.refusal(
        SUPPLY, one | {"number": 1}, token=label.someone.token, files={"audio": ("x", b"no sound", "audio/flac")}
    )
    assert (refused["code"], refused["field"]) == ("INVALID", "audio")
    gone = await label.api.refusal(SUPPLY, one, token=label.someone.token, files=files)
    assert gone["code"] == "NOT_FOUND"
    await label.take(ern.build(message()))
    release = await label.release()
    assert [(track["number"], track["isrc"]) for track in release["tracks"]] == [(2, "AA6Q72600002")]
    assert [track["number"] for track in release["awaited"]] == [1]


async def test_an_archive_brings_its_audio_and_its_cover(label: Label, database: TestDatabase) -> None:
    files = {
        f"resources/{GTIN}_01_001.flac": sound(1.0, level=0.3),
        f"resources/{GTIN}_01_002.flac": b"not sound at all",
        f"resources/{GTIN}_01_003.flac": sound(1.2),
        f"resources/{GTIN}.jpg": picture(),
    }
    said = with_files(message(3), files)
    sent = files | {f"resources/{GTIN}_01_003.flac": sound(1.3)}
    done = await label.take(packed(said, sent))
    assert [problem["code"] for problem in done["problems"]] == ["ERN_HASH"]
    release = await label.release()
    assert [(track["number"], track["isrc"], track["durationMs"]) for track in release["tracks"]] == [
        (1, "AA6Q72600001", 1000)
    ]
    assert [(one["number"], one["problem"]["code"], one["coming"]) for one in release["awaited"]] == [
        (2, "NOT_AUDIO", False), (3, "AUDIO_MISSING", False),
    ]  # fmt: skip
    assert release["coverUrl"] is not None
    again = await label.take(packed(with_files(message(3), files), files))
    assert again["problems"] == []
    release = await label.release()
    assert [track["number"] for track in release["tracks"]] == [1, 3]
    assert [one["problem"]["code"] for one in release["awaited"]] == ["NOT_AUDIO"]
    counts = database.counts("recordings", "isrcs", "releases", "works")
    assert counts == {"recordings": 2, "isrcs": 2, "releases": 1, "works": 1}


async def test_a_new_message_is_the_whole_truth(label: Label) -> None:
    await label.take(ern.build(message(3)))
    said = message(3)
    first, second, third = said.recordings
    later = Deal(("Worldwide",), date(2027, 1, 1), date(2028, 1, 1), ("PayAsYouGoModel",), ("PermanentDownload",))
    turned = replace(
        said,
        recordings=(third, replace(first, title="刘三姐（现场）")),
        release=replace(said.release, title="壮乡的歌（增订）", resources=(third.reference, first.reference)),
        track_releases=said.track_releases[:1] + said.track_releases[2:],
        release_deals=(ReleaseDeal(("R0",), (later,)),),
    )
    assert second.reference not in turned.release.resources
    done = await label.take(ern.build(turned))
    assert (done["created"], done["updated"]) == (0, 1), done
    (work,) = await label.works()
    assert work["title"]["text"] == "壮乡的歌（增订）"
    (mandate,) = work["mandates"]
    assert (mandate["scope"]["rights"], len(mandate["scope"]["territories"]) > 200) == (["DOWNLOAD"], True)
    assert mandate["scope"]["period"] == {"start": "2027-01-01", "end": "2028-01-01"}
    release = await label.release()
    assert [(one["number"], one["title"]) for one in release["awaited"]] == [(1, "漓江夜"), (2, "刘三姐（现场）")]

    down = await label.take(ern.build(replace(turned, release_deals=())))
    assert (down["updated"], down["problems"]) == (1, [])
    assert (await label.take(ern.build(replace(turned, release_deals=()))))["unchanged"] == 1
    (work,) = await label.works()
    assert (work["status"], work["mandates"]) == ("WITHDRAWN", [])
    unknown = replace(
        message(), release=replace(message().release, icpn="9501101530010", proprietary_id="BM0002"), release_deals=()
    )
    nothing = await label.take(ern.build(unknown))
    assert (nothing["skipped"], [problem["code"] for problem in nothing["problems"]]) == (1, ["ONIX_NOTHING_TO_DELETE"])
    await label.take(ern.build(turned))
    (work,) = await label.works()
    assert (work["status"], len(work["mandates"])) == ("DRAFT", 1)


async def test_a_takedown_takes_down_what_has_gone_out(label: Label) -> None:
    runtime = label.api.runtime
    desk = await make.operator(runtime)
    await make.channel(runtime, desk.organization_id)
    files = {f"resources/{GTIN}_01_001.flac": sound(), f"resources/{GTIN}.jpg": picture()}
    said = with_files(message(1), files)
    everywhere = Deal(("Worldwide",), date(2026, 1, 1), None, ("SubscriptionModel",), ("OnDemandStream",))
    said = replace(said, release_deals=(ReleaseDeal(("R0", "R1"), (everywhere,)),))
    await label.take(packed(said, files))
    release = await label.release()
    assert release["problems"] == []
    await label.api.data(make.PUBLISH, {"id": release["id"]}, token=label.someone.token)
    again = await label.take(packed(replace(said, release=replace(said.release, genre="World")), files))
    assert again["updated"] == 1
    assert (await label.release())["genre"] == "World"
    await label.take(ern.build(replace(said, release_deals=())))
    states = (await label.api.data(make.DELIVERIES, {"id": release["id"]}, token=label.someone.token))["release"][
        "deliveries"
    ]
    assert {delivery["status"] for delivery in states} <= {"TAKING_DOWN", "TAKEN_DOWN"}
    assert states


async def test_codes_of_others_and_codes_that_the_hub_is_to_assign_are_not_taken(label: Label) -> None:
    runtime = label.api.runtime
    other = await make.label(runtime, "hanoi-records")
    async with runtime.database.transaction(organization=other.organization_id) as tx, tx.use() as session:
        session.add(Isrc(code="AA6Q72600001", organization_id=other.organization_id, assigned=False))
    await make.allocate(runtime, label.someone.organization_id, first=2, last=9, year=2026)
    await label.take(ern.build(message(2)))
    release = await label.release()
    assert [one["problem"]["code"] for one in release["awaited"]] == ["ISRC_TAKEN", "ISRC_RANGE"]
    refused = await label.api.refusal(
        SUPPLY, {"id": release["id"], "number": 1, "audio": None}, token=label.someone.token,
        files={"audio": ("one.flac", sound(), "audio/flac")},
    )  # fmt: skip
    assert refused["code"] == "CONFLICT"
    assert (await label.release())["tracks"] == []


async def test_who_may_not_release_fills_the_catalogue_only(label: Label, database: TestDatabase) -> None:
    editor = await actor(label.api.runtime, "yongjiang-music", person="editor", kind="LABEL", roles=["CATALOG"])
    await label.take(ern.build(message()), as_=editor)
    assert database.counts("works", "releases") == {"works": 1, "releases": 0}


async def test_a_message_of_ours_makes_the_release_that_it_told_of(label: Label, work_off: WorkOff) -> None:
    """What goes out to a platform comes back in, at another label, as the release that it was."""
    runtime, someone = label.api.runtime, label.someone
    await make.allocate(runtime, someone.organization_id)
    made = await make.release(label.api, someone)
    await make.track(label.api, someone, made, "刘三姐", contributors=[{"name": "乔羽", "role": "lyr"}], explicit=False)
    own = await label.release()
    async with runtime.database.transaction(organization=someone.organization_id) as tx, tx.use() as session:
        row = (await queries.releases(session, 1, None))[0][0]
        content = await publishing.content_of(session, row)
        offers = [{"commercial_model": "SubscriptionModel", "use_type": "OnDemandStream"}]
        envelope = Envelope("BM-1", "BM-1", message().created, SENDER, RECIPIENT, "9", [], offers)
        said = packaging.message(content, envelope)
    deal = Deal(("VN",), date(2026, 1, 1), None, ("SubscriptionModel",), ("OnDemandStream",))
    said = replace(said, release_deals=(ReleaseDeal(("R0", "R1"), (deal,)),))
    other = Label(label.api, await make.label(runtime, "hanoi-records"), work_off)
    await other.take(ern.build(said))
    theirs = await other.release()
    for name in ("title", "displayArtist", "label", "genre", "releaseDate", "language"):
        assert theirs[name] == own[name]
    told = [(one["number"], one["title"], one["isrc"]) for one in theirs["awaited"]]
    assert told == [(one["number"], one["title"], one["isrc"]) for one in own["tracks"]]
    async with runtime.database.transaction(organization=other.someone.organization_id) as tx, tx.use() as session:
        assert (await session.scalars(select(Isrc.organization_id))).all() == [someone.organization_id]
