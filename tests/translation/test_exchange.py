"""Texts and memory go out and come in: shown first, refused unit by unit, nothing lost that was done meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from translate.storage import xliff2

from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.texts import text
from translation import service
from translation.models import Purpose

WorkOff = Callable[[], Awaitable[None]]
FIELDS = (
    "id status format total done counts { outcome count } downloadUrl problem { message line }"
    " decisions { outcome reason source before after warnings }"
)
EXPORT = f"mutation($input: TranslationExportInput!) {{ exportTranslations(input: $input) {{ {FIELDS} }} }}"
IMPORT = f"mutation($file: Upload!) {{ importTranslations(file: $file) {{ {FIELDS} }} }}"
CONFIRM = f"mutation($id: ID!) {{ confirmTranslations(id: $id) {{ {FIELDS} }} }}"
LOOK = f"query($id: ID!) {{ translationExchange(id: $id) {{ {FIELDS} }} }}"
REVIEWED = "SELECT t.words, r.words FROM renderings r JOIN texts t ON t.id = r.text_id WHERE r.origin = 'REVIEWED'"
WRITTEN = ("renderings", "memory_entries", "texts", "audit_log")


async def taken_out(api: Api, writer: Actor, work_off: WorkOff, **chosen: Any) -> bytes:
    made = (await api.data(EXPORT, {"input": chosen}, token=writer.token))["exportTranslations"]
    await work_off()
    found = (await api.data(LOOK, {"id": made["id"]}, token=writer.token))["translationExchange"]
    assert (found["status"], found["done"]) == ("DONE", found["total"])
    answer = await api.http.get(found["downloadUrl"])
    assert answer.status_code == 200
    return answer.content


async def looked_at(api: Api, writer: Actor, work_off: WorkOff, content: bytes) -> dict[str, Any]:
    made = await api.data(
        IMPORT, {"file": None}, files={"file": ("a.xml", content, "application/xml")}, token=writer.token
    )
    await work_off()
    one = {"id": made["importTranslations"]["id"]}
    found: dict[str, Any] = await api.data(LOOK, one, token=writer.token, language="en")
    run: dict[str, Any] = found["translationExchange"]
    return run


def counted(run: dict[str, Any]) -> dict[str, int]:
    return {one["outcome"]: one["count"] for one in run["counts"]}


async def test_a_round_trip_through_another_program(api: Api, database: TestDatabase, work_off: WorkOff) -> None:
    runtime: Runtime = api.runtime
    writer = await actor(runtime, country="CN", language="zh")
    words = ["第一章", "第二章，{name}", "第三章", "第四章", "第五章"]
    texts = [await text(runtime, writer, words=one, purpose=Purpose.TITLE) for one in words]
    await text(runtime, writer, words="秘密", purpose=Purpose.MESSAGE)
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, texts[3].id, "en", "Chapter Four")
    content = await taken_out(api, writer, work_off, format="XLIFF", source="zh", targets=["en"])
    store = xliff2.Xliff2File.parsestring(content)
    assert [unit.source for unit in store.units] == ["第一章", "第二章，", "第三章", "第四章", "第五章"]
    assert store.units[3].target == "Chapter Four"
    for unit, target in zip(store.units, ["Chapter One", "Chapter Two", "Chapter Three", "Chapter 4", ""], strict=True):
        if target:
            unit.target = target
            unit.markapproved()

    async with runtime.database.transaction(writer.caller) as tx:
        row = await tx.session.merge(texts[2])
        await service.change_words(tx.session, row, "第三章（修订）")
        await service.review(tx.session, writer.caller, texts[3].id, "en", "The Fourth Chapter")
    before = database.counts(*WRITTEN)
    shown = await looked_at(api, writer, work_off, bytes(store))
    assert shown["status"] == "PREVIEW"
    assert counted(shown) == {"NEW": 2, "EMPTY": 1, "REFUSED": 2}
    reasons = {one["source"]: one["reason"] for one in shown["decisions"] if one["outcome"] == "REFUSED"}
    assert "original has changed" in reasons["第三章"]
    assert "since the file was written" in reasons["第四章"]
    [warned] = [one for one in shown["decisions"] if one["warnings"]]
    assert warned["source"] == "第二章，{name}"
    after = database.counts(*WRITTEN)
    assert {name: after[name] for name in WRITTEN[:3]} == {name: before[name] for name in WRITTEN[:3]}

    await api.data(CONFIRM, {"id": shown["id"]}, token=writer.token)
    await work_off()
    done = (await api.data(LOOK, {"id": shown["id"]}, token=writer.token))["translationExchange"]
    assert (done["status"], counted(done)) == ("DONE", {"NEW": 2, "EMPTY": 1, "REFUSED": 2})
    said = dict(
        database.rows(
            "SELECT t.words, r.words FROM renderings r JOIN texts t ON t.id = r.text_id WHERE origin = 'REVIEWED'"
        )
    )
    assert said == {"第一章": "Chapter One", "第二章，{name}": "Chapter Two", "第四章": "The Fourth Chapter"}
    again = await looked_at(api, writer, work_off, bytes(store))
    assert counted(again) == {"SAME": 2, "EMPTY": 1, "REFUSED": 2}
    refused = await api.refusal(CONFIRM, {"id": done["id"]}, token=writer.token)
    assert refused["code"] == "CONFLICT"


async def test_memory_and_texts_as_tmx_and_what_others_may_not(
    api: Api, database: TestDatabase, work_off: WorkOff
) -> None:
    runtime: Runtime = api.runtime
    writer = await actor(runtime, country="CN", language="zh")
    other = await actor(runtime, "guilin", country="CN", language="zh")
    viewer = await actor(runtime, country="CN", language="zh", roles=["VIEWER"], person="lan")
    made = await text(runtime, writer, words="版税", supplied={"th": "ค่าลิขสิทธิ์", "vi": "Tiền bản quyền"})
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, made.id, "en", "Royalty")
    texts = await taken_out(api, writer, work_off, format="TMX", targets=["en", "th", "vi", "km"])
    assert all(words in texts.decode() for words in ("Royalty", "ค่าลิขสิทธิ์", "Tiền bản quyền"))
    memory = await taken_out(api, writer, work_off, format="TMX", targets=["en"], content="MEMORY")

    before = database.lines(
        "tokens", "translation_exchanges", "procrastinate_jobs", "procrastinate_events", "audit_log"
    )
    for caller, code in ((viewer, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        token = caller.token if caller else None
        sent = {"file": ("a.tmx", memory, "text/xml")}
        assert (await api.refusal(IMPORT, {"file": None}, files=sent, token=token))["code"] == code
        asked = {"input": {"format": "TMX", "targets": ["en"]}}
        assert (await api.refusal(EXPORT, asked, token=token))["code"] == code
    theirs = await looked_at(api, other, work_off, texts)
    assert counted(theirs) == {"REFUSED": 3}
    assert (await api.refusal(CONFIRM, {"id": theirs["id"]}, token=writer.token))["code"] == "NOT_FOUND"
    besides = ("tokens", "translation_exchanges", "procrastinate_jobs", "procrastinate_events", "audit_log")
    assert {k: v for k, v in database.lines(*besides).items() if "procrastinate" not in k} == {
        k: v for k, v in before.items() if "procrastinate" not in k
    }

    run = await looked_at(api, other, work_off, memory)
    assert counted(run) == {"NEW": 1}
    await api.data(CONFIRM, {"id": run["id"]}, token=other.token)
    await work_off()
    mine = "SELECT target, shared, confidential FROM memory_entries WHERE organization_id = %s"
    assert database.rows(mine, other.organization_id) == [("Royalty", False, True)]
    assert counted(await looked_at(api, other, work_off, memory)) == {"SAME": 1}

    broken = await looked_at(api, writer, work_off, b"<xliff version='1.2'/>")
    assert broken["status"] == "FAILED"
    assert "XLIFF" in broken["problem"]["message"]
    for wrong, field in (
        ({"format": "XLIFF", "targets": ["en", "th"]}, "targets"),
        ({"format": "XLIFF", "targets": ["en"]}, "source"),
        ({"format": "TMX", "targets": []}, "targets"),
        ({"format": "TMX", "targets": ["km"], "content": "MEMORY"}, "targets"),
    ):
        assert (await api.refusal(EXPORT, {"input": wrong}, token=writer.token))["field"] == field
