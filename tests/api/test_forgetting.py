"""A request that is over holds nothing: what it knew is given back at once, not when the collector comes by."""

from __future__ import annotations

import gc

import pytest

from banmao.execution import PlannedExecutor
from hub.context import Context
from tests.client import Api
from tests.factories.accounts import actor
from tests.factories.catalog import work

HELD = (Context, PlannedExecutor)
QUESTIONS = {
    "a page of works": """{ myWorks(first: 5) { edges { node { id status title { text origin language }
        owner { id name { text } } contributors { name } mandates { source } } } } }""",
    "what is loaded one by one": """{ catalogImports { edges { node { id drafts appliedId } } } viewer { name
        organization { id } } }""",
    "a search": """{ searchWorks(query: "水", first: 5) { totalCount facets { name values { value label count } }
        edges { node { id title { text } owner { name { text } } } } } }""",
}


@pytest.mark.parametrize("asked", list(QUESTIONS))
async def test_nothing_of_a_request_waits_for_the_collector(api: Api, asked: str) -> None:
    house = await actor(api.runtime, "guilin", country="CN", language="zh")
    await work(api.runtime, house, "水浒传")
    await api.data(QUESTIONS[asked], token=house.token)
    gc.collect()
    gc.disable()
    try:
        await api.data(QUESTIONS[asked], token=house.token)
        left = [type(one).__name__ for one in gc.get_objects() if isinstance(one, HELD)]
    finally:
        gc.enable()
    assert left == []
