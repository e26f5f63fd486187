"""Releases through the API: made, filled with tracks, refused; each refusal leaves nothing behind."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import release as make
from tests.factories.distribution import picture, sound

TABLES = (
    "releases",
    "recordings",
    "tracks",
    "splits",
    "payees",
    "isrcs",
    "deliveries",
    "delivery_attempts",
    "audit_log",
)
YEAR = datetime.now(UTC).year % 100


async def test_a_release_gets_tracks_and_codes(api: Api, runtime: Runtime) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id, first=7)
    release = await make.release(api, who)
    one = await make.track(
        api,
        who,
        release,
        "刘三姐",
        splits=[
            {"payee": "韦小云", "role": "prf", "share": "0.7"},
            {"payee": "Traditional", "role": "cmp", "share": "0.3"},
        ],
    )
    two = await make.track(
        api, who, release, "山歌好比春江水", contributors=[{"name": "乔羽", "role": "lyr"}], explicit=False
    )
    assert [one["number"], two["number"]] == [1, 2]
    assert [one["isrc"], two["isrc"]] == [f"AA6Q7{YEAR:02d}00007", f"AA6Q7{YEAR:02d}00008"]
    assert one["durationMs"] >= 500
    query = """query($id: ID!) { release(id: $id) { title label gtin mayPublish coverUrl problems { code field message }
      tracks { displayArtist splits { payee role share } audio { format sampleRate bits channels warnings { code } } } } }"""
    found = (await api.data(query, {"id": release}, token=who.token))["release"]
    assert found["problems"] == []
    assert found["mayPublish"] is True
    assert [split["share"] for split in found["tracks"][0]["splits"]] == ["0.7", "0.3"]
    assert found["tracks"][1]["splits"] == [{"payee": "邕江音像", "role": "label", "share": "1"}]
    assert found["tracks"][0]["audio"] == {
        "format": "FLAC",
        "sampleRate": 44_100,
        "bits": 16,
        "channels": 2,
        "warnings": [],
    }


async def test_who_is_paid_has_a_role_of_the_trade(api: Api, runtime: Runtime) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    release = await make.release(api, who)
    roles = {"PRF": "prf", "sng": "sng", "Label": "label", "mainartist": "MainArtist", "Producer": "Producer"}
    splits = [{"payee": f"payee {place}", "role": role, "share": "0.2"} for place, role in enumerate(roles)]
    await make.track(api, who, release, "刘三姐", splits=splits)
    query = "query($id: ID!) { release(id: $id) { tracks { splits { role } } } }"
    found = (await api.data(query, {"id": release}, token=who.token))["release"]["tracks"][0]["splits"]
    assert [split["role"] for split in found] == list(roles.values())


async def test_problems_say_what_is_still_to_do(api: Api, runtime: Runtime) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    release = await make.release(api, who, cover=False)
    query = "query($id: ID!) { release(id: $id) { problems { code field message } } }"
    found = (await api.data(query, {"id": release}, token=who.token, language="zh"))["release"]["problems"]
    assert {(item["code"], item["field"]) for item in found} == {("COVER", "cover"), ("NO_TRACKS", "resources")}
    await make.track(api, who, release, "silence", audio=sound(level=0.0))
    found = (await api.data(query, {"id": release}, token=who.token))["release"]["problems"]
    assert {(item["code"], item["field"]) for item in found} == {("COVER", "cover"), ("SILENT", "tracks[1].audio")}


BAD_TRACKS: list[tuple[dict[str, Any], bytes | None, str, str]] = [
    ({}, b"", "INVALID", "audio"),
    ({}, b"MZ" * 5000, "INVALID", "audio"),
    ({}, sound(0.5, container="OGG", subtype="VORBIS"), "INVALID", "audio"),
    ({"isrc": "HELLO"}, None, "INVALID", "isrc"),
    ({"isrc": f"AA6Q7{YEAR:02d}00500"}, None, "INVALID", "isrc"),
    ({"title": " "}, None, "INVALID", "title"),
    ({"title": "x" * 1000}, None, "INVALID", "title"),
    ({"splits": [{"payee": "a", "role": "prf", "share": "0.5"}]}, None, "INVALID", "splits"),
    (
        {
            "splits": [
                {"payee": "a", "role": "prf", "share": "0.3333333"},
                {"payee": "b", "role": "prf", "share": "0.6666667"},
            ]
        },
        None,
        "INVALID",
        "splits.0.share",
    ),
    (
        {"splits": [{"payee": "a", "role": "prf", "share": "1e0"}, {"payee": "b", "role": "prf", "share": "-1"}]},
        None,
        "INVALID",
        "splits.1.share",
    ),
    ({"splits": [{"payee": "a", "role": "prf", "share": "NaN"}]}, None, "INVALID", "splits.0.share"),
    ({"splits": [{"payee": "", "role": "prf", "share": "1"}]}, None, "INVALID", "splits.0.payee"),
    ({"contributors": [{"name": "a", "role": "xyz"}]}, None, "INVALID", "contributors.0.role"),
    ({"splits": [{"payee": "a", "role": "zzz", "share": "1"}]}, None, "INVALID", "splits.0.role"),
    ({"splits": [{"payee": "a", "role": "prf\u202e", "share": "1"}]}, None, "INVALID", "splits.0.role"),
    (
        {"splits": [{"payee": "a", "role": "prf", "share": "0.5"}, {"payee": "b", "role": "", "share": "0.5"}]},
        None,
        "INVALID",
        "splits.1.role",
    ),
]


async def test_a_track_that_cannot_be_is_refused_and_leaves_nothing(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    release = await make.release(api, who)
    before = database.counts(*TABLES), database.rows("SELECT next FROM isrc_allocations")
    for given, audio, code, field in BAD_TRACKS:
        refused = await api.refusal(
            make.ADD,
            {"id": release, "input": {"title": "t", "audio": None, **given}},
            token=who.token,
            files={"input.audio": ("a.flac", sound(0.5) if audio is None else audio, "audio/flac")},
        )
        assert (refused["code"], refused["field"]) == (code, field), given
        assert (database.counts(*TABLES), database.rows("SELECT next FROM isrc_allocations")) == before, given


REMOVE = """mutation($id: ID!, $number: Int!) { removeTrack(releaseId: $id, number: $number) {
  tracks { number title isrc } problems { code } } }"""


async def test_a_track_is_removed_and_its_recording_keeps_its_code(api: Api, runtime: Runtime) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    release = await make.release(api, who)
    first, silent, third = [
        await make.track(api, who, release, title, audio=sound(0.5, level=level))
        for title, level in (("one", 0.4), ("silence", 0.0), ("three", 0.3))
    ]
    left = (await api.data(REMOVE, {"id": release, "number": 2}, token=who.token))["removeTrack"]
    assert [(track["number"], track["isrc"]) for track in left["tracks"]] == [(1, first["isrc"]), (2, third["isrc"])]
    assert left["problems"] == []
    again = await make.track(api, who, release, "silence", audio=sound(0.5, level=0.0))
    assert (again["number"], again["isrc"]) == (3, silent["isrc"])


async def test_a_track_that_is_not_there_or_not_ours_or_out_stays(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    who, other = await make.label(runtime), await make.label(runtime, "other-music")
    await make.allocate(runtime, who.organization_id)
    await make.channel(runtime, (await make.operator(runtime)).organization_id)
    release = await make.release(api, who)
    await make.track(api, who, release)
    before = database.counts(*TABLES)
    for token, number, code in (
        (who.token, 2, "NOT_FOUND"),
        (who.token, -1, "NOT_FOUND"),
        (other.token, 1, "NOT_FOUND"),
    ):
        refused = await api.refusal(REMOVE, {"id": release, "number": number}, token=token)
        assert refused["code"] == code
    assert (await api.refusal(REMOVE, {"id": release, "number": 1}))["code"] == "UNAUTHENTICATED"
    assert database.counts(*TABLES) == before
    await api.data(make.PUBLISH, {"id": release}, token=who.token)
    before = database.counts(*TABLES)
    out = await api.refusal(REMOVE, {"id": release, "number": 1}, token=who.token)
    assert (out["code"], out["field"]) == ("CONFLICT", "releaseId")
    assert database.counts(*TABLES) == before


async def test_without_a_range_of_this_year_no_code_is_assigned(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id, year=datetime.now(UTC).year - 1)
    await make.allocate(runtime, who.organization_id, prefix="AA6Q8", first=3, last=3)
    release = await make.release(api, who)
    assert (await make.track(api, who, release, "one"))["isrc"] == f"AA6Q8{YEAR:02d}00003"
    before = database.counts(*TABLES)
    refused = await api.refusal(
        make.ADD,
        {"id": release, "input": {"title": "two", "audio": None}},
        token=who.token,
        files={"input.audio": ("a", sound(0.7), "audio/flac")},
    )
    assert (refused["code"], refused["field"]) == ("CONFLICT", "isrc")
    assert database.counts(*TABLES) == before


async def test_a_given_code_is_kept_and_names_one_recording(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    who, other = await make.label(runtime), await make.label(runtime, "another-label")
    release, later = await make.release(api, who), await make.release(api, who, title="Again")
    audio = sound(0.9)
    assert (await make.track(api, who, release, "t", isrc="CN-A12-25-00001", audio=audio))["isrc"] == "CNA122500001"
    assert (await make.track(api, who, later, "t", isrc="CNA122500001", audio=audio))["isrc"] == "CNA122500001"
    assert database.count("recordings") == 1, "the same recording on two releases is one recording"
    before = database.counts(*TABLES)
    theirs = await make.release(api, other)
    for release_id, person, content in [(release, who, sound(1.1)), (theirs, other, audio)]:
        refused = await api.refusal(
            make.ADD,
            {"id": release_id, "input": {"title": "u", "audio": None, "isrc": "CNA122500001"}},
            token=person.token,
            files={"input.audio": ("a", content, "audio/flac")},
        )
        assert (refused["code"], refused["field"]) == ("CONFLICT", "isrc")
    assert database.counts("recordings", "tracks", "isrcs") == {
        name: before[name] for name in ("recordings", "tracks", "isrcs")
    }


async def test_a_recording_never_gets_a_second_code(api: Api, runtime: Runtime) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    first, second = await make.release(api, who), await make.release(api, who, title="Second try")
    audio = sound(0.8)
    one = await make.track(api, who, first, "刘三姐", audio=audio)
    two = await make.track(api, who, second, "刘三姐", audio=audio)
    assert one["isrc"] == two["isrc"]
    refused = await api.refusal(
        make.ADD,
        {"id": second, "input": {"title": "刘三姐", "audio": None}},
        token=who.token,
        files={"input.audio": ("a", audio, "audio/flac")},
    )
    assert (refused["code"], refused["field"]) == ("CONFLICT", "audio")


async def test_codes_have_no_gaps_and_no_doubles_under_concurrency(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id, first=1, last=10)
    await make.allocate(runtime, who.organization_id, prefix="AA6Q9", first=1, last=20)
    releases = [await make.release(api, who, cover=False, title=f"r{number}") for number in range(6)]
    audio = sound(0.5)

    async def add(number: int) -> str | None:
        try:
            return str(
                (
                    await make.track(
                        api, who, releases[number % 6], f"t{number}", audio=audio if number % 5 else b"junk"
                    )
                )["isrc"]
            )
        except AssertionError:
            return None

    codes = [code for code in await asyncio.gather(*(add(number) for number in range(25))) if code]
    assert len(codes) == len(set(codes)) == 20
    assert sorted(codes) == [f"AA6Q7{YEAR:02d}{n:05d}" for n in range(1, 11)] + [
        f"AA6Q9{YEAR:02d}{n:05d}" for n in range(1, 11)
    ]
    assert database.count("isrcs") == 20


async def test_the_same_key_adds_one_track(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    release = await make.release(api, who)
    answers = [
        await api.data(
            make.ADD,
            {"id": release, "input": {"title": "t", "audio": None}},
            token=who.token,
            key="one",
            files={"input.audio": ("a.flac", sound(0.5), "audio/flac")},
        )
        for _time in range(2)
    ]
    assert answers[0] == answers[1]
    assert database.count("tracks") == 1


BAD_RELEASES: list[tuple[dict[str, Any], bytes | None, str, str | None]] = [
    ({"title": ""}, None, "INVALID", "title"),
    ({"title": "no XML holds \ufffe"}, None, "INVALID", "title"),
    ({"displayArtist": "\u202ereversed"}, None, "INVALID", "displayArtist"),
    ({"cover": "cover.jpg"}, None, "INVALID", "cover"),
    ({"language": "xx-nowhere"}, None, "INVALID", "language"),
    ({"territories": ["TH", "Atlantis"]}, None, "INVALID", "territories"),
    ({"territories": []}, None, "INVALID", "territories"),
    ({"workId": "0198f2a0-0000-7000-8000-000000000000"}, None, "NOT_FOUND", "workId"),
    ({}, b"not a picture", "INVALID", "cover"),
    ({}, picture(kind="GIF"), "INVALID", "cover"),
]


async def test_a_release_that_cannot_be_is_refused_and_leaves_nothing(
    api: Api, runtime: Runtime, database: TestDatabase
) -> None:
    who = await make.label(runtime)
    before = database.counts(*TABLES)
    for given, cover, code, field in BAD_RELEASES:
        new = {
            "title": "t",
            "language": "zh",
            "displayArtist": "a",
            "releaseDate": "2026-12-01",
            "cover": None,
            **given,
        }
        files = {"input.cover": ("c", cover, "image/jpeg")} if cover is not None else None
        refused = await api.refusal(make.CREATE, {"input": new}, token=who.token, files=files)
        assert (refused["code"], refused["field"]) == (code, field), given
        assert database.counts(*TABLES) == before, given


async def test_who_may_not_release_writes_nothing(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    new = {"title": "t", "language": "zh", "displayArtist": "a", "releaseDate": "2026-12-01"}
    viewer = await make.label(runtime, "viewer-label", roles=("VIEWER",))
    desk = await make.operator(runtime)
    before = database.counts(*TABLES)
    for token, code in [(None, "UNAUTHENTICATED"), (viewer.token, "FORBIDDEN"), (desk.token, "FORBIDDEN")]:
        assert (await api.refusal(make.CREATE, {"input": new}, token=token))["code"] == code
    assert database.counts(*TABLES) == before


async def test_another_labels_release_is_not_there(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    who, other = await make.label(runtime), await make.label(runtime, "another-label")
    await make.allocate(runtime, who.organization_id)
    release = await make.release(api, who)
    track = await make.track(api, who, release)
    query = "query($id: ID!) { release(id: $id) { id } releases { totalCount edges { node { id } } } }"
    found = await api.data(query, {"id": release}, token=other.token)
    assert found == {"release": None, "releases": {"totalCount": 0, "edges": []}}
    before = database.counts(*TABLES)
    added = await api.refusal(
        make.ADD,
        {"id": release, "input": {"title": "t", "audio": None}},
        token=other.token,
        files={"input.audio": ("a", sound(0.5), "audio/flac")},
    )
    published = await api.refusal(make.PUBLISH, {"id": release}, token=other.token)
    taken = await api.refusal(make.TAKE_DOWN, {"id": release}, token=other.token)
    assert [item["code"] for item in (added, published, taken)] == ["NOT_FOUND"] * 3
    assert track["isrc"] not in str([added, published, taken])
    assert database.counts(*TABLES) == before
