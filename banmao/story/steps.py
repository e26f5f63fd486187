"""The six steps. Each does what people would do, and insists on what must come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from banmao.demo import PASSWORD
from banmao.story import music, platform
from banmao.story.client import Person, Refusal, StoryFailed, insist, until
from banmao.story.publisher_list import TITLES, onix

if TYPE_CHECKING:
    from banmao.story.stage import Stage

PUBLISHER = ("chen.jing@guilin-xiangshan.banmao.example", "zh")
AGENT = ("pimlada@lilavadee.banmao.example", "th")
RIVAL = ("waranya@rim-nan.banmao.example", "th")
MUSICIAN = ("wei.xiaoyun@yongjiang-music.banmao.example", "zh")
OPERATOR = ("li.ke@banmao.banmao.example", "zh")
STUDIO = ("tran.tue.minh@studio-ha-noi.banmao.example", "vi")
HANOI_BUYER = ("le.thu.ha@song-lam.banmao.example", "vi")

THAI_QUERY = "วีรบุรุษหนุ่ม กว่างซี"
THAI_TITLE = "ตำนานวีรชนแห่งหลิ่งหนาน"
PERIOD = "2026-10"
TRANSLATION_RIGHTS = {
    "rights": ["PRINT", "EBOOK", "AUDIOBOOK"],
    "territories": ["WORLD"],
    "exceptTerritories": ["CN"],
    "period": {"start": "2026-01-01", "end": "2041-01-01"},
    "exclusive": True,
}
"""ONIX says where the Chinese edition may be sold; what may be licensed in other languages, the publisher adds."""
SCOPE = {
    "rights": ["PRINT", "EBOOK"],
    "territories": ["TH"],
    "languages": ["th"],
    "period": {"start": "2027-01-01", "end": "2032-01-01"},
    "exclusive": True,
}


async def person(stage: Stage, who: tuple[str, str]) -> Person:
    email, language = who
    if email not in stage.known:
        stage.known[email] = await Person(stage.http, language).sign_in(email, PASSWORD)
    found: Person = stage.known[email]
    return found


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


async def publish_abroad(stage: Stage) -> None:
    """A musician uploads an album and presses once; ISRCs, messages, audio, and every platform's answer."""
    musician = await person(stage, MUSICIAN)
    release = (
        await musician.ask(
            "mutation ($input: CreateReleaseInput!) { createRelease(input: $input) { id } }",
            uploads={"input.cover": ("cover.jpg", await asyncio.to_thread(music.cover), "image/jpeg")},
            input={
                "title": music.ALBUM,
                "language": "zh",
                "displayArtist": musician.name,
                "label": musician.organization,
                "releaseDate": "2026-10-01",
                "genre": "Folk",
                "cover": None,
            },
        )
    )["createRelease"]["id"]
    add = """mutation ($release: ID!, $input: AddTrackInput!) {
      addTrack(releaseId: $release, input: $input) { number title isrc durationMs } }"""
    isrcs = []
    for song in music.SONGS:
        stage.doing(f"uploading {song.title}")
        track = (
            await musician.ask(
                add,
                uploads={"input.audio": (f"{song.slug}.flac", await asyncio.to_thread(song.audio), "audio/flac")},
                release=release,
                input={"title": song.title, "audio": None, "splits": song.splits},
            )
        )["addTrack"]
        isrcs.append(track["isrc"])
        stage.tell(f"ISRC {track['isrc']}", f"{track['title']}, {track['durationMs'] / 1000:.1f} s")
    insist(len(set(isrcs)) == len(music.SONGS), f"ISRCs: {isrcs}")
    problems = (await musician.ask("query ($id: ID!) { release(id: $id) { problems { code message } } }", id=release))[
        "release"
    ]
    insist(not problems["problems"], f"problems: {problems}")
    publish = "mutation ($id: ID!) { publishAbroad(releaseId: $id) { id channel { name } status } }"
    pressed = (await musician.ask(publish, id=release))["publishAbroad"]
    again = (await musician.ask(publish, id=release))["publishAbroad"]
    insist({each["id"] for each in pressed} == {each["id"] for each in again}, "pressing twice made other deliveries")

    async def answers() -> Any:
        query = """query ($id: ID!) { release(id: $id) { gtin deliveries {
                     id status messageId territories channel { name protocol } problems { code field message } } } }"""
        seen = (await musician.ask(query, id=release))["release"]
        stage.doing(", ".join(f"{each['channel']['name']} {each['status'].lower()}" for each in seen["deliveries"]))
        return seen

    def live(seen: Any) -> bool:
        return all(each["status"] == "LIVE" for each in seen["deliveries"])

    def refused(seen: Any) -> bool:
        return any(each["status"] in ("REJECTED", "FAILED") for each in seen["deliveries"])

    seen = await until("the deliveries", answers, live, seconds=180, bad=refused)
    for delivery in seen["deliveries"]:
        answer = await platform.acknowledgement(stage.sandbox, delivery["channel"]["name"], delivery["messageId"])
        insist(answer.accepted, f"{delivery['channel']['name']}: {answer}")
        where = " ".join(delivery["territories"][:6]) + (" …" if len(delivery["territories"]) > 6 else "")
        stage.tell(delivery["channel"]["name"], f"{delivery['channel']['protocol']}, {where}: {answer.status}")
        held = await platform.live(stage.sandbox, delivery["channel"]["name"])
        insist(set(isrcs) <= held, f"{delivery['channel']['name']} has {held}")
    stage.known |= {"release": release, "isrcs": isrcs}


async def money_back(stage: Stage) -> None:
    """Platforms report sales; every line lands once, and the statements add up to the last cent."""
    operator, musician = await person(stage, OPERATOR), await person(stage, MUSICIAN)
    channels = {each["name"]: each["id"] for each in (await operator.ask("{ channels { id name } }"))["channels"]}
    upload = (
        "mutation ($channel: ID!, $file: Upload!) { importSalesReport(channelId: $channel, file: $file) { id status } }"
    )
    for reporter in platform.platforms(stage.sandbox):
        stage.doing(f"{reporter['name']} reports {PERIOD}")
        name, content = await platform.sales_report(stage.sandbox, reporter, PERIOD)
        given = {"file": (name, content, "text/tab-separated-values")}
        report = (await operator.ask(upload, uploads=given, channel=channels[reporter["name"]], file=None))[
            "importSalesReport"
        ]
        await _booked_once(operator, upload, channels[reporter["name"]], given, report["id"])
        booked = await _report(operator, report["id"])
        stage.tell(
            reporter["name"], f"{booked['lines']} lines, {booked['total']['formatted']}; a second time it is refused"
        )
    await operator.ask("mutation ($p: String!) { closePeriod(period: $p) { id } }", p=PERIOD)
    query = """query ($p: String!) { statements(period: $p, first: 50) { edges { node {
      id payee opening { ...M } earned { ...M } recouped { ...M } held { ...M } payable { ...M } lines(first: 1) { totalCount }
    } } } } fragment M on Money { minor formatted }"""
    statements = [edge["node"] for edge in (await musician.ask(query, p=PERIOD))["statements"]["edges"]]
    insist(bool(statements), "there is no statement")
    for statement in statements:
        amounts = {key: int(statement[key]["minor"]) for key in ("opening", "earned", "recouped", "held", "payable")}
        total = amounts["opening"] + amounts["earned"] - amounts["recouped"] - amounts["held"]
        insist(total == amounts["payable"], f"{statement['payee']}: {amounts} does not add up")
        count = statement["lines"]["totalCount"]
        stage.tell(statement["payee"], f"{count} lines, earned {statement['earned']['formatted']}")
    shortest = min(statements, key=lambda each: int(each["lines"]["totalCount"]))
    stage.doing(f"adding up the lines of {shortest['payee']}")
    total = sum(int(line["amount"]["minor"]) for line in await _all_lines(musician, shortest))
    insist(total == int(shortest["earned"]["minor"]), f"{shortest['payee']}: {total} is not {shortest['earned']}")
    stage.tell("added up", f"every line of {shortest['payee']} together is {shortest['earned']['formatted']}")


async def _booked_once(
    operator: Person, upload: str, channel: str, given: dict[str, tuple[str, bytes, str]], report_id: str
) -> None:
    """Wait until the report is booked, hand it in again, and see it refused."""

    async def first() -> Any:
        return await _report(operator, report_id)

    def rejected(seen: Any) -> bool:
        return bool(seen["status"] == "REJECTED")

    def booked(seen: Any) -> bool:
        return bool(seen["status"] == "BOOKED")

    await until("the report", first, booked, bad=rejected)
    again = (await operator.ask(upload, uploads=given, channel=channel, file=None))["importSalesReport"]

    async def second() -> Any:
        return await _report(operator, again["id"])

    if again["id"] != report_id:
        await until("the same report again", second, rejected, bad=booked)


async def _report(operator: Person, report_id: str) -> Any:
    query = """query ($id: ID!) { salesReport(id: $id) {
                 status lines unmatched total { minor currency formatted } problems { code line field message } } }"""
    return (await operator.ask(query, id=report_id))["salesReport"]


async def _all_lines(reader: Person, statement: dict[str, Any]) -> list[dict[str, Any]]:
    """Every line of a statement, page by page."""
    query = """query ($id: ID!, $after: String) { statement(id: $id) { lines(first: 100, after: $after) {
                 totalCount pageInfo { hasNextPage endCursor } edges { node { amount { minor } } } } } }"""
    lines: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await reader.ask(query, id=statement["id"], after=after))["statement"]["lines"]
        lines += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            insist(len(lines) == page["totalCount"], f"{len(lines)} lines of {page['totalCount']}")
            return lines


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


STEPS: tuple[tuple[str, Callable[[Stage], Awaitable[None]]], ...] = (
    ("A Guilin publisher imports its list", import_list),
    ("An agent in Bangkok finds a novel and makes an offer", find_and_offer),
    ("Both sign; nobody can sell the same right again", sign_and_refuse),
    ("A musician in Nanning publishes abroad with one press", publish_abroad),
    ("Platforms report sales; statements add up to the last cent", money_back),
    ("The studio in Hanoi sees Viet Nam's deals, and only those", studio_moves),
)
