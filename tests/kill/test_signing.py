"""The web process or PostgreSQL dies while many sign: every contract is signed once by each side, and none is stuck."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.factories.accounts import PASSWORD, Actor, actor
from tests.factories.marketplace import ACCEPT, OFFER, SIGN, scope, terms, work
from tests.kill.watched import Remote, Watched

PLACES = ("TH", "LA", "VN", "MM", "KH", "MY", "SG", "BN", "ID", "PH")
Death = Callable[[Watched], None]
DEATHS: dict[str, Death] = {
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
    """Kill as soon as the first signature is there, and start again what died. Answers how many were there then."""
    count = "SELECT count(*) FROM signatures WHERE contract_id = ANY (%s::uuid[])"
    await hub.when(count, lambda signatures: signatures > 0, agreed.contracts)
    death(hub)
    await asyncio.sleep(0.3)
    await hub.tend()
    return int(hub.rows(count, agreed.contracts)[0][0])


@pytest.mark.kill
@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
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
