"""The worker dies in the middle of its jobs, with or without PostgreSQL: all are carried out, none twice to be seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.factories.accounts import actor
from tests.factories.marketplace import CREATE
from tests.kill.watched import Remote, Watched

TITLES = ("出版许可", "独家许可", "印刷版权", "电子版权", "有声书权", "三国演义", "合同已签署", "首印五千册")
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE id > %s AND status = %s"
DRAFTED = """
SELECT t.words, array_agg(DISTINCT r.language ORDER BY r.language), count(r.id)
  FROM works w JOIN texts t ON t.id = w.title_id LEFT JOIN renderings r ON r.text_id = t.id
 WHERE w.owner_id = %s GROUP BY t.id, t.words ORDER BY 1
"""
DEATHS: dict[str, Callable[[Watched], None]] = {
    "the worker": lambda hub: hub.kill("worker"),
    "postgresql": lambda hub: hub.crash_postgresql(),
}


@pytest.mark.kill
@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
async def test_drafts_are_all_made_once(hub: Watched, api: Remote, death: Callable[[Watched], None]) -> None:
    house = await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="CN", language="zh")
    before = hub.rows("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")[0][0]
    given = [{"kind": "BOOK", "originalLanguage": "zh", "title": title} for title in TITLES for _again in range(3)]
    await asyncio.gather(*(api.data(CREATE, {"input": one}, token=house.token) for one in given))
    await hub.when(JOBS, lambda doing: doing > 0, before, "doing")
    death(hub)
    in_hand = "SELECT count(*) FROM procrastinate_jobs WHERE id > %s AND status IN ('todo', 'doing')"
    await asyncio.sleep(0.3)
    await hub.tend()
    assert hub.rows(in_hand, before)[0][0] > 0, "it died in the middle"
    await hub.settled()
    assert not hub.failed()
    found = hub.rows(DRAFTED, str(house.organization_id))
    assert len(found) == len(given)
    for words, languages, count in found:
        assert count == len(languages), f"{words} is drafted once in each language"
        assert languages == found[0][1], f"{words} lacks a draft"
    assert found[0][1], "there is an engine for one language at least"
