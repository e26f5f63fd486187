"""Ctrl-C, and what is found at the next start."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.factories.accounts import actor
from tests.factories.marketplace import CREATE
from tests.kill.watched import Remote, Watched


@pytest.mark.kill
async def test_stopping_in_the_middle_loses_nothing(hub: Watched, api: Remote) -> None:
    house = await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="CN", language="zh")
    given = {"kind": "BOOK", "originalLanguage": "zh", "title": "合同已签署"}
    keys = [uuid4().hex for _each in range(12)]
    address = hub.hub.app_url
    asked = asyncio.gather(*(api.insist(CREATE, {"input": given}, token=house.token, key=key) for key in keys))
    await hub.when("SELECT count(*) FROM works WHERE owner_id = %s", lambda works: works > 0, house.organization_id)
    await asyncio.to_thread(hub.hub.stop)
    assert hub.hub.cluster is not None
    assert not hub.hub.cluster.running
    assert not any(part.alive for part in hub.hub.parts)
    hub.hub.parts.clear()
    await asyncio.to_thread(hub.hub.start)
    assert hub.hub.app_url == address, "whoever was connected finds the database where it was"
    answers = await asked
    assert not [answer for answer in answers if "errors" in answer]
    assert len({answer["data"]["createWork"]["id"] for answer in answers}) == len(keys)
    assert hub.rows("SELECT count(*) FROM works WHERE owner_id = %s", house.organization_id) == [(len(keys),)]
    await hub.settled()
    assert not hub.failed()
