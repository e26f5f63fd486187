"""The desk: what would become of each record, the choice that a person has, the file handed back; nothing written before."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import openpyxl
import psycopg
import pytest

from catalog.imports import service as imports
from catalog.models import ENTERED
from catalog.rightsin import take_rights
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.onix import message, product, sales_rights
from tests.factories.sheets import HEADINGS, LIAOZHAI, SANGUO, long_workbook, workbook

WorkOff = Callable[[], Awaitable[None]]
TABLES = ("works", "texts", "renderings", "contributors", "identifiers", "mandates", "search_feed", "merge_proposals")
IMPORT = """mutation ($file: Upload!, $format: CatalogFormat!, $dryRun: Boolean) {
  importCatalog(file: $file, format: $format, dryRun: $dryRun) { id format } }"""
APPLY = "mutation ($id: ID!, $whole: Boolean) { applyImport(importId: $id, whole: $whole) { id } }"
CREATE = "mutation ($input: CreateWorkInput!) { createWork(input: $input) { id } }"
HOLD = "mutation ($id: ID!, $scope: ScopeInput!) { addHoldback(workId: $id, scope: $scope) { id } }"
GRANT = "mutation ($id: ID!, $scope: ScopeInput!) { addMandate(workId: $id, scope: $scope) { id } }"
EXPORT = "mutation { exportCatalog(format: XLSX) { id } }"
WRITTEN = "query ($id: ID!) { catalogExport(id: $id) { downloadUrl } }"
RIGHTS = """SELECT said, source, rights, territories, languages, period FROM (
  SELECT 'mandates' AS said, source, rights, territories, languages, period FROM mandates UNION ALL
  SELECT 'holdbacks', source, rights, territories, languages, period FROM holdbacks) AS rights ORDER BY said, source"""
CORRECT = "mutation ($id: ID!) { correctImport(importId: $id) { correction { status url } } }"
SEEN = """query ($id: ID!) { catalogImport(id: $id) {
  status format total done created updated unchanged skipped whole previewId appliedId correction { status url }
  problems { code } } }"""
ROWS = """query ($id: ID!, $outcome: ImportOutcome, $withProblems: Boolean, $first: Int, $after: String) {
  catalogImportRows(importId: $id, outcome: $outcome, withProblems: $withProblems, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { position line reference title outcome workId changes { field label before after }
      problems { code field line message } } } } }"""
WRONG = ("k3", "红楼梦", "zh", "978702OOO22O8", "曹雪芹 (Auther)", "2567", "Wrld; L")


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, "xiangshan", country="CN", language="zh")


class Desk:
    """A publisher at the desk."""

    def __init__(self, api: Api, publisher: Actor, work_off: WorkOff) -> None:
        self.api, self.publisher, self.work_off = api, publisher, work_off

    async def send(self, content: bytes, *, dry_run: bool = True) -> str:
        answer = await self.api.data(
            IMPORT,
            {"file": None, "format": "AUTO", "dryRun": dry_run},
            token=self.publisher.token,
            files={"file": ("list", content, "application/octet-stream")},
        )
        await self.work_off()
        return str(answer["importCatalog"]["id"])

    async def apply(self, preview: str, *, whole: bool = False) -> str:
        answer = await self.api.data(APPLY, {"id": preview, "whole": whole}, token=self.publisher.token)
        await self.work_off()
        return str(answer["applyImport"]["id"])

    async def seen(self, import_id: str) -> dict[str, Any]:
        answer = await self.api.data(SEEN, {"id": import_id}, token=self.publisher.token)
        return dict(answer["catalogImport"])

    async def rows(self, import_id: str, language: str = "en", **chosen: Any) -> list[dict[str, Any]]:
        answer = await self.api.data(ROWS, {"id": import_id, **chosen}, token=self.publisher.token, language=language)
        return [edge["node"] for edge in answer["catalogImportRows"]["edges"]]

    async def own_list(self) -> bytes:
        """The workbook that the hub writes of everything that is listed."""
        started = await self.api.data(EXPORT, token=self.publisher.token)
        await self.work_off()
        written = await self.api.data(WRITTEN, {"id": started["exportCatalog"]["id"]}, token=self.publisher.token)
        return (await self.api.http.get(written["catalogExport"]["downloadUrl"])).content


@pytest.fixture
def desk(api: Api, publisher: Actor, work_off: WorkOff) -> Desk:
    return Desk(api, publisher, work_off)


async def test_a_preview_says_of_each_row_what_would_change_and_writes_nothing(
    desk: Desk, database: TestDatabase
) -> None:
    first = await desk.apply(await desk.send(workbook([HEADINGS, SANGUO, LIAOZHAI])))
    assert (await desk.seen(first))["created"] == 2
    await desk.work_off()
    before = database.counts(*TABLES)
    changed = ("k1", "三国志通俗演义", "zh", SANGUO[3], "罗贯中 (Author); 毛宗岗 (Editor)", "1522", "ASEAN; tha")
    preview = await desk.send(workbook([HEADINGS, changed, LIAOZHAI, ("k4", "西游记", "zh"), WRONG]))
    seen = await desk.seen(preview)
    assert {name: seen[name] for name in ("status", "format", "total", "created", "updated", "unchanged", "skipped")} == {
        "status": "PREVIEW", "format": "XLSX", "total": 4, "created": 1, "updated": 1, "unchanged": 1, "skipped": 1,
    }  # fmt: skip
    assert database.counts(*TABLES) == before
    rows = await desk.rows(preview)
    assert [(row["line"], row["outcome"]) for row in rows] == [
        (2, "UPDATED"), (3, "UNCHANGED"), (4, "CREATED"), (5, "SKIPPED"),
    ]  # fmt: skip
    changes = {change["field"]: change for change in rows[0]["changes"]}
    assert (changes["title"]["before"], changes["title"]["after"]) == ("三国演义", "三国志通俗演义")
    assert changes["contributors"]["after"] == "罗贯中 (Author) and 毛宗岗 (Editor)"
    assert "ASEAN" in changes["rights"]["after"]
    assert "United States" in changes["rights"]["before"]
    assert set(changes) == {"title", "contributors", "rights"}
    [thai] = await desk.rows(preview, language="th", outcome="UPDATED")
    assert thai["changes"][0]["label"] == "ผู้ร่วมสร้างสรรค์"
    [wrong] = await desk.rows(preview, outcome="SKIPPED")
    assert [(problem["code"], problem["field"]) for problem in wrong["problems"]] == [
        ("SHEET_NOT_KNOWN_NEAR", "Contributors"),
        ("SHEET_IDENTIFIER", "ISBN"),
        ("SHEET_YEAR_BUDDHIST", "Year of publication"),
        ("SHEET_RIGHTS", "Rights"),
    ]
    assert wrong["problems"][3]["message"].startswith("From letter 1 on, “Wrld”: a country")
    assert await desk.rows(preview, withProblems=True) == [wrong]


async def test_what_a_list_holds_back_is_the_list_s_own(desk: Desk, database: TestDatabase) -> None:
    names = (*HEADINGS, "Held back", "Status")
    await desk.apply(await desk.send(workbook([names, (*SANGUO, "", "Published")])))
    [(work_id, status)] = database.rows("SELECT id, status FROM works")
    assert status == "DRAFT"
    scope = {"rights": ["PRINT"], "territories": ["LA"], "period": {"start": "2026-01-01"}, "exclusive": False}
    await desk.api.data(HOLD, {"id": str(work_id), "scope": scope}, token=desk.publisher.token)
    preview = await desk.send(workbook([names, (*SANGUO, "VN; L; EBOOK; 2026-01-01..2026-12-31", "")]))
    [row] = await desk.rows(preview)
    [change] = row["changes"]
    assert (row["outcome"], change["field"], change["label"], change["before"]) == (
        "UPDATED", "holdbacks", "Held back", None,
    )  # fmt: skip
    assert change["after"] == "E-book in every language, Viet Nam, from 1 January 2026 to 31 December 2026."
    assert database.count("holdbacks") == 1
    await desk.apply(preview)
    held = [("entered", ["PRINT"], ["LA"]), ("xlsx", ["EBOOK"], ["VN"])]
    asked = "SELECT source, rights, territories FROM holdbacks ORDER BY source"
    assert database.rows(asked) == held
    again = await desk.send(workbook([names, (*SANGUO, "VN; L; EBOOK; 2026-01-01..2026-12-31", "")]))
    assert (await desk.seen(again))["unchanged"] == 1
    await desk.apply(await desk.send(workbook([names, (*SANGUO, "", "")])))
    assert database.rows(asked) == held


async def test_what_people_entered_comes_back_with_their_own_list_and_is_not_said_twice(
    desk: Desk, database: TestDatabase
) -> None:
    names = (*HEADINGS, "Held back")
    listed = (*SANGUO[:6], "ASEAN; tha", "VN; L; EBOOK; 2026-01-01..2026-12-31")
    await desk.apply(await desk.send(workbook([names, listed])))
    [(work_id,)] = database.rows("SELECT id FROM works")
    held = {"rights": ["PRINT"], "territories": ["LA"], "period": {"start": "2026-01-01"}, "exclusive": False}
    given = {**held, "territories": ["JP", "KR"], "exclusive": True}
    await desk.api.data(HOLD, {"id": str(work_id), "scope": held}, token=desk.publisher.token)
    await desk.api.data(GRANT, {"id": str(work_id), "scope": given}, token=desk.publisher.token)
    before = database.rows(RIGHTS)
    assert [(row[0], row[1]) for row in before] == [
        ("holdbacks", "entered"), ("holdbacks", "xlsx"), ("mandates", "entered"), ("mandates", "xlsx"),
    ]  # fmt: skip
    own = await desk.own_list()
    preview = await desk.send(own)
    assert [(row["outcome"], row["changes"]) for row in await desk.rows(preview)] == [("UNCHANGED", [])]
    await desk.apply(preview)
    assert database.rows(RIGHTS) == before

    async with desk.api.runtime.database.transaction(desk.publisher.caller) as tx:
        await take_rights(tx.session, work_id, source=ENTERED)
    await desk.apply(await desk.send(own))
    [lists_own] = [row for row in database.rows(RIGHTS) if row[3] == ["JP", "KR"]]
    assert lists_own[:2] == ("mandates", "xlsx"), "the list has said it all along"
    await desk.api.data(GRANT, {"id": str(work_id), "scope": given}, token=desk.publisher.token)
    preview = await desk.send(own)
    assert [(row["outcome"], row["changes"]) for row in await desk.rows(preview)] == [("UNCHANGED", [])]


async def test_a_list_that_says_only_what_people_entered_no_longer_says_what_it_did(
    desk: Desk, database: TestDatabase
) -> None:
    await desk.apply(await desk.send(workbook([HEADINGS, (*SANGUO[:6], "VN; vie")])))
    [(work_id,)] = database.rows("SELECT id FROM works")
    given = {
        "rights": ["PRINT", "LARGE_PRINT", "EBOOK", "AUDIOBOOK", "SERIAL"],
        "territories": ["JP", "KR"],
        "period": {"start": "2026-01-01"},
        "exclusive": True,
    }
    await desk.api.data(GRANT, {"id": str(work_id), "scope": given}, token=desk.publisher.token)
    preview = await desk.send(workbook([HEADINGS, (*SANGUO[:6], "JP, KR")]))
    [row] = await desk.rows(preview)
    assert [(change["field"], change["after"]) for change in row["changes"]] == [("rights", None)]
    await desk.apply(preview)
    assert [(found[1], found[3]) for found in database.rows(RIGHTS)] == [(ENTERED, ["JP", "KR"])]


async def test_all_or_nothing_takes_nothing_while_one_record_must_stay_out(desk: Desk, database: TestDatabase) -> None:
    preview = await desk.send(workbook([HEADINGS, SANGUO, LIAOZHAI, WRONG]))
    before = database.counts(*TABLES)
    refused = await desk.seen(await desk.apply(preview, whole=True))
    assert (refused["status"], [problem["code"] for problem in refused["problems"]]) == ("FAILED", ["NOT_WHOLE"])
    assert refused["previewId"] == preview
    assert database.counts(*TABLES) == before
    kept = await desk.apply(preview)
    done = await desk.seen(kept)
    assert (done["status"], done["created"], done["skipped"]) == ("DONE", 2, 1)
    assert (await desk.seen(preview))["appliedId"] == kept
    assert all(row["workId"] for row in await desk.rows(kept, outcome="CREATED"))
    good = await desk.send(workbook([HEADINGS, ("k9", "水浒传", "zh"), ("k8", "儒林外史", "zh")]))
    whole = await desk.seen(await desk.apply(good, whole=True))
    assert (whole["status"], whole["whole"], whole["done"], whole["created"]) == ("DONE", True, 2, 2)


async def test_a_list_without_keys_knows_its_titles_again_by_their_codes(desk: Desk, database: TestDatabase) -> None:
    await desk.send(message([product(rights=sales_rights("01", "CN"))]), dry_run=False)
    rows = [("ISBN", "Title", "Language", "Year of publication"), ("9787020002207", "三国演义", "zh", "1522")]
    [row] = await desk.rows(await desk.send(workbook(rows), dry_run=False))
    assert (row["outcome"], [change["field"] for change in row["changes"]]) == ("UPDATED", ["year"])
    assert database.rows("SELECT record_reference, publication_year FROM works") == [("cn.xiangshan.sanguo", 1522)]
    assert database.count("mandates") == 1


async def test_the_file_comes_back_with_what_to_correct(desk: Desk, api: Api) -> None:
    preview = await desk.send(workbook([HEADINGS, SANGUO, WRONG, (*WRONG[:3], "978702OOO22O7")]))
    asked = await api.data(CORRECT, {"id": preview}, token=desk.publisher.token)
    assert asked["correctImport"]["correction"] == {"status": "RUNNING", "url": None}
    await desk.work_off()
    made = (await desk.seen(preview))["correction"]
    assert made["status"] == "DONE"
    answer = await api.http.get(made["url"])
    assert answer.headers["content-disposition"] == 'attachment; filename="corrected.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["H1"].value == "需要更正", "in the language of the publisher"
    assert sheet["H2"].value is None
    assert "“2567”似乎是佛历年份" in sheet["H3"].value
    assert (sheet["D4"].value, sheet["G3"].value) == ("9787020002207", "World; L")
    assert (await api.http.get(made["url"].replace("/corrected/", "/corrected/1"))).status_code == 404
    stranger = await actor(api.runtime, "stranger")
    assert (await api.refusal(CORRECT, {"id": preview}, token=stranger.token))["code"] == "NOT_FOUND"
    clean = await desk.send(workbook([HEADINGS, SANGUO]))
    assert (await api.refusal(CORRECT, {"id": clean}, token=desk.publisher.token))["code"] == "CONFLICT"


async def test_problems_of_a_message_come_back_as_a_table(desk: Desk, api: Api) -> None:
    preview = await desk.send(message([product(isbn="9787020002208"), product("b", isbn="9787020008735")]))
    await api.data(CORRECT, {"id": preview}, token=desk.publisher.token)
    await desk.work_off()
    answer = await api.http.get((await desk.seen(preview))["correction"]["url"])
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [len(line) for line in lines] == [5, 5]
    assert lines[1][1:3] == ["cn.xiangshan.sanguo", "三国演义"]


async def test_a_long_list_with_formulas_and_merged_cells_ends_in_a_paged_report(
    desk: Desk, database: TestDatabase
) -> None:
    preview = await desk.send(long_workbook(450))
    seen = await desk.seen(preview)
    assert (seen["status"], seen["total"], seen["created"] + seen["skipped"]) == ("PREVIEW", 450, 450)
    assert seen["skipped"] == 45
    token = desk.publisher.token
    first = (await desk.api.data(ROWS, {"id": preview, "outcome": "SKIPPED", "first": 40}, token=token))[
        "catalogImportRows"
    ]
    assert first["pageInfo"]["hasNextPage"]
    rest = await desk.rows(preview, outcome="SKIPPED", first=40, after=first["pageInfo"]["endCursor"])
    assert len(rest) == 5
    assert database.count("works") == 0


async def test_between_the_look_and_the_writing_of_a_whole_list_nobody_changes_what_was_looked_at(
    desk: Desk, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = await desk.send(workbook([HEADINGS, SANGUO, LIAOZHAI]))
    checked, refused = imports._Progress.checked, []
    work = {"kind": "BOOK", "originalLanguage": "zh", "title": "西厢记"}

    async def meanwhile(self: Any) -> None:
        await checked(self)
        refused.append(await desk.api.refusal(CREATE, {"input": work}, token=desk.publisher.token))
        assert database.count("works") == 0

    monkeypatch.setattr(imports._Progress, "checked", meanwhile)
    taken = await desk.seen(await desk.apply(preview, whole=True))
    assert (taken["status"], taken["created"], [one["code"] for one in refused]) == ("DONE", 2, ["CONFLICT"])
    await desk.api.data(CREATE, {"input": work}, token=desk.publisher.token)
    assert database.count("works") == 3


async def test_rows_are_their_organization_s_own_and_are_forgotten_with_their_file(
    desk: Desk, api: Api, database: TestDatabase
) -> None:
    preview = await desk.send(workbook([HEADINGS, SANGUO]))
    stranger = await actor(api.runtime, "stranger")
    hidden = await api.data(ROWS, {"id": preview}, token=stranger.token)
    assert hidden["catalogImportRows"]["edges"] == []
    assert (await api.refusal(ROWS, {"id": preview, "after": "eA"}, token=desk.publisher.token))["code"] == "INVALID"
    objects = api.runtime.settings.path("objects")
    assert [path for path in objects.rglob("*.xlsx") if path.is_file()]
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute("UPDATE catalog_imports SET finished_at = now() - interval '31 days'")
    await imports.forget(api.runtime, UUID(preview), desk.publisher.organization_id)
    assert database.count("catalog_import_rows") == 0
    assert not [path for path in objects.rglob("*.xlsx") if path.is_file()]
    gone = await desk.seen(await desk.apply(preview))
    assert (gone["status"], [problem["code"] for problem in gone["problems"]]) == ("FAILED", ["FILE_GONE"])


async def test_the_template_is_served_in_every_language_and_nothing_else(api: Api) -> None:
    answer = await api.http.get("/templates/titles-km.xlsx")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert (await api.http.get("/templates/titles-fr.xlsx")).status_code == 404
    assert (await api.http.get("/templates/titles-km.exe")).status_code == 404
