"""What an agent does with the search all day: phrases, order, suggestions, likeness, saved searches, exact availability."""

from __future__ import annotations

from uuid import UUID

import pytest

from catalog.facts import Credit
from catalog.search import service
from tests.catalog.test_search import RECORD, ids, search, within_a_second
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.catalog import scope, scope_input, work

SUGGEST = "query ($q: String!) { searchSuggestions(query: $q) { kind text workId value works } }"
SIMILAR = "query ($id: ID!) { similarWorks(workId: $id) { id } }"
SAVE = """mutation ($name: String!, $query: String!, $filter: WorkFilter) {
  saveSearch(name: $name, query: $query, filter: $filter) {
    id name query newCount filter { kinds availableFor { rights territories } } } }"""
SAVED = "{ savedSearches { id name newCount } }"
LOOK = "mutation ($id: ID!) { lookAtSavedSearch(id: $id) { newCount } }"
REMOVE = "mutation ($id: ID!) { removeSavedSearch(id: $id) { id } }"


async def test_what_comes_first_and_what_stands_side_by_side(api: Api) -> None:
    house, agent = await actor(api.runtime), await actor(api.runtime, "agency", kind="AGENCY", country="TH")
    described = await work(api.runtime, house, "Other", language="en", description="Of a lantern.", subjects=["FYB"])
    credited = await work(api.runtime, house, "Another", language="en", contributors=[Credit("Lantern", "aut")])
    titled = await work(api.runtime, house, "Lantern", language="en")
    free = await work(api.runtime, house, "Lantern", language="en", mandates=[scope(["PRINT"], ["TH"])])
    await within_a_second(api, [described, credited, titled, free], "lantern")
    found = ids(await search(api, "lantern", reading="en"))
    assert found[2:] == [str(credited), str(described)], "title over contributor over description"
    page = await api.data(
        'query { searchWorks(query: "lantern") { edges { node { id } } } }', token=agent.token, language="en"
    )
    assert [edge["node"]["id"] for edge in page["searchWorks"]["edges"]][:2] == [str(free), str(titled)]
    apart = await work(api.runtime, house, "Paper house, old lantern", language="en")
    together = await work(api.runtime, house, "The paper lantern", language="en")
    await within_a_second(api, [apart, together], "paper lantern")
    assert ids(await search(api, '"paper lantern"')) == [str(together)]
    assert ids(await search(api, "「paper lantern」")) == [str(together)]
    assert ids(await search(api, '"lantern paper"')) == []


async def test_availability_is_exact_however_many_match(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    house = await actor(api.runtime)
    made: dict[bool, list[UUID]] = {True: [], False: []}
    for number in range(9):
        whole = number % 3 == 0
        given = scope(["PRINT"], ["TH"], end=None if whole else scope().end, start=scope().start)
        made[whole].append(await work(api.runtime, house, f"Tập {number}", language="vi", mandates=[given]))
    await within_a_second(api, made[True] + made[False], "Tập")
    monkeypatch.setattr(service, "MOST_COUNTED", 2)
    monkeypatch.setattr(service, "STEP", 2)
    asked = {"availableFor": scope_input(["PRINT"], ["TH"], period={"start": "2027-01-01"})}
    seen: list[str] = []
    after = None
    while True:
        page = await search(api, "Tập", filter=asked, first=1, after=after)
        seen += ids(page)
        assert page["totalCount"] >= len(seen), "there are so many at least"
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == sorted(map(str, made[True])), "none left out, none twice, none that is free in part only"
    sold = scope_input(["PRINT"], ["TH"], period={"start": "2030-01-01", "end": "2031-01-01"})
    await api.data(RECORD, {"id": str(made[True].pop(1)), "scope": sold}, token=house.token)
    page = await search(api, "Tập", filter=asked, first=50)
    assert sorted(ids(page)) == sorted(map(str, made[True])), "none that is sold for a time"


async def test_suggestions_and_works_like_another(api: Api) -> None:
    house = await actor(api.runtime)
    first = await work(
        api.runtime,
        house,
        "聊斋志异",
        language="zh",
        subjects=["FKC"],
        contributors=[Credit("Pu Songling", "aut", "蒲松龄")],
    )
    second = await work(api.runtime, house, "搜神记", language="zh", subjects=["FKC"])
    other = await work(api.runtime, house, "茶经", language="zh", subjects=["WB"])
    await within_a_second(api, [first, second, other], "")
    for typed, kind, text in (
        ("聊", "TITLE", "聊斋志异"),
        ("liaozh", "TITLE", "聊斋志异"),
        ("Song", "PERSON", "Pu Songling"),
        ("蒲", "PERSON", "蒲松龄"),
        ("ghost", "SUBJECT", "Horror and ghost stories"),
    ):
        found = (await api.data(SUGGEST, {"q": typed}, language="en"))["searchSuggestions"]
        assert (kind, text) in [(one["kind"], one["text"]) for one in found], typed
    assert (await api.data(SUGGEST, {"q": " "}))["searchSuggestions"] == []
    alike = (await api.data(SIMILAR, {"id": str(first)}))["similarWorks"]
    assert [one["id"] for one in alike] == [str(second)]


async def test_saved_searches_are_a_person_s_own_and_say_what_is_new(api: Api, database: TestDatabase) -> None:
    house, agent = await actor(api.runtime), await actor(api.runtime, "agency", kind="AGENCY", country="TH")
    old = await work(api.runtime, house, "Đèn cũ", language="vi", mandates=[scope(["PRINT"], ["TH"])])
    await within_a_second(api, [old], "đèn")
    asked = {"availableFor": scope_input(["PRINT"], ["TH"]), "kinds": ["BOOK"]}
    given = {"name": "Lamps", "query": "đèn", "filter": asked}
    saved = (await api.data(SAVE, given, token=agent.token))["saveSearch"]
    assert (saved["newCount"], saved["filter"]["availableFor"]) == (0, {"rights": ["PRINT"], "territories": ["TH"]})
    fresh = await work(api.runtime, house, "Đèn mới", language="vi", mandates=[scope(["PRINT"], ["TH"])])
    taken = await work(api.runtime, house, "Đèn khác", language="vi")
    await within_a_second(api, [old, fresh, taken], "đèn")
    (mine,) = (await api.data(SAVED, token=agent.token))["savedSearches"]
    assert mine["newCount"] == 1, "the one that is free, and was not there before"
    assert (await api.refusal(SAVE, given, token=agent.token))["code"] == "SEARCH_NAME_TAKEN"
    before = database.counts("saved_searches")
    assert (await api.data(SAVED, token=house.token))["savedSearches"] == []
    for mutation in (LOOK, REMOVE):
        assert (await api.refusal(mutation, {"id": saved["id"]}, token=house.token))["code"] == "NOT_FOUND"
    assert (await api.refusal(SAVED))["code"] == "UNAUTHENTICATED"
    for wrong in ({"name": " "}, {"name": "x" * 81}, {"query": "x" * 301}, {"filter": {"subjects": ["love stories"]}}):
        assert (await api.refusal(SAVE, given | wrong, token=agent.token))["code"] == "INVALID", wrong
    assert database.counts("saved_searches") == before
    assert (await api.data(LOOK, {"id": saved["id"]}, token=agent.token))["lookAtSavedSearch"]["newCount"] == 0
    assert (await api.data(REMOVE, {"id": saved["id"]}, token=agent.token))["removeSavedSearch"] == []
