"""Lists of titles on their way in when the web process, the worker or PostgreSQL dies."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest

from catalog.imports.reading import CHUNK
from tests.factories.accounts import Actor, actor
from tests.factories.onix import message, product
from tests.kill.gates import Moment, gate
from tests.kill.watched import DEATHS, Death, Remote, Watched

pytestmark = pytest.mark.kill
RECORDS = CHUNK + 2
TITLES = [f"ភាគ {number}" for number in range(1, RECORDS + 1)]
"""In Khmer, which no engine here reads: no drafts to wait for."""
IMPORT = "mutation ($file: Upload!) { importCatalog(file: $file, format: ONIX) { id } }"
FOUND = """
query ($id: ID!) {
  catalogImport(id: $id) { status total done created updated skipped problems { code } }
  catalogImports { edges { node { id } } }
  myWorks(first: 1) { totalCount }
}
"""
TITLES_OF = "SELECT words FROM works JOIN texts ON texts.id = works.title_id WHERE owner_id = %s"
DONE = {"status": "DONE", "total": RECORDS, "done": RECORDS, "created": RECORDS}
MOMENTS = {
    "the file is received": Moment("INSERT ON catalog_imports"),
    "the first records are written": Moment("UPDATE ON catalog_imports", "new.done > 0 AND old.done = 0"),
    "the last records are written": Moment("UPDATE ON catalog_imports", "new.done > old.done AND old.done > 0"),
}


def listed() -> bytes:
    products = [
        product(f"r{number}", isbn="", title=title, language="khm", description="រឿង")
        for number, title in enumerate(TITLES, 1)
    ]
    return message(products).replace(b"<ProductIDType>15</ProductIDType>", b"<ProductIDType>01</ProductIDType>")


async def done(api: Remote, house: Actor, import_id: str) -> dict[str, Any]:
    """What the house sees when its import has ended, however long that takes."""
    async with asyncio.timeout(120):
        while True:
            seen = (await api.insist(FOUND, {"id": import_id}, token=house.token))["data"]
            if seen["catalogImport"]["status"] != "RUNNING":
                return dict(seen)
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
async def test_every_title_comes_in_once(hub: Watched, api: Remote, death: Death) -> None:
    houses = {
        moment: await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="CN", language="zh") for moment in MOMENTS
    }
    keys = {moment: uuid4().hex for moment in MOMENTS}

    async def take_in(moment: str) -> dict[str, Any]:
        files = {"file": ("list.xml", listed(), "application/xml")}
        return await api.insist(IMPORT, {"file": None}, token=houses[moment].token, key=keys[moment], files=files)

    with ExitStack() as stack:
        gates = {
            name: stack.enter_context(gate(hub, moment, organization_id=houses[name].organization_id))
            for name, moment in MOMENTS.items()
        }
        asked = asyncio.gather(*(take_in(moment) for moment in MOMENTS))
        for each in gates.values():
            await each.reached()
        written = "SELECT count(*) FROM works WHERE owner_id = %s"
        assert [hub.rows(written, house.organization_id) for house in houses.values()] == [[(0,)], [(0,)], [(CHUNK,)]]
        death(hub)
        for each in gates.values():
            each.open()
        await hub.answers()
        answers = await asked
    assert not [answer for answer in answers if "errors" in answer]
    for moment, answer in zip(MOMENTS, answers, strict=True):
        import_id = answer["data"]["importCatalog"]["id"]
        seen = await done(api, houses[moment], import_id)
        assert seen["catalogImport"] == {**DONE, "updated": 0, "skipped": 0, "problems": []}
        assert [edge["node"]["id"] for edge in seen["catalogImports"]["edges"]] == [import_id]
        assert seen["myWorks"] == {"totalCount": RECORDS}
        titles = hub.rows(TITLES_OF, houses[moment].organization_id)
        assert sorted(title for (title,) in titles) == sorted(TITLES), moment
        assert hub.rows("SELECT action FROM audit_log WHERE subject_id = %s ORDER BY id", import_id) == [
            ("catalog.import.started",),
            ("catalog.import.done",),
        ]
        assert await take_in(moment) == answer, "asked again, the same is answered and nothing happens"
        assert hub.rows(written, houses[moment].organization_id) == [(RECORDS,)]
    await hub.settled()
    assert not hub.failed()
