"""The web process, the worker or PostgreSQL dies in the middle of things: nothing is lost, doubled or stuck."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.factories.accounts import PASSWORD, Actor, actor
from tests.factories.marketplace import ACCEPT, CREATE, OFFER, SIGN, scope, terms, work
from tests.kill.watched import Remote, Watched

pytestmark = pytest.mark.kill
Death = Callable[[Watched], None]
PLACES = ("TH", "LA", "VN", "MM", "KH", "MY", "SG", "BN", "ID", "PH")
WHILE_SIGNING: dict[str, Death] = {
    "the web process": lambda hub: hub.kill("web"),
    "postgresql": lambda hub: hub.crash_postgresql(),
}


@dataclass
class Agreed:
    """Contracts between two houses, drawn up and not signed yet."""

    seller: Actor
    buyer: Actor
    contracts: list[str]

    @property
    def asked(self) -> list[tuple[Actor, str, str]]:
        """Each side's signature under each contract: who, which, and the Idempotency-Key."""
        return [(side, contract, uuid4().hex) for contract in self.contracts for side in (self.seller, self.buyer)]


@pytest.fixture
async def agreed(api: Remote) -> Agreed:
    name = uuid4().hex[:8]
    seller = await actor(api.runtime, f"seller-{name}", country="CN", language="zh")
    buyer = await actor(api.runtime, f"buyer-{name}", country="TH", language="th")
    work_id = await work(api, seller)

    async def one(place: str) -> str:
        given = {"workId": work_id, "terms": terms(scope=scope(territories=[place]))}
        made = (await api.data(OFFER, {"input": given}, token=buyer.token))["makeOffer"]
        accepted = await api.data(ACCEPT, {"id": made["id"], "offer": made["offers"][0]["id"]}, token=seller.token)
        return str(accepted["acceptOffer"]["contract"]["id"])

    return Agreed(seller, buyer, [await one(place) for place in PLACES])


async def kill_in_the_middle(hub: Watched, agreed: Agreed, death: Death) -> int:
    """Kill as soon as the first signature is there. Answers how many were there then."""
    count = "SELECT count(*) FROM signatures WHERE contract_id = ANY (%s::uuid[])"
    await hub.when(count, lambda signatures: signatures > 0, agreed.contracts)
    death(hub)
    await hub.answers()
    return int(hub.rows(count, agreed.contracts)[0][0])


@pytest.mark.parametrize("death", WHILE_SIGNING.values(), ids=WHILE_SIGNING)
async def test_many_sign_and_the_hub_dies(hub: Watched, api: Remote, agreed: Agreed, death: Death) -> None:
    asked = agreed.asked

    def sign(side: Actor, contract: str, key: str) -> Awaitable[dict[str, object]]:
        return api.insist(SIGN, {"id": contract, "name": "By hand", "password": PASSWORD}, token=side.token, key=key)

    signing = asyncio.gather(*(sign(*each) for each in asked))
    survived = await kill_in_the_middle(hub, agreed, death)
    assert 0 < survived < len(asked), "it died in the middle"
    answers = await signing
    assert not [answer for answer in answers if "errors" in answer]
    ids = agreed.contracts
    assert hub.rows(
        "SELECT count(*), count(DISTINCT (contract_id, organization_id)) FROM signatures WHERE contract_id = ANY (%s::uuid[])",
        ids,
    ) == [(2 * len(ids), 2 * len(ids))]
    assert hub.rows(
        "SELECT c.status, n.status, count(*) FROM contracts c JOIN negotiations n ON n.id = c.negotiation_id"
        " WHERE c.id = ANY (%s::uuid[]) GROUP BY 1, 2",
        ids,
    ) == [("IN_FORCE", "SIGNED", len(ids))]
    assert hub.rows(
        "SELECT count(*), count(DISTINCT contract_id) FROM licenses WHERE contract_id = ANY (%s::uuid[])", ids
    ) == [(len(ids), len(ids))]
    assert hub.rows(
        "SELECT action, count(*) FROM audit_log WHERE action LIKE 'marketplace.contract.signed' AND subject_id = ANY (%s::uuid[])"
        " GROUP BY 1",
        ids,
    ) == [("marketplace.contract.signed", 2 * len(ids))]
    again = await asyncio.gather(*(sign(*each) for each in asked))
    assert again == answers, "asked again, the same is answered and nothing happens"
    assert hub.rows("SELECT count(*) FROM signatures WHERE contract_id = ANY (%s::uuid[])", ids) == [(2 * len(ids),)]


TITLES = ("出版许可", "独家许可", "印刷版权", "电子版权", "有声书权", "三国演义", "合同已签署", "首印五千册")
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE id > %s AND status = %s"
DRAFTED = """
SELECT t.words, array_agg(DISTINCT r.language ORDER BY r.language), count(r.id)
  FROM works w JOIN texts t ON t.id = w.title_id LEFT JOIN renderings r ON r.text_id = t.id
 WHERE w.owner_id = %s GROUP BY t.id, t.words ORDER BY 1
"""
WHILE_WORKING: dict[str, Death] = {
    "the worker": lambda hub: hub.kill("worker"),
    "postgresql": lambda hub: hub.crash_postgresql(),
}


@pytest.mark.parametrize("death", WHILE_WORKING.values(), ids=WHILE_WORKING)
async def test_drafts_are_all_made_once(hub: Watched, api: Remote, death: Death) -> None:
    house = await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="CN", language="zh")
    before = hub.rows("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")[0][0]
    given = [{"kind": "BOOK", "originalLanguage": "zh", "title": title} for title in TITLES for _again in range(3)]
    await asyncio.gather(*(api.data(CREATE, {"input": one}, token=house.token) for one in given))
    await hub.when(JOBS, lambda doing: doing > 0, before, "doing")
    death(hub)
    await hub.answers()
    in_hand = "SELECT count(*) FROM procrastinate_jobs WHERE id > %s AND status IN ('todo', 'doing')"
    assert hub.rows(in_hand, before)[0][0] > 0, "it died in the middle"
    await hub.settled()
    assert not hub.failed()
    found = hub.rows(DRAFTED, str(house.organization_id))
    assert len(found) == len(given)
    for words, languages, count in found:
        assert count == len(languages), f"{words} is drafted once in each language"
        assert languages == found[0][1], f"{words} lacks a draft"
    assert found[0][1], "there is an engine for one language at least"


async def test_stopping_in_the_middle_loses_nothing(hub: Watched, api: Remote) -> None:
    house = await actor(api.runtime, f"house-{uuid4().hex[:8]}", country="CN", language="zh")
    given = {"kind": "BOOK", "originalLanguage": "zh", "title": "合同已签署"}
    keys = [uuid4().hex for _each in range(12)]
    address = hub.hub.app_url
    asked = asyncio.gather(*(api.insist(CREATE, {"input": given}, token=house.token, key=key) for key in keys))
    await hub.when("SELECT count(*) FROM works WHERE owner_id = %s", lambda works: works > 0, house.organization_id)
    await asyncio.to_thread(hub.leave)
    assert hub.hub.cluster is not None
    assert not hub.hub.cluster.running
    assert not any(part.alive for part in hub.hub.parts)
    hub.hub.parts.clear()
    await asyncio.to_thread(hub.hub.start)
    hub.watch()
    assert hub.hub.app_url == address, "whoever was connected finds the database where it was"
    answers = await asked
    assert not [answer for answer in answers if "errors" in answer]
    assert len({answer["data"]["createWork"]["id"] for answer in answers}) == len(keys)
    assert hub.rows("SELECT count(*) FROM works WHERE owner_id = %s", house.organization_id) == [(len(keys),)]
    await hub.settled()
    assert not hub.failed()
