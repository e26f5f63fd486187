"""The states that the database keeps are those that readers are shown, and long lists find them."""

from __future__ import annotations

import itertools
import time
from uuid import UUID

import psycopg

from hub.runtime import Runtime
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.texts import text
from translation import choice, queries, service
from translation.choice import State
from translation.desk import queries as desk
from translation.desk import service as desk_service
from translation.models import Origin, Purpose


async def test_the_database_keeps_the_state_that_is_shown(runtime: Runtime, database: TestDatabase) -> None:
    """Every mix of renderings: each origin missing, of these words or older ones, asked for or not, withheld or not."""
    writer = await actor(runtime, country="CN", language="zh")
    kinds = [None, *itertools.product((1, 2), (False, True))]
    mixes = list(
        itertools.product(
            kinds, kinds, [None, *itertools.product((1, 2), (False, True), ("[]", '[{"check": "numbers"}]'))]
        )
    )
    with psycopg.connect(database.owner_url) as connection:
        ids = [
            row[0]
            for row in connection.execute(
                "INSERT INTO texts (organization_id, purpose, language, words, version)"
                " SELECT %s, 'title', 'zh', 'n' || n, 2 FROM generate_series(1, %s) n RETURNING id",
                (writer.organization_id, len(mixes)),
            )
        ]
        for text_id, mix in zip(ids, mixes, strict=True):
            for origin, given in zip((Origin.REVIEWED, Origin.SUPPLIED, Origin.MACHINE), mix, strict=True):
                if given is None:
                    continue
                version, wanted, *problems = given
                connection.execute(
                    "INSERT INTO renderings (text_id, language, words, origin, text_version, engine, problems, wanted)"
                    " VALUES (%s, 'th', 'w', %s, %s, 'argos', %s, %s)",
                    (text_id, origin, version, problems[0] if problems else "[]", wanted),
                )
    kept = dict(database.rows("SELECT text_id, state FROM rendering_states WHERE language = 'th'"))
    async with runtime.database.transaction(writer.caller) as tx:
        found = await queries.renderings(tx.session, ids)
        for row in await queries.texts(tx.session, ids):
            state = choice.state(choice.best(row, found.get(row.id, []), "th"), "th")
            assert kept.get(row.id, "NOT_TRANSLATED") == state.value, [vars(one) for one in found.get(row.id, [])]
    assert set(kept.values()) == set(desk.STATES) - {"SUGGESTED"}
    database.rows("UPDATE texts SET version = 3 RETURNING 1")
    assert {row[0] for row in database.rows("SELECT DISTINCT state FROM rendering_states")} == {
        "OUTDATED",
        "NOT_TRANSLATED",
    }
    database.rows("DELETE FROM renderings RETURNING 1")
    assert database.count("rendering_states") == 0


async def test_a_similar_source_is_a_suggestion_until_the_words_change(
    runtime: Runtime, database: TestDatabase
) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    known = await text(runtime, writer, "一部来自中国广西的民间故事集，共三卷。", purpose=Purpose.DESCRIPTION)
    like = await text(runtime, writer, "一部来自中国广西的民间故事集，共五卷。", purpose=Purpose.DESCRIPTION)
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, known.id, "km", "រឿងព្រេងពីក្វាងស៊ី ៣ ភាគ")
    async with runtime.database.transaction(writer.caller) as tx:
        assert await desk_service.note_similar(tx.session, [like], "km") == 1
        wanted = desk.Wanted(writer.organization_id, "km", frozenset({"SUGGESTED"}))
        assert [place.text_id for place in await desk.page(tx.session, wanted, before=None, limit=9)] == [like.id]
    [(score, state)] = database.rows("SELECT suggested, state FROM rendering_states WHERE text_id = %s", like.id)
    assert score >= desk_service.LEAST_ALIKE
    assert state == "SUGGESTED"
    async with runtime.database.transaction(writer.caller) as tx:
        row = await queries.text(tx.session, like.id)
        assert row is not None
        await service.change_words(tx.session, row, "完全不同的一句话。")
    assert database.rows("SELECT suggested, state FROM rendering_states WHERE text_id = %s", like.id) == [
        (None, "NOT_TRANSLATED")
    ]


async def test_others_neither_see_nor_write_states(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    other = await actor(runtime, "bangkok", kind="AGENCY", country="TH", language="th")
    await text(runtime, writer, supplied={"th": "เราตกลง"}, readers=[writer, other])
    async with runtime.database.transaction(other.caller) as tx:
        assert await desk.counts(tx.session, other.organization_id, ("th",)) == []
        wanted = desk.Wanted(writer.organization_id, "th", frozenset({"SUPPLIED"}))
        assert await desk.page(tx.session, wanted, before=None, limit=5) == []
    async with runtime.database.transaction(writer.caller) as tx:
        assert await desk.counts(tx.session, writer.organization_id, ("th",)) == [
            desk.Count("th", "description", "SUPPLIED", 1)
        ]


async def test_twenty_thousand_titles_in_nine_languages_page_fast(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE renderings DISABLE TRIGGER USER")
        connection.execute(
            "INSERT INTO texts (organization_id, purpose, language, words)"
            " SELECT %s, 'title', 'zh', '书' || n FROM generate_series(1, 20000) n",
            (writer.organization_id,),
        )
        connection.execute(
            "INSERT INTO rendering_states (text_id, language, organization_id, purpose, state)"
            " SELECT texts.id, l.tag, organization_id, purpose,"
            " CASE WHEN random() < 0.0005 THEN 'CHECK_FAILED' ELSE 'MACHINE' END"
            " FROM texts, unnest(ARRAY['en', 'vi', 'th', 'ms', 'id', 'my', 'lo', 'fil']) AS l (tag)"
        )
        connection.execute("ANALYZE texts, rendering_states")
    slowest: dict[str, float] = {}
    async with runtime.database.transaction(writer.caller) as tx:
        for states in (("MACHINE",), ("CHECK_FAILED", "OUTDATED"), ("NOT_TRANSLATED",), ()):
            for language in ("th", "km"):
                wanted = desk.Wanted(writer.organization_id, language, frozenset(states))
                before: UUID | None = None
                for _page in range(3):
                    began = time.perf_counter()
                    found = await desk.page(tx.session, wanted, before=before, limit=26)
                    slowest["page"] = max(slowest.get("page", 0), time.perf_counter() - began)
                    before = found[-1].text_id if found else before
                if (states, language) in ((("MACHINE",), "th"), (("NOT_TRANSLATED",), "km"), ((), "km")):
                    assert len(found) == 26
        began = time.perf_counter()
        counted = await desk.counts(tx.session, writer.organization_id, ("th", "km", "zh"))
        slowest["counts"] = time.perf_counter() - began
    assert sum(one.texts for one in counted) == 40_000
    assert {one.state for one in counted if one.language == "km"} == {"NOT_TRANSLATED"}
    assert slowest["page"] < 0.5, slowest
    assert slowest["counts"] < 2, slowest


def test_all_states_are_known_to_the_list() -> None:
    assert {State(name) for name in desk.STATES} == set(State) - {State.ORIGINAL}
