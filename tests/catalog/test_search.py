"""Search as readers meet it: real PostgreSQL, the change feed, a real index."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID

import psycopg
import pytest

from banmao.app import create_app
from banmao.embedded import Cluster
from catalog import service
from catalog.facts import Credit
from catalog.search.feed import PART
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import scope, scope_input, work

SEARCH = """query ($query: String!, $language: LanguageTag, $filter: WorkFilter, $first: Int = 20, $after: String) {
  searchWorks(query: $query, language: $language, filter: $filter, first: $first, after: $after) {
    edges { node { id title { text } } cursor } pageInfo { hasNextPage endCursor } totalCount
    facets { name values { value label count } }
  }
}"""
RECORD = 'mutation ($id: ID!, $scope: ScopeInput!) { recordLicense(workId: $id, licensee: "X", scope: $scope) { id } }'
KIEU = {
    "zh": "金云翘传", "en": "The Tale of Kieu", "th": "นิทานคำกลอนเกี่ยว", "ms": "Kisah Kieu", "id": "Hikayat Kieu",
    "my": "ကျိုးဇာတ်လမ်း", "lo": "ເລື່ອງນາງກ່ຽວ", "fil": "Ang Salaysay ni Kieu", "km": "រឿងគៀវ",
}  # fmt: skip
SHANHAI = {
    "en": "Classic of Mountains and Seas", "vi": "Sơn Hải Kinh", "th": "คัมภีร์ขุนเขาและท้องทะเล",
    "ms": "Kitab Gunung dan Laut", "id": "Kitab Pegunungan dan Lautan", "my": "တောင်နှင့်ပင်လယ်ကျမ်း",
    "lo": "ຄຳພີພູຜາແລະທະເລ", "fil": "Klasiko ng mga Bundok at Dagat", "km": "គម្ពីរភ្នំនិងសមុទ្រ",
}  # fmt: skip


async def search(api: Api, query: str = "", **variables: Any) -> dict[str, Any]:
    language = variables.pop("reading", "en")
    found: dict[str, Any] = (await api.data(SEARCH, {"query": query} | variables, language=language))["searchWorks"]
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in found["edges"]]


async def within_a_second(api: Api, expected: list[UUID], query: str, **variables: Any) -> float:
    """How many seconds it took until exactly `expected` was found."""
    began = time.monotonic()
    wanted = sorted(map(str, expected))
    while sorted(ids(await search(api, query, **variables))) != wanted:
        assert time.monotonic() - began < 5, await search(api, query, **variables)
        await asyncio.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, "song-lam")


@pytest.fixture
async def shelf(api: Api, publisher: Actor) -> tuple[UUID, UUID]:
    """Truyện Kiều and 山海经, with titles in all ten languages."""
    kieu = await work(
        api.runtime,
        publisher,
        "Truyện Kiều",
        language="vi",
        titles=KIEU,
        description="Truyện thơ lục bát kể đời nàng Kiều mười lăm năm lưu lạc.",
        contributors=[Credit("Nguyễn Du", "aut")],
        isbn="9786049561023",
        subjects=["DCA", "FBC"],
        country="VN",
        mandates=[scope(["PRINT", "EBOOK"], ["ASEAN"], languages=["th", "vi", "id"])],
    )
    shanhai = await work(
        api.runtime,
        publisher,
        "山海经",
        titles=SHANHAI,
        description="记山川、神祇与异兽，配彩图与注释。",
        contributors=[Credit("Guo Pu", "ann", "郭璞")],
        subjects=["DB"],
        mandates=[scope(["PRINT"], ["WORLD"], without=["CN"])],
        holdbacks=[scope(["PRINT"], ["VN"])],
    )
    await within_a_second(api, [kieu, shanhai], "")
    return kieu, shanhai


async def test_a_work_is_found_by_words_of_each_of_the_ten_languages(api: Api, shelf: tuple[UUID, UUID]) -> None:
    kieu, shanhai = shelf
    for language, title in {"vi": "truyện kiều", **KIEU}.items():
        assert ids(await search(api, title, reading=language))[:1] == [str(kieu)], title
    for language, title in {"zh": "山海经", **SHANHAI}.items():
        assert ids(await search(api, title, language=language))[:1] == [str(shanhai)], title


TYPED = [
    ("truyen kieu", 0),
    ("Nguyen Du", 0),
    ("9786049561023", 0),
    ("978-604-956-102-3", 0),
    ("Kieuu", 0),
    ("mountans and seas", 1),
    ("moun", 1),
    ("山海經", 1),
    ("异兽", 1),
    ("異獸", 1),
    ("郭璞", 1),
    ("guo pu", 1),
    ("ขุนเขา", 1),
    ("ทะเล", 1),
    ("ທະເລ", 1),
    ("សមុទ្រ", 1),
    ("ပင်လယ်", 1),
]
"""What somebody types, and whether it is Truyện Kiều (0) or 山海经 (1) that is meant."""


async def test_words_codes_names_typing_errors_and_scripts(api: Api, shelf: tuple[UUID, UUID]) -> None:
    for query, meant in TYPED:
        assert ids(await search(api, query))[:1] == [str(shelf[meant])], query


async def test_what_is_not_there_is_not_found(api: Api, shelf: tuple[UUID, UUID]) -> None:
    for query in ("zeppelin", "กขค", '"', "title_vi:kiều OR *", "\u200b", "!" * 300):
        found = await search(api, query)
        assert (found["totalCount"], found["edges"]) == (0, []), query


async def test_the_reader_s_language_comes_first(api: Api, publisher: Actor) -> None:
    """“Air” is water in Malay and the sky in English."""
    malay = await work(api.runtime, publisher, "Air Mata", language="ms")
    english = await work(api.runtime, publisher, "Air and Light", language="en")
    await within_a_second(api, [malay, english], "air")
    assert ids(await search(api, "air", language="ms")) == [str(malay), str(english)]
    assert ids(await search(api, "air", language="en")) == [str(english), str(malay)]


async def test_changes_are_found_within_a_second(api: Api, publisher: Actor) -> None:
    """The median of five; one alone may meet a busy machine."""
    taken_up = []
    for number in range(5):
        made = await work(api.runtime, publisher, f"Tập {number}", language="vi", published=False)
        assert ids(await search(api, f"Tập {number}")) == []
        async with api.runtime.database.transaction(publisher.caller) as tx, tx.use() as session:
            await service.publish_work(session, publisher.caller, made)
        taken_up.append(await within_a_second(api, [made], f"Tập {number}"))
        async with api.runtime.database.transaction(publisher.caller) as tx, tx.use() as session:
            await service.withdraw_work(session, publisher.caller, made)
        assert ids(await search(api, f"Tập {number}")) == [], "what is withdrawn is gone at once"
    assert sorted(taken_up)[2] < 1


async def test_facets_and_filters(api: Api, shelf: tuple[UUID, UUID]) -> None:
    kieu, shanhai = shelf
    found = await search(api, "")
    facets = {facet["name"]: facet["values"] for facet in found["facets"]}
    assert facets["kind"] == [{"value": "BOOK", "label": "Book", "count": 2}]
    assert {value["value"]: value["count"] for value in facets["country"]} == {"VN": 1, "CN": 1}
    assert {value["label"] for value in facets["originalLanguage"]} == {"Vietnamese", "Chinese"}
    assert {value["label"] for value in facets["subject"]} >= {"Classic poetry", "Ancient and medieval texts"}
    for filter_, expected in (
        ({"countries": ["VN"]}, [kieu]),
        ({"countries": ["ASEAN"]}, [kieu]),
        ({"countries": ["ASEAN", "CN"]}, [kieu, shanhai]),
        ({"originalLanguages": ["zh"]}, [shanhai]),
        ({"subjects": ["D"]}, [kieu, shanhai]),
        ({"subjects": ["DC"]}, [kieu]),
        ({"kinds": ["MUSIC"]}, []),
        ({"countries": ["VN"], "originalLanguages": ["zh"]}, []),
    ):
        assert sorted(ids(await search(api, "", filter=filter_))) == sorted(map(str, expected)), filter_
    narrowed = await search(api, "", filter={"countries": ["VN"]})
    countries = next(facet["values"] for facet in narrowed["facets"] if facet["name"] == "country")
    assert len(countries) == 2, "a facet counts as if its own filter were not set"


async def test_codes_of_one_name_are_one_choice(api: Api, publisher: Actor) -> None:
    made = [
        await work(api.runtime, publisher, f"Tales {number}", language="en", subjects=[code])
        for number, code in enumerate(("FN", "FNM", "FNT", "FIC010000"))
    ]
    await within_a_second(api, made, "Tales")
    found = await search(api, "Tales")
    subjects = next(facet["values"] for facet in found["facets"] if facet["name"] == "subject")
    assert subjects == [
        {"value": "FN", "label": "Myths, legends and fairy tales", "count": 3},
        {"value": "F", "label": "Fiction", "count": 1},
    ]
    chosen = {code: await search(api, "Tales", filter={"subjects": [code]}) for code in ("FN", "F", "FNM")}
    assert {code: page["totalCount"] for code, page in chosen.items()} == {"FN": 3, "F": 4, "FNM": 1}


async def test_only_what_is_free_in_full(api: Api, publisher: Actor, shelf: tuple[UUID, UUID]) -> None:
    kieu, shanhai = shelf
    for asked, expected in (
        (scope_input(["PRINT"], ["TH"], languages=["th"]), [kieu, shanhai]),
        (scope_input(["PRINT"], ["TH"], languages=["km"]), [shanhai]),
        (scope_input(["PRINT"], ["TH"], languages=None), [shanhai]),
        (scope_input(["EBOOK"], ["TH"], languages=["th"]), [kieu]),
        (scope_input(["PRINT"], ["VN"], languages=["vi"]), [kieu]),
        (scope_input(["PRINT"], ["CN"]), []),
        (scope_input(["PRINT"], ["ASEAN"], exceptTerritories=["VN"], languages=["th"]), [kieu, shanhai]),
        (scope_input(["PRINT"], ["TH"], languages=["th"], period={"start": "2030-01-01", "end": "2040-01-01"}), []),
    ):
        found = await search(api, "", filter={"availableFor": asked})
        assert sorted(ids(found)) == sorted(map(str, expected)), asked
        assert found["totalCount"] == len(expected)
        assert sum(value["count"] for value in found["facets"][0]["values"]) == len(expected)

    sold = scope_input(["PRINT"], ["TH"], languages=["th"], period={"start": "2026-01-01", "end": "2028-01-01"})
    await api.data(RECORD, {"id": str(kieu), "scope": sold}, token=publisher.token)
    asked = {"availableFor": scope_input(["PRINT"], ["TH"], languages=["th"])}
    assert ids(await search(api, "", filter=asked)) == [str(shanhai)], "the tables decide, however old the index"


async def test_pages(api: Api, publisher: Actor) -> None:
    made = [await work(api.runtime, publisher, f"Tập {number}", language="vi") for number in range(5)]
    await within_a_second(api, made, "Tập")
    for filter_ in ({}, {"kinds": ["BOOK"]}):
        seen: list[str] = []
        after = None
        while True:
            page = await search(api, "Tập", filter=filter_, first=2, after=after)
            assert page["totalCount"] == 5
            assert page["pageInfo"]["endCursor"] is not None
            seen += ids(page)
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert sorted(seen) == sorted(map(str, made))


UNCLEAR: list[tuple[dict[str, Any], str]] = [
    ({"query": "x" * 301}, "query"),
    ({"first": 101}, "first"),
    ({"first": 0}, "first"),
    ({"after": "bm9wZQ"}, "after"),
    ({"language": "xx"}, "language"),
    ({"filter": {"originalLanguages": ["xx"]}}, "filter.originalLanguages.0"),
    ({"filter": {"countries": ["UK"]}}, "filter.countries"),
    ({"filter": {"subjects": ["love stories"]}}, "filter.subjects.0"),
    ({"filter": {"availableFor": scope_input([], ["TH"])}}, "filter.availableFor.rights"),
    ({"filter": {"availableFor": scope_input(["PRINT"], ["UK"])}}, "filter.availableFor.territories"),
]


async def test_a_search_that_cannot_be_understood_says_where(api: Api) -> None:
    for variables, field in UNCLEAR:
        refused = await api.refusal(SEARCH, {"query": "kiều"} | variables)
        assert (refused["code"], refused["field"]) == ("INVALID", field), variables


async def test_an_index_goes_on_from_where_it_was_left_and_is_made_again_at_will(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    first = await work(api.runtime, publisher, "Tập một", language="vi")
    await within_a_second(api, [first], "Tập")
    settings = api.runtime.settings
    other = create_app(settings, database.app_url)
    async with other.router.lifespan_context(other):
        index = other.state.runtime.parts[PART]
        assert index.folder != api.runtime.parts[PART].folder, "each process has an index of its own"
        assert index.size == 1, "a new index starts from the tables"
        folder = index.folder
    second = await work(api.runtime, publisher, "Tập hai", language="vi")
    again = create_app(settings, database.app_url)
    async with again.router.lifespan_context(again):
        index = again.state.runtime.parts[PART]
        assert (index.folder, index.size) == (folder, 2)
    (folder / "position.json").write_text("{broken")
    once_more = create_app(settings, database.app_url)
    async with once_more.router.lifespan_context(once_more):
        assert once_more.state.runtime.parts[PART].size == 2
    await within_a_second(api, [first, second], "Tập")


async def test_a_change_that_commits_late_is_not_passed_over(api: Api, publisher: Actor) -> None:
    """The first transaction takes its number, the second commits before it."""
    early = await work(api.runtime, publisher, "Tập một", language="vi", published=False)
    late = await work(api.runtime, publisher, "Tập hai", language="vi", published=False)
    async with api.runtime.database.transaction(publisher.caller) as slow, slow.use() as session:
        await service.publish_work(session, publisher.caller, early)
        async with api.runtime.database.transaction(publisher.caller) as quick, quick.use() as other:
            await service.publish_work(other, publisher.caller, late)
        await asyncio.sleep(0.6)
    await within_a_second(api, [early, late], "Tập")


async def test_an_index_goes_on_when_the_database_has_dropped_every_connection(
    api: Api, publisher: Actor, database: TestDatabase, cluster: Cluster
) -> None:
    first = await work(api.runtime, publisher, "Tập một", language="vi")
    await within_a_second(api, [first], "Tập")
    root = cluster.url("postgres", cluster.credentials.superuser, "postgres")
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (database.name,)
        )
    second = await work(api.runtime, publisher, "Tập hai", language="vi")
    await within_a_second(api, [first, second], "Tập")
