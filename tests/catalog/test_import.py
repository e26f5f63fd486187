"""Importing ONIX through the front door: what is written, what is reported, and that a preview writes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from catalog import problems
from catalog.formats.readers import READERS
from catalog.imports import service as imports
from hub.i18n import LANGUAGES
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.onix import SANGUO, message, product, sales_rights, shortened

WorkOff = Callable[[], Awaitable[None]]
TABLES = ("works", "texts", "renderings", "contributors", "identifiers", "mandates", "search_feed")
IMPORT = """mutation ($file: Upload!, $format: CatalogFormat!, $dryRun: Boolean) {
  importCatalog(file: $file, format: $format, dryRun: $dryRun) { id status total } }"""
APPLY = "mutation ($id: ID!) { applyImport(importId: $id) { id status } }"
SEEN = """query ($id: ID!) { catalogImport(id: $id) {
  status fileName total done created updated unchanged proposed skipped problems { code field line message } } }"""
MINE = """{ myWorks(first: 50) { totalCount edges { node {
  id status kind originalLanguage publicationYear countryOfOrigin subjects
  title(language: "zh") { text origin } english: title(language: "en") { text origin } description(language: "zh") { text }
  contributors { name role } identifiers { scheme value } mandates { source scope { rights territories languages exclusive } }
} } } }"""
ENGLISH_TITLE = """<TitleDetail><TitleType>06</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
  <TitleText language="eng">Romance of the Three Kingdoms</TitleText></TitleElement></TitleDetail>"""


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, "xiangshan", country="CN", language="zh")


async def send(
    api: Api, someone: Actor, content: bytes, work_off: WorkOff, *, dry_run: bool = False, language: str = "en"
) -> dict[str, Any]:
    """Import a file and answer what became of it."""
    started = await api.data(
        IMPORT,
        {"file": None, "format": "ONIX", "dryRun": dry_run},
        token=someone.token,
        files={"file": ("../list.xml", content, "application/xml")},
    )
    assert started["importCatalog"]["status"] == "RUNNING"
    await work_off()
    one = {"id": started["importCatalog"]["id"]}
    answer: dict[str, Any] = (await api.data(SEEN, one, token=someone.token, language=language))["catalogImport"]
    return answer | one


async def mine(api: Api, someone: Actor) -> list[dict[str, Any]]:
    answer = (await api.data(MINE, token=someone.token))["myWorks"]
    return sorted((edge["node"] for edge in answer["edges"]), key=lambda work: str(work["title"]["text"]))


async def test_a_list_becomes_drafts_with_all_that_it_says(api: Api, publisher: Actor, work_off: WorkOff) -> None:
    rights = sales_rights("01", "CN SG MY")
    listed = message(
        [
            product(detail=ENGLISH_TITLE, rights=rights),
            product("cn.xiangshan.liaozhai", isbn="9787020008735", title="聊斋志异", author="蒲松龄"),
        ]
    )
    done = await send(api, publisher, shortened(listed), work_off)
    assert (done["status"], done["fileName"]) == ("DONE", "list.xml")
    assert [done[name] for name in ("total", "done", "created", "updated", "skipped")] == [2, 2, 2, 0, 0]
    assert done["problems"] == []
    sanguo, liaozhai = await mine(api, publisher)
    assert {name: sanguo[name] for name in sanguo if name not in ("id", "mandates")} == {
        "status": "DRAFT",
        "kind": "BOOK",
        "originalLanguage": "zh",
        "publicationYear": 2024,
        "countryOfOrigin": "CN",
        "subjects": ["FV"],
        "title": {"text": "三国演义", "origin": "ORIGINAL"},
        "english": {"text": "Romance of the Three Kingdoms", "origin": "SUPPLIED"},
        "description": {"text": "东汉末年，群雄并起。"},
        "contributors": [{"name": "罗贯中", "role": "aut"}],
        "identifiers": [{"scheme": "ISBN", "value": "9787020002207"}],
    }
    scope = {"rights": ["PRINT"], "territories": ["CN", "MY", "SG"], "languages": ["zh"], "exclusive": True}
    assert sanguo["mandates"] == [{"source": "onix", "scope": scope}]
    assert liaozhai["mandates"] == []


async def test_the_same_list_again_changes_and_does_not_double(
    api: Api, publisher: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    first = message([product(rights=sales_rights("01", "CN"))])
    await send(api, publisher, first, work_off)
    tables = ("works", "texts", "contributors", "identifiers", "mandates")
    before = database.counts(*tables)
    again = await send(api, publisher, first, work_off)
    assert [again[name] for name in ("created", "updated", "unchanged", "skipped")] == [0, 0, 1, 0]
    assert database.counts(*tables) == before
    changed = message([product(title="三国志通俗演义", rights=sales_rights("02", "CN SG"))])
    assert (await send(api, publisher, changed, work_off))["updated"] == 1
    (work,) = await mine(api, publisher)
    assert work["title"]["text"] == "三国志通俗演义"
    assert [mandate["scope"]["territories"] for mandate in work["mandates"]] == [["CN", "SG"]]
    assert work["mandates"][0]["scope"]["exclusive"] is False


async def test_rights_that_people_entered_are_left_alone(api: Api, publisher: Actor, work_off: WorkOff) -> None:
    await send(api, publisher, message([product(rights=sales_rights("01", "CN"))]), work_off)
    (work,) = await mine(api, publisher)
    period = {"start": "2026-01-01"}
    scope = {"rights": ["PRINT"], "territories": ["ASEAN"], "languages": ["th"], "period": period, "exclusive": True}
    await api.data(
        "mutation ($id: ID!, $scope: ScopeInput!) { addMandate(workId: $id, scope: $scope) { id } }",
        {"id": work["id"], "scope": scope},
        token=publisher.token,
    )
    await send(api, publisher, message([product(rights=sales_rights("01", "CN MO"))]), work_off)
    (work,) = await mine(api, publisher)
    assert sorted(mandate["source"] for mandate in work["mandates"]) == ["entered", "onix"]


async def test_a_preview_counts_and_writes_nothing_and_can_be_applied(
    api: Api, publisher: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    await send(api, publisher, message([product()]), work_off)
    await work_off()
    before = database.counts(*TABLES, "procrastinate_jobs")
    listed = message([product(title="新题"), product("b", isbn="9787020008735"), product("c", isbn="978702000873X")])
    seen = await send(api, publisher, listed, work_off, dry_run=True)
    assert seen["status"] == "PREVIEW"
    assert [seen[name] for name in ("total", "created", "updated", "skipped")] == [3, 1, 1, 1]
    assert [problem["code"] for problem in seen["problems"]] == ["ONIX_IDENTIFIER"]
    after = database.counts(*TABLES, "procrastinate_jobs")
    jobs = before["procrastinate_jobs"] + 2
    assert after == before | {"procrastinate_jobs": jobs}, "the import's own job and the one that forgets it, no drafts"
    stranger = await actor(api.runtime, "stranger")
    assert (await api.refusal(APPLY, {"id": seen["id"]}, token=stranger.token))["code"] == "NOT_FOUND"
    applied = (await api.data(APPLY, {"id": seen["id"]}, token=publisher.token))["applyImport"]
    await work_off()
    done = (await api.data(SEEN, {"id": applied["id"]}, token=publisher.token))["catalogImport"]
    assert [done[name] for name in ("status", "created", "updated", "skipped")] == ["DONE", 1, 1, 1]
    assert (await api.refusal(APPLY, {"id": applied["id"]}, token=publisher.token))["code"] == "CONFLICT"


async def test_problems_name_the_line_in_the_reader_s_language_and_good_records_are_taken(
    api: Api, publisher: Actor, work_off: WorkOff
) -> None:
    listed = message(
        [
            product(),
            product(title="再来"),
            product("b", isbn="9787020008736"),
            product("c", isbn="9787020002207"),
            product("d", isbn="9787020024759", detail="<Contributor><ContributorRole>Q1</ContributorRole>"
                    "<PersonName>某</PersonName></Contributor>"),
            product("e", isbn="9787101003048", notification="89"),
            product("f", isbn="9787101003048", notification="05"),
            product("g", isbn="9787101003048", notification="04"),
        ]
    )  # fmt: skip
    done = await send(api, publisher, listed, work_off)
    counted = ("status", "total", "created", "updated", "proposed", "skipped")
    assert [done[name] for name in counted] == ["DONE", 8, 2, 0, 1, 5]
    lines = listed.decode().splitlines()
    assert [problem["code"] for problem in done["problems"]] == [
        "ONIX_REFERENCE_TWICE",
        "ONIX_IDENTIFIER",
        "RECORD_MAY_BE_LISTED",
        "ONIX_CODE",
        "ONIX_TEST_RECORD",
        "ONIX_NOTHING_TO_DELETE",
        "ONIX_NOTHING_TO_UPDATE",
    ]
    assert "9787020008736" in lines[done["problems"][1]["line"] - 1]
    assert "check digit" in done["problems"][1]["message"]
    assert len(await mine(api, publisher)) == 2


async def test_a_delete_withdraws_and_a_partial_update_keeps_the_rest(
    api: Api, publisher: Actor, work_off: WorkOff
) -> None:
    await send(api, publisher, message([product()]), work_off)
    partial = f"""<Product><RecordReference>{SANGUO}</RecordReference><NotificationType>04</NotificationType>
      <DescriptiveDetail><Language><LanguageRole>01</LanguageRole><LanguageCode>chi</LanguageCode></Language>
      </DescriptiveDetail><CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
      <Text>新的简介。</Text></TextContent></CollateralDetail></Product>"""
    assert (await send(api, publisher, message([partial]), work_off))["updated"] == 1
    (work,) = await mine(api, publisher)
    assert (work["title"]["text"], work["description"]["text"]) == ("三国演义", "新的简介。")
    assert (work["publicationYear"], work["contributors"]) == (2024, [{"name": "罗贯中", "role": "aut"}])
    await send(api, publisher, message([product(notification="05")]), work_off)
    (work,) = await mine(api, publisher)
    assert work["status"] == "WITHDRAWN"


async def test_a_work_listed_by_hand_is_recognised_by_its_isbn(api: Api, publisher: Actor, work_off: WorkOff) -> None:
    by_hand = {
        "kind": "BOOK",
        "originalLanguage": "zh",
        "title": "三国",
        "identifiers": [{"scheme": "ISBN", "value": "7-02-000220-X"}],
    }
    await api.data(
        "mutation ($input: CreateWorkInput!) { createWork(input: $input) { id } }",
        {"input": by_hand},
        token=publisher.token,
    )
    done = await send(api, publisher, message([product(), product("other", isbn="9787020008735")]), work_off)
    assert [done[name] for name in ("created", "updated")] == [1, 1]
    taken = await send(api, publisher, message([product("third", isbn="9787020002207")]), work_off)
    assert [problem["code"] for problem in taken["problems"]] == ["RECORD_MAY_BE_LISTED"]
    assert len(await mine(api, publisher)) == 2


BROKEN = [
    (b"", "XML_MALFORMED"),
    (message([product(f"r{number}") for number in range(60)])[:-300], "XML_MALFORMED"),
    (b"<!DOCTYPE ONIXMessage [<!ENTITY x 'y'>]><ONIXMessage release='3.0'/>", "XML_ENTITIES"),
    (message([product(title="Caf@")]).replace(b"@", b"\xe9"), "XML_ENCODING"),
    (b"<html/>", "ONIX_NOT_ONIX"),
    (message([product()]).replace(b'release="3.0"', b'release="2.1"'), "ONIX_VERSION"),
    (message([]), "ONIX_EMPTY"),
]


STRANGE = {
    "a page of its own": "<html><frameset></frameset></html>",
    "half a page": "<html><html>",
    "what is no text": "<p>东汉末年&#7;&#xFFFF;&#x202e;，群雄并起。</p>",
}


async def test_strange_markup_stops_no_import_and_leaves_nothing_but_text(
    api: Api, publisher: Actor, work_off: WorkOff
) -> None:
    isbns = ("9787020002207", "9787020008735", "9787020008728")
    products = [
        product(f"r{isbn}", isbn=isbn, description=description)
        for isbn, description in zip(isbns, STRANGE.values(), strict=True)
    ]
    numbered = message(products).replace(b"<SequenceNumber>1<", b"<SequenceNumber>" + b"9" * 5_000 + b"<")
    done = await send(api, publisher, numbered, work_off)
    assert (done["status"], done["created"], done["problems"]) == ("DONE", 3, [])
    described = [work["description"] for work in await mine(api, publisher)]
    assert sorted(words["text"] for words in described if words) == ["东汉末年，群雄并起。"]


async def test_a_file_that_breaks_fails_as_a_whole_and_nothing_is_written(
    api: Api, publisher: Actor, work_off: WorkOff, database: TestDatabase
) -> None:
    before = database.counts(*TABLES)
    for content, code in BROKEN:
        failed = await send(api, publisher, content, work_off, language="th")
        assert (failed["status"], failed["created"]) == ("FAILED", 0), code
        assert [problem["code"] for problem in failed["problems"]] == [code]
        assert ":  " not in failed["problems"][0]["message"], "the sentence says what the parser found"
    assert database.counts(*TABLES) == before


async def test_who_may_not_import_and_what_is_not_read_are_refused_and_nothing_is_kept(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    viewer = await actor(api.runtime, "xiangshan", person="viewer", roles=["VIEWER"])
    files = {"file": ("list.xml", message([product()]), "application/xml")}
    before = database.counts(*TABLES, "catalog_imports", "procrastinate_jobs")

    async def refusal(someone: Actor | None, file_format: str = "ONIX") -> dict[str, Any]:
        token = someone.token if someone else None
        return await api.refusal(IMPORT, {"file": None, "format": file_format}, token=token, files=files, language="en")

    assert (await refusal(None))["code"] == "UNAUTHENTICATED"
    assert (await refusal(viewer))["code"] == "FORBIDDEN"
    files = {"file": ("list.xml", b"%PDF-1.7 \xff\xfe\x00", "application/xml")}
    refused = await refusal(publisher, "AUTO")
    assert (refused["code"], refused["field"], refused["params"]) == ("INVALID", "file", {"formats": list(READERS)})
    assert "ONIX 3" in refused["message"]
    assert database.counts(*TABLES, "catalog_imports", "procrastinate_jobs") == before
    assert not [path for path in Path(api.runtime.settings.path("objects")).rglob("*") if path.is_file()]


async def test_an_import_is_its_organization_s_own(api: Api, publisher: Actor, work_off: WorkOff) -> None:
    done = await send(api, publisher, message([product()]), work_off)
    stranger = await actor(api.runtime, "stranger")
    for token in (None, stranger.token):
        assert (await api.data(SEEN, {"id": done["id"]}, token=token))["catalogImport"] is None
    listing = "{ catalogImports(first: 5) { totalCount edges { node { id status } } } }"
    assert (await api.data(listing, token=stranger.token))["catalogImports"]["totalCount"] == 0
    own = (await api.data(listing, token=publisher.token))["catalogImports"]
    assert [edge["node"] for edge in own["edges"]] == [{"id": done["id"], "status": "DONE"}]


async def test_a_long_list_of_problems_is_counted(
    api: Api, publisher: Actor, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_PROBLEMS", 10)
    listed = message([product(f"r{number}", isbn="1") for number in range(60)])
    done = await send(api, publisher, listed, work_off)
    assert (len(done["problems"]), done["skipped"]) == (11, 60)
    assert "50 more" in done["problems"][-1]["message"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_a_sentence_in_every_language(language: str) -> None:
    for code in problems.SENTENCES:
        said = problems.sentence({"code": code, "params": {}}).render(language)
        assert said
        assert "%(" not in said


@pytest.mark.standards
@pytest.mark.parametrize("name", ["Onix3.1-single-ref.xml", "onix3-single.xml", "single-book-onix3-short.xml"])
async def test_other_people_s_samples_are_listed(
    api: Api, publisher: Actor, work_off: WorkOff, standards: Path, name: str
) -> None:
    done = await send(api, publisher, (standards / "onix" / name).read_bytes(), work_off)
    assert [done[key] for key in ("status", "total", "created", "skipped", "problems")] == ["DONE", 1, 1, 0, []]
    (work,) = await mine(api, publisher)
    assert (work["title"]["text"], work["originalLanguage"], work["publicationYear"]) == ("Roseanna", "sv", 1965)
    assert {mandate["scope"]["exclusive"] for mandate in work["mandates"]} == {True, False}
