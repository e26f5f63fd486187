"""The desk as clients use it: side by side, optimistic, in bulk; and the score that an approval leaves behind."""

from __future__ import annotations

from typing import Any

import pytest

from hub import jobs
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import catalog
from tests.factories.accounts import Actor, actor
from tests.factories.texts import text
from translation import queries, service
from translation.models import Purpose, Text
from translation.quality.service import chrf

SIDE = """query ($id: ID!, $language: LanguageTag!, $seen: String) {
  deskText(textId: $id, language: $language, seenSource: $seen) {
    state version source text draft engine draftWithheld approved approvedAt editable draftable
    findings { check message withholds } suggestions { score target } terms { found targets }
    sourceChanges { kind words } difference { kind words }
  }
}"""
APPROVE = """mutation ($id: ID!, $language: LanguageTag!, $text: String!, $version: Int, $at: DateTime) {
  reviewText(textId: $id, language: $language, text: $text, version: $version, approvedAt: $at) { text }
}"""
BULK = "mutation ($all: [ApprovalInput!]!) { approveTexts(approvals: $all) { approved problems { code } } }"
LIST = """query ($states: [RenderingState!]) {
  translationDesk(language: "en", states: $states) { rows { textId state text } pageInfo { hasNextPage } }
  translationCounts { language state texts }
}"""
QUALITY = (
    "{ draftQuality { engine source target purpose texts mean unchanged bands few } draftQualityTrend { texts mean } }"
)
WANTED = 'mutation ($id: ID!, $wanted: Boolean!) { wantReview(textId: $id, language: "en", wanted: $wanted) }'


async def drafted(api: Api, database: TestDatabase, writer: Actor, words: str = "我们接受您的报价。") -> Text:
    made = await text(api.runtime, writer, words, purpose=Purpose.DESCRIPTION, drafts=["en"])
    await jobs.work(api.runtime, database.app_url, wait=False)
    return made


async def side(api: Api, writer: Actor, made: Text, **more: Any) -> dict[str, Any]:
    asked = {"id": str(made.id), "language": "en"} | more
    answer: dict[str, Any] = (await api.data(SIDE, asked, token=writer.token, language="en"))["deskText"]
    return answer


async def test_an_approval_of_an_older_original_is_refused_and_shows_what_changed(
    api: Api, database: TestDatabase
) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await drafted(api, database, writer)
    seen = await side(api, writer, made)
    assert (seen["state"], seen["text"], seen["version"]) == ("MACHINE", "We accept your offer.", 1)
    async with api.runtime.database.transaction(writer.caller) as tx:
        row = await queries.text(tx.session, made.id)
        assert row is not None
        await service.change_words(tx.session, row, "我们不能接受这个价格。")
    before = database.content("procrastinate_jobs", "procrastinate_events")
    asked = {"id": str(made.id), "language": "en", "text": "We cannot accept this price.", "version": seen["version"]}
    refused = await api.refusal(APPROVE, asked, token=writer.token)
    assert (refused["code"], refused["params"]["version"]) == ("CONFLICT", 2)
    assert database.content("procrastinate_jobs", "procrastinate_events") == before
    again = await side(api, writer, made, seen=seen["source"])
    assert {"ADDED", "REMOVED"} <= {change["kind"] for change in again["sourceChanges"]}
    assert "".join(one["words"] for one in again["sourceChanges"] if one["kind"] != "REMOVED") == again["source"]
    await api.data(APPROVE, asked | {"version": 2}, token=writer.token)


async def test_two_people_approving_at_once_are_told_of_each_other(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    colleague = await actor(api.runtime, country="CN", language="zh", person="colleague", roles=["CATALOG"])
    made = await drafted(api, database, writer)
    asked = {"id": str(made.id), "language": "en", "version": 1}
    await api.data(APPROVE, asked | {"text": "We accept your offer gladly."}, token=writer.token)
    refused = await api.refusal(APPROVE, asked | {"text": "We take your offer."}, token=colleague.token)
    assert (refused["code"], refused["params"]["words"]) == ("CONFLICT", "We accept your offer gladly.")
    now = await side(api, colleague, made)
    assert (now["state"], now["approved"]) == ("REVIEWED", "We accept your offer gladly.")
    assert {"ADDED"} <= {change["kind"] for change in now["difference"]}
    await api.data(APPROVE, asked | {"text": "We take your offer.", "at": now["approvedAt"]}, token=colleague.token)
    assert (await side(api, writer, made))["text"] == "We take your offer."


async def test_an_approval_measures_the_draft_before(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    other = await actor(api.runtime, "bangkok", kind="AGENCY", country="TH", language="th")
    first, second = await drafted(api, database, writer), await drafted(api, database, writer, "谢谢。")
    asked = {"language": "en", "version": 1}
    await api.data(APPROVE, asked | {"id": str(first.id), "text": "We accept your offer."}, token=writer.token)
    await api.data(APPROVE, asked | {"id": str(second.id), "text": "Many thanks to you."}, token=writer.token)
    [row] = (await api.data(QUALITY, token=writer.token))["draftQuality"]
    assert (row["engine"], row["source"], row["target"], row["texts"], row["unchanged"]) == ("argos", "zh", "en", 2, 1)
    assert row["mean"] == pytest.approx((100 + chrf("Thank you.", "Many thanks to you.")) / 2)
    assert (sum(row["bands"]), row["bands"][9], row["few"]) == (2, 1, True)
    assert (await api.data(QUALITY, token=other.token))["draftQuality"] == []
    assert 0 < chrf("Thank you.", "Many thanks to you.") < 60
    assert chrf("abc", "xyz") == 0


async def test_chosen_texts_are_approved_and_the_rest_named(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await drafted(api, database, writer)
    nothing = await text(api.runtime, writer, "无人翻译。")
    chosen = ((made, 1), (nothing, 1), (made, 7))
    everything = [{"textId": str(one.id), "language": "en", "version": version} for one, version in chosen]
    done = (await api.data(BULK, {"all": everything}, token=writer.token))["approveTexts"]
    codes = [problem and problem["code"] for problem in done["problems"]]
    assert (done["approved"], codes) == (1, [None, "CONFLICT", "CONFLICT"])
    found = await api.data(LIST, {"states": ["REVIEWED"]}, token=writer.token)
    assert [row["textId"] for row in found["translationDesk"]["rows"]] == [str(made.id)]
    counts = {row["state"]: row["texts"] for row in found["translationCounts"] if row["language"] == "en"}
    assert counts == {"REVIEWED": 1, "NOT_TRANSLATED": 1}
    found = await api.data(LIST, {"states": ["NOT_TRANSLATED"]}, token=writer.token)
    assert [row["textId"] for row in found["translationDesk"]["rows"]] == [str(nothing.id)]


async def test_a_person_can_ask_for_another_look(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await drafted(api, database, writer)
    for wanted, state in ((True, "NEEDS_REVIEW"), (False, "MACHINE")):
        done = await api.data(WANTED, {"id": str(made.id), "wanted": wanted}, token=writer.token)
        assert done["wantReview"] == state
        assert (await side(api, writer, made))["state"] == state


async def test_others_see_nothing_of_the_desk(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    other = await actor(api.runtime, "bangkok", kind="AGENCY", country="TH", language="th")
    made = await drafted(api, database, writer)
    assert (await api.data(SIDE, {"id": str(made.id), "language": "en"}, token=other.token))["deskText"] is None
    found = await api.data(LIST, {}, token=other.token)
    assert found["translationDesk"]["rows"] == []
    assert all(row["texts"] == 0 for row in found["translationCounts"])
    before = database.counts("renderings", "draft_scores", "audit_log")
    asked = {"id": str(made.id), "language": "en", "text": "x", "version": 1}
    assert (await api.refusal(APPROVE, asked, token=other.token))["code"] == "FORBIDDEN"
    check = 'query ($id: ID!) { checkTranslation(textId: $id, language: "en", text: "x") { check } }'
    assert (await api.refusal(check, {"id": str(made.id)}, token=other.token))["code"] == "FORBIDDEN"
    assert database.counts("renderings", "draft_scores", "audit_log") == before


async def test_the_checks_speak_while_typing(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, "老挝的电子书版权已经售出，预付3,000美元。")
    check = (
        'query ($id: ID!, $t: String!) { checkTranslation(textId: $id, language: "en", text: $t) { check withholds } }'
    )
    typed = "The e-book rights in Laos are still available, with an advance of USD 300."
    found = (await api.data(check, {"id": str(made.id), "t": typed}, token=writer.token))["checkTranslation"]
    assert {"numbers", "status"} <= {one["check"] for one in found}
    assert not any(one["withholds"] for one in found)


async def test_a_list_of_works_is_estimated_and_translated(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    await catalog.work(api.runtime, writer, "三国演义", description="我们接受您的报价。")
    await catalog.work(api.runtime, writer, "谢谢。", kind="COMIC")
    estimate = '{ worksToTranslate(languages: ["en", "km"], filter: {kind: BOOK}) { language texts reached seconds } }'
    found = (await api.data(estimate, token=writer.token))["worksToTranslate"]
    assert found == [
        {"language": "en", "texts": 2, "reached": 2, "seconds": None},
        {"language": "km", "texts": 2, "reached": 0, "seconds": None},
    ]
    start = 'mutation { translateWorks(languages: ["en"], filter: {kind: BOOK}, purposes: [DESCRIPTION]) { id texts status } }'
    made = (await api.data(start, token=writer.token))["translateWorks"]
    assert (made["texts"], made["status"]) == (1, "RUNNING")
    nothing = 'mutation { translateWorks(languages: ["en"], filter: {kind: MUSIC}) { id } }'
    assert (await api.refusal(nothing, token=writer.token))["code"] == "INVALID"
