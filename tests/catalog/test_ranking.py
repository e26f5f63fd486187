"""What comes first, and what facets count: each rule by itself, all else alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.catalog.test_search import ids, search, within_a_second
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.catalog import scope, scope_input, work
from translation import queries, service
from translation.engines import Draft

FOUND = """query ($query: String!, $territory: Territory, $filter: WorkFilter) {
  searchWorks(query: $query, territory: $territory, filter: $filter) {
    totalCount edges { node { id } } facets { name values { value count } } } }"""
ENGLISH = "The heron waits by the river."


@pytest.mark.parametrize("reviewed", [0, 1])
async def test_reviewed_words_stand_above_a_machine_s(api: Api, database: TestDatabase, reviewed: int) -> None:
    """The same words of two works, of which a person has approved one's: whichever was listed first."""
    house = await actor(api.runtime, country="CN", language="zh")
    made = [await work(api.runtime, house, f"鹭 {n}", description="白鹭在河边等待。") for n in range(2)]
    for number, one in enumerate(made):
        [(text_id,)] = database.rows("SELECT description_id FROM works WHERE id = %s", one)
        async with api.runtime.database.transaction(house.caller) as tx, tx.use() as session:
            text = await queries.text(session, text_id)
            assert text is not None
            if number == reviewed:
                await service.review(session, house.caller, text_id, "en", ENGLISH)
            else:
                await service.store_draft(session, text, "en", Draft(ENGLISH, "argos", "1"))
    await within_a_second(api, made, "heron")
    assert ids(await search(api, "heron")) == [str(made[reviewed]), str(made[1 - reviewed])]


async def test_a_subject_stands_above_a_description(api: Api) -> None:
    house = await actor(api.runtime)
    told = await work(api.runtime, house, "One", language="en", description="A book of poetry.", subjects=["WB"])
    about = await work(api.runtime, house, "Two", language="en", description="A book of recipes.", subjects=["DCA"])
    await within_a_second(api, [told, about], "poetry")
    assert ids(await search(api, "poetry")) == [str(about), str(told)]


async def test_what_is_free_where_the_reader_is_stands_above_what_is_not(api: Api) -> None:
    house = await actor(api.runtime)
    mandates: dict[str, list[Any]] = {
        "TH": [scope(["PRINT"], ["TH"])],
        "KH": [scope(["PRINT"], ["KH"])],
        "none": [],
    }
    made = {
        name: await work(api.runtime, house, "Lantern", language="en", mandates=given)
        for name, given in mandates.items()
    }
    await within_a_second(api, list(made.values()), "lantern")
    for territory in ("TH", "KH"):
        found = (await api.data(FOUND, {"query": "lantern", "territory": territory}))["searchWorks"]
        assert ids(found)[0] == str(made[territory])
        assert found["totalCount"] == 3, "what is not free is there all the same"


async def test_facets_count_rights_and_standing_in_the_territory_exactly(api: Api) -> None:
    house = await actor(api.runtime)
    made: dict[str, UUID] = {
        "both": await work(
            api.runtime, house, "Tập 1", language="vi", mandates=[scope(["PRINT", "EBOOK"], ["TH", "KH"])]
        ),
        "print": await work(api.runtime, house, "Tập 2", language="vi", mandates=[scope(["PRINT"], ["TH"])]),
        "held": await work(
            api.runtime,
            house,
            "Tập 3",
            language="vi",
            mandates=[scope(["PRINT"], ["TH"])],
            holdbacks=[scope(["PRINT"], ["TH"])],
        ),
        "elsewhere": await work(api.runtime, house, "Tập 4", language="vi", mandates=[scope(["EBOOK"], ["KH"])]),
    }
    await within_a_second(api, list(made.values()), "Tập")
    for territory, rights, standings in (
        ("TH", {"PRINT": 2, "EBOOK": 1}, {"free": {"both", "print"}, "held": {"held"}, "none": {"elsewhere"}}),
        ("KH", {"PRINT": 1, "EBOOK": 2}, {"free": {"both", "elsewhere"}, "none": {"print", "held"}}),
        ("VN", {}, {"none": set(made)}),
    ):
        asked: dict[str, Any] = {"query": "Tập", "territory": territory}
        found = (await api.data(FOUND, asked))["searchWorks"]
        facets = {one["name"]: {value["value"]: value["count"] for value in one["values"]} for one in found["facets"]}
        assert facets.get("right", {}) == rights, territory
        assert facets["availability"] == {name.upper(): len(works) for name, works in standings.items()}, territory
        for name, works in standings.items():
            narrowed = (await api.data(FOUND, asked | {"filter": {"availability": [name.upper()]}}))["searchWorks"]
            assert sorted(ids(narrowed)) == sorted(str(made[one]) for one in works), (territory, name)
        for right, count in rights.items():
            free = {"availableFor": scope_input([right], [territory], languages=None)}
            narrowed = (await api.data(FOUND, asked | {"filter": free}))["searchWorks"]
            assert (len(ids(narrowed)), narrowed["totalCount"]) == (count, count), (territory, right)
