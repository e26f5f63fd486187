"""A world with one of everything in it, of which every confidence carries a mark that can be looked for in answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from distribution.messages import ern
from hub import jobs
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import marketplace as deal
from tests.factories import onix, release
from tests.factories.accounts import PASSWORD, Actor, actor
from tests.factories.distribution import message as feed
from tests.factories.distribution import picture
from tests.factories.dsr import Sold, report, written

MARK = "Qazwsx"
"""In everything that only its owner, or both sides of a talk, may read."""
TUNE = "Plokij"
"""In everything of the label's that only it and the operator may read."""
AMOUNT = "770077"
"""Minor units of every amount that the two sides of a talk agreed on."""
NOTE = "mutation ($id: ID!, $scope: ScopeInput!, $note: String) { addHoldback(workId: $id, scope: $scope, note: $note) { id } }"
COVER = "mutation ($id: ID!, $file: Upload!) { setCover(workId: $id, file: $file) { id } }"
SAMPLE = "mutation ($work: ID!, $file: Upload!) { addSample(workId: $work, file: $file) { id } }"
SHARE = """mutation ($id: ID!, $to: ID!, $until: DateTime!) {
  shareSample(sampleId: $id, organizationId: $to, expiresAt: $until) { grants { id } } }"""
SHOWN = "query ($id: ID!) { sample(id: $id) { fileUrl } }"
ON_SHOW = (datetime.now(UTC) + timedelta(days=30)).isoformat()
IMPORT = """mutation ($file: Upload!, $dryRun: Boolean = true) {
  importCatalog(file: $file, format: AUTO, dryRun: $dryRun) { id } }"""
DOUBLES = "{ possibleDoubles { edges { node { id } } } }"
TERM = "mutation ($input: GlossaryTermInput!) { saveGlossaryTerm(input: $input) { id } }"
REVIEW = 'mutation ($id: ID!, $text: String!) { reviewText(textId: $id, language: "en", text: $text) { text } }'
MEMORY = "{ memoryEntries(owner: OWN) { edges { node { id } } } }"
BRING = "mutation ($file: Upload!) { importTranslations(file: $file) { id } }"
TAKE = 'mutation { exportTranslations(input: { format: XLIFF, source: "zh", targets: ["en"] }) { id } }'
TRANSLATE = """mutation ($query: String!) {
  translateWorks(filter: { query: $query }, languages: ["lo"]) { id } }"""
PAUSE = "mutation ($id: ID!) { pauseTranslation(id: $id) { status } }"
AWAITED = "{ releases { edges { node { id awaited { number } } } } }"
KEEP = """mutation ($name: String!) { saveSearch(name: $name, query: "") { id } }"""
EXPORT = "mutation ($id: ID!) { exportCatalog(format: ONIX, workIds: [$id]) { id } }"
RECORD = 'mutation ($id: ID!, $scope: ScopeInput!) { recordLicense(workId: $id, licensee: "%s", scope: $scope) { id } }'
REPORT = "mutation ($channel: ID!, $file: Upload!) { importSalesReport(channelId: $channel, file: $file) { id } }"
CLOSE = 'mutation { closePeriod(period: "2026-10") { id } }'
PAYEES = "{ payees { id } }"
TEXTS = "query ($id: ID!) { work(id: $id) { title { textId } description { textId } } }"
INVITE = "mutation ($email: String!) { invite(email: $email, roles: [VIEWER]) { invitation { id } link } }"
SAY = "mutation ($id: ID!, $text: String!) { sendMessage(negotiationId: $id, text: $text) { id } }"


PLAIN: dict[str, Any] = {
    "scope": deal.scope(territories=["MY"]),
    "terms": deal.terms(),
    "exceptTerritories": None,
    "email": "somebody@else.example",
    "password": PASSWORD,
    "current": PASSWORD,
    "new": "another-good-one",
    "secret": "bm_no-such-secret",
    "language": "th",
    "languages": ["th"],
    "originalLanguage": "zh",
    "theme": "dark",
    "period": "2026-10",
    "currency": "USD",
    "minor": "100",
    "royaltyPercent": "7.5",
    "share": "1",
    "role": "aut",
    "scheme": "ISBN",
    "value": "9787020002207",
    "isrc": None,
    "territories": ["TH"],
    "territory": "TH",
    "countryOfOrigin": "CN",
    "countries": ["CN"],
    "subjects": ["FV"],
    "publicationYear": 2020,
    "releaseDate": "2026-11-01",
    "dueOn": "2027-01-01",
    "expiresAt": None,
    "shareSample.expiresAt": ON_SHOW,
    "shareSample.email": None,
    "everybody": False,
    "uploadId": None,
    "zone": "Asia/Bangkok",
    "skip": 0,
    "width": 400,
    "start": "2027-01-01",
    "end": "2031-01-01",
    "after": None,
    "days": 30,
    "first": 20,
    "allocateIsrcRange.first": 1,
    "last": 10,
    "year": 2026,
    "prefix": "AA6Q8",
    "allocateGtinPrefix.prefix": "950110199",
    "searchWorks.query": MARK,
    "slug": "mekong",
    "partyId": "PADPIDA2026010102M",
    "senderPartyId": "PADPIDA2026112301B",
    "dealTerms": [{"commercialModel": "SubscriptionModel", "useType": "OnDemandStream"}],
    "s3": None,
    "folders": None,
    "sftp": {"host": "sftp.example", "hostKey": "ssh-ed25519 AAAA", "username": "hub", "password": "quiet river"},
    "variant": None,
    "least": 0,
    "own": True,
    "outcome": None,
    "withProblems": False,
    "seenSource": None,
    "states": None,
    "purposes": None,
    "deskText.language": "en",
    "approveTexts.language": "en",
    "reviewText.approvedAt": None,
    "reviewText.version": None,
    "memorySuggestions.sourceLanguage": "zh",
    "memorySuggestions.targetLanguage": "en",
    "memorySuggestions.text": f"草稿 {MARK}",
    "searchSuggestions.query": MARK,
    "sourceUrl": None,
    "exportCatalog.filter": None,
    "saveSearch.filter": None,
    **{f"translateWorks.{name}": None for name in ("importId", "kind", "query", "status")},
    "minimumCover": 1400,
    "avsVersion": "9",
}


def memory(source: str, target: str) -> bytes:
    """A memory as another program keeps it: one unit, Chinese and English."""
    said = "".join(
        f'<tuv xml:lang="{language}"><seg>{words}</seg></tuv>' for language, words in (("zh", source), ("en", target))
    )
    head = '<header srclang="zh" segtype="block" datatype="plaintext" o-tmf="x" adminlang="en"'
    head += ' creationtool="x" creationtoolversion="1"/>'
    return f'<?xml version="1.0"?><tmx version="1.4">{head}<body><tu>{said}</tu></body></tmx>'.encode()


@dataclass
class World:
    api: Api
    runtime: Runtime
    database: TestDatabase
    people: dict[str, Actor] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Of things that are not everybody's, by the GraphQL argument that takes them."""

    async def build(self) -> World:
        await self._people()
        await self._catalogue()
        await self._doubles()
        await self._translations()
        await self._deals()
        await self._music()
        return self

    async def _people(self) -> None:
        runtime = self.runtime
        self.people = {
            "seller": await actor(runtime, "guilin", country="CN", language="zh", person=f"seller-{MARK}"),
            "buyer": await actor(runtime, "lilavadee", country="TH", language="th", person=f"buyer-{MARK}"),
            "label": await release.label(runtime, person=f"label-{TUNE}"),
            "desk": await release.operator(runtime),
            "hanoi": await actor(runtime, "hanoi", kind="STUDIO", country="VN", territories=["VN"]),
        }
        secret = f"invited-{MARK}@guilin.example"
        sent = (await self.api.data(INVITE, {"email": secret}, token=self.people["seller"].token))["invite"]
        self.ids["invitation"] = sent["invitation"]["id"]
        self.ids["secret"] = sent["link"].rsplit("/", 1)[1]

    async def _catalogue(self) -> None:
        api, seller = self.api, self.people["seller"]
        self.ids["published"] = await deal.work(api, seller, description="东汉末年")
        self.ids["draft"] = await deal.work(
            api, seller, publish=False, title=f"未刊 {MARK}", description=f"草稿 {MARK}"
        )
        await api.data(
            NOTE,
            {"id": self.ids["published"], "scope": deal.scope(rights=["AUDIOBOOK"]), "note": f"why {MARK}"},
            token=seller.token,
        )
        await api.data(
            RECORD % f"Licensee {MARK}",
            {"id": self.ids["published"], "scope": deal.scope(territories=["PH"])},
            token=seller.token,
        )
        jpeg = {"file": ("cover.jpg", picture(), "image/jpeg")}
        await api.data(COVER, {"id": self.ids["draft"], "file": None}, token=seller.token, files=jpeg)
        given = await api.data(TEXTS, {"id": self.ids["draft"]}, token=seller.token)
        self.ids["text"] = given["work"]["description"]["textId"]
        records = [onix.product(title=f"书 {MARK}"), onix.product("untitled", title=" ")]
        list_ = {"file": (f"{MARK}.xml", onix.message(records), "application/xml")}
        made = await api.data(IMPORT, {"file": None}, token=seller.token, files=list_)
        self.ids["import"] = made["importCatalog"]["id"]
        kept = await api.data(KEEP, {"name": f"search {MARK}"}, token=seller.token)
        self.ids["saved search"] = kept["saveSearch"]["id"]
        taken = await api.data(EXPORT, {"id": self.ids["draft"]}, token=seller.token)
        self.ids["export"] = taken["exportCatalog"]["id"]
        await self.work_off()
        await self._samples()

    async def _doubles(self) -> None:
        """A record that is listed, and two that come after it and may be the same."""
        api, seller = self.api, self.people["seller"]
        codes = ("9787020008735", "9787020002214", "9787532783458")
        records = [onix.product(f"record.{isbn}.{MARK}", isbn=isbn, title=f"聊斋 {MARK}") for isbn in codes]
        for said in (records[:1], records[1:]):
            list_ = {"file": ("list.xml", onix.message(said), "application/xml")}
            taken = await api.data(IMPORT, {"file": None, "dryRun": False}, token=seller.token, files=list_)
            self.ids["doubtful import"] = taken["importCatalog"]["id"]
            self.ids.setdefault("taken import", self.ids["doubtful import"])
            await self.work_off()
        found = (await api.data(DOUBLES, token=seller.token))["possibleDoubles"]["edges"]
        self.ids["double"], self.ids["another double"] = (edge["node"]["id"] for edge in found)

    async def _translations(self) -> None:
        """A term, words in the memory, files both ways, and a batch that stands still."""
        api, seller = self.api, self.people["seller"]
        for name in ("term", "doomed term"):
            term = {"key": f"{name} {MARK}", "words": [{"language": "zh", "words": f"{name} {MARK}"}]}
            self.ids[name] = (await api.data(TERM, {"input": term}, token=seller.token))["saveGlossaryTerm"]["id"]
        await api.data(REVIEW, {"id": self.ids["text"], "text": f"Draft {MARK}"}, token=seller.token)
        [kept] = (await api.data(MEMORY, token=seller.token))["memoryEntries"]["edges"]
        self.ids["memory"] = kept["node"]["id"]
        tmx = {"file": (f"{MARK}.tmx", memory(f"译 {MARK}", f"Rendered {MARK}"), "application/xml")}
        brought = await api.data(BRING, {"file": None}, token=seller.token, files=tmx)
        self.ids["exchange"] = brought["importTranslations"]["id"]
        self.ids["taken"] = (await api.data(TAKE, token=seller.token))["exportTranslations"]["id"]
        batch = (await api.data(TRANSLATE, {"query": MARK}, token=seller.token))["translateWorks"]["id"]
        await api.data(PAUSE, {"id": batch}, token=seller.token)
        self.ids["batch"] = batch
        await self.work_off()

    async def _samples(self) -> None:
        """One that the buyer is shown and has opened, one that is to go."""
        api, seller, buyer = self.api, self.people["seller"], self.people["buyer"]
        given = {"work": self.ids["published"], "file": None}
        for name in ("sample", "doomed sample"):
            page = {"file": (f"{MARK}.jpg", picture(), "image/jpeg")}
            self.ids[name] = (await api.data(SAMPLE, given, token=seller.token, files=page))["addSample"]["id"]
        await self.work_off()
        asked = {"id": self.ids["sample"], "to": str(buyer.organization_id)}
        shared = await api.data(SHARE, asked | {"until": ON_SHOW}, token=seller.token)
        self.ids["grant"] = shared["shareSample"]["grants"][0]["id"]
        shown = (await api.data(SHOWN, {"id": self.ids["sample"]}, token=buyer.token))["sample"]
        opened = await api.http.get(shown["fileUrl"], headers={"Authorization": f"Bearer {buyer.token}"})
        assert opened.status_code == 200
        [(self.ids["code"],)] = self.database.rows("SELECT code FROM sample_copies")

    async def _deals(self) -> None:
        api, seller, buyer = self.api, self.people["seller"], self.people["buyer"]

        def secret(territory: str) -> dict[str, Any]:
            money = {"minor": AMOUNT, "currency": "USD"}
            scope = deal.scope(territories=[territory])
            return {
                "terms": deal.terms(scope=scope, advance=money, note=f"between us {MARK}"),
                "message": f"hello {MARK}",
            }

        begun = [await deal.offer(api, buyer, self.ids["published"], **secret(place)) for place in ("TH", "LA", "VN")]
        await api.data(SAY, {"id": begun[0]["id"], "text": f"and {MARK}"}, token=buyer.token)
        agreed = await deal.accept(api, seller, begun[1])
        signed = await deal.accept(api, seller, begun[2])
        for side in (seller, buyer):
            await deal.sign(api, side, signed["contract"]["id"])
        self.ids |= {
            "negotiation": begun[0]["id"],
            "offer": begun[0]["offers"][0]["id"],
            "contract": agreed["contract"]["id"],
            "signed contract": signed["contract"]["id"],
            "deal of the country": begun[2]["id"],
        }

    async def _music(self) -> None:
        api, label, desk = self.api, self.people["label"], self.people["desk"]
        await release.allocate(self.runtime, label.organization_id)
        channel = await release.channel(self.runtime, desk.organization_id)
        album = await release.release(api, label, title=f"专辑 {TUNE}")
        splits = [{"payee": f"Payee {TUNE}", "role": "prf", "share": "1"}]
        song = await release.track(api, label, album, f"歌 {TUNE}", splits=splits)
        sent = (await api.data(release.PUBLISH, {"id": album}, token=label.token))["publishAbroad"]
        sold = written(report([Sold(song["isrc"], "TH", 100, "7700.770000")]))
        taken = await api.data(
            REPORT,
            {"channel": str(channel.id), "file": None},
            token=label.token,
            files={"file": (f"{TUNE}.tsv", sold, "text/tab-separated-values")},
        )
        await self.work_off("distribution.check_report", "distribution.book_report")
        closed = (await api.data(CLOSE, token=label.token))["closePeriod"]
        payees = (await api.data(PAYEES, token=label.token))["payees"]
        self.ids |= {
            "channel": str(channel.id),
            "release": album,
            "delivery": sent[0]["id"],
            "report": taken["importSalesReport"]["id"],
            "statement": closed[0]["id"],
            "payee": payees[0]["id"],
        }
        await self._feed()

    async def _feed(self) -> None:
        """A release from a label's feed, whose recordings have not come."""
        api, label = self.api, self.people["label"]
        said = feed()
        said = replace(said, release=replace(said.release, title=f"专辑 {TUNE}"))
        file = {"file": ("feed.xml", ern.build(said), "application/xml")}
        await api.data(IMPORT, {"file": None, "dryRun": False}, token=label.token, files=file)
        await self.work_off("distribution.take_feed")
        edges = (await api.data(AWAITED, token=label.token))["releases"]["edges"]
        [waiting] = [edge["node"] for edge in edges if edge["node"]["awaited"]]
        self.ids |= {"awaiting release": waiting["id"], "awaited": str(waiting["awaited"][0]["number"])}

    async def work_off(self, *tasks: str) -> None:
        """Carry out what is due, and what that leads to."""
        due = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY (%s)"
        await jobs.work(self.runtime, self.database.app_url, wait=False)
        while self.database.rows(due, list(tasks))[0][0]:
            await jobs.work(self.runtime, self.database.app_url, wait=False)

    def arguments(self) -> dict[str, Any]:
        """Values for arguments and fields of inputs, by name, or by `root.name` where one name means several things."""
        ids, seller = self.ids, self.people["seller"]
        own = {
            "workId": ids["draft"],
            "workIds": [ids["draft"]],
            "organizationId": str(seller.organization_id),
            "personId": str(seller.person_id),
            "negotiationId": ids["negotiation"],
            "offerId": ids["offer"],
            "contractId": ids["contract"],
            "releaseId": ids["release"],
            "channelId": ids["channel"],
            "channelIds": [ids["channel"]],
            "deliveryId": ids["delivery"],
            "payeeId": ids["payee"],
            "importId": ids["import"],
            "textId": ids["text"],
            "sampleId": ids["sample"],
            "removeSample.sampleId": ids["doomed sample"],
            "grantId": ids["grant"],
            "sample.id": ids["sample"],
            "samples.workId": ids["published"],
            "sampleTrace.code": ids["code"],
            "dealId": ids["negotiation"],
            "lookAtSavedSearch.id": ids["saved search"],
            "removeSavedSearch.id": ids["saved search"],
            "decideDoubles.ids": [ids["double"]],
            "glossaryTerm.id": ids["term"],
            "saveGlossaryTerm.id": ids["term"],
            "deleteGlossaryTerm.id": ids["doomed term"],
            "correctMemoryEntry.id": ids["memory"],
            "deleteMemoryEntry.id": ids["memory"],
            "translationExchange.id": ids["exchange"],
            "confirmTranslations.id": ids["exchange"],
            "translationBatch.id": ids["batch"],
            "pauseTranslation.id": ids["batch"],
            "resumeTranslation.id": ids["batch"],
            "cancelTranslation.id": ids["batch"],
            "textIds": [ids["text"]],
            "supplyAudio.releaseId": ids["awaiting release"],
            "supplyAudio.number": int(ids["awaited"]),
            "revokeToken.id": str(seller.caller.token_id),
            "withdrawInvitation.id": ids["invitation"],
            "work.id": ids["draft"],
            "release.id": ids["release"],
            "negotiation.id": ids["negotiation"],
            "contract.id": ids["contract"],
            "catalogImport.id": ids["import"],
            "catalogExport.id": ids["export"],
            "salesReport.id": ids["report"],
            "statement.id": ids["statement"],
            "organization.id": str(seller.organization_id),
            "negotiationChanged.id": ids["negotiation"],
        }
        return PLAIN | own
