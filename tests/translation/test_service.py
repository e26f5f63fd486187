"""Texts on real PostgreSQL, with real drafts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from banmao.processes import running_worker
from hub import jobs
from hub.errors import Forbidden, Invalid
from hub.runtime import Runtime
from hub.settings import Settings
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.texts import text
from tests.translation.packages import folder
from translation import choice, queries, renderings, service
from translation.choice import State
from translation.errors import TextUnknown
from translation.models import Purpose

DRAFTING = "(SELECT * FROM procrastinate_jobs WHERE task_name = 'translation.draft') jobs"
WorkOff = Callable[[], Awaitable[None]]


async def shown(runtime: Runtime, reader: Actor, text_id: UUID, language: str) -> tuple[str, State]:
    """The words that a reader is shown, and what they are."""
    async with runtime.database.transaction(reader.caller) as tx:
        row = await queries.text(tx.session, text_id)
        assert row is not None
        found = choice.best(row, (await queries.renderings(tx.session, [text_id])).get(text_id, []), language)
        return found.words, choice.state(found, language)


async def test_a_text_is_drafted_in_the_languages_that_engines_reach(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    made = await text(runtime, writer, drafts=["en", "km"])
    assert await shown(runtime, writer, made.id, "en") == (made.words, State.NOT_TRANSLATED)
    await work_off()
    assert await shown(runtime, writer, made.id, "en") == ("We accept your offer. Thank you.", State.MACHINE)
    assert await shown(runtime, writer, made.id, "km") == (made.words, State.NOT_TRANSLATED)
    assert await shown(runtime, writer, made.id, "zh") == (made.words, State.ORIGINAL)
    assert database.rows("SELECT engine, problems, text_version FROM renderings") == [("argos zh_en 0.1", [], 1)]


async def test_asking_twice_makes_one_draft(runtime: Runtime, database: TestDatabase, work_off: WorkOff) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    made = await text(runtime, writer, drafts=["en"])
    async with runtime.database.transaction(writer.caller) as tx:
        await service.request_drafts(tx.session, made, ["en"])
    assert database.rows(f"SELECT count(*) FROM {DRAFTING}") == [(1,)]
    await work_off()
    async with runtime.database.transaction(writer.caller) as tx:
        await service.request_drafts(tx.session, made, ["en"])
    assert database.rows(f"SELECT count(*), max(attempts) FROM {DRAFTING}") == [(1, 1)]
    assert database.count("renderings") == 1


async def test_a_message_is_drafted_before_the_titles_of_an_import(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    await text(runtime, writer, "三国演义", purpose=Purpose.TITLE, drafts=["en"])
    message = await text(runtime, writer, purpose=Purpose.MESSAGE, readers=[], drafts=["en"])
    queue = database.rows(f"SELECT args->>'text_id' FROM {DRAFTING} ORDER BY priority DESC, id")
    assert queue[0] == (str(message.id),)
    assert len(queue) == 2


async def test_a_transaction_that_fails_leaves_no_text_and_no_job(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")

    async def write_and_fail() -> None:
        async with runtime.database.transaction(writer.caller) as tx:
            await service.create_text(
                tx.session,
                organization_id=writer.organization_id,
                purpose=Purpose.TITLE,
                language="zh",
                words="山海经",
                supplied={"en": "The Classic of Mountains and Seas"},
                drafts=["th"],
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    assert database.counts("texts", "renderings", "procrastinate_jobs") == {
        "texts": 0,
        "renderings": 0,
        "procrastinate_jobs": 0,
    }


async def test_a_draft_that_fails_a_check_is_kept_but_not_shown(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    made = await text(runtime, writer, "我明天坐火车去北京。", drafts=["en"])
    await work_off()
    assert await shown(runtime, writer, made.id, "en") == (made.words, State.CHECK_FAILED)
    [(problems,)] = database.rows("SELECT problems FROM renderings")
    assert {"check": "vocabulary"} in problems


async def test_a_damaged_package_drafts_nothing_and_stops_nothing_else(
    settings: Settings, database: TestDatabase, tmp_path: Path
) -> None:
    models = folder(tmp_path / "models", "zh_en", "en_th")
    file = models / "translate-en_th.argosmodel"
    file.write_bytes(file.read_bytes() + b"\0")
    async with running_worker(settings.model_copy(update={"models": models}), database.app_url) as runtime:
        writer = await actor(runtime, country="CN", language="zh")
        made = await text(runtime, writer, drafts=["th", "en"])
        await jobs.work(runtime, database.app_url, wait=False)
        assert await shown(runtime, writer, made.id, "en") == ("We accept your offer. Thank you.", State.MACHINE)
        assert await shown(runtime, writer, made.id, "th") == (made.words, State.NOT_TRANSLATED)
    assert database.rows(f"SELECT status::text FROM {DRAFTING}") == [("todo",)]


async def test_a_correction_is_shown_and_remembered_for_the_same_words(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    first = await text(runtime, writer, drafts=["en"])
    await work_off()
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, first.id, "en", " Your offer is accepted, thank you. ")
    assert await shown(runtime, writer, first.id, "en") == ("Your offer is accepted, thank you.", State.REVIEWED)
    second = await text(runtime, writer, drafts=["en"])
    assert await shown(runtime, writer, second.id, "en") == ("Your offer is accepted, thank you.", State.SUPPLIED)
    assert database.rows(f"SELECT count(*) FROM {DRAFTING} WHERE status = 'todo'") == [(0,)]
    assert database.rows("SELECT action, data, person_id FROM audit_log") == [
        ("translation.rendering.reviewed", {"language": "en"}, writer.person_id)
    ]


async def test_memory_belongs_to_its_organization_unless_it_is_shared(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    other = await actor(runtime, "guilin", country="CN", language="zh")
    made = await text(runtime, writer)
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, made.id, "en", "Agreed to your offer.")
    theirs = await text(runtime, other, drafts=["en"])
    assert await shown(runtime, other, theirs.id, "en") == (theirs.words, State.NOT_TRANSLATED)
    database.rows(
        "INSERT INTO memory_entries (source_language, target_language, source_hash, source, target)"
        " SELECT source_language, target_language, source_hash, source, 'Shared by all.' FROM memory_entries RETURNING 1"
    )
    again = await text(runtime, other, drafts=["en"])
    assert await shown(runtime, other, again.id, "en") == ("Shared by all.", State.SUPPLIED)
    own = await text(runtime, writer, drafts=["en"])
    assert await shown(runtime, writer, own.id, "en") == ("Agreed to your offer.", State.SUPPLIED)


async def test_changed_words_make_older_renderings_old(runtime: Runtime, work_off: WorkOff) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    made = await text(runtime, writer, drafts=["en"], supplied={"vi": "Chúng tôi đồng ý."})
    await work_off()
    async with runtime.database.transaction(writer.caller) as tx:
        row = await queries.text(tx.session, made.id)
        assert row is not None
        assert await service.change_words(tx.session, row, "我们不能接受这个价格。")
        assert not await service.change_words(tx.session, row, " 我们不能接受这个价格。\n")
    assert await shown(runtime, writer, made.id, "en") == ("我们不能接受这个价格。", State.NOT_TRANSLATED)
    assert await shown(runtime, writer, made.id, "vi") == ("Chúng tôi đồng ý.", State.OUTDATED)
    await work_off()
    assert await shown(runtime, writer, made.id, "en") == ("We cannot accept this price.", State.MACHINE)


async def test_supplied_words_do_not_displace_reviewed_ones(runtime: Runtime) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    made = await text(runtime, writer, "山海经", supplied={"en": "Shan Hai Jing", "zh": "不同", "th": "  "})
    assert await shown(runtime, writer, made.id, "en") == ("Shan Hai Jing", State.SUPPLIED)
    assert await shown(runtime, writer, made.id, "th") == ("山海经", State.NOT_TRANSLATED)
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, made.id, "en", "The Classic of Mountains and Seas")
    async with runtime.database.transaction(writer.caller) as tx:
        row = await queries.text(tx.session, made.id)
        assert row is not None
        await service.supply(tx.session, row, {"en": "Mountain Sea Book"})
    assert await shown(runtime, writer, made.id, "en") == ("The Classic of Mountains and Seas", State.REVIEWED)
    async with runtime.database.transaction(writer.caller) as tx:
        words = await queries.in_every_language(tx.session, [made.id])
    assert words == {
        made.id: [
            queries.Told("zh", "山海经", drafted=False),
            queries.Told("en", "The Classic of Mountains and Seas", drafted=False),
        ]
    }


async def test_only_the_writers_organization_corrects(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    onlooker = await actor(runtime, country="CN", language="zh", person="onlooker", roles=["VIEWER"])
    other = await actor(runtime, "guilin", country="CN", language="zh")
    open_to_all = await text(runtime, writer)
    confidential = await text(runtime, writer, readers=[])
    tables = ("renderings", "memory_entries", "audit_log", "procrastinate_jobs")
    before = database.counts(*tables)
    for caller, made, refusal in (
        (other.caller, open_to_all, Forbidden),
        (onlooker.caller, open_to_all, Forbidden),
        (other.caller, confidential, TextUnknown),
    ):
        for act in (
            lambda session, caller=caller, made=made: service.review(session, caller, made.id, "en", "No."),
            lambda session, caller=caller, made=made: service.request_translation(session, caller, made.id, ["en"]),
        ):
            with pytest.raises(refusal):
                async with runtime.database.transaction(caller) as tx:
                    await act(tx.session)
    with pytest.raises(Invalid) as invalid:
        async with runtime.database.transaction(writer.caller) as tx:
            await service.review(tx.session, writer.caller, open_to_all.id, "zh", "好。")
    assert invalid.value.field == "language"
    assert database.counts(*tables) == before


async def test_a_confidence_is_read_by_its_audience_alone(runtime: Runtime, work_off: WorkOff) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    reader = await actor(runtime, "bangkok", country="TH", language="th", kind="AGENCY")
    other = await actor(runtime, "hanoi", country="VN", language="vi", kind="AGENCY")
    made = await text(runtime, writer, readers=[reader], purpose=Purpose.MESSAGE, drafts=["en"])
    await work_off()
    assert await shown(runtime, reader, made.id, "en") == ("We accept your offer. Thank you.", State.MACHINE)
    async with runtime.database.transaction(other.caller) as tx:
        assert await queries.text(tx.session, made.id) is None
        assert not await queries.renderings(tx.session, [made.id])
        assert not await queries.in_every_language(tx.session, [made.id])


async def test_nobody_writes_in_another_organizations_name(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    other = await actor(runtime, "guilin", country="CN", language="zh")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with runtime.database.transaction(other.caller) as tx:
            await service.create_text(
                tx.session, organization_id=writer.organization_id, purpose=Purpose.TITLE, language="zh", words="冒名"
            )
    assert database.count("texts") == 0


async def test_listeners_hear_of_changes_in_their_transaction(
    runtime: Runtime, database: TestDatabase, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[UUID] = []
    monkeypatch.setattr(renderings, "_listeners", [])

    @renderings.on_words_changed
    async def listen(session: AsyncSession, text_ids: Sequence[UUID]) -> None:
        assert session.in_transaction()
        heard.extend(text_ids)

    writer = await actor(runtime, country="CN", language="zh")
    made = await text(runtime, writer, drafts=["en"])
    assert heard == []
    await work_off()
    assert heard == [made.id]
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, made.id, "vi", "Chúng tôi chấp nhận đề nghị của ông. Cảm ơn!")
    assert heard == [made.id, made.id]
