"""The same work arriving twice: noticed, kept waiting, merged or listed; never doubled silently."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from catalog.merging.alike import Likeness, likeness, score
from tests.catalog.test_import import TABLES, mine, send
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.onix import message, product, sales_rights

WorkOff = Callable[[], Awaitable[None]]
WAITING = """query ($least: Int) { possibleDoubles(first: 50, least: $least) { totalCount edges { node {
  id reason score status record { reference title contributors identifiers } work { id title(language: "zh") { text } } } } } }"""
DECIDE = """mutation ($ids: [ID!]!, $decision: DoubleDecision!) {
  decideDoubles(ids: $ids, decision: $decision) { id status listed } }"""
CREATE = """mutation ($input: CreateWorkInput!, $alike: Boolean! = false) {
  createWork(input: $input, evenIfAlike: $alike) { id } }"""
EBOOK = product(
    "cn.xiangshan.sanguo.epub", isbn="9787020008735", title="三國演義", form="EA", rights=sales_rights("01", "VN")
)

LISTED = ("works", "texts", "contributors", "identifiers", "mandates")
Named = tuple[str, tuple[str, ...]]
SAME: list[tuple[Named, Named]] = [
    (("三国演义", ("罗贯中",)), ("三國演義", ("羅貫中",))),
    (("The Tale of Kiều", ("Nguyễn Du",)), ("Tale of Kieu", ("Du Nguyen",))),
    (("Romance of the Three Kingdoms", ("Luo Guanzhong",)), ("Romance of the Tree Kingdoms", ("Luo Guanzhong",))),
    (("Romance of the Three Kingdoms", ("Luo Guanzhong",)), ("Romance of the Tree Kingdoms", ("Luo Guanzhon",))),
    (("พระอภัยมณี", ("สุนทรภู่",)), ("พระอภัยมณ", ("สุนทรภู่",))),
    (("ທ້າວຮຸ່ງ", ("ບໍ່ຮູ້ຊື່",)), ("ທ້າວຮູ່ງ", ("ບໍ່ຮູ້ຊື່",))),
    (("ទុំទាវ", ("ភិក្ខុសោម",)), ("ទុំទាវ!", ("ភិក្ខុសោម",))),
    (("红楼梦", ()), ("红楼梦", ("曹雪芹",))),
]
OTHERS: list[tuple[Named, Named]] = [
    (("平凡的世界（上）", ("路遥",)), ("平凡的世界（下）", ("路遥",))),
    (("平凡的世界 第一部", ("路遥",)), ("平凡的世界 第二部", ("路遥",))),
    (("Laskar Pelangi 2", ("Andrea Hirata",)), ("Laskar Pelangi 3", ("Andrea Hirata",))),
    (("Rocky II", ("A",)), ("Rocky III", ("A",))),
    (("红楼梦", ("曹雪芹",)), ("红楼梦", ("高鹗",))),
    (("红楼梦研究", ()), ("红楼梦", ("曹雪芹",))),
    (("围城", ("钱锺书",)), ("管锥编", ("钱锺书",))),
]


def like(named: Named, kind: str = "BOOK") -> Likeness:
    return likeness([named[0]], named[1], kind)


@pytest.mark.parametrize(("first", "second"), SAME)
def test_a_work_under_another_spelling_is_alike_and_is_found_by_a_key(first: Named, second: Named) -> None:
    assert score(like(first), like(second)) >= 87
    assert like(first).keys & like(second).keys
    assert score(like(first), like(second, "COMIC")) == 0, "the comic of a novel is another work"


@pytest.mark.parametrize(("first", "second"), OTHERS)
def test_other_works_of_the_same_people_are_not_alike(first: Named, second: Named) -> None:
    assert score(like(first), like(second)) == 0


@pytest.mark.parametrize("named", [named for pair in SAME + OTHERS for named in pair])
def test_what_is_packed_is_unpacked(named: Named) -> None:
    assert Likeness.unpacked(like(named).packed()) == like(named)


@pytest.fixture
async def publisher(api: Api, work_off: WorkOff) -> Actor:
    """A publisher who lists 三国演义 from a file."""
    someone = await actor(api.runtime, "xiangshan", country="CN", language="zh")
    await send(api, someone, message([product(rights=sales_rights("01", "CN"))]), work_off)
    return someone


async def waiting(api: Api, someone: Actor) -> list[dict[str, Any]]:
    edges = (await api.data(WAITING, token=someone.token))["possibleDoubles"]["edges"]
    return [edge["node"] for edge in edges]


async def decide(api: Api, someone: Actor, double: dict[str, Any], decision: str) -> dict[str, Any]:
    answer = await api.data(DECIDE, {"ids": [double["id"]], "decision": decision}, token=someone.token)
    (decided,) = answer["decideDoubles"]
    return dict(decided)


async def test_a_record_like_a_listed_work_waits_and_a_preview_says_so_before(
    api: Api, publisher: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    before = database.counts(*LISTED)
    seen = await send(api, publisher, message([EBOOK]), work_off, dry_run=True)
    assert (seen["created"], await waiting(api, publisher)) == (0, [])
    done = await send(api, publisher, message([EBOOK]), work_off)
    assert [problem["code"] for problem in done["problems"]] == ["RECORD_MAY_BE_LISTED"]
    assert database.counts(*LISTED) == before, "nothing is listed before a person decides"
    (double,) = await waiting(api, publisher)
    assert (double["reason"], double["score"], double["work"]["title"]["text"]) == ("ALIKE", 100, "三国演义")
    assert double["record"] == {
        "reference": "cn.xiangshan.sanguo.epub",
        "title": "三國演義",
        "contributors": ["罗贯中"],
        "identifiers": ["ISBN 9787020008735"],
    }
    await send(api, publisher, message([EBOOK]), work_off)
    assert len(await waiting(api, publisher)) == 1, "the same record waits once"


async def test_merged_it_adds_what_the_work_lacks_and_never_asks_again(
    api: Api, publisher: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    await send(api, publisher, message([EBOOK]), work_off)
    (double,) = await waiting(api, publisher)
    decided = await decide(api, publisher, double, "MERGE")
    assert (decided["status"], decided["listed"]) == ("MERGED", double["work"]["id"])
    (work,) = await mine(api, publisher)
    assert work["title"]["text"] == "三国演义"
    assert [one["value"] for one in work["identifiers"]] == ["9787020002207", "9787020008735"]
    granted = {(tuple(one["scope"]["rights"]), tuple(one["scope"]["territories"])) for one in work["mandates"]}
    assert granted == {(("PRINT",), ("CN",)), (("EBOOK",), ("VN",))}
    before = database.counts(*LISTED)
    both = message([product(rights=sales_rights("01", "CN")), EBOOK])
    again = await send(api, publisher, both, work_off)
    assert (again["created"], again["problems"]) == (0, [])
    assert await waiting(api, publisher) == []
    assert database.counts(*LISTED) == before, "each record keeps its own rights beside the other's"
    gone = message([EBOOK.replace("<NotificationType>03", "<NotificationType>05")])
    await send(api, publisher, gone, work_off)
    (work,) = await mine(api, publisher)
    assert (work["status"], len(work["mandates"])) == ("DRAFT", 1), "the edition is gone, the work is not"


async def test_listed_by_itself_it_is_another_work(api: Api, publisher: Actor, work_off: WorkOff) -> None:
    await send(api, publisher, message([EBOOK]), work_off)
    (double,) = await waiting(api, publisher)
    decided = await decide(api, publisher, double, "LIST")
    assert [work["id"] for work in await mine(api, publisher)].count(decided["listed"]) == 1
    assert len(await mine(api, publisher)) == 2
    await send(api, publisher, message([EBOOK]), work_off)
    assert (await waiting(api, publisher), len(await mine(api, publisher))) == ([], 2)


async def test_left_out_it_stays_out(api: Api, publisher: Actor, work_off: WorkOff) -> None:
    await send(api, publisher, message([EBOOK]), work_off)
    await decide(api, publisher, (await waiting(api, publisher))[0], "LEAVE_OUT")
    done = await send(api, publisher, message([EBOOK]), work_off)
    assert [problem["code"] for problem in done["problems"]] == ["RECORD_LEFT_OUT_BEFORE"]
    assert (await waiting(api, publisher), len(await mine(api, publisher))) == ([], 1)


async def test_a_record_with_a_listed_identifier_can_be_merged_and_not_listed(
    api: Api, publisher: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    await send(api, publisher, message([product("other", title="另一本书")]), work_off)
    (double,) = await waiting(api, publisher)
    assert (double["reason"], double["work"]["title"]["text"]) == ("IDENTIFIER", "三国演义")
    before = database.counts(*TABLES, "audit_log")
    refused = await api.refusal(
        DECIDE, {"ids": [double["id"]], "decision": "LIST"}, token=publisher.token, language="en"
    )
    assert (refused["code"], refused["field"], refused["params"]["value"]) == (
        "CONFLICT",
        "proposalIds",
        "9787020002207",
    )
    assert database.counts(*TABLES, "audit_log") == before
    assert (await decide(api, publisher, double, "MERGE"))["status"] == "MERGED"


async def test_doubles_within_one_file_wait_too_and_a_job_decides_on_many(
    api: Api, work_off: WorkOff, database: TestDatabase
) -> None:
    someone = await actor(api.runtime, "newcomer", country="CN", language="zh")
    listed = [
        product(),
        EBOOK,
        product("hard", isbn="9787020008728", title="三国演义"),
        product("x", isbn="9787020002207"),
    ]
    seen = await send(api, someone, message(listed), work_off, dry_run=True)
    done = await send(api, someone, message(listed), work_off)
    assert [seen["created"], seen["problems"]] == [done["created"], done["problems"]]
    assert done["created"] == 1
    assert {double["record"]["reference"] for double in await waiting(api, someone)} == {
        "cn.xiangshan.sanguo.epub",
        "hard",
        "x",
    }
    everything = "mutation { decideAllDoubles(decision: MERGE, least: 90) }"
    assert (await api.data(everything, token=someone.token))["decideAllDoubles"] == 3
    await work_off()
    assert (await waiting(api, someone), len(await mine(api, someone))) == ([], 1)
    assert database.counts("record_aliases") == {"record_aliases": 3}


async def test_a_decision_is_made_once_by_whoever_may(api: Api, publisher: Actor, work_off: WorkOff) -> None:
    await send(api, publisher, message([EBOOK]), work_off)
    (double,) = await waiting(api, publisher)
    asked = {"ids": [double["id"]], "decision": "MERGE"}
    stranger = await actor(api.runtime, "stranger")
    viewer = await actor(api.runtime, "xiangshan", person="viewer", roles=["VIEWER"])
    assert await waiting(api, stranger) == []
    assert (await api.refusal(DECIDE, asked, token=stranger.token))["code"] == "NOT_FOUND"
    assert (await api.refusal(DECIDE, asked, token=viewer.token))["code"] == "FORBIDDEN"
    assert (await api.refusal(DECIDE, asked))["code"] == "UNAUTHENTICATED"
    assert len(await mine(api, publisher)) == 1
    await decide(api, publisher, double, "MERGE")
    assert (await decide(api, publisher, double, "MERGE"))["status"] == "MERGED"
    later = await api.refusal(DECIDE, asked | {"decision": "LIST"}, token=publisher.token)
    assert (later["code"], len(await mine(api, publisher))) == ("CONFLICT", 1)


async def test_a_work_listed_by_hand_is_held_against_those_listed(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    by_hand = {
        "kind": "BOOK",
        "originalLanguage": "zh",
        "title": "三國演義",
        "contributors": [{"name": "羅貫中", "role": "aut"}],
    }
    before = database.counts(*TABLES)
    refused = await api.refusal(CREATE, {"input": by_hand}, token=publisher.token, language="en")
    (listed,) = await mine(api, publisher)
    assert (refused["code"], refused["field"], refused["params"]) == (
        "CONFLICT",
        "title",
        {"workId": listed["id"], "title": "三国演义"},
    )
    assert database.counts(*TABLES) == before
    await api.data(CREATE, {"input": by_hand, "alike": True}, token=publisher.token)
    assert len(await mine(api, publisher)) == 2
