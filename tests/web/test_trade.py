"""A deal through the pages alone: work, availability, offer, counter-offer, acceptance, two signatures."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import marketplace
from tests.factories.accounts import PASSWORD, Actor, actor
from tests.web.visitor import Visitor

ASKED = "right=PRINT&right=EBOOK&territory=TH&language=th&start=2027-03-01&years=5&exclusive=yes"


@pytest.fixture
async def seller(api: Api) -> Actor:
    return await actor(api.runtime, name="guilin", country="CN", language="zh")


@pytest.fixture
async def buyer(api: Api) -> Actor:
    return await actor(api.runtime, name="lilavadi", kind="AGENCY", country="TH", language="th")


async def offered(api: Api, seller: Actor, buyer: Actor) -> Visitor:
    """The buyer's page of a negotiation that their offer has opened."""
    work = await marketplace.work(api, seller)
    visitor = await Visitor(api.app, buyer).open(f"/works/{work}/offer?{ASKED}")
    await visitor.send("/offer", {"advance": "4,000", "royalty": "7", "message": "We would print 3,000 copies."})
    assert visitor.status == 200, visitor.errors()
    return visitor


async def test_a_buyer_reads_at_once_what_is_free_for_them(api: Api, seller: Actor, buyer: Actor) -> None:
    work = await marketplace.work(api, seller, description="带领读者走遍四方山海的中国古书。")
    visitor = await Visitor(api.app, buyer).open(f"/works/{work}")
    assert visitor.text('//*[contains(@class, "verdict")]').startswith("Free in Thailand Print · E-book · Audiobook")
    assert visitor.page.xpath('//tr[th="Print"]//li[contains(@class, "here")]/@data-right') == ["free"]
    assert visitor.page.xpath('//tr[th="Print"]//li[starts-with(@title, "Mainland China")]/@data-right') == ["none"]
    assert "山海经" in visitor.text("//h1")
    await visitor.open(f"/works/{work}/availability?{ASKED}", **{"hx-request": "true"})
    assert "Free for everything you asked" in visitor.text("//body")
    assert visitor.page.xpath(f'//a[starts-with(@href, "/works/{work}/offer?")]')


async def test_what_is_sold_in_her_language_is_not_called_free(api: Api, seller: Actor, buyer: Actor) -> None:
    work = await marketplace.work(api, seller)
    rival = await actor(api.runtime, name="rim-nan", country="TH", language="th")
    thai = marketplace.scope(rights=["PRINT", "EBOOK"], territories=["TH"], languages=["th"])
    await marketplace.accept(
        api, seller, await marketplace.offer(api, rival, work, terms=marketplace.terms(scope=thai))
    )
    visitor = await Visitor(api.app, buyer).open(f"/works/{work}")
    verdict = visitor.text('//*[contains(@class, "verdict")]')
    assert verdict.startswith("Free in Thailand Audiobook")
    assert "Partly free: Print · E-book" in verdict
    found = await visitor.open("/search?q=")
    assert "Partly free: Print · E-book" in found.text("//article")
    assert "Free in Thailand: Audiobook" in found.text("//article")


async def test_a_question_that_makes_no_sense_is_said_at_its_field(api: Api, seller: Actor, buyer: Actor) -> None:
    work = await marketplace.work(api, seller)
    visitor = Visitor(api.app, buyer)
    asked = {"right": "PRINT", "territory": "TH", "language": "th", "start": "2027-01-01", "years": "5"}
    for name, value in (
        *(("start", "9999-12-31"), ("start", "9995-01-01"), ("start", "²"), ("start", "0000-00-00")),
        *(("years", "²"), ("years", "--5"), ("years", "9999-12-31"), ("years", "2026-01-01"), ("years", "9" * 5000)),
        *(("language", "²"), ("language", "xx"), ("right", "²"), ("territory", "²"), ("territory", "XX")),
    ):
        query = urlencode(asked | {name: value})
        await visitor.open(f"/works/{work}/availability?{query}")
        assert visitor.status == 200, (name, value)
        assert visitor.page.xpath('//*[@aria-invalid="true"]'), (name, value)
        assert not visitor.page.xpath('//*[contains(@class, "verdict")]'), (name, value)
        assert (await visitor.open(f"/works/{work}/offer?{query}")).status == 200, (name, value)


async def test_what_is_kept_back_is_said_with_its_reason(api: Api, seller: Actor, buyer: Actor) -> None:
    work = await marketplace.work(api, seller)
    owner = await Visitor(api.app, seller).open(f"/works/{work}/rights")
    await owner.send(
        "/rights",
        {
            "entry": "holdback",
            "right": "PRINT",
            "territory": ["TH", "LA"],
            "language": "every",
            "start": "2026-01-01",
            "years": "4",
        },
    )
    assert owner.status == 200, owner.errors()
    visitor = await Visitor(api.app, buyer).open(f"/works/{work}/availability?{ASKED}")
    assert "Not free for all of it" in visitor.text()
    assert "Thailand" in visitor.text('//*[contains(@class, "verdict")]//li')
    assert not visitor.page.xpath('//a[contains(@href, "/offer?")]')


async def test_a_deal_from_the_first_offer_to_both_signatures(
    api: Api, seller: Actor, buyer: Actor, database: TestDatabase
) -> None:
    bangkok = await offered(api, seller, buyer)
    negotiation = bangkok.path
    assert "Waiting for the other side" in bangkok.text()

    guilin = await Visitor(api.app, seller).open("/negotiations")
    assert "You are to answer" in guilin.text()
    await guilin.open(f"{negotiation}/counter")
    assert guilin.page.xpath('//input[@id="advance"]/@value') == ["4000.00"]
    await guilin.send("/counter", {"advance": "5500", "royalty": "7.5", "right": "PRINT"})
    assert guilin.path == negotiation

    await bangkok.open(negotiation)
    changed = bangkok.page.xpath('//tr[@class="changed"]/th/text()')
    assert [name.strip() for name in changed if name.strip()] == ["Rights", "Advance", "Royalty"]
    assert bangkok.text("//tr[contains(th, 'Rights')]//del") == "E-book"
    assert bangkok.text("//tr[contains(th, 'Advance')]//ins") == "US$5,500"
    await bangkok.send("/accept")
    assert bangkok.path.startswith("/contracts/")
    contract = bangkok.path
    assert len(bangkok.page.xpath('//article[contains(@class, "contract-text")]')) == 2

    await bangkok.send("/sign", {"name": "Phimlada S.", "password": "not-my-password"})
    assert bangkok.page.xpath('//input[@id="password"]/@aria-invalid') == ["true"]
    assert database.count("signatures") == 0
    await bangkok.send("/sign", {"name": "Phimlada S.", "password": PASSWORD})
    assert database.count("signatures") == 1
    await guilin.open(contract)
    await guilin.send("/sign", {"name": "陈静", "password": PASSWORD})
    assert "In force" in guilin.text()
    assert database.rows("SELECT status FROM contracts") == [("IN_FORCE",)]


async def test_a_counter_offer_that_changes_nothing_says_the_same(
    api: Api, seller: Actor, buyer: Actor, database: TestDatabase
) -> None:
    work = await marketplace.work(api, seller, mandate={**marketplace.WORLD, "exceptTerritories": None})
    scope = marketplace.scope(
        territories=["ASEAN", "FR"],
        languages=["vi", "zh-Hant", "ja"],
        period={"start": "2027-01-01", "end": "2029-05-18"},
        exclusive=False,
    )
    terms = marketplace.terms(
        scope=scope,
        advance={"minor": "550050", "currency": "USD"},
        minimumGuarantee={"minor": "120000", "currency": "CNY"},
        royaltyPercent="7.1235",
        note="พิมพ์ครั้งแรก 3,000 เล่ม\nส่งตัวอย่าง 10 เล่ม",
    )
    talk = await marketplace.offer(api, buyer, work, terms=terms)
    for who in (seller, buyer):
        visitor = await Visitor(api.app, who).open(f"/negotiations/{talk['id']}/counter")
        assert "Until 17 May 2029" in visitor.text('//select[@id="years"]/option[@selected]')
        tongues = visitor.text('//select[@id="language"]/option[@selected]')
        assert tongues == "Japanese, Vietnamese and Chinese (Traditional)"
        note = visitor.form("/counter").fields["note"]
        await visitor.send("/counter", {"note": note.replace("\n", "\r\n")})
        assert visitor.status == 200, visitor.errors()
    same = """rights, territories, languages, period, exclusive, royalty_percent, note_id,
              advance_minor, advance_currency, guarantee_minor, guarantee_currency"""
    versions = database.rows(f"SELECT {same} FROM offers ORDER BY version")
    assert len(versions) == 3
    assert versions[0] == versions[1] == versions[2]


async def test_a_second_exclusive_sale_is_refused_in_words(
    api: Api, seller: Actor, buyer: Actor, database: TestDatabase
) -> None:
    first = await offered(api, seller, buyer)
    work = database.rows("SELECT work_id FROM negotiations")[0][0]
    rival = await actor(api.runtime, name="rival", kind="AGENCY", country="TH", language="th")
    second = await Visitor(api.app, rival).open(f"/works/{work}/offer?{ASKED}")
    await second.send("/offer", {"advance": "9000"})
    guilin = await Visitor(api.app, seller).open(first.path)
    await guilin.send("/accept")
    assert guilin.path.startswith("/contracts/")
    late = await Visitor(api.app, seller).open(second.path)
    await late.send("/accept")
    assert late.status == 409
    assert late.errors()
    assert database.count("contracts") == 1


async def test_a_wrong_amount_is_said_at_its_field_and_offers_nothing(
    api: Api, seller: Actor, buyer: Actor, database: TestDatabase
) -> None:
    work = await marketplace.work(api, seller)
    visitor = await Visitor(api.app, buyer).open(f"/works/{work}/offer?{ASKED}")
    await visitor.send("/offer", {"advance": "a lot", "royalty": "120"})
    assert visitor.status == 422
    assert visitor.page.xpath('//*[@aria-invalid="true"]/@id') == ["advance", "royalty"]
    assert visitor.page.xpath('//input[@name="right"][@checked]/@value') == ["PRINT", "EBOOK"]
    assert database.count("negotiations") == 0


async def test_each_side_reads_the_other_with_the_original_beside(api: Api, seller: Actor, buyer: Actor) -> None:
    bangkok = await offered(api, seller, buyer)
    await bangkok.send("/messages", {"text": "ใช้ภาพสีทั้งหมดได้ไหม"})
    assert bangkok.path.startswith("/negotiations/")
    guilin = await Visitor(api.app, seller, language="zh").open(bangkok.path)
    assert "ใช้ภาพสีทั้งหมดได้ไหม" in guilin.text('//*[@id="talk"]')
    assert guilin.page.xpath('//*[@id="talk"]//*[@lang="th"]')


async def test_other_peoples_negotiations_are_not_there(api: Api, seller: Actor, buyer: Actor) -> None:
    theirs = await offered(api, seller, buyer)
    stranger = await Visitor(api.app, await actor(api.runtime, name="stranger")).open(theirs.path)
    assert stranger.status == 404
    await stranger.open("/negotiations")
    assert "山海经" not in stranger.text()


async def test_a_person_checks_a_title_in_place(api: Api, seller: Actor, database: TestDatabase) -> None:
    work = await marketplace.work(api, seller)
    owner = await Visitor(api.app, seller).open(f"/works/{work}")
    link = owner.page.xpath('//tr[td//*[@lang="vi"]]//a/@hx-get')[0]
    await owner.open(link, **{"hx-request": "true"})
    form = link.split("?")[0]
    await owner.send(form, {"text": ""}, headers={"hx-request": "true"})
    assert owner.errors()
    await owner.send(form, {"text": "Sơn Hải Kinh"}, headers={"hx-request": "true"})
    assert "Checked by a person" in owner.text("//tr")
    reader = await Visitor(api.app, seller, language="vi").open(f"/works/{work}")
    assert "Sơn Hải Kinh" in reader.text("//h1")


async def test_an_open_page_learns_what_has_come_since(api: Api, seller: Actor, buyer: Actor) -> None:
    bangkok = await offered(api, seller, buyer)
    pulse = bangkok.page.xpath('//*[@id="news"]/@hx-get')[0]
    await bangkok.open(pulse, **{"hx-request": "true"})
    assert bangkok.page.xpath('//*[@id="news"]/@hx-get') == [pulse]
    guilin = await Visitor(api.app, seller).open(pulse.split("/news")[0])
    await guilin.send("/messages", {"text": "可以。"})
    await bangkok.open(pulse, **{"hx-request": "true"})
    assert "Something new has come" in bangkok.text("//body")
    assert not bangkok.page.xpath('//*[@id="news"]/@hx-get')


async def test_an_offer_can_be_taken_back_while_it_is_open(
    api: Api, seller: Actor, buyer: Actor, database: TestDatabase
) -> None:
    bangkok = await offered(api, seller, buyer)
    await bangkok.send("/withdraw")
    assert "Withdrawn" in bangkok.text()
    assert database.rows("SELECT status FROM negotiations") == [("WITHDRAWN",)]
