"""Mandates and holdbacks: what owners say of their rights, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from catalog.models import Mandate
from catalog.rights import Scope
from catalog.scopes import checked, columns, scope_of
from catalog.taken import free
from catalog.territories import GROUPS
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import scope, scope_input, work

SCOPE = """scope { rights rightNames territories territoryWords languages languageWords period { start end } periodWords
  exclusive summary }"""
ADD = f"mutation ($id: ID!, $scope: ScopeInput!) {{ addMandate(workId: $id, scope: $scope) {{ id work {{ id }} {SCOPE} }} }}"
HOLD = """mutation ($id: ID!, $scope: ScopeInput!, $note: String) {
  addHoldback(workId: $id, scope: $scope, note: $note) { id note { text } scope { summary } } }"""
SEEN = """query ($id: ID!) { work(id: $id) {
  mandates { source scope { territories } } holdbacks { note { text } scope { rights } } } }"""
TABLES = ("mandates", "holdbacks", "texts", "search_feed", "audit_log")


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, "song-lam")


async def test_a_mandate_is_kept_as_said_and_told_in_one_sentence(api: Api, publisher: Actor) -> None:
    made = await work(api.runtime, publisher)
    asked = scope_input(
        ["EBOOK", "PRINT"], ["ASEAN", "JP"], exceptTerritories=["TH"], languages=["vi", "zh"], exclusive=True
    )
    added = (await api.data(ADD, {"id": str(made), "scope": asked}, token=publisher.token, language="en"))["addMandate"]
    assert added["work"]["id"] == str(made)
    assert added["scope"] == {
        "rights": ["PRINT", "EBOOK"],
        "rightNames": ["Print", "E-book"],
        "territories": sorted(GROUPS["ASEAN"] - {"TH"} | {"JP"}),
        "territoryWords": "ASEAN (except Thailand) and Japan",
        "languages": ["vi", "zh"],
        "languageWords": "Vietnamese and Chinese",
        "period": {"start": "2026-01-01", "end": "2031-01-01"},
        "periodWords": "from 1 January 2026 to 31 December 2030",
        "exclusive": True,
        "summary": "Exclusive: Print and E-book in Vietnamese and Chinese, ASEAN (except Thailand) and Japan, "
        "from 1 January 2026 to 31 December 2030.",
    }
    seen = (await api.data(SEEN, {"id": str(made)}))["work"]
    assert [mandate["source"] for mandate in seen["mandates"]] == ["entered"]


async def test_the_note_of_a_holdback_is_the_owner_s_own(api: Api, publisher: Actor) -> None:
    made = await work(api.runtime, publisher)
    stranger = await actor(api.runtime, "stranger")
    asked = {"id": str(made), "scope": scope_input(), "note": "Đang đàm phán với một hãng phim."}
    held = (await api.data(HOLD, asked, token=publisher.token, language="en"))["addHoldback"]
    assert held["note"]["text"] == asked["note"]
    assert held["scope"]["summary"].startswith("Print in "), "a holdback is neither exclusive nor not"
    for token, note in ((publisher.token, {"text": asked["note"]}), (stranger.token, None), (None, None)):
        seen = (await api.data(SEEN, {"id": str(made)}, token=token))["work"]
        assert seen["holdbacks"] == [{"note": note, "scope": {"rights": ["PRINT"]}}]


NO_SCOPES: list[tuple[dict[str, Any], str]] = [
    ({"rights": []}, "scope.rights"),
    ({"territories": []}, "scope.territories"),
    ({"territories": ["UK"]}, "scope.territories"),
    ({"territories": ["TH"], "exceptTerritories": ["ASEAN"]}, "scope.territories"),
    ({"exceptTerritories": ["XX"]}, "scope.exceptTerritories"),
    ({"languages": []}, "scope.languages"),
    ({"languages": ["en-GB"]}, "scope.languages"),
    ({"period": {"start": "2030-01-01", "end": "2030-01-01"}}, "scope.period.end"),
    ({"period": {"start": "2030-01-01", "end": "2029-01-01"}}, "scope.period.end"),
    ({"period": {"start": "0001-01-01"}}, "scope.period.start"),
    ({"period": {"start": "2030-01-01", "end": "9999-01-01"}}, "scope.period.end"),
]


async def test_a_scope_that_is_none_is_refused_and_nothing_is_written(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    made = await work(api.runtime, publisher)
    before = database.counts(*TABLES)
    for changed, field in NO_SCOPES:
        for mutation in (ADD, HOLD):
            asked = {"id": str(made), "scope": scope_input() | changed}
            refused = await api.refusal(mutation, asked, token=publisher.token)
            assert (refused["code"], refused["field"]) == ("INVALID", field), changed
    assert database.counts(*TABLES) == before


async def test_only_the_owner_s_people_speak_of_its_rights(api: Api, publisher: Actor, database: TestDatabase) -> None:
    stranger = await actor(api.runtime, "stranger")
    viewer = await actor(api.runtime, "song-lam", person="viewer", roles=["VIEWER"])
    made = str(await work(api.runtime, publisher))
    draft = str(await work(api.runtime, publisher, "封神演义", published=False))
    gone = str(await work(api.runtime, publisher, "聊斋志异"))
    await api.data("mutation ($id: ID!) { withdrawWork(workId: $id) { id } }", {"id": gone}, token=publisher.token)
    before = database.counts(*TABLES)
    for mutation in (ADD, HOLD):
        asked = {"id": made, "scope": scope_input()}
        assert (await api.refusal(mutation, asked))["code"] == "UNAUTHENTICATED"
        assert (await api.refusal(mutation, asked, token=stranger.token))["code"] == "FORBIDDEN"
        assert (await api.refusal(mutation, asked, token=viewer.token))["code"] == "FORBIDDEN"
        assert (await api.refusal(mutation, asked | {"id": draft}, token=stranger.token))["code"] == "NOT_FOUND"
        assert (await api.refusal(mutation, asked | {"id": gone}, token=publisher.token))["code"] == "CONFLICT"
    assert database.counts(*TABLES) == before


async def test_several_works_are_published_all_or_none(api: Api, publisher: Actor, database: TestDatabase) -> None:
    stranger = await actor(api.runtime, "stranger")
    own = [str(await work(api.runtime, publisher, f"Tập {number}", published=False)) for number in range(3)]
    other = str(await work(api.runtime, stranger, "Khác", published=False))
    publish = "mutation ($ids: [ID!]!) { publishWorks(workIds: $ids) { id status } }"
    assert (await api.refusal(publish, {"ids": [*own, other]}, token=publisher.token))["code"] == "NOT_FOUND"
    assert (await api.refusal(publish, {"ids": []}, token=publisher.token))["field"] == "workIds"
    assert database.rows("SELECT DISTINCT status FROM works") == [("DRAFT",)]
    done = (await api.data(publish, {"ids": own[::-1]}, token=publisher.token))["publishWorks"]
    assert [(one["id"], one["status"]) for one in done] == [(work_id, "PUBLISHED") for work_id in own[::-1]]


def test_columns_hold_a_scope_and_give_it_back() -> None:
    for one in (scope(languages=["zh-Hans", "th"]), scope(end=None, exclusive=False), scope(["SVOD"], ["WORLD"])):
        assert scope_of(Mandate(**columns(one))) == one


def test_every_language_said_one_by_one_is_every_language() -> None:
    everything = checked(
        rights=scope().rights, territories=["WORLD"], languages=None, start=date(2026, 1, 1), end=None, exclusive=False
    )
    assert everything.languages is None


@pytest.mark.parametrize(
    ("asked", "mandates", "holdbacks", "taken", "is_free"),
    [
        (scope(["PRINT"], ["TH"]), [scope()], [], [], True),
        (scope(["PRINT"], ["TH"]), [], [], [], False),
        (scope(["PRINT"], ["TH", "JP"]), [scope()], [], [], False),
        (scope(["PRINT"], ["TH", "JP"]), [scope(), scope(["PRINT"], ["JP"])], [], [], True),
        (scope(["PRINT"], ["TH"]), [scope(exclusive=False)], [], [], False),
        (scope(["PRINT"], ["TH"], exclusive=False), [scope(exclusive=False)], [], [], True),
        (scope(["PRINT"], ["TH"]), [scope()], [scope(["PRINT"], ["VN", "TH"])], [], False),
        (scope(["PRINT"], ["TH"]), [scope()], [], [scope(["PRINT"], ["TH"], languages=["th"])], False),
        (scope(["PRINT"], ["TH"]), [scope()], [], [scope(["PRINT"], ["TH"], exclusive=False)], False),
        (scope(["PRINT"], ["TH"], exclusive=False), [scope()], [], [scope(["PRINT"], ["TH"], exclusive=False)], True),
    ],
)
def test_free_is_mandate_less_holdbacks_less_what_is_taken(
    asked: Scope, mandates: list[Scope], holdbacks: list[Scope], taken: list[Scope], is_free: bool
) -> None:
    assert free(asked, mandates, holdbacks, taken) is is_free
