"""A catalogue through the pages: works entered, lists imported, found again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import pytest

from catalog.errors import IndexBeingMade
from catalog.rights import RightType, Scope
from catalog.search import service
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import marketplace
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import work
from tests.web.visitor import Visitor


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, name="guilin", country="CN", language="zh")


async def test_a_work_is_entered_by_hand_and_published(api: Api, publisher: Actor, database: TestDatabase) -> None:
    visitor = await Visitor(api.app, publisher).open("/works/new")
    work = {
        "kind": "BOOK",
        "language": "zh",
        "title": "山海经",
        "contributor": ["郭璞", "", ""],
        "role": ["aut", "aut", "aut"],
        "scheme": "ISBN",
        "identifier": "978-7-02-000220-8",
    }
    await visitor.send("/works/new", work)
    assert visitor.status == 422
    assert visitor.page.xpath('//input[@id="identifier"]/@aria-invalid') == ["true"]
    assert database.count("works") == 0
    await visitor.send("/works/new", {**work, "identifier": ""})
    page = visitor.path
    assert "Draft" in visitor.text()
    assert "No rights entered yet" in visitor.text()
    await visitor.open(f"{page}/rights")
    rights = {"entry": "mandate", "right": ["PRINT"], "territory": ["TH", "VN"], "language": "every", "years": "10"}
    await visitor.send("/rights", {**rights, "start": "2026-01-01"})
    assert visitor.page.xpath('//tr[th="Print"]//li[starts-with(@title, "Thailand")]/@data-right') == ["free"]
    await visitor.send("/publish")
    assert "Published" in visitor.text('//p[contains(@class, "row")]')


async def test_a_year_that_is_none_is_said_at_its_field(api: Api, publisher: Actor, database: TestDatabase) -> None:
    visitor = await Visitor(api.app, publisher).open("/works/new")
    before = database.content("tokens")
    for year in ("²", "١٢", "--5", "9" * 5000, "abc", "1958.0", "-4000", "+1958"):
        await visitor.send("/works/new", {"title": "山海经", "year": year})
        assert visitor.status == 422, year
        assert visitor.page.xpath('//input[@id="year"]/@aria-invalid') == ["true"], year
        assert visitor.text('//p[@id="year-error"]'), year
        assert database.content("tokens") == before, year


async def test_an_imported_list_is_checked_first_and_then_taken_over(
    api: Api, publisher: Actor, database: TestDatabase, work_off: Callable[[], Awaitable[None]]
) -> None:
    from tests.factories.onix import message, product

    visitor = await Visitor(api.app, publisher).open("/imports")
    file = {"file": ("list.xml", message(product()), "application/xml")}
    await visitor.send("/imports", {"format": "AUTO"}, files=file)
    page = visitor.path
    assert visitor.page.xpath('//*[@id="run"]/@hx-get') == [page]
    await work_off()
    await visitor.open(page)
    assert "Checked, not yet taken over" in visitor.text()
    assert database.count("works") == 0
    await visitor.send("/apply")
    taken = visitor.path
    await work_off()
    await visitor.open(taken)
    assert visitor.text('//*[@class="figure"][span="New"]/b') == "1"
    await visitor.open("/works?status=DRAFT")
    assert len(visitor.page.xpath("//tbody/tr")) == 1
    await work(api.runtime, publisher, "水浒传", published=False)
    await visitor.open(taken)
    assert "Publish 1 draft" in visitor.text('//*[@id="run"]')
    await visitor.send("/publish")
    assert visitor.path == "/works?status=PUBLISHED"
    assert "Buyers find these titles" in visitor.text("//body")
    await visitor.open(taken)
    assert "Publish" not in visitor.text('//*[@id="run"]'), "nothing is left to publish"
    await visitor.open("/works?status=DRAFT")
    await visitor.send("/works/publish")
    assert database.rows("SELECT status, count(*) FROM works GROUP BY 1") == [("PUBLISHED", 2)]


async def test_a_list_is_written_into_a_file_and_fetched(
    api: Api, publisher: Actor, work_off: Callable[[], Awaitable[None]]
) -> None:
    await work(api.runtime, publisher)
    visitor = await Visitor(api.app, publisher).open("/exports")
    await visitor.send("/exports", {"format": "ONIX REFERENCE_3_1", "status": "WITHDRAWN"})
    assert "None of the titles that you chose" in visitor.text('//*[@id="status-error"]')
    await visitor.send("/exports", {"format": "ONIX REFERENCE_3_1", "status": ""})
    assert visitor.page.xpath('//*[@id="exports"]/@hx-get') == ["/exports"]
    await work_off()
    await visitor.open("/exports")
    assert "ONIX 3.1" in visitor.text("//tbody/tr")
    [link] = visitor.page.xpath("//tbody//a/@href")
    fetched = await api.http.get(link)
    assert "三国演义" in fetched.text


async def test_an_import_without_a_file_says_so(api: Api, publisher: Actor, database: TestDatabase) -> None:
    visitor = await Visitor(api.app, publisher).open("/imports")
    await visitor.send("/imports", {"format": "ONIX"})
    assert visitor.status == 422
    assert visitor.page.xpath('//input[@id="file"]/@aria-invalid') == ["true"]
    assert database.count("catalog_imports") == 0


async def test_a_question_that_is_none_is_answered_with_what_is_missing(api: Api, publisher: Actor) -> None:
    work = await marketplace.work(api, publisher)
    visitor = await Visitor(api.app, publisher).open(f"/works/{work}/availability")
    assert visitor.status == 200
    assert not visitor.page.xpath('//*[contains(@class, "verdict") or contains(@class, "error")]')
    asked = f"/works/{work}/availability?territory=TH&start=9998-01-01&years=5&language=th"
    await visitor.open(asked)
    assert visitor.status == 200
    assert "Choose at least one right." in visitor.text()
    assert "Enter a date: year, month and day." in visitor.text()
    await visitor.open(asked, **{"HX-Request": "true"})
    assert visitor.status == 200
    assert "Choose at least one right." in visitor.text("//body")
    await visitor.open(f"/works/{work}/availability?right=PRINT&territory=X%00&start=2027-01-01&years=5&language=th")
    assert visitor.status == 200
    assert not visitor.page.xpath('//*[contains(@class, "verdict")]')


async def test_a_reader_finds_works_by_words_of_their_language(api: Api, publisher: Actor) -> None:
    reader = await actor(api.runtime, name="lilavadi", kind="AGENCY", country="TH", language="th")
    work = await marketplace.work(api, publisher, description="九尾狐与精卫，从这里走进故事。")
    visitor = Visitor(api.app, reader)
    for _attempt in range(50):
        await visitor.open("/search?q=精卫&search_in=zh")
        if visitor.page.xpath("//article"):
            break
    hit = visitor.page.xpath("//article")[0]
    assert hit.xpath(".//h2/a/@href") == [f"/works/{work}"]
    assert hit.xpath(".//mark/text()") == ["精卫"]
    assert "Free in Thailand: Print · E-book · Audiobook" in visitor.text("//article")
    assert hit.xpath('.//a[contains(@href, "/offer")]')
    await visitor.open("/search?q=精卫&search_in=zh&kind=MUSIC")
    assert "Nothing found" in visitor.text()
    assert visitor.text('//a[@class="chip"]').startswith("Music")


async def test_what_is_free_is_free_in_a_language_which_a_saved_search_keeps(api: Api, publisher: Actor) -> None:
    reader = await actor(api.runtime, name="lilavadi", kind="AGENCY", country="TH", language="th")
    end = date(datetime.now(UTC).year + 6, 12, 31)
    for title, spoken in (("水浒传", "th"), ("西厢记", "vi")):
        given = Scope(frozenset({RightType.PRINT}), frozenset({"TH"}), frozenset({spoken}), date(2026, 1, 1), end)
        await work(api.runtime, publisher, title, mandates=[given])
    visitor = Visitor(api.app, reader)
    for _attempt in range(50):
        await visitor.open("/search?q=&search_in=zh&rights_in=th&right=PRINT")
        if visitor.page.xpath("//article"):
            break

    assert "水浒传" in visitor.text("//article")
    assert len(visitor.page.xpath("//article")) == 1
    assert visitor.text('//a[@class="chip"]').startswith("Print · Thailand · Thai · 5 years")
    await visitor.send("/search/saved", {"name": "Thai"})
    await visitor.open("/search?q=&search_in=zh&rights_in=vi&right=PRINT")
    assert "西厢记" in visitor.text("//article")
    await visitor.open("/search?q=&search_in=zh&rights_in=every&right=PRINT")
    assert not visitor.page.xpath("//article"), "nobody offers all languages"
    await visitor.open("/search?q=&search_in=zh&rights_in=th&right=PRINT&years=7")
    assert not visitor.page.xpath("//article"), "nobody offers so long"
    await visitor.open("/search?q=&search_in=zh&rights_in=th&right=PRINT&years=every")
    assert visitor.text('//a[@class="chip"]').strip().startswith("Print · Thailand · Thai")
    assert not visitor.page.xpath("//article"), "nor without end"
    await visitor.send("/open")
    assert "rights_in=th&years=5" in visitor.path
    assert len(visitor.page.xpath("//article")) == 1


@pytest.mark.parametrize(
    "given",
    [
        "rights_in=xx",
        "rights_in=²",
        "rights_in=every,th",
        "years=0",
        "years=100",
        "years=²",
        "years=-5",
        "years=2031-01-01",
    ],
)
async def test_a_language_or_term_that_there_is_not_is_the_usual_one(api: Api, publisher: Actor, given: str) -> None:
    reader = await actor(api.runtime, name="lilavadi", kind="AGENCY", country="TH", language="th")
    scope = Scope(frozenset({RightType.PRINT}), frozenset({"TH"}), frozenset({"th"}), date(2026, 1, 1))
    await work(api.runtime, publisher, mandates=[scope])
    visitor = Visitor(api.app, reader)
    for _attempt in range(50):
        await visitor.open(f"/search?q=&search_in=th&right=PRINT&{given}")
        if visitor.page.xpath("//article"):
            break
    assert visitor.status == 200
    assert visitor.text('//a[@class="chip"]').startswith("Print · Thailand · Thai · 5 years")
    assert len(visitor.page.xpath("//article")) == 1


async def test_pages_stand_while_the_index_is_being_made(
    api: Api, publisher: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = await actor(api.runtime, name="lilavadi", kind="AGENCY", country="TH", language="th")
    work = await marketplace.work(api, publisher)

    def refuse(_runtime: object) -> None:
        raise IndexBeingMade(done=3, works=9)

    monkeypatch.setattr(service, "index_of", refuse)
    visitor = await Visitor(api.app, reader).open("/")
    assert visitor.status == 200
    await visitor.open(f"/works/{work}")
    assert visitor.status == 200
    assert "山海经" in visitor.text("//h1")
    await visitor.open("/search?q=精卫")
    assert visitor.status == 503
    assert "Search is being made ready." in visitor.text()
