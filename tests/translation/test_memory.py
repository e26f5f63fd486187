"""The memory: similar words in ten languages, what is lent and what never is, behind walls."""

from __future__ import annotations

import random
from uuid import UUID

import pytest

from hub.i18n import LANGUAGES
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.texts import text
from tests.translation.catalogues import messages
from translation import memory, service
from translation.memory import fuzzy, keeping
from translation.memory.errors import EntryUnknown, NotAllowedToKeepMemory, NotAllowedToShare
from translation.memory.service import put
from translation.models import Purpose

BOTH = "A collection of ancient myths.\nEight volumes."


@pytest.mark.parametrize("language", LANGUAGES)
def test_similar_words_share_a_signature_and_others_do_not(language: str) -> None:
    """Every sixth word replaced by another of the language."""
    chance = random.Random(7)
    said = [row[language] for row in messages() if len(row.get(language, "")) >= 10]
    vocabulary = [token for words in said[:200] for token in fuzzy.tokens(words, language)]
    found = tried = strangers = 0
    for words in chance.sample(said, 60):
        changed = fuzzy.tokens(words, language)
        for _ in range(max(1, len(changed) // 6)):
            changed[chance.randrange(len(changed))] = chance.choice(vocabulary)
        other = "".join(changed).strip()
        signature = set(fuzzy.signature(words, language))
        strangers += bool(signature & set(fuzzy.signature(chance.choice(said), language)))
        if fuzzy.score(words, other, language) >= 75:
            tried += 1
            found += bool(signature & set(fuzzy.signature(other, language)))
    assert tried >= 20
    assert found >= tried * 0.97
    assert strangers <= 18


def test_scores_and_differences_are_of_words() -> None:
    assert fuzzy.score("We offer an advance of USD 3,000.", "We offer an advance of USD 5,000.", "en") in range(85, 99)
    assert fuzzy.score("我们可以预付3,000美元。", "我们可以预付5,000美元。", "zh") in range(85, 99)
    assert fuzzy.score("เราเสนอเงินล่วงหน้า", "เรารับข้อเสนอ", "th") < 60
    assert fuzzy.score("The sea", "the sea", "en") == 99
    assert fuzzy.signature("…", "en") == []
    changes = fuzzy.difference("เราเสนอเงินล่วงหน้า", "เราขอเงินล่วงหน้า", "th")
    assert [(change.kind.value, change.words) for change in changes] == [
        ("SAME", "เรา"),
        ("REMOVED", "เสนอ"),
        ("ADDED", "ขอ"),
        ("SAME", "เงินล่วงหน้า"),
    ]


async def said(runtime: Runtime, writer: Actor, words: str, target: str, purpose: Purpose, **more: object) -> UUID:
    """A text of the writer's in Chinese, reviewed in English."""
    made = await text(runtime, writer, words=words, purpose=purpose, **more)  # type: ignore[arg-type]
    async with runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, made.id, "en", target, reason="As the house says it.")
    return made.id


async def suggested(runtime: Runtime, reader: Actor, words: str) -> list[tuple[str, int, bool]]:
    async with runtime.database.transaction(reader.caller) as tx:
        found = await memory.suggest(tx.session, reader.organization_id, "zh", "en", words)
    return [(one.target, one.score, one.own) for one in found]


async def test_exact_first_then_similar_own_before_others(runtime: Runtime, database: TestDatabase) -> None:
    writer = await actor(runtime, country="CN", language="zh")
    other = await actor(runtime, "guilin", country="CN", language="zh")
    secret = "我们只能把独家版权卖给您的公司。"
    await said(
        runtime,
        writer,
        "一部关于古代神话的集子。\n共八卷。",
        "A collection of ancient myths.\nEight volumes.",
        Purpose.DESCRIPTION,
    )
    await said(
        runtime, writer, secret, "We can sell the exclusive rights to you only.", Purpose.MESSAGE, readers=[other]
    )
    exact, *longer = await suggested(runtime, writer, "一部关于古代神话的集子。")
    assert exact == ("A collection of ancient myths.", 100, True)
    assert [target for target, _score, _own in longer] == [BOTH]
    target, score, own = (await suggested(runtime, writer, "一部关于古代传说的集子。"))[0]
    assert (target, own) == ("A collection of ancient myths.", True)
    assert 70 <= score < 100
    assert await suggested(runtime, other, "一部关于古代神话的集子。") == []

    async with runtime.database.transaction(writer.caller) as tx:
        await keeping.share(tx.session, writer.caller, True)
    await said(runtime, writer, "请于十四天内答复。", "Please answer within 14 days.", Purpose.NOTE)
    assert (await suggested(runtime, other, "一部关于古代神话的集子。"))[0] == (
        "A collection of ancient myths.",
        100,
        False,
    )
    assert await suggested(runtime, other, secret) == []
    assert await suggested(runtime, other, "请于十四天内答复。") == []
    assert database.rows("SELECT DISTINCT confidential, shared FROM memory_entries ORDER BY 1") == [
        (False, True),
        (True, False),
    ]

    await said(runtime, other, "一部关于古代神话的集子。", "Ancient myths, collected.", Purpose.DESCRIPTION)
    assert (await suggested(runtime, other, "一部关于古代神话的集子。"))[:2] == [
        ("Ancient myths, collected.", 100, True),
        ("A collection of ancient myths.", 100, False),
    ]
    async with runtime.database.transaction(other.caller) as tx:
        [mine, none] = await memory.recall_many(
            tx.session, other.organization_id, "zh", "en", ["一部关于古代神话的集子。", "没有说过的话。"]
        )
        assert (mine and mine.target, none) == ("Ancient myths, collected.", None)
        found = await memory.suggest(tx.session, writer.organization_id, "zh", "en", secret)
        assert found == [], "asking in another's name opens nothing"
    async with runtime.database.transaction(writer.caller) as tx:
        await keeping.share(tx.session, writer.caller, False)
    assert [one for one in await suggested(runtime, other, "一部关于古代神话的集子。") if not one[2]] == []


async def test_the_database_keeps_what_is_confidential(runtime: Runtime, database: TestDatabase) -> None:
    """Even where a program says otherwise."""
    writer = await actor(runtime, country="CN", language="zh")
    made = await text(runtime, writer, words="秘密。", purpose=Purpose.MESSAGE, readers=[])
    entry = {
        "organization_id": writer.organization_id,
        "source_language": "zh",
        "target_language": "en",
        "source": "秘密。",
        "target": "A secret.",
        "person_id": writer.person_id,
        "text_id": made.id,
        "level": "TEXT",
        "shared": True,
        "confidential": False,
    }
    with pytest.raises(Exception, match="never_shared"):
        async with runtime.database.transaction(writer.caller) as tx:
            await put(tx.session, [entry])
    with pytest.raises(Exception, match="row-level security"):
        async with runtime.database.transaction(writer.caller) as tx:
            await put(tx.session, [entry | {"organization_id": None, "text_id": None, "shared": False}])
    assert database.count("memory_entries") == 0


async def test_the_memory_is_kept_through_the_api(api: Api, database: TestDatabase) -> None:
    runtime = api.runtime
    writer = await actor(runtime, country="CN", language="zh")
    viewer = await actor(runtime, country="CN", language="zh", roles=["VIEWER"], person="lan")
    other = await actor(runtime, "guilin", country="CN", language="zh")
    await said(runtime, writer, "共八卷。", "Eight volumes.", Purpose.DESCRIPTION)
    page = "query($q: String) { memoryEntries(query: $q) { totalCount edges { node { id source target editable own uses } } } }"
    [edge] = (await api.data(page, {"q": "volume"}, token=writer.token))["memoryEntries"]["edges"]
    entry = edge["node"]
    assert entry | {"id": ""} == {
        "id": "",
        "source": "共八卷。",
        "target": "Eight volumes.",
        "editable": True,
        "own": True,
        "uses": 0,
    }
    assert (await api.data(page, {"q": "100%"}, token=writer.token))["memoryEntries"]["totalCount"] == 0
    again = await text(runtime, writer, words="共八卷。", drafts=["en"])
    assert again
    assert database.rows("SELECT uses FROM memory_entries") == [(1,)]

    before = database.lines("tokens", "audit_log")
    for caller, refused in ((viewer, NotAllowedToKeepMemory), (other, EntryUnknown)):
        async with runtime.database.transaction(caller.caller) as tx:
            with pytest.raises(refused):
                await keeping.correct(tx.session, caller.caller, UUID(entry["id"]), "x")
            with pytest.raises(refused):
                await keeping.forget(tx.session, caller.caller, UUID(entry["id"]))
    async with runtime.database.transaction(viewer.caller) as tx:
        with pytest.raises(NotAllowedToShare):
            await keeping.share(tx.session, viewer.caller, True)
    assert database.lines("tokens", "audit_log") == before

    correct = 'mutation($id: ID!) { correctMemoryEntry(id: $id, target: "In eight volumes.") { target } }'
    await api.data(correct, {"id": entry["id"]}, token=writer.token)
    ask = (
        'query { memorySuggestions(text: "共九卷。", sourceLanguage: "zh", targetLanguage: "en")'
        " { target score difference { kind words } } }"
    )
    [near] = (await api.data(ask, token=writer.token))["memorySuggestions"]
    assert (near["target"], near["score"]) == ("In eight volumes.", 75)
    assert {"kind": "ADDED", "words": "九"} in near["difference"]
    shared = await api.data("mutation { shareMemory(shares: true) { shares lent entries } }", token=writer.token)
    assert shared["shareMemory"] == {"shares": True, "lent": 1, "entries": 1}
    assert (await api.data(page, {"q": ""}, token=other.token))["memoryEntries"]["edges"][0]["node"][
        "editable"
    ] is False
    await api.data("mutation($id: ID!) { deleteMemoryEntry(id: $id) }", {"id": entry["id"]}, token=writer.token)
    assert database.count("memory_entries") == 0
