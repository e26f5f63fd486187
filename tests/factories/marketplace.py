"""Works for sale and negotiations about them, made as clients make them."""

from __future__ import annotations

from typing import Any

from tests.client import Api
from tests.factories.accounts import PASSWORD, Actor

CREATE = "mutation ($input: CreateWorkInput!) { createWork(input: $input) { id } }"
PUBLISH = "mutation ($id: ID!) { publishWork(workId: $id) { id status } }"
MANDATE = "mutation ($id: ID!, $scope: ScopeInput!) { addMandate(workId: $id, scope: $scope) { id } }"


def scope(**changes: Any) -> dict[str, Any]:
    """Exclusive print and e-book rights in Thailand, in Thai, for 2027 to 2031."""
    return {
        "rights": ["PRINT", "EBOOK"],
        "territories": ["TH"],
        "languages": ["th"],
        "period": {"start": "2027-01-01", "end": "2032-01-01"},
        "exclusive": True,
        **changes,
    }


WORLD = scope(
    rights=["PRINT", "EBOOK", "AUDIOBOOK"],
    territories=["WORLD"],
    exceptTerritories=["CN"],
    languages=None,
    period={"start": "2026-01-01", "end": "2041-01-01"},
)

OFFER = """
mutation ($input: OfferInput!) {
  makeOffer(input: $input) { id status offers { id version } buyer { id } seller { id } awaiting { id } }
}
"""
COUNTER = """
mutation ($id: ID!, $terms: TermsInput!, $message: String) {
  counterOffer(negotiationId: $id, terms: $terms, message: $message) { id status offers { id version } awaiting { id } }
}
"""
ACCEPT = """
mutation ($id: ID!, $offer: ID!) {
  acceptOffer(negotiationId: $id, offerId: $offer) {
    id status contract { id status languages number documentUrl documentSha256 }
  }
}
"""
SIGN = """
mutation ($id: ID!, $name: String!, $password: String!) {
  signContract(contractId: $id, name: $name, password: $password) {
    id status license { id status licensee } signatures { name documentSha256 by { id } } awaiting { id }
  }
}
"""
TABLES = (
    "negotiations",
    "offers",
    "messages",
    "contracts",
    "signatures",
    "licenses",
    "rights_claims",
    "texts",
    "audit_log",
)


def terms(**changes: Any) -> dict[str, Any]:
    return {
        "scope": scope(),
        "advance": {"minor": "550000", "currency": "USD"},
        "royaltyPercent": "7.5",
        **changes,
    }


async def offer(api: Api, buyer: Actor, work_id: str, **changes: Any) -> dict[str, Any]:
    given = {"workId": work_id, "terms": terms(), **changes}
    made: dict[str, Any] = (await api.data(OFFER, {"input": given}, token=buyer.token))["makeOffer"]
    return made


async def accept(api: Api, by: Actor, negotiation: dict[str, Any]) -> dict[str, Any]:
    latest = negotiation["offers"][-1]["id"]
    agreed: dict[str, Any] = (await api.data(ACCEPT, {"id": negotiation["id"], "offer": latest}, token=by.token))[
        "acceptOffer"
    ]
    return agreed


async def sign(api: Api, by: Actor, contract_id: str) -> dict[str, Any]:
    signed: dict[str, Any] = (
        await api.data(SIGN, {"id": contract_id, "name": "Signed by hand", "password": PASSWORD}, token=by.token)
    )["signContract"]
    return signed


async def work(
    api: Api, owner: Actor, *, mandate: dict[str, Any] | None = WORLD, publish: bool = True, **changes: Any
) -> str:
    """The id of a published book with the world's rights but China's."""
    given = {"kind": "BOOK", "originalLanguage": "zh", "title": "山海经", **changes}
    made = await api.data(CREATE, {"input": given}, token=owner.token)
    work_id = str(made["createWork"]["id"])
    if mandate:
        await api.data(MANDATE, {"id": work_id, "scope": mandate}, token=owner.token)
    if publish:
        await api.data(PUBLISH, {"id": work_id}, token=owner.token)
    return work_id
