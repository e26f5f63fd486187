"""Nobody sells the same right twice, however many press at once."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from catalog.languages import numbers
from hub.runtime import Runtime
from marketplace import tasks
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.marketplace import ACCEPT, accept, offer, scope, sign, terms, work

BUYERS = 64
THAI_AND_LAO = numbers(frozenset({"th", "lo"}))


async def test_sixty_four_buyers_accept_in_the_same_moment_and_one_wins(api: Api, database: TestDatabase) -> None:
    seller = await actor(api.runtime, "guilin", country="CN", language="zh")
    work_id = await work(api, seller)
    buyers = [await actor(api.runtime, f"buyer-{number}", country="TH", language="th") for number in range(BUYERS)]
    offers = [await offer(api, buyer, work_id) for buyer in buyers]
    counter = """
    mutation ($id: ID!, $terms: TermsInput!) { counterOffer(negotiationId: $id, terms: $terms) { offers { id } } }
    """
    for each in offers:
        made = await api.data(counter, {"id": each["id"], "terms": terms()}, token=seller.token)
        each["offers"] = made["counterOffer"]["offers"]
    answers = await asyncio.gather(
        *(
            api.ask(ACCEPT, {"id": each["id"], "offer": each["offers"][-1]["id"]}, token=buyer.token, language="th")
            for each, buyer in zip(offers, buyers, strict=True)
        )
    )
    refused = [answer["errors"][0] for answer in answers if "errors" in answer]
    assert len(refused) == BUYERS - 1
    assert {error["extensions"]["code"] for error in refused} == {"RIGHTS_TAKEN"}
    assert all(answer["data"] is None for answer in answers if "errors" in answer)
    assert database.rows("SELECT status, count(*) FROM negotiations GROUP BY 1 ORDER BY 1") == [
        ("AGREED", 1),
        ("OPEN", 63),
    ]
    assert database.count("contracts") == 1
    assert database.count("rights_claims") == 2


async def test_the_constraint_holds_without_any_check(api: Api, runtime: Runtime, database: TestDatabase) -> None:
    """Straight into the table, from many connections: what the services check, the database enforces."""
    seller = await actor(api.runtime, "guilin", country="CN", language="zh")
    buyer = await actor(api.runtime, "lilavadee", country="TH", language="th")
    work_id = await work(api, seller)
    agreed = await accept(api, seller, await offer(api, buyer, work_id, terms=terms(scope=scope(territories=["LA"]))))
    (row,) = database.rows("SELECT work_id, contract_id FROM rights_claims LIMIT 1")
    insert = """
    INSERT INTO rights_claims (work_id, right_type, territories, languages, period, exclusive, claim, contract_id, held_until)
    VALUES (%s, 'PRINT', %s, %s, '[2027-01-01,2030-01-01)', %s, %s, %s, now())
    """

    def attempt(territories: list[int], exclusive: bool, point: int) -> bool:
        claim = "(,)" if exclusive else f"[{point},{point + 1})"
        with psycopg.connect(database.app_url) as connection:
            try:
                connection.execute(insert, (row[0], territories, THAI_AND_LAO, exclusive, claim, row[1]))
            except psycopg.errors.ExclusionViolation:
                return False
        return True

    same = await asyncio.gather(*(asyncio.to_thread(attempt, [764, 116], True, n) for n in range(16)))
    assert sum(same) == 1
    beside = await asyncio.gather(*(asyncio.to_thread(attempt, [764], False, n) for n in range(4)))
    assert not any(beside)
    shared = await asyncio.gather(*(asyncio.to_thread(attempt, [704], False, n) for n in range(8)))
    assert all(shared)
    assert await asyncio.to_thread(attempt, [704, 360], True, 99) is False
    assert agreed["status"] == "AGREED"


async def test_both_sign_at_once_and_the_licence_is_one(api: Api, database: TestDatabase) -> None:
    seller = await actor(api.runtime, "guilin", country="CN", language="zh")
    buyer = await actor(api.runtime, "lilavadee", country="TH", language="th")
    agreed = await accept(api, seller, await offer(api, buyer, await work(api, seller)))
    contract_id = agreed["contract"]["id"]
    signed = await asyncio.gather(sign(api, seller, contract_id), sign(api, buyer, contract_id))
    assert {each["status"] for each in signed} == {"AWAITING_SIGNATURES", "IN_FORCE"}
    assert database.rows("SELECT status FROM contracts") == [("IN_FORCE",)]
    assert database.count("licenses") == 1


async def test_accept_and_decline_race_and_one_of_them_counts(api: Api, database: TestDatabase) -> None:
    seller = await actor(api.runtime, "guilin", country="CN", language="zh")
    buyer = await actor(api.runtime, "lilavadee", country="TH", language="th")
    made = await offer(api, buyer, await work(api, seller))
    withdraw = "mutation ($id: ID!) { withdrawOffer(negotiationId: $id) { status } }"
    answers = await asyncio.gather(
        api.ask(ACCEPT, {"id": made["id"], "offer": made["offers"][0]["id"]}, token=seller.token),
        api.ask(withdraw, {"id": made["id"]}, token=buyer.token),
    )
    assert sum("errors" in answer for answer in answers) == 1
    ((status,),) = database.rows("SELECT status FROM negotiations")
    assert database.count("contracts") == (status == "AGREED")


async def test_rights_that_nobody_signed_for_are_let_go(api: Api, database: TestDatabase) -> None:
    seller = await actor(api.runtime, "guilin", country="CN", language="zh")
    buyer = await actor(api.runtime, "lilavadee", country="TH", language="th")
    work_id = await work(api, seller)
    agreed = await accept(api, seller, await offer(api, buyer, work_id))
    args = {"contract_id": agreed["contract"]["id"], "organization_id": str(seller.organization_id)}
    await tasks.release_unsigned(api.runtime, **args)
    assert database.count("rights_claims") == 2
    database.rows("UPDATE contracts SET sign_by = now() - interval '1 minute' RETURNING id")
    for _twice in range(2):
        await tasks.release_unsigned(api.runtime, **args)
    assert database.count("rights_claims") == 0
    assert database.rows("SELECT status FROM contracts") == [("ENDED",)]
    await offer(api, buyer, work_id)


@pytest.mark.parametrize("studio_of", ["TH", "VN"])
async def test_a_studio_sees_the_deals_of_its_territories_only(
    api: Api, database: TestDatabase, studio_of: str
) -> None:
    seller = await actor(api.runtime, "guilin", country="CN", language="zh")
    buyer = await actor(api.runtime, "lilavadee", country="TH", language="th")
    studio = await actor(api.runtime, "studio", kind="STUDIO", country=studio_of, territories=[studio_of])
    made = await offer(api, buyer, await work(api, seller), message="ขอบคุณ")
    deals = """{ studioDeals { totalCount edges { node { id stage territories summary value { formatted } } } }
                 studioSummary { open pipeline { formatted } stages { stage count } } }"""
    seen = await api.data(deals, token=studio.token, language="vi")
    move = 'mutation ($id: ID!) { moveDeal(dealId: $id, stage: NEGOTIATING, nextStep: "Gọi lại") { stage nextStep owner } }'
    read = "query ($id: ID!) { negotiation(id: $id) { status messages { id } offers { version } } }"
    if studio_of == "TH":
        assert [edge["node"]["id"] for edge in seen["studioDeals"]["edges"]] == [made["id"]]
        assert seen["studioSummary"]["open"] == 1
        moved = (await api.data(move, {"id": made["id"]}, token=studio.token))["moveDeal"]
        assert (moved["stage"], moved["nextStep"], moved["owner"]) == ("NEGOTIATING", "Gọi lại", "Studio")
        shown = (await api.data(read, {"id": made["id"]}, token=studio.token))["negotiation"]
        assert (len(shown["offers"]), shown["messages"]) == (1, [])
        won = await api.refusal(move.replace("NEGOTIATING", "WON"), {"id": made["id"]}, token=studio.token)
        assert won["code"] == "CONFLICT"
        assert (await api.refusal(ACCEPT, {"id": made["id"], "offer": made["offers"][0]["id"]}, token=studio.token))[
            "code"
        ] == "NOT_FOUND"
    else:
        assert seen["studioDeals"]["edges"] == []
        assert (await api.data(read, {"id": made["id"]}, token=studio.token))["negotiation"] is None
        assert (await api.refusal(move, {"id": made["id"]}, token=studio.token))["code"] == "NOT_FOUND"
        assert database.count("deal_cards") == 0


async def test_the_whole_world_in_every_language_fits_a_claim(api: Api, database: TestDatabase) -> None:
    seller = await actor(api.runtime, "guilin", country="CN", language="zh")
    whole = scope(rights=["PRINT"], territories=["WORLD"], languages=None)
    work_id = await work(api, seller, mandate={**whole, "period": {"start": "2020-01-01"}})
    record = (
        'mutation ($id: ID!, $scope: ScopeInput!) { recordLicense(workId: $id, licensee: "X", scope: $scope) { id } }'
    )
    await api.data(record, {"id": work_id, "scope": whole}, token=seller.token)
    tiny = scope(rights=["PRINT"], territories=["TL"], languages=["tet"])
    assert (await api.refusal(record, {"id": work_id, "scope": tiny}, token=seller.token))["code"] == "RIGHTS_TAKEN"
    assert database.count("rights_claims") == 1
