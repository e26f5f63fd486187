"""Contracts being signed, or lapsing unsigned, when the web process, the worker or PostgreSQL dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.factories.accounts import PASSWORD, Actor, actor
from tests.factories.marketplace import ACCEPT, OFFER, SIGN, scope, terms, work
from tests.kill.gates import Moment, gate
from tests.kill.watched import DEATHS, Death, Remote, Watched

pytestmark = pytest.mark.kill
PLACES = ("TH", "LA", "VN", "MM", "KH", "MY", "SG", "BN", "ID", "PH")
WHILE_MANY_SIGN = ("the web process", "postgresql")


@dataclass(frozen=True)
class Agreed:
    """Contracts between two houses about one work, drawn up and not signed yet."""

    seller: Actor
    buyer: Actor
    title: str
    work: str
    negotiations: list[str]
    contracts: list[str]

    @property
    def asked(self) -> list[tuple[Actor, str, str]]:
        """Each side's signature under each contract: who, which, and the Idempotency-Key."""
        return [(side, contract, uuid4().hex) for contract in self.contracts for side in (self.seller, self.buyer)]


async def agree(api: Remote, places: Sequence[str]) -> Agreed:
    """A contract for each place."""
    name = uuid4().hex[:8]
    seller = await actor(api.runtime, f"seller-{name}", country="CN", language="zh")
    buyer = await actor(api.runtime, f"buyer-{name}", country="TH", language="th")
    title = f"山海经 {name}"
    made = Agreed(seller, buyer, title, await work(api, seller, title=title), [], [])
    for place in places:
        given = {"workId": made.work, "terms": terms(scope=scope(territories=[place]))}
        offered = (await api.data(OFFER, {"input": given}, token=buyer.token))["makeOffer"]
        accepted = await api.data(
            ACCEPT, {"id": offered["id"], "offer": offered["offers"][0]["id"]}, token=seller.token
        )
        made.negotiations.append(str(offered["id"]))
        made.contracts.append(str(accepted["acceptOffer"]["contract"]["id"]))
    return made


def sign(api: Remote, side: Actor, contract: str, key: str) -> Awaitable[dict[str, Any]]:
    return api.insist(SIGN, {"id": contract, "name": "By hand", "password": PASSWORD}, token=side.token, key=key)


async def kill_in_the_middle(hub: Watched, agreed: Agreed, death: Death) -> int:
    """Kill as soon as the first signature is there. Answers how many were there then."""
    count = "SELECT count(*) FROM signatures WHERE contract_id = ANY (%s::uuid[])"
    await hub.when(count, lambda signatures: signatures > 0, agreed.contracts)
    death(hub)
    await hub.answers()
    return int(hub.rows(count, agreed.contracts)[0][0])


@pytest.mark.parametrize("death", [DEATHS[name] for name in WHILE_MANY_SIGN], ids=WHILE_MANY_SIGN)
async def test_many_sign_and_the_hub_dies(hub: Watched, api: Remote, death: Death) -> None:
    agreed = await agree(api, PLACES)
    asked = agreed.asked
    signing = asyncio.gather(*(sign(api, *each) for each in asked))
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
    again = await asyncio.gather(*(sign(api, *each) for each in asked))
    assert again == answers, "asked again, the same is answered and nothing happens"
    assert hub.rows("SELECT count(*) FROM signatures WHERE contract_id = ANY (%s::uuid[])", ids) == [(2 * len(ids),)]


MOMENTS = {
    "lapses": Moment("UPDATE ON contracts", "new.status = 'ENDED'"),
    "comes into force": Moment("UPDATE ON contracts", "new.status = 'IN_FORCE'"),
    "is signed first": Moment("INSERT ON signatures"),
}
SEEN = """
query ($id: ID!, $work: ID!, $title: String!, $scope: ScopeInput!) {
  negotiation(id: $id) { status contract { status signatures { by { id } } license { status } } }
  availability(workId: $work, scope: $scope) { available blocked { reason } }
  searchWorks(query: $title, filter: { availableFor: $scope }) { edges { node { id } } }
}
"""
TIME_IS_UP = """
WITH late AS (UPDATE contracts SET sign_by = now() WHERE id = %s)
UPDATE procrastinate_jobs SET scheduled_at = now()
 WHERE task_name = 'marketplace.release_unsigned' AND args ->> 'contract_id' = %s
"""


def told(hub: Watched, contract: str) -> list[str]:
    """What the log says of a contract and its licence, in order."""
    query = """
    SELECT action FROM audit_log WHERE subject_id = %s
        OR subject_id IN (SELECT id FROM licenses WHERE contract_id = %s) ORDER BY id
    """
    return [action.removeprefix("marketplace.") for (action,) in hub.rows(query, contract, contract)]


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
async def test_each_contract_goes_its_way_once(hub: Watched, api: Remote, death: Death) -> None:
    places = ("TH", "LA", "VN")
    agreed = await agree(api, places)
    lapsing, closing, opening = agreed.contracts
    for contract in (lapsing, closing):
        assert "errors" not in await sign(api, agreed.seller, contract, uuid4().hex)
    asked = [(agreed.buyer, closing, uuid4().hex), (agreed.seller, opening, uuid4().hex)]
    rows = [{"id": lapsing}, {"id": closing}, {"contract_id": opening}]
    with ExitStack() as stack:
        gates = [
            stack.enter_context(gate(hub, moment, **row)) for moment, row in zip(MOMENTS.values(), rows, strict=True)
        ]
        signing = asyncio.gather(*(sign(api, *each) for each in asked))
        hub.change(TIME_IS_UP, lapsing, lapsing)
        for each in gates:
            await each.reached()
        death(hub)
        for each in gates:
            each.open()
        await hub.answers()
        answers = await signing
    assert not [answer for answer in answers if "errors" in answer]
    await hub.settled()
    assert not hub.failed()

    async def seen(place: str) -> tuple[str, str, int, str | None, list[str], bool]:
        """Negotiation, contract, signatures, licence; who stands in the way of another buyer; whether the work is found."""
        number = places.index(place)
        given = {"id": agreed.negotiations[number], "work": agreed.work, "title": agreed.title}
        found = await api.data(SEEN, {**given, "scope": scope(territories=[place])}, token=agreed.seller.token)
        negotiation, contract = found["negotiation"], found["negotiation"]["contract"]
        return (
            negotiation["status"],
            contract["status"],
            len(contract["signatures"]),
            contract["license"] and contract["license"]["status"],
            [blocked["reason"] for blocked in found["availability"]["blocked"]],
            agreed.work in [edge["node"]["id"] for edge in found["searchWorks"]["edges"]],
        )

    assert await seen("TH") == ("EXPIRED", "ENDED", 1, None, [], True)
    assert await seen("LA") == ("SIGNED", "IN_FORCE", 2, "ACTIVE", ["LICENSED_EXCLUSIVELY"], False)
    assert await seen("VN") == ("AGREED", "AWAITING_SIGNATURES", 1, None, ["LICENSED_EXCLUSIVELY"], False)
    assert told(hub, lapsing) == ["contract.signed", "contract.lapsed"]
    assert told(hub, closing) == ["contract.signed", "contract.signed", "license.granted"]
    assert told(hub, opening) == ["contract.signed"]
    again = await asyncio.gather(*(sign(api, *each) for each in asked))
    assert again == answers, "asked again, the same is answered and nothing happens"
    assert told(hub, opening) == ["contract.signed"]
