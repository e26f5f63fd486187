"""Deliveries to the strict platform: sent, answered, taken down, refused; over SFTP and S3, as a label does it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from distribution import connecting, delivering
from hub import jobs
from hub.database import act_for
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import release as make
from tests.factories.accounts import Actor
from tests.sandbox.process import Sandbox, configuration, sandbox

RANGES = itertools.count(1)
"""The platform remembers the codes of every test here: each draws from a range of its own."""

DONE = {"LIVE", "ACKNOWLEDGED", "REJECTED", "FAILED", "TAKEN_DOWN"}
WRITTEN = ("deliveries", "delivery_attempts", "procrastinate_jobs")


@pytest.fixture(scope="module")
def platforms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("platforms")
    with sandbox(folder / "home", "--config", str(configuration(folder))) as running:
        yield running


async def connect(runtime: Runtime, platforms: Sandbox) -> None:
    desk = await make.operator(runtime)
    async with runtime.database.transaction() as tx:
        await act_for(tx.session, desk.organization_id)
        await connecting.connect(tx.session, runtime.vault, desk.organization_id, platforms.home / "sandbox.json")


async def until_done(
    api: Api, runtime: Runtime, database: TestDatabase, who: Actor, release: str, *, wanted: set[str] = DONE
) -> dict[str, dict[str, object]]:
    """Work until no delivery of the release changes any more; deliveries by the name of their channel."""
    worker = asyncio.create_task(jobs.work(runtime, database.app_url))
    try:
        async with asyncio.timeout(60):
            while True:
                found = {item["channel"]["name"]: item for item in await make.deliveries(api, who, release)}
                if {str(item["status"]) for item in found.values()} <= wanted:
                    return found
                await asyncio.sleep(0.1)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def ready(api: Api, runtime: Runtime, **given: object) -> tuple[Actor, str]:
    who = await make.label(runtime)
    await make.allocate(
        runtime, who.organization_id, prefix="AA6Q" + format(abs(hash(who.organization_id)) % 36, "d")[-1]
    )
    release = await make.release(api, who, **given)
    await make.track(api, who, release, "刘三姐", contributors=[{"name": "乔羽", "role": "lyr"}])
    await make.track(api, who, release, "山歌好比春江水")
    return who, release


async def test_a_release_goes_out_is_answered_and_comes_down(
    api: Api, runtime: Runtime, database: TestDatabase, platforms: Sandbox
) -> None:
    await connect(runtime, platforms)
    who, release = await ready(api, runtime)
    sent = (await api.data(make.PUBLISH, {"id": release}, token=who.token))["publishAbroad"]
    assert {item["status"] for item in sent} == {"QUEUED"}
    found = await until_done(api, runtime, database, who, release)
    assert {name: item["status"] for name, item in found.items()} == {"Nusantara Play": "LIVE", "Mekong Music": "LIVE"}
    assert found["Mekong Music"]["territories"] == ["KH", "LA", "MM", "TH", "VN"]
    assert all(item["filesSent"] == item["filesTotal"] == 4 and not item["problems"] for item in found.values())

    again = (await api.data(make.PUBLISH, {"id": release}, token=who.token))["publishAbroad"]
    assert {item["messageId"] for item in again} == {item["messageId"] for item in sent}, "pressing twice sends once"
    assert database.count("delivery_attempts") == 2

    part = {"id": release, "territories": ["VN", "ID"]}
    taking = (await api.data(make.TAKE_DOWN, part, token=who.token))["takeDown"]
    assert {item["status"] for item in taking} == {"TAKING_DOWN"}
    found = await until_done(api, runtime, database, who, release)
    assert found["Mekong Music"]["territories"] == ["KH", "LA", "MM", "TH"]
    assert {item["status"] for item in found.values()} == {"LIVE"}

    await api.data(make.TAKE_DOWN, {"id": release}, token=who.token)
    found = await until_done(api, runtime, database, who, release)
    assert {item["status"] for item in found.values()} == {"TAKEN_DOWN"}
    assert all(item["territories"] == [] for item in found.values())
    refused = await api.refusal(make.TAKE_DOWN, {"id": release}, token=who.token)
    assert (refused["code"], refused["field"]) == ("INVALID", "releaseId")


async def test_a_cover_too_small_for_one_channel_keeps_it_from_that_one(
    api: Api, runtime: Runtime, database: TestDatabase, platforms: Sandbox
) -> None:
    await connect(runtime, platforms)
    who, release = await ready(api, runtime)
    query = """query($id: ID!) { release(id: $id) { readiness {
      ready territories problems { code message } channel { id name protocol } } } }"""
    found = (await api.data(query, {"id": release}, token=who.token))["release"]["readiness"]
    tone = next(item for item in found if item["channel"]["name"] == "World Tone")
    assert (tone["ready"], [problem["code"] for problem in tone["problems"]]) == (False, ["COVER_SMALL"])
    before = database.counts(*WRITTEN)
    refused = await api.refusal(make.PUBLISH, {"id": release, "channels": [tone["channel"]["id"]]}, token=who.token)
    assert (refused["code"], refused["field"]) == ("INVALID", "cover")
    assert database.counts(*WRITTEN) == before


async def test_a_refusal_is_shown_with_its_reasons_and_can_be_sent_again(
    api: Api, runtime: Runtime, database: TestDatabase, platforms: Sandbox
) -> None:
    """A code that another release of the platform carries already: only the platform can know."""
    await connect(runtime, platforms)
    who, release = await ready(api, runtime, releaseDate="2026-11-01")
    mekong = (await api.data("{ channels { id name } }", token=who.token))["channels"]
    channel = next(item["id"] for item in mekong if item["name"] == "Mekong Music")
    database.rows("UPDATE channels SET sender_party_id = 'PADPIDA2026112399X' RETURNING 1")
    await api.data(make.PUBLISH, {"id": release, "channels": [channel]}, token=who.token)
    found = (await until_done(api, runtime, database, who, release))["Mekong Music"]
    assert found["status"] == "REJECTED"
    assert found["problems"]
    database.rows("UPDATE channels SET sender_party_id = 'PADPIDA2026112301B' RETURNING 1")
    retry = "mutation($id: ID!) { retryDelivery(deliveryId: $id) { id status messageId } }"
    again = (await api.data(retry, {"id": found["id"]}, token=who.token))["retryDelivery"]
    assert (again["id"], again["status"]) == (found["id"], "QUEUED")
    assert again["messageId"] != found["messageId"]
    found = (await until_done(api, runtime, database, who, release))["Mekong Music"]
    assert (found["status"], found["problems"]) == ("LIVE", [])


async def test_deals_that_begin_later_are_accepted_not_live(
    api: Api, runtime: Runtime, database: TestDatabase, platforms: Sandbox
) -> None:
    await connect(runtime, platforms)
    later = datetime.now(UTC).date().replace(year=datetime.now(UTC).date().year + 1, day=1)
    who, release = await ready(api, runtime, releaseDate=later.isoformat())
    await api.data(make.PUBLISH, {"id": release}, token=who.token)
    found = await until_done(api, runtime, database, who, release)
    assert {item["status"] for item in found.values()} == {"ACKNOWLEDGED"}
    waiting = database.rows("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'distribution.go_live'")
    assert {row[0].date().isoformat() for row in waiting} == {later.isoformat()}


async def test_a_server_that_is_down_is_tried_again(
    api: Api, runtime: Runtime, database: TestDatabase, tmp_path: Path
) -> None:
    desk = await make.operator(runtime)
    await make.channel(runtime, desk.organization_id)
    who, release = await ready(api, runtime)
    await api.data(make.PUBLISH, {"id": release}, token=who.token)
    await jobs.work(runtime, database.app_url, wait=False)
    (found,) = await make.deliveries(api, who, release)
    assert (found["status"], [item["code"] for item in found["problems"]]) == ("SENDING", ["UNREACHABLE"])
    ((tries,),) = database.rows(
        "SELECT args->>'tries' FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'distribution.deliver'"
    )
    assert tries == "1"
    taken = (await api.data(make.TAKE_DOWN, {"id": release}, token=who.token))["takeDown"]
    assert taken[0]["status"] == "TAKING_DOWN", "the platform may have part of it"


async def test_what_never_went_out_is_just_not_sent(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    desk = await make.operator(runtime)
    await make.channel(runtime, desk.organization_id)
    who, release = await ready(api, runtime)
    await api.data(make.PUBLISH, {"id": release}, token=who.token)
    taken = (await api.data(make.TAKE_DOWN, {"id": release}, token=who.token))["takeDown"]
    assert taken[0]["status"] == "TAKEN_DOWN"
    await jobs.work(runtime, database.app_url, wait=False)
    (found,) = await make.deliveries(api, who, release)
    assert (found["status"], found["filesTotal"]) == ("TAKEN_DOWN", 0)


async def test_nothing_unready_or_uncleared_goes_out(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    desk = await make.operator(runtime)
    await make.channel(runtime, desk.organization_id)
    nowhere = await make.channel(
        runtime, desk.organization_id, slug="mekong", territories=("LA",), party_id="PADPIDA2026010102M"
    )
    who, release = await ready(api, runtime, territories=["TH"])
    bare = await make.release(api, who, cover=False)
    before = database.counts(*WRITTEN)
    for variables, code, field in [
        ({"id": bare}, "INVALID", "resources"),
        ({"id": release, "channels": [str(nowhere.id)]}, "NOT_CLEARED", "channelIds"),
        ({"id": release, "channels": ["0198f2a0-0000-7000-8000-000000000000"]}, "NOT_FOUND", "channelIds"),
        ({"id": release, "channels": ["nonsense"]}, "NOT_FOUND", "channelIds"),
        ({"id": release, "channels": []}, "INVALID", "channelIds"),
    ]:
        refused = await api.refusal(make.PUBLISH, variables, token=who.token)
        assert refused["code"] == code, variables
        if code != "INVALID" or field == "channelIds":
            assert refused["field"] == field, variables
        assert database.counts(*WRITTEN) == before
    sent = (await api.data(make.PUBLISH, {"id": release}, token=who.token))["publishAbroad"]
    assert [item["territories"] for item in sent] == [["TH"]], "only where the rights allow"


async def test_a_late_second_run_of_a_job_leaves_a_prepared_message_alone(
    api: Api, runtime: Runtime, database: TestDatabase, platforms: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was slow, not dead, and the one that took its job over meet over one message."""
    await connect(runtime, platforms)
    who, release = await ready(api, runtime)
    await api.data(make.PUBLISH, {"id": release}, token=who.token)
    (attempt, *_more) = (row[0] for row in database.rows("SELECT id FROM delivery_attempts ORDER BY id"))
    async with runtime.database.transaction(organization=who.organization_id, read_only=True) as tx:
        seen = await delivering.load(tx.session, attempt)
    assert seen is not None
    assert await delivering.prepare(runtime, who.organization_id, seen)
    prepared = database.rows("SELECT step, message_key, files FROM delivery_attempts WHERE id = %s", attempt)
    assert not await delivering.prepare(runtime, who.organization_id, seen)
    assert database.rows("SELECT step, message_key, files FROM delivery_attempts WHERE id = %s", attempt) == prepared
    stale = iter([seen])
    fresh = delivering._loaded

    async def late(*given: Any) -> delivering.Job | None:
        return next(stale, None) or await fresh(*given)

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "_loaded", late)
        await delivering.deliver(runtime, who.organization_id, attempt, 0)
    step = database.rows("SELECT step FROM delivery_attempts WHERE id = %s", attempt)
    assert step == [("SENT",)], "whoever prepared it may be dead"
    found = await until_done(api, runtime, database, who, release)
    assert {item["status"] for item in found.values()} == {"LIVE"}
