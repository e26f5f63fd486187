"""From an offer to a licence, between two sides that share no language."""

from __future__ import annotations

import hashlib

import pytest

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.marketplace import ACCEPT, COUNTER, OFFER, SIGN, TABLES, accept, offer, scope, sign, terms, work

AVAILABLE = """
query ($id: ID!, $scope: ScopeInput!) {
  availability(workId: $id, scope: $scope) {
    available blocked { reason rights territories languages period { start end } explanation }
  }
}
"""
READ = """
query ($id: ID!) { negotiation(id: $id) {
  status offers { version terms { scope { summary } advance { formatted } royaltyPercent } }
  messages { text { text language origin } } contract { id status }
} }
"""


@pytest.fixture
async def seller(api: Api) -> Actor:
    return await actor(api.runtime, "guilin", country="CN", language="zh")


@pytest.fixture
async def buyer(api: Api) -> Actor:
    return await actor(api.runtime, "lilavadee", kind="AGENCY", country="TH", language="th")


async def test_offer_counter_accept_sign_licence(api: Api, database: TestDatabase, seller: Actor, buyer: Actor) -> None:
    work_id = await work(api, seller)
    negotiation = await offer(api, buyer, work_id, message="ขอบคุณ")
    assert negotiation["awaiting"]["id"] == str(seller.organization_id)
    countered = (
        await api.data(
            COUNTER,
            {
                "id": negotiation["id"],
                "terms": terms(scope=scope(period={"start": "2027-01-01", "end": "2030-01-01"})),
                "message": "谢谢",
            },
            token=seller.token,
        )
    )["counterOffer"]
    assert [each["version"] for each in countered["offers"]] == [1, 2]
    agreed = await accept(api, buyer, countered)
    assert agreed["status"] == "AGREED"
    assert agreed["contract"]["status"] == "AWAITING_SIGNATURES"
    assert sorted(agreed["contract"]["languages"]) == ["th", "zh"]
    asked = await api.data(AVAILABLE, {"id": work_id, "scope": scope()}, token=buyer.token)
    assert asked["availability"]["available"] is False

    first = await sign(api, seller, agreed["contract"]["id"])
    assert (first["status"], first["license"]) == ("AWAITING_SIGNATURES", None)
    last = await sign(api, buyer, agreed["contract"]["id"])
    assert last["status"] == "IN_FORCE"
    assert last["license"]["status"] == "ACTIVE"
    assert {each["documentSha256"] for each in last["signatures"]} == {agreed["contract"]["documentSha256"]}
    assert database.rows("SELECT status FROM negotiations") == [("SIGNED",)]
    assert database.rows("SELECT count(*) FROM rights_claims WHERE license_id IS NOT NULL") == [(2,)]

    shown = (await api.data(READ, {"id": negotiation["id"]}, token=buyer.token, language="th"))["negotiation"]
    assert shown["offers"][1]["terms"]["advance"]["formatted"] == "US$5,500"
    assert [each["text"]["text"] for each in shown["messages"]] == ["ขอบคุณ", "谢谢"]


async def test_the_document_is_what_was_agreed(api: Api, seller: Actor, buyer: Actor, database: TestDatabase) -> None:
    agreed = await accept(api, seller, await offer(api, buyer, await work(api, seller)))
    ((key, digest, stored),) = database.rows("SELECT document_key, document_sha256, terms FROM contracts")
    document = await api.runtime.storage.get(key)
    assert document.startswith(b"%PDF")
    assert hashlib.sha256(document).hexdigest() == digest == agreed["contract"]["documentSha256"]
    assert stored["agreed"]["advance"] == {"minor": 550000, "currency": "USD"}
    assert stored["agreed"]["royaltyPercent"] == "7.5000"
    assert [version["language"] for version in stored["versions"]] == ["zh", "th"]
    response = await api.http.get(agreed["contract"]["documentUrl"], headers={"Authorization": f"Bearer {buyer.token}"})
    assert response.status_code == 200
    assert response.content == document
    stranger = await actor(api.runtime, "stranger")
    for headers in ({}, {"Authorization": f"Bearer {stranger.token}"}):
        refused = await api.http.get(agreed["contract"]["documentUrl"], headers=headers)
        assert refused.status_code == 404
        assert b"%PDF" not in refused.content


async def test_a_second_exclusive_sale_is_refused(
    api: Api, database: TestDatabase, seller: Actor, buyer: Actor
) -> None:
    work_id = await work(api, seller)
    rival = await actor(api.runtime, "bangkok-books", country="TH", language="th")
    theirs = await offer(api, rival, work_id, terms=terms(scope=scope(territories=["TH", "LA"])))
    await accept(api, seller, await offer(api, buyer, work_id))
    before = database.counts(*TABLES)

    refused = await api.refusal(
        ACCEPT, {"id": theirs["id"], "offer": theirs["offers"][0]["id"]}, token=seller.token, language="en"
    )
    assert (refused["code"], refused["status"], refused["field"]) == ("RIGHTS_TAKEN", 409, "scope")
    assert refused["params"]["territories"] == ["TH"]
    assert "agreed with another buyer, and held until" in refused["message"]
    assert "You may still grant" in refused["message"]
    assert "Laos" in refused["message"]
    again = await api.refusal(OFFER, {"input": {"workId": work_id, "terms": terms()}}, token=rival.token)
    assert again["code"] == "RIGHTS_TAKEN"
    record = (
        'mutation ($id: ID!, $scope: ScopeInput!) { recordLicense(workId: $id, licensee: "X", scope: $scope) { id } }'
    )
    outside = await api.refusal(record, {"id": work_id, "scope": scope()}, token=seller.token)
    assert outside["code"] == "RIGHTS_TAKEN"
    assert database.counts(*TABLES) == before


async def test_a_counter_offer_that_adds_a_sold_territory_is_refused(
    api: Api, database: TestDatabase, seller: Actor, buyer: Actor
) -> None:
    work_id = await work(api, seller)
    rival = await actor(api.runtime, "vientiane", country="LA", language="lo")
    theirs = await offer(api, rival, work_id, terms=terms(scope=scope(territories=["LA"])))
    await accept(api, seller, await offer(api, buyer, work_id))
    before = database.counts(*TABLES)
    wider = {"id": theirs["id"], "terms": terms(scope=scope(territories=["LA", "TH"]))}
    assert (await api.refusal(COUNTER, wider, token=seller.token))["code"] == "RIGHTS_TAKEN"
    assert database.counts(*TABLES) == before
    await accept(api, seller, theirs)


async def test_what_is_not_the_sellers_is_not_available(
    api: Api, database: TestDatabase, seller: Actor, buyer: Actor
) -> None:
    work_id = await work(api, seller)
    held = "mutation ($id: ID!, $scope: ScopeInput!) { addHoldback(workId: $id, scope: $scope) { id } }"
    await api.data(held, {"id": work_id, "scope": scope(territories=["VN"])}, token=seller.token)
    asked = scope(rights=["PRINT"], territories=["CN", "VN", "KH"])
    answer = (await api.data(AVAILABLE, {"id": work_id, "scope": asked}, language="en"))["availability"]
    assert answer["available"] is False
    assert {(each["reason"], tuple(each["territories"])) for each in answer["blocked"]} == {
        ("NO_MANDATE", ("CN",)),
        ("HOLDBACK", ("VN",)),
    }
    before = database.counts(*TABLES)
    refused = await api.refusal(
        OFFER, {"input": {"workId": work_id, "terms": terms(scope=asked)}}, token=buyer.token, language="en"
    )
    assert refused["code"] == "NOT_AVAILABLE"
    assert "Cambodia" in refused["message"]
    assert database.counts(*TABLES) == before


async def test_signing_takes_the_password_and_happens_once(
    api: Api, database: TestDatabase, seller: Actor, buyer: Actor
) -> None:
    agreed = await accept(api, seller, await offer(api, buyer, await work(api, seller)))
    contract_id = agreed["contract"]["id"]
    wrong = {"id": contract_id, "name": "Somebody", "password": "not-my-password"}
    assert (await api.refusal(SIGN, wrong, token=buyer.token))["field"] == "password"
    viewer = await actor(api.runtime, "lilavadee", person="viewer", language="th", roles=["VIEWER"])
    stranger = await actor(api.runtime, "stranger")
    right = {**wrong, "password": "a-good-password"}
    assert (await api.refusal(SIGN, right, token=viewer.token))["code"] == "FORBIDDEN"
    assert (await api.refusal(SIGN, right, token=stranger.token))["code"] == "NOT_FOUND"
    assert (await api.refusal(SIGN, right))["code"] == "UNAUTHENTICATED"
    assert database.count("signatures") == 0
    await sign(api, buyer, contract_id)
    assert (await api.refusal(SIGN, right, token=buyer.token))["code"] == "CONFLICT"
    assert database.count("signatures") == 1


async def test_strangers_and_viewers_change_nothing(
    api: Api, database: TestDatabase, seller: Actor, buyer: Actor
) -> None:
    work_id = await work(api, seller)
    negotiation = await offer(api, buyer, work_id)
    stranger = await actor(api.runtime, "stranger")
    viewer = await actor(api.runtime, "lilavadee", person="viewer", language="th", roles=["VIEWER"])
    before = database.counts(*TABLES)
    assert (await api.data(READ, {"id": negotiation["id"]}, token=stranger.token))["negotiation"] is None
    assert (await api.data(READ, {"id": negotiation["id"]}))["negotiation"] is None
    attempts = [
        (ACCEPT, {"id": negotiation["id"], "offer": negotiation["offers"][0]["id"]}),
        (COUNTER, {"id": negotiation["id"], "terms": terms()}),
        ("mutation ($id: ID!) { declineOffer(negotiationId: $id) { id } }", {"id": negotiation["id"]}),
        ("mutation ($id: ID!) { withdrawOffer(negotiationId: $id) { id } }", {"id": negotiation["id"]}),
        ('mutation ($id: ID!) { sendMessage(negotiationId: $id, text: "hello") { id } }', {"id": negotiation["id"]}),
    ]
    for query, variables in attempts:
        assert (await api.refusal(query, variables, token=stranger.token))["code"] == "NOT_FOUND"
        assert (await api.refusal(query, variables, token=viewer.token))["code"] == "FORBIDDEN"
        assert (await api.refusal(query, variables))["code"] == "UNAUTHENTICATED"
    own = await api.refusal(
        ACCEPT, {"id": negotiation["id"], "offer": negotiation["offers"][0]["id"]}, token=buyer.token
    )
    assert own["code"] == "CONFLICT"
    mine = await api.refusal(OFFER, {"input": {"workId": work_id, "terms": terms()}}, token=seller.token)
    assert mine["code"] == "FORBIDDEN"
    assert database.counts(*TABLES) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"royaltyPercent": "seven"}, "terms.royaltyPercent"),
        ({"royaltyPercent": "101"}, "terms.royaltyPercent"),
        ({"royaltyPercent": "NaN"}, "terms.royaltyPercent"),
        ({"advance": {"minor": "-1", "currency": "USD"}}, "terms.advance"),
        ({"advance": {"minor": str(2**63 - 1), "currency": "USD"}}, "terms.advance"),
        ({"minimumGuarantee": {"minor": str(10**15), "currency": "VND"}}, "terms.minimumGuarantee"),
        ({"royaltyPercent": "0E-100000000"}, "terms.royaltyPercent"),
        ({"advance": {"minor": "1", "currency": "ZZZ"}}, "currency"),
        ({"scope": scope(territories=["ATLANTIS"])}, "terms.scope.territories"),
        ({"scope": scope(territories=[])}, "terms.scope.territories"),
        ({"scope": scope(rights=[])}, "terms.scope.rights"),
        ({"scope": scope(languages=["xx-nonsense-tag"])}, "terms.scope.languages"),
        ({"scope": scope(period={"start": "2030-01-01", "end": "2029-01-01"})}, "terms.scope.period.end"),
        ({"note": "x" * 5000}, "terms.note"),
    ],
)
async def test_terms_that_make_no_sense_are_refused(
    api: Api, database: TestDatabase, seller: Actor, buyer: Actor, changes: dict[str, object], field: str
) -> None:
    work_id = await work(api, seller)
    before = database.counts(*TABLES)
    refused = await api.refusal(OFFER, {"input": {"workId": work_id, "terms": terms(**changes)}}, token=buyer.token)
    assert (refused["code"], refused["field"]) == ("INVALID", field)
    assert database.counts(*TABLES) == before


@pytest.mark.parametrize("expires_at", ["2020-01-01T00:00:00Z", "2032-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_an_offer_stands_for_a_year_at_most(
    api: Api, database: TestDatabase, seller: Actor, buyer: Actor, expires_at: str
) -> None:
    work_id = await work(api, seller)
    before = database.counts(*TABLES)
    asked = {"input": {"workId": work_id, "terms": terms(), "expiresAt": expires_at}}
    refused = await api.refusal(OFFER, asked, token=buyer.token)
    assert (refused["code"], refused["field"]) == ("INVALID", "expiresAt")
    assert database.counts(*TABLES) == before


async def test_what_is_signed_reads_as_sold(api: Api, database: TestDatabase, seller: Actor, buyer: Actor) -> None:
    work_id = await work(api, seller)
    agreed = await accept(api, seller, await offer(api, buyer, work_id))
    asked = {"id": work_id, "scope": scope()}

    async def why() -> str:
        blocked = (await api.data(AVAILABLE, asked, language="en"))["availability"]["blocked"]
        assert [each["reason"] for each in blocked] == ["LICENSED_EXCLUSIVELY"]
        return str(blocked[0]["explanation"])

    assert "held until" in await why()
    assert database.rows("SELECT count(*) FROM rights_claims WHERE held_until IS NOT NULL") == [(2,)]
    for side in (seller, buyer):
        await sign(api, side, agreed["contract"]["id"])
    assert "sold exclusively" in await why()
    assert database.rows("SELECT count(*) FROM rights_claims WHERE held_until IS NOT NULL") == [(0,)]
