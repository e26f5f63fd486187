"""Avails through the front door: imported once, changed line by line, exported again."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from catalog.formats.avails.workbook import Workbook
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.avails import avail, avail_list, film, transaction, workbook

WorkOff = Callable[[], Awaitable[None]]
IMPORT = """mutation ($file: Upload!, $dryRun: Boolean) {
  importCatalog(file: $file, format: AVAILS, dryRun: $dryRun) { id } }"""
SEEN = """query ($id: ID!) { catalogImport(id: $id) {
  status total created updated unchanged skipped problems { code field line message } } }"""
WORKS = """{ myWorks(first: 20) { edges { node { id kind status title(language: "zh") { text } vi: title(language: "vi") { text }
  identifiers { scheme value } mandates { source scope { rights territories languages exclusive period { start end } } }
  holdbacks { id scope { rights territories languages } } } } } }"""
HOLD = "mutation ($id: ID!, $scope: ScopeInput!) { addHoldback(workId: $id, scope: $scope) { id } }"
EXPORT = """mutation ($ids: [ID!], $variant: String) {
  exportCatalog(format: AVAILS, variant: $variant, workIds: $ids) { id } }"""
EXPORTED = "query ($id: ID!) { catalogExport(id: $id) { status downloadUrl total leftOut } }"
TABLES = ("works", "texts", "contributors", "identifiers", "mandates", "holdbacks", "kept_records")


class Studio:
    def __init__(self, api: Api, someone: Actor, work_off: WorkOff) -> None:
        self.api, self.someone, self.work_off = api, someone, work_off

    async def take(self, content: bytes, *, dry_run: bool = False) -> dict[str, Any]:
        files = {"file": ("avails.xlsx", content, "application/octet-stream")}
        started = await self.api.data(IMPORT, {"file": None, "dryRun": dry_run}, token=self.someone.token, files=files)
        await self.work_off()
        one = {"id": started["importCatalog"]["id"]}
        seen: dict[str, Any] = (await self.api.data(SEEN, one, token=self.someone.token, language="en"))[
            "catalogImport"
        ]
        return seen

    async def work(self) -> dict[str, Any]:
        edges = (await self.api.data(WORKS, token=self.someone.token))["myWorks"]["edges"]
        (found,) = [edge["node"] for edge in edges]
        one: dict[str, Any] = found
        return one


@pytest.fixture
async def studio(api: Api, work_off: WorkOff) -> Studio:
    return Studio(api, await actor(api.runtime, "caidiao", country="CN", language="zh"), work_off)


async def test_a_list_of_windows_becomes_mandates_and_holdbacks_once(studio: Studio, database: TestDatabase) -> None:
    rows = [
        film(AllowedLanguages="vi, km", HoldbackLanguage="fr", Territory="VN, KH", Exclusive=True, FormatProfile="HD"),
        film(AllowedLanguages="vi, km", HoldbackLanguage="fr", Territory="VN, KH", Exclusive=True, FormatProfile="SD"),
        film(LicenseType="EST", Start="Immediate", AssetLanguage="vi", TitleDisplayUnlimited="Lưu Tam Thư"),
    ]
    preview = await studio.take(workbook(*rows), dry_run=True)
    assert (preview["status"], preview["created"], sum(database.counts(*TABLES).values())) == ("PREVIEW", 1, 0)
    done = await studio.take(workbook(*rows))
    assert (done["status"], done["total"], done["created"], done["problems"]) == ("DONE", 1, 1, [])
    work = await studio.work()
    assert (work["kind"], work["title"]["text"], work["vi"]["text"]) == ("ANIMATION", "刘三姐", "Lưu Tam Thư")
    svod = {
        "rights": ["SVOD"], "territories": ["KH", "VN"], "languages": ["km", "vi"], "exclusive": True,
        "period": {"start": "2026-01-01", "end": None},
    }  # fmt: skip
    assert [mandate["scope"] for mandate in work["mandates"] if "SVOD" in mandate["scope"]["rights"]] == [svod]
    assert {mandate["source"] for mandate in work["mandates"]} == {"avails"}
    (held,) = work["holdbacks"]
    assert held["scope"] == {"rights": ["SVOD"], "territories": ["KH", "VN"], "languages": ["fr"]}

    before = database.counts(*TABLES)
    again = await studio.take(workbook(*rows))
    assert (again["updated"], again["unchanged"]) == (0, 1)
    assert (database.counts(*TABLES), await studio.work()) == (before, work)

    scope = {
        "rights": ["EST"],
        "territories": ["TH"],
        "languages": ["th"],
        "period": {"start": "2026-01-01"},
        "exclusive": False,
    }
    await studio.api.data(HOLD, {"id": work["id"], "scope": scope}, token=studio.someone.token)
    await studio.take(workbook(film(AllowedLanguages="vi", Territory="VN")))
    work = await studio.work()
    assert [mandate["scope"]["territories"] for mandate in work["mandates"]] == [["VN"]]
    assert [one["scope"]["rights"] for one in work["holdbacks"]] == [["EST"]]

    gone = await studio.take(workbook(film(EntryType="Full Delete")))
    assert (gone["updated"], gone["problems"]) == (1, [])
    work = await studio.work()
    assert (work["status"], work["mandates"]) == ("WITHDRAWN", [])
    await studio.take(workbook(film()))
    assert (await studio.work())["status"] == "DRAFT"


async def test_single_lines_are_added_changed_and_deleted(studio: Studio, database: TestDatabase) -> None:
    await studio.take(workbook(film(AvailID="1"), film(AvailID="2", LicenseType="EST")))
    update = [
        film(AvailID="2", LicenseType="EST", EntryType="Delete"),
        film(AvailID="3", LicenseType="AVOD", Territory="TH", EntryType="Create"),
        film(AvailID="1", Exclusive=True, EntryType="Update"),
    ]
    done = await studio.take(workbook(*update))
    assert (done["updated"], done["problems"]) == (1, [])
    before = database.content()
    again = await studio.take(workbook(*update))
    assert (again["updated"], again["unchanged"], again["problems"]) == (0, 1, [])
    assert {table: held for table, held in database.content().items() if table in TABLES} == {
        table: held for table, held in before.items() if table in TABLES
    }
    other = await studio.take(workbook(film(AvailID="1", Exclusive=True, EntryType="Update", Start="2026-02-01")))
    assert (other["updated"], other["unchanged"]) == (1, 0)
    await studio.take(workbook(film(AvailID="1", Exclusive=True, EntryType="Update")))
    work = await studio.work()
    said = {(*mandate["scope"]["rights"], mandate["scope"]["exclusive"]) for mandate in work["mandates"]}
    assert said == {("SVOD", True), ("AVOD", False)}
    sheet = io.BytesIO(await exported(studio, work["id"], "XLSX_1_9"))
    assert [(line["AvailID"], line["LicenseType"], line["EntryType"]) for line in Workbook(sheet).lines()] == [
        ("1", "SVOD", "Full Extract"),
        ("3", "AVOD", "Full Extract"),
    ]


async def exported(studio: Studio, work_id: str, variant: str) -> bytes:
    asked = {"ids": [work_id], "variant": variant}
    started = (await studio.api.data(EXPORT, asked, token=studio.someone.token))["exportCatalog"]
    await studio.work_off()
    done = (await studio.api.data(EXPORTED, {"id": started["id"]}, token=studio.someone.token))["catalogExport"]
    assert (done["status"], done["total"], done["leftOut"]) == ("DONE", 1, 0)
    answer = await studio.api.http.get(done["downloadUrl"], headers={"Authorization": f"Bearer {studio.someone.token}"})
    assert answer.status_code == 200
    return answer.content


async def test_what_is_wrong_is_told_by_row_and_nothing_of_that_title_is_written(
    studio: Studio, database: TestDatabase
) -> None:
    rows = [film(), film(ALID="x:2", End="2020-01-01"), film(ALID="x:3", Territory="XQ"), film(Start=None, ALID="x:4")]
    done = await studio.take(workbook(*rows))
    assert (done["created"], done["skipped"], database.counts("works")["works"]) == (1, 3, 1)
    assert [(problem["code"], problem["line"], problem["field"]) for problem in done["problems"]] == [
        ("END_BEFORE_START", 5, "Movies!End"),
        ("TERRITORY_UNKNOWN", 6, "Movies!Territory"),
        ("FIELD_MISSING", 7, "Movies!Start"),
    ]
    broken = await studio.take(avail_list(avail(), avail("x:5"))[:-40])
    assert (broken["status"], [problem["code"] for problem in broken["problems"]]) == ("FAILED", ["XML_MALFORMED"])
    assert database.counts("works")["works"] == 1


async def test_xml_comes_in_and_goes_out(studio: Studio) -> None:
    terms = '<avails:Term termName="CampaignID"><avails:ID>tet-2027</avails:ID></avails:Term>'
    await studio.take(avail_list(avail(transactions=transaction(terms=terms)), version="2.6", common="2.10"))
    content = await exported(studio, (await studio.work())["id"], "XML_2_7")
    assert b"tet-2027" in content
    assert b"avails/v2.7/avails" in content
    again = await studio.take(content)
    assert (again["created"], again["skipped"], again["problems"]) == (0, 0, [])
