"""Files on their way out and in when the worker dies: each is whole at the end, and what it brings is there once."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from lxml import etree

from tests.factories.accounts import actor
from tests.factories.catalog import work
from tests.kill.gates import Moment, gate
from tests.kill.watched import Remote, Watched
from translation.exchange.reading import CHUNK

pytestmark = pytest.mark.kill
UNITS = CHUNK + 2
TITLES = [f"ភាគ {number}" for number in range(1, 4)]
"""In Khmer, which no engine here reads: no drafts to wait for."""
LIST = "mutation { exportCatalog(format: ONIX) { id } }"
TEXTS = """mutation ($input: TranslationExportInput!) { exportTranslations(input: $input) { id } }"""
TAKE = "mutation ($file: Upload!) { importTranslations(file: $file) { id } }"
CONFIRM = "mutation ($id: ID!) { confirmTranslations(id: $id) { id } }"
LISTS = "{ catalogExports { edges { node { id status total done downloadUrl } } } }"
FILE = "query ($id: ID!) { translationExchange(id: $id) { status total done downloadUrl } }"
MOMENTS = {
    "the list's works are written": Moment("UPDATE ON catalog_exports", "new.done > 0 AND new.status = 'RUNNING'"),
    "the texts are written": Moment(
        "UPDATE ON translation_exchanges", "new.direction = 'OUT' AND new.done > 0 AND new.status = 'RUNNING'"
    ),
    "the last units are taken over": Moment(
        "UPDATE ON translation_exchanges", "new.status = 'APPLYING' AND old.status = 'APPLYING' AND old.done > 0"
    ),
}


def memory() -> bytes:
    """A memory as another program keeps it."""
    units = "".join(
        f'<tu><tuv xml:lang="zh"><seg>第 {number} 章</seg></tuv><tuv xml:lang="en"><seg>Chapter {number}</seg></tuv></tu>'
        for number in range(1, UNITS + 1)
    )
    head = '<header srclang="zh" segtype="block" datatype="plaintext" o-tmf="x" adminlang="en"'
    head += ' creationtool="x" creationtoolversion="1"/>'
    return f'<?xml version="1.0"?><tmx version="1.4">{head}<body>{units}</body></tmx>'.encode()


async def test_a_file_is_whole_and_taken_once(hub: Watched, api: Remote) -> None:
    house = await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="KH", language="km")
    for title in TITLES:
        await work(api.runtime, house, title, language="km")

    async def ask(query: str, **variables: Any) -> dict[str, Any]:
        return dict((await api.insist(query, variables, token=house.token))["data"])

    async def until(status: str, exchange: str) -> dict[str, Any]:
        async with asyncio.timeout(120):
            while True:
                seen = (await ask(FILE, id=exchange))["translationExchange"]
                if seen["status"] == status:
                    return dict(seen)
                await asyncio.sleep(0.1)

    files = {"file": ("memory.tmx", memory(), "application/xml")}
    given = await api.insist(TAKE, {"file": None}, token=house.token, files=files)
    memory_in = given["data"]["importTranslations"]["id"]
    await until("PREVIEW", memory_in)
    with ExitStack() as stack:
        gates = [stack.enter_context(gate(hub, one, organization_id=house.organization_id)) for one in MOMENTS.values()]
        listed = (await ask(LIST))["exportCatalog"]["id"]
        chosen = {"format": "XLIFF", "content": "TEXT", "source": "km", "targets": ["en"]}
        texts = (await ask(TEXTS, input=chosen))["exportTranslations"]["id"]
        await ask(CONFIRM, id=memory_in)
        for each in gates:
            await each.reached()
        remembered = "SELECT count(*) FROM memory_entries WHERE organization_id = %s"
        assert hub.rows(remembered, house.organization_id) == [(CHUNK,)]
        hub.kill("worker")
        for each in gates:
            each.open()
        await hub.answers()
    taken = await until("DONE", memory_in)
    assert (taken["total"], taken["done"]) == (UNITS, UNITS)
    assert hub.rows(remembered, house.organization_id) == [(UNITS,)]
    out = await until("DONE", texts)
    assert (out["total"], out["done"]) == (len(TITLES), len(TITLES))
    written = etree.fromstring((await api.http.get(out["downloadUrl"])).content)
    assert sorted(one.text or "" for one in written.iter("{*}source")) == TITLES
    await hub.settled()
    [one] = [edge["node"] for edge in (await ask(LISTS))["catalogExports"]["edges"]]
    assert (one["id"], one["status"], one["total"], one["done"]) == (listed, "DONE", len(TITLES), len(TITLES))
    onix = etree.fromstring((await api.http.get(one["downloadUrl"])).content)
    assert sorted(title.text or "" for title in onix.iter("{*}TitleText")) == TITLES
    for action, subject in (
        ("catalog.export.done", listed),
        ("translation.exchange.written", texts),
        ("translation.exchange.taken", memory_in),
    ):
        assert hub.rows("SELECT count(*) FROM audit_log WHERE action = %s AND subject_id = %s", action, subject) == [
            (1,)
        ]
    assert not hub.failed()
