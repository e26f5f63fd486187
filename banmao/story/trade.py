"""The steps of the trade: a list comes in, is found, offered for, signed, guarded, and run from a studio.

Each does what people would do, and insists on what must come of it.
"""

from __future__ import annotations

from typing import Any

from banmao.demo import PASSWORD
from banmao.story.client import Refusal, StoryFailed, insist, until
from banmao.story.publisher_list import TITLES, onix
from banmao.story.stage import AGENT, HANOI_BUYER, PUBLISHER, RIVAL, SCOPE, STUDIO, Stage, person

THAI_QUERY = "วีรบุรุษหนุ่ม กว่างซี"
THAI_TITLE = "ตำนานวีรชนแห่งหลิ่งหนาน"
TRANSLATION_RIGHTS = {
    "rights": ["PRINT", "EBOOK", "AUDIOBOOK"],
    "territories": ["WORLD"],
    "exceptTerritories": ["CN"],
    "period": {"start": "2026-01-01", "end": "2041-01-01"},
    "exclusive": True,
}
"""ONIX says where the Chinese edition may be sold; what may be licensed in other languages, the publisher adds."""


async def import_list(stage: Stage) -> None:
    """A Guilin publisher imports its list from ONIX; drafts appear; a person corrects the one that matters."""
    publisher = await person(stage, PUBLISHER)
    stage.tell("signed in", f"{publisher.name}, {publisher.organization}")
    started = await publisher.ask(
        "mutation ($file: Upload!) { importCatalog(file: $file, format: ONIX) { id } }",
        uploads={"file": ("list.xml", onix(), "application/xml")},
        file=None,
    )
    import_id = started["importCatalog"]["id"]

    async def progress() -> Any:
        query = """query ($id: ID!) { catalogImport(id: $id) {
                     status total created updated skipped problems { code field line message } } }"""
        seen = (await publisher.ask(query, id=import_id))["catalogImport"]
        stage.doing(f"importing: {seen['created']} of {seen['total']}")
        return seen

    done = await until(
        "the import", progress, lambda seen: seen["status"] == "DONE", bad=lambda s: s["status"] == "FAILED"
    )
    insist(done["created"] == len(TITLES) and not done["problems"], f"the import: {done}")
    found = await publisher.ask(
        "{ myWorks(first: 100) { edges { node { id title { text } identifiers { scheme value } } } } }"
    )
    by_isbn = {
        identifier["value"]: edge["node"]
        for edge in found["myWorks"]["edges"]
        for identifier in edge["node"]["identifiers"]
        if identifier["scheme"] == "ISBN"
    }
    for title in TITLES:
        work = by_isbn[title.isbn]
        insist(work["title"]["text"] == title.title, f"{title.isbn} is {work['title']}")
        stage.tell(f"ISBN {title.isbn}", work["title"]["text"])
        await publisher.ask(
            "mutation ($id: ID!, $scope: ScopeInput!) { addMandate(workId: $id, scope: $scope) { id } }",
            id=work["id"],
            scope=TRANSLATION_RIGHTS,
        )
        await publisher.ask("mutation ($id: ID!) { publishWork(workId: $id) { status } }", id=work["id"])
    novel = by_isbn[TITLES[0].isbn]
    stage.known["novel"] = novel["id"]
    stage.known["second"] = by_isbn[TITLES[1].isbn]["id"]

    async def drafts() -> Any:
        stage.doing("waiting for the Thai draft")
        query = 'query ($id: ID!) { work(id: $id) { description(language: "th") { text language origin original { text } } } }'
        return (await publisher.ask(query, id=novel["id"]))["work"]["description"]

    draft = await until("the Thai draft", drafts, lambda seen: seen["language"] == "th")
    insist(draft["origin"] == "MACHINE" and draft["original"]["text"] == TITLES[0].blurb, f"the draft: {draft}")
    stage.tell("machine draft", f"{draft['text']}")
    title_id = (await publisher.ask("query ($id: ID!) { work(id: $id) { title { textId } } }", id=novel["id"]))["work"][
        "title"
    ]["textId"]
    await publisher.ask(
        'mutation ($id: ID!, $text: String!) { reviewText(textId: $id, language: "th", text: $text) { text } }',
        id=title_id,
        text=THAI_TITLE,
    )
    stage.tell("corrected by hand", THAI_TITLE)


async def find_and_offer(stage: Stage) -> None:
    """An agent in Bangkok types Thai words, finds the novel, asks what is free, and makes an offer."""
    agent = await person(stage, AGENT)
    novel = stage.known["novel"]
    search = """query ($query: String!, $scope: ScopeInput) {
      searchWorks(query: $query, language: "th", filter: { availableFor: $scope }, first: 5) {
        totalCount edges { node { id title { text origin original { text } } description { text origin } } } } }"""

    async def look() -> Any:
        stage.doing(f"searching for {THAI_QUERY}")
        return (await agent.ask(search, query=THAI_QUERY, scope=SCOPE))["searchWorks"]

    hits = await until(
        "the search", look, lambda seen: any(edge["node"]["id"] == novel for edge in seen["edges"]), seconds=20
    )
    hit = next(edge["node"] for edge in hits["edges"] if edge["node"]["id"] == novel)
    insist(hit["title"]["origin"] == "REVIEWED" and hit["title"]["text"] == THAI_TITLE, f"the hit: {hit}")
    stage.tell("query", THAI_QUERY)
    stage.tell("hit", f"{hit['title']['text']} · {hit['title']['original']['text']}")
    availability = """query ($id: ID!, $scope: ScopeInput!) { availability(workId: $id, scope: $scope) {
                        available blocked { reason explanation } } }"""
    free = (await agent.ask(availability, id=novel, scope=SCOPE))["availability"]
    insist(free["available"], f"Thailand: {free}")
    home = (await agent.ask(availability, id=novel, scope={**SCOPE, "territories": ["CN"]}))["availability"]
    insist([each["reason"] for each in home["blocked"]] == ["NO_MANDATE"], f"China: {home}")
    stage.tell("free", "print and e-book in Thai, Thailand, 2027 to 2031; mainland China is not offered")
    offer = await agent.ask(
        """mutation ($input: OfferInput!) { makeOffer(input: $input) { id offers { id } } }""",
        input={
            "workId": novel,
            "terms": {"scope": SCOPE, "advance": {"minor": "300000", "currency": "USD"}, "royaltyPercent": "7"},
        },
    )
    negotiation = offer["makeOffer"]["id"]
    stage.known["negotiation"] = negotiation
    publisher = await person(stage, PUBLISHER)
    countered = await publisher.ask(
        """mutation ($id: ID!, $terms: TermsInput!, $message: String) {
             counterOffer(negotiationId: $id, terms: $terms, message: $message) { offers { id } } }""",
        id=negotiation,
        terms={"scope": SCOPE, "advance": {"minor": "450000", "currency": "USD"}, "royaltyPercent": "7.5"},
        message="谢谢您的报价。包括插图。",
    )
    stage.known["offer"] = countered["counterOffer"]["offers"][-1]["id"]

    async def thread() -> Any:
        stage.doing("waiting for the message in Thai")
        query = """query ($id: ID!) { negotiation(id: $id) {
                     offers { version terms { advance { formatted } scope { summary } } }
                     messages { text { text language origin original { text } } } } }"""
        return (await agent.ask(query, id=negotiation))["negotiation"]

    talk = await until(
        "the message in Thai", thread, lambda seen: seen["messages"][0]["text"]["language"] == "th", seconds=60
    )
    message = talk["messages"][0]["text"]
    stage.tell(
        "version 2",
        f"{talk['offers'][1]['terms']['advance']['formatted']} · {talk['offers'][1]['terms']['scope']['summary']}",
    )
    stage.tell("message", f"{message['original']['text']} → {message['text']} ({message['origin'].lower()})")


async def sign_and_refuse(stage: Stage) -> None:
    """Both sign one bilingual contract; from then on nobody can sell the same right again."""
    agent, publisher = await person(stage, AGENT), await person(stage, PUBLISHER)
    rival = await person(stage, RIVAL)
    late = await rival.ask(
        "mutation ($input: OfferInput!) { makeOffer(input: $input) { id offers { id } } }",
        input={"workId": stage.known["novel"], "terms": {"scope": {**SCOPE, "territories": ["TH", "LA"]}}},
    )
    agreed = await agent.ask(
        """mutation ($id: ID!, $offer: ID!) { acceptOffer(negotiationId: $id, offerId: $offer) {
             status contract { id number languages documentUrl documentSha256 } } }""",
        id=stage.known["negotiation"],
        offer=stage.known["offer"],
    )
    contract = agreed["acceptOffer"]["contract"]
    stage.tell("contract", f"{contract['number']} in {' and '.join(contract['languages'])}")
    document = await stage.http.get(contract["documentUrl"], headers={"Authorization": f"Bearer {agent.token}"})
    insist(document.content.startswith(b"%PDF"), f"the document: {document.status_code}")
    sign = """mutation ($id: ID!, $name: String!, $password: String!) {
      signContract(contractId: $id, name: $name, password: $password) { status license { id status } signatures { name } } }"""
    for signer in (publisher, agent):
        signed = (await signer.ask(sign, id=contract["id"], name=signer.name, password=PASSWORD))["signContract"]
    insist(signed["status"] == "IN_FORCE" and signed["license"]["status"] == "ACTIVE", f"the contract: {signed}")
    stage.tell("signed", " and ".join(each["name"] for each in signed["signatures"]))
    for attempt, query, variables in (
        (
            "acceptance",
            "mutation ($id: ID!, $offer: ID!) { acceptOffer(negotiationId: $id, offerId: $offer) { id } }",
            {"id": late["makeOffer"]["id"], "offer": late["makeOffer"]["offers"][0]["id"]},
        ),
        (
            "licence outside",
            'mutation ($id: ID!, $scope: ScopeInput!) { recordLicense(workId: $id, licensee: "X", scope: $scope) { id } }',
            {"id": stage.known["novel"], "scope": SCOPE},
        ),
    ):
        try:
            await publisher.ask(query, **variables)
        except Refusal as refusal:
            insist(refusal.code == "RIGHTS_TAKEN", f"{attempt}: {refusal}")
            stage.tell(f"refused {attempt}", f"{refusal.code}: {refusal.message}")
        else:
            raise StoryFailed(f"the right was sold twice, by {attempt}")


async def studio_moves(stage: Stage) -> None:
    """The studio in Hanoi sees Viet Nam's deals, and only those, and moves them along."""
    buyer, studio = await person(stage, HANOI_BUYER), await person(stage, STUDIO)
    scope = {**SCOPE, "territories": ["VN"], "languages": ["vi"]}
    made = await buyer.ask(
        "mutation ($input: OfferInput!) { makeOffer(input: $input) { id } }",
        input={
            "workId": stage.known["second"],
            "terms": {"scope": scope, "advance": {"minor": "200000", "currency": "USD"}},
        },
    )
    deals = """{ studioDeals(first: 50) { edges { node { id stage territories summary work { title { text } } } } } }"""
    seen = [edge["node"] for edge in (await studio.ask(deals))["studioDeals"]["edges"]]
    insist(seen[0]["id"] == made["makeOffer"]["id"], f"the studio sees {seen}")
    insist(all(each["territories"] == ["VN"] for each in seen), f"territories: {seen}")
    insist(
        stage.known["negotiation"] not in {each["id"] for each in seen}, "the studio sees Thailand's deal on its board"
    )
    hidden = await studio.ask("query ($id: ID!) { negotiation(id: $id) { id } }", id=stage.known["negotiation"])
    insist(hidden["negotiation"] is None, "the studio sees Thailand's deal")
    stage.tell(f"{studio.organization}", seen[0]["summary"])
    moved = await studio.ask(
        """mutation ($id: ID!, $next: String) {
             moveDeal(dealId: $id, stage: NEGOTIATING, nextStep: $next, dueOn: "2026-12-01") { stage nextStep } }""",
        id=seen[0]["id"],
        next="Gọi lại cho Nhà sách Sông Lam",
    )
    insist(moved["moveDeal"]["stage"] == "NEGOTIATING", f"the deal: {moved}")
    stage.tell(
        "moved", f"{seen[0]['stage'].lower()} → {moved['moveDeal']['stage'].lower()}: {moved['moveDeal']['nextStep']}"
    )
    stage.tell("Thailand's deal", "not visible from Hanoi")
