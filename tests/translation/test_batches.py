"""Whole lists translated by a real worker on real PostgreSQL: counted once, paused, resumed, cancelled, waiting for an engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from hub import jobs
from hub.errors import Forbidden
from hub.runtime import Runtime
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.texts import text
from tests.translation.packages import MODELS
from translation import service as translation
from translation.batches import queries, service
from translation.batches.models import Batch
from translation.engines import PART, Draft, Engines
from translation.engines.argos import ArgosEngine
from translation.errors import BatchOver, BatchUnknown, EngineUnreachable, NothingToTranslate, PackageDamaged
from translation.models import Purpose, Text

WorkOff = Callable[[], Awaitable[None]]
SENTENCES = ["我们接受您的报价。", "谢谢。", "我们要求预付3,000美元。", "请把合同发过来。", "首印3,000册。"]


class Fragile:
    """A real engine that can be out of reach for some languages, and says what it was given."""

    name = "fragile"
    outside = False
    confidential = True

    def __init__(self) -> None:
        self.argos = ArgosEngine(MODELS, beam_size=1, threads=2)
        self.broken: dict[str, Exception] = {}
        self.given: list[tuple[str, str]] = []

    def reaches(self, source: str, target: str) -> bool:
        return self.argos.reaches(source, target)

    async def ready(self) -> None: ...

    async def draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        if target in self.broken:
            raise self.broken[target]
        self.given += [(one, target) for one in texts]
        return await self.argos.draft(texts, source, target)


@pytest.fixture
def work_off(runtime: Runtime, database: TestDatabase) -> WorkOff:
    """Carry out every job that is due, and those that they enqueue."""

    async def run() -> None:
        for _round in range(60):
            await jobs.work(runtime, database.app_url, wait=False)
            if not database.rows(
                "SELECT FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
            ):
                return

    return run


@pytest.fixture
def engine(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Fragile:
    monkeypatch.setattr(service, "CHUNK", 4)
    monkeypatch.setattr(service, "FIRST_WAIT", 0.0)
    made = Fragile()
    runtime.parts[PART] = Engines([made])
    return made


async def listed(runtime: Runtime, writer: Actor, count: int) -> list[UUID]:
    return [
        (await text(runtime, writer, f"{SENTENCES[number % 5]}", purpose=Purpose.TITLE)).id for number in range(count)
    ]


async def started(runtime: Runtime, writer: Actor, languages: Sequence[str]) -> UUID:
    async with runtime.database.transaction(writer.caller) as tx:
        row = await service.start(
            tx.session,
            writer.caller,
            chosen=select(Text.id).where(Text.organization_id == writer.organization_id),
            described={"status": "DRAFT"},
            purposes=["title"],
            languages=languages,
        )
        return row.id


async def seen(runtime: Runtime, writer: Actor, batch_id: UUID) -> tuple[Batch, dict[str, dict[str, Any]]]:
    async with runtime.database.transaction(writer.caller) as tx:
        row = await queries.batch(tx.session, batch_id)
        assert row is not None
        names = ("position", "had", "remembered", "drafted", "withheld", "unreached", "engines", "given_up", "problem")
        parts = (await queries.parts(tx.session, [batch_id]))[batch_id]
        return row, {part.language: {name: getattr(part, name) for name in names} for part in parts}


async def test_a_list_is_translated_and_every_text_counted_once(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff, engine: Fragile
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    ids = await listed(runtime, writer, 10)
    await text(runtime, writer, "Thank you.", language="en", purpose=Purpose.TITLE)
    async with runtime.database.transaction(writer.caller) as tx:
        await translation.review(tx.session, writer.caller, ids[1], "en", "Many thanks.")
    batch_id = await started(runtime, writer, ["en", "th", "km"])
    await work_off()
    row, parts = await seen(runtime, writer, batch_id)
    assert (row.status, row.texts) == ("DONE", 11)
    common = {"position": 11, "given_up": False, "problem": None}
    for language, had, remembered, left in (("en", 2, 1, 8), ("th", 0, 0, 11)):
        part = parts[language]
        assert (part["had"], part["remembered"], part["unreached"]) == (had, remembered, {})
        assert int(str(part["drafted"])) + int(str(part["withheld"])) == left
        assert part["engines"] == {"argos": left}
    assert parts["km"] == common | {
        "withheld": 0,
        "had": 0,
        "remembered": 0,
        "drafted": 0,
        "unreached": {"zh": 10, "en": 1},
        "engines": {},
    }
    assert database.rows("SELECT count(*) FROM renderings WHERE origin = 'MACHINE'") == [(19,)]
    assert database.rows("SELECT engine FROM renderings WHERE origin = 'SUPPLIED'") == [("memory",)]
    with pytest.raises(NothingToTranslate):
        await started(runtime, writer, ["th"])
    with pytest.raises(BatchOver):
        async with runtime.database.transaction(writer.caller) as tx:
            await service.pause(tx.session, writer.caller, batch_id)


async def test_a_pause_takes_effect_within_a_chunk_and_nothing_is_done_twice(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff, engine: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    await listed(runtime, writer, 12)
    batch_id = await started(runtime, writer, ["en"])
    draft = engine.draft

    async def paused_meanwhile(texts: Sequence[str], source: str, target: str) -> list[Draft]:
        made = await draft(texts, source, target)
        if len(engine.given) == 8:
            async with runtime.database.transaction(writer.caller) as tx:
                await service.pause(tx.session, writer.caller, batch_id)
        return made

    monkeypatch.setattr(engine, "draft", paused_meanwhile)
    await work_off()
    row, parts = await seen(runtime, writer, batch_id)
    assert (row.status, parts["en"]["position"], len(engine.given)) == ("PAUSED", 8, 8)
    await work_off()
    assert len(engine.given) == 8
    async with runtime.database.transaction(writer.caller) as tx:
        await service.resume(tx.session, writer.caller, batch_id)
        await service.resume(tx.session, writer.caller, batch_id)
    await work_off()
    row, parts = await seen(runtime, writer, batch_id)
    assert (row.status, parts["en"]["position"], len(engine.given)) == ("DONE", 12, 12)


async def test_what_is_cancelled_stays_so_and_keeps_its_drafts(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff, engine: Fragile
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    await listed(runtime, writer, 8)
    batch_id = await started(runtime, writer, ["en"])
    await service.take(runtime, batch_id, writer.organization_id)
    async with runtime.database.transaction(writer.caller) as tx:
        await service.cancel(tx.session, writer.caller, batch_id)
    await work_off()
    assert database.count("renderings") == 4
    with pytest.raises(BatchOver):
        async with runtime.database.transaction(writer.caller) as tx:
            await service.resume(tx.session, writer.caller, batch_id)


async def test_two_runs_of_one_chunk_write_it_once(runtime: Runtime, database: TestDatabase, engine: Fragile) -> None:
    """What happens when a worker is taken for dead and is not."""
    writer = await actor(runtime, country="CN", language="zh")
    await listed(runtime, writer, 8)
    batch_id = await started(runtime, writer, ["en"])
    async with runtime.database.transaction(writer.caller) as tx:
        first = await service._next(tx.session, batch_id)
        second = await service._next(tx.session, batch_id)
    assert first is not None
    assert second is not None
    for chunk in (first, second):
        await service._draft(Engines([engine]), chunk)
        await service._write(runtime, chunk)
    _row, parts = await seen(runtime, writer, batch_id)
    assert (parts["en"]["position"], sum(parts["en"]["engines"].values())) == (4, 4)


async def test_a_language_waits_for_its_engine_while_others_go_on(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff, engine: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_FAILURES", 3)
    writer = await actor(runtime, country="CN", language="zh")
    await listed(runtime, writer, 6)
    engine.broken = {"en": EngineUnreachable(address="http://dead.example"), "th": PackageDamaged(file="x")}
    batch_id = await started(runtime, writer, ["en", "th", "vi"])
    await work_off()
    row, parts = await seen(runtime, writer, batch_id)
    assert row.status == "DONE"
    assert (parts["en"]["given_up"], parts["en"]["problem"], parts["en"]["position"]) == (True, "EngineUnreachable", 0)
    assert (parts["th"]["given_up"], parts["th"]["problem"]) == (True, "PackageDamaged")
    assert (parts["vi"]["position"], parts["vi"]["unreached"]) == (6, {"zh": 6})
    engine.broken = {}
    async with runtime.database.transaction(writer.caller) as tx:
        await service.resume(tx.session, writer.caller, batch_id)
    await work_off()
    row, parts = await seen(runtime, writer, batch_id)
    assert (row.status, parts["en"]["engines"], parts["th"]["engines"]) == ("DONE", {"argos": 6}, {"argos": 6})


async def test_batches_wait_behind_talk_and_single_drafts(
    runtime: Runtime, database: TestDatabase, engine: Fragile
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    await listed(runtime, writer, 2)
    await started(runtime, writer, ["en"])
    await text(runtime, writer, "一部民间故事集。", drafts=["en"])
    await text(runtime, writer, purpose=Purpose.MESSAGE, readers=[], drafts=["en"])
    names = database.rows(
        "SELECT task_name, priority FROM procrastinate_jobs WHERE task_name LIKE 'translation.%%' ORDER BY priority DESC, id"
    )
    assert names == [("translation.draft", 10), ("translation.draft", 0), ("translation.batch", -10)]


async def test_only_the_organizations_own_people_run_batches(
    runtime: Runtime, database: TestDatabase, engine: Fragile
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    onlooker = await actor(runtime, country="CN", language="zh", person="onlooker", roles=["VIEWER"])
    other = await actor(runtime, "bangkok", kind="AGENCY", country="TH", language="th")
    await listed(runtime, writer, 2)
    tables = ("translation_batches", "translation_batch_texts", "translation_batch_parts", "procrastinate_jobs")
    before = database.counts(*tables)
    with pytest.raises(Forbidden):
        await started(runtime, onlooker, ["en"])
    with pytest.raises(NothingToTranslate):
        await started(runtime, other, ["en"])
    assert database.counts(*tables) == before
    batch_id = await started(runtime, writer, ["en"])
    for person, refusal in ((onlooker, Forbidden), (other, BatchUnknown)):
        with pytest.raises(refusal):
            async with runtime.database.transaction(person.caller) as tx:
                await service.pause(tx.session, person.caller, batch_id)
    assert database.rows("SELECT status FROM translation_batches") == [("RUNNING",)]
