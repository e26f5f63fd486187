"""Texts as clients see them."""

from __future__ import annotations

from typing import Any

import pytest

from hub import jobs
from hub.i18n import LANGUAGES
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.texts import text
from translation import queries, service

FIELDS = """
id language editable
renderings { language status text { text language origin original { text } } reason draft draftable engine updatedAt }
"""
TABLE = f"query ($id: ID!) {{ textRenderings(textId: $id) {{ {FIELDS} }} }}"
REVIEW = """
mutation ($id: ID!, $language: LanguageTag!, $text: String!) {
  reviewText(textId: $id, language: $language, text: $text) { text language origin original { text } textId }
}
"""
REQUEST = f"""
mutation ($id: ID!, $languages: [LanguageTag!]!) {{
  requestTranslation(textId: $id, languages: $languages) {{ {FIELDS} }}
}}
"""


def by_language(table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    assert [row["language"] for row in table["renderings"]] == list(LANGUAGES)
    return {row["language"]: row for row in table["renderings"]}


async def test_a_text_is_shown_in_all_ten_languages(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, supplied={"vi": "Chúng tôi đồng ý."})
    asked = await api.data(REQUEST, {"id": str(made.id), "languages": ["en", "km"]}, token=writer.token)
    assert by_language(asked["requestTranslation"])["en"]["status"] == "NOT_TRANSLATED"
    await jobs.work(api.runtime, database.app_url, wait=False)
    table = (await api.data(TABLE, {"id": str(made.id)}, token=writer.token, language="en"))["textRenderings"]
    assert (table["language"], table["editable"]) == ("zh", True)
    rows = by_language(table)
    assert {language: row["status"] for language, row in rows.items() if row["status"] != "NOT_TRANSLATED"} == {
        "zh": "ORIGINAL",
        "en": "MACHINE",
        "vi": "SUPPLIED",
    }
    assert rows["en"]["text"] == {
        "text": "We accept your offer. Thank you.",
        "language": "en",
        "origin": "MACHINE",
        "original": {"text": made.words},
    }
    assert rows["en"]["engine"].startswith("argos zh_en")
    assert rows["zh"]["text"] == {"text": made.words, "language": "zh", "origin": "ORIGINAL", "original": None}
    assert rows["km"] == {
        "language": "km",
        "status": "NOT_TRANSLATED",
        "text": None,
        "reason": "No translation engine of this hub reaches this language yet.",
        "draft": None,
        "draftable": False,
        "engine": None,
        "updatedAt": None,
    }
    assert rows["en"]["draftable"]


async def test_a_withheld_draft_gives_its_reason_to_the_reader(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, "我明天坐火车去北京。", drafts=["en"])
    await jobs.work(api.runtime, database.app_url, wait=False)
    table = (await api.data(TABLE, {"id": str(made.id)}, token=writer.token, language="en"))["textRenderings"]
    row = by_language(table)["en"]
    assert (row["status"], row["text"]) == ("CHECK_FAILED", None)
    assert row["draft"]
    assert row["reason"] == "The engine does not know some of the words of the original."


async def test_a_correction_is_the_one_that_stays(api: Api) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer)
    variables = {"id": str(made.id), "language": "th", "text": "เรายอมรับข้อเสนอของคุณ ขอบคุณ"}
    await api.data(REVIEW, variables | {"text": "เรารับข้อเสนอของคุณ ขอบคุณ"}, token=writer.token)
    answer = (await api.data(REVIEW, variables, token=writer.token))["reviewText"]
    assert answer == {
        "text": "เรายอมรับข้อเสนอของคุณ ขอบคุณ",
        "language": "th",
        "origin": "REVIEWED",
        "original": {"text": made.words},
        "textId": str(made.id),
    }
    table = (await api.data(TABLE, {"id": str(made.id)}, token=writer.token))["textRenderings"]
    assert by_language(table)["th"]["status"] == "REVIEWED"


async def test_a_correction_of_older_words_wants_a_look(api: Api) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer)
    await api.data(
        REVIEW, {"id": str(made.id), "language": "th", "text": "เรายอมรับข้อเสนอของคุณ ขอบคุณ"}, token=writer.token
    )
    async with api.runtime.database.transaction(writer.caller) as tx:
        row = await queries.text(tx.session, made.id)
        assert row is not None
        await service.change_words(tx.session, row, "我们不能接受这个价格。")
    table = (await api.data(TABLE, {"id": str(made.id)}, token=writer.token, language="en"))["textRenderings"]
    row = by_language(table)["th"]
    assert (row["status"], row["text"]["text"]) == ("OUTDATED", "เรายอมรับข้อเสนอของคุณ ขอบคุณ")
    assert row["reason"] == "The original has changed since this was written."


async def test_others_read_but_do_not_correct(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    other = await actor(api.runtime, "bangkok", kind="AGENCY", country="TH", language="th")
    public = await text(api.runtime, writer)
    private = await text(api.runtime, writer, readers=[])
    between = await text(api.runtime, writer, readers=[writer, other])
    table = (await api.data(TABLE, {"id": str(between.id)}, token=other.token))["textRenderings"]
    assert table["editable"] is False
    for made, token in (
        (private, other.token),
        (private, None),
        (public, other.token),
        (public, None),
        (between, None),
    ):
        assert (await api.data(TABLE, {"id": str(made.id)}, token=token))["textRenderings"] is None
    tables = ("renderings", "memory_entries", "audit_log", "procrastinate_jobs")
    before = database.counts(*tables)
    for token, made, code in (
        (other.token, public, "FORBIDDEN"),
        (other.token, private, "NOT_FOUND"),
        (None, public, "UNAUTHENTICATED"),
    ):
        refused = await api.refusal(REVIEW, {"id": str(made.id), "language": "th", "text": "ไม่"}, token=token)
        assert refused["code"] == code
        refused = await api.refusal(REQUEST, {"id": str(made.id), "languages": ["th"]}, token=token)
        assert refused["code"] == code
    assert database.counts(*tables) == before


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"id": "not-an-id"}, "NOT_FOUND", "textId"),
        ({"id": "00000000-0000-7000-8000-000000000000"}, "NOT_FOUND", "textId"),
        ({"language": "eo"}, "INVALID", "language"),
        ({"language": "zh"}, "INVALID", "language"),
        ({"text": " \n"}, "INVALID", "text"),
        ({"text": "x" * 20_001}, "INVALID", "text"),
        ({"text": "a\0b"}, "INVALID", "text"),
    ],
)
async def test_a_bad_correction_is_refused_and_changes_nothing(
    api: Api, database: TestDatabase, changes: dict[str, str], code: str, field: str
) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer)
    variables = {"id": str(made.id), "language": "th", "text": "เรายอมรับข้อเสนอของคุณ ขอบคุณ"} | changes
    refused = await api.refusal(REVIEW, variables, token=writer.token)
    assert (refused["code"], refused["field"]) == (code, field)
    assert database.counts("renderings", "memory_entries", "audit_log") == {
        "renderings": 0,
        "memory_entries": 0,
        "audit_log": 0,
    }


@pytest.mark.parametrize("languages", [[], ["eo"], ["en"] * 11])
async def test_a_bad_request_for_drafts_is_refused(api: Api, database: TestDatabase, languages: list[str]) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer)
    refused = await api.refusal(REQUEST, {"id": str(made.id), "languages": languages}, token=writer.token)
    assert (refused["code"], refused["field"]) == ("INVALID", "languages")
    assert database.count("procrastinate_jobs") == 0
