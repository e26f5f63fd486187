"""Publishing many drafts at once: those that are meant, all of them, and nobody else's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import work
from tests.factories.onix import message, product

PUBLISH = """
mutation ($kind: WorkKind, $query: String, $importId: ID) {
  publishDrafts(kind: $kind, query: $query, importId: $importId)
}
"""
DRAFTS = "query ($id: ID!) { catalogImport(id: $id) { drafts } }"
IMPORT = "mutation ($file: Upload!) { importCatalog(file: $file, format: ONIX) { id } }"
TABLES = ("works", "search_feed", "audit_log")


@pytest.fixture
async def house(api: Api) -> Actor:
    return await actor(api.runtime, "guilin", country="CN", language="zh")


async def publish(api: Api, someone: Actor, **chosen: Any) -> int:
    return int((await api.data(PUBLISH, chosen, token=someone.token))["publishDrafts"])


def states(database: TestDatabase) -> dict[str, str]:
    found = database.rows("SELECT words, status FROM works JOIN texts ON texts.id = works.title_id")
    return dict(found)


async def test_drafts_go_out_by_what_finds_them_and_what_is_no_draft_stays(
    api: Api, house: Actor, database: TestDatabase
) -> None:
    other = await actor(api.runtime, "elsewhere", country="SG", language="en")
    for title, kind in (("三国演义", "BOOK"), ("三毛流浪记", "COMIC"), ("漓江夜", "MUSIC"), ("刘三姐", "MUSIC")):
        await work(api.runtime, house, title, kind=kind, published=False)
    await work(api.runtime, house, "水浒传")
    await work(api.runtime, other, "Three Sisters", language="en", published=False)
    before = database.count("search_feed")
    assert await publish(api, house, kind="MUSIC", query="漓江") == 1
    assert await publish(api, house, query="三") == 3
    assert await publish(api, house) == 0
    assert states(database) == dict.fromkeys(("三国演义", "三毛流浪记", "漓江夜", "刘三姐", "水浒传"), "PUBLISHED") | {
        "Three Sisters": "DRAFT"
    }
    assert database.rows("SELECT count(*) FROM works WHERE (status = 'PUBLISHED') <> (published_at IS NOT NULL)") == [
        (0,)
    ]
    assert database.count("search_feed") == before + 4
    told = database.rows("SELECT data->>'count' FROM audit_log WHERE action = 'catalog.drafts.published' ORDER BY id")
    assert told == [("1",), ("3",), ("0",)]


async def test_the_titles_of_one_list_go_out_together(
    api: Api, house: Actor, database: TestDatabase, work_off: Callable[[], Awaitable[None]]
) -> None:
    await work(api.runtime, house, "水浒传", published=False)
    files = {"file": ("list.xml", message([product(), product("b", isbn="9787020008735")]), "application/xml")}
    run = (await api.data(IMPORT, {"file": None}, token=house.token, files=files))["importCatalog"]["id"]
    await work_off()
    assert await drafts(api, house, run) == 2
    assert await publish(api, house, importId=run) == 2
    assert await drafts(api, house, run) == 0
    assert sorted(states(database).values()) == ["DRAFT", "PUBLISHED", "PUBLISHED"]
    stranger = await actor(api.runtime, "elsewhere", country="SG", language="en")
    before = database.counts(*TABLES)
    refused = await api.refusal(PUBLISH, {"importId": run}, token=stranger.token)
    assert (refused["code"], refused["field"]) == ("NOT_FOUND", "importId")
    assert database.counts(*TABLES) == before


async def test_who_may_not_list_publishes_nothing(api: Api, house: Actor, database: TestDatabase) -> None:
    await work(api.runtime, house, published=False)
    reader = await actor(api.runtime, "guilin", person="second", roles=("VIEWER",))
    before = database.counts(*TABLES)
    assert (await api.refusal(PUBLISH, {}, token=reader.token))["code"] == "FORBIDDEN"
    assert (await api.refusal(PUBLISH, {}))["code"] == "UNAUTHENTICATED"
    assert database.counts(*TABLES) == before


async def drafts(api: Api, house: Actor, run: str) -> int:
    return int((await api.data(DRAFTS, {"id": run}, token=house.token))["catalogImport"]["drafts"])
