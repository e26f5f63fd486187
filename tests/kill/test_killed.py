"""The worker or PostgreSQL dies while drafts are made, or everything is stopped: nothing is lost, doubled or stuck."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.factories.accounts import actor
from tests.kill.watched import DEATHS, Death, Remote, Watched

pytestmark = pytest.mark.kill
TITLES = ("出版许可", "独家许可", "印刷版权", "电子版权", "有声书权", "三国演义", "合同已签署", "首印五千册")
CREATE = "mutation ($input: CreateWorkInput!) { createWork(input: $input, evenIfAlike: true) { id } }"
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE id > %s AND status = %s"
DRAFTED = """
SELECT t.words, array_agg(DISTINCT r.language ORDER BY r.language), count(r.id)
  FROM works w JOIN texts t ON t.id = w.title_id LEFT JOIN renderings r ON r.text_id = t.id
 WHERE w.owner_id = %s GROUP BY t.id, t.words ORDER BY 1
"""
WHILE_WORKING = ("the worker", "postgresql")


@pytest.mark.parametrize("death", [DEATHS[name] for name in WHILE_WORKING], ids=WHILE_WORKING)
async def test_drafts_are_all_made_once(hub: Watched, api: Remote, death: Death) -> None:
    house = await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="CN", language="zh")
    before = hub.rows("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")[0][0]
    given = [{"kind": "BOOK", "originalLanguage": "zh", "title": title} for title in TITLES for _again in range(3)]
    await asyncio.gather(*(api.data(CREATE, {"input": one}, token=house.token) for one in given))
    await hub.when(JOBS, lambda doing: doing > 0, before, "doing")
    death(hub)
    await hub.answers()
    in_hand = "SELECT count(*) FROM procrastinate_jobs WHERE id > %s AND status IN ('todo', 'doing')"
    assert hub.rows(in_hand, before)[0][0] > 0, "it died in the middle"
    await hub.settled()
    assert not hub.failed()
    found = hub.rows(DRAFTED, str(house.organization_id))
    assert len(found) == len(given)
    for words, languages, count in found:
        assert count == len(languages), f"{words} is drafted once in each language"
        assert languages == found[0][1], f"{words} lacks a draft"
    assert found[0][1], "there is an engine for one language at least"


async def test_stopping_in_the_middle_loses_nothing(hub: Watched, api: Remote) -> None:
    house = await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="CN", language="zh")
    given = {"kind": "BOOK", "originalLanguage": "zh", "title": "合同已签署"}
    keys = [uuid4().hex for _each in range(12)]
    address = hub.hub.app_url
    asked = asyncio.gather(*(api.insist(CREATE, {"input": given}, token=house.token, key=key) for key in keys))
    await hub.when("SELECT count(*) FROM works WHERE owner_id = %s", lambda works: works > 0, house.organization_id)
    await asyncio.to_thread(hub.leave)
    assert hub.hub.cluster is not None
    assert not hub.hub.cluster.running
    assert not any(part.alive for part in hub.hub.parts)
    hub.hub.parts.clear()
    await asyncio.to_thread(hub.hub.start)
    hub.watch()
    assert hub.hub.app_url == address, "whoever was connected finds the database where it was"
    answers = await asked
    assert not [answer for answer in answers if "errors" in answer]
    assert len({answer["data"]["createWork"]["id"] for answer in answers}) == len(keys)
    assert hub.rows("SELECT count(*) FROM works WHERE owner_id = %s", house.organization_id) == [(len(keys),)]
    await hub.settled()
    assert not hub.failed()
