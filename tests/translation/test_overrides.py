"""Approving against a check: a reason is asked for, kept with the words, and shown to the house alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.texts import text
from translation.models import Purpose
from translation.overrides.models import Override

APPROVE = """mutation ($id: ID!, $text: String!, $version: Int, $reason: String) {
  reviewText(textId: $id, language: "en", text: $text, version: $version, reason: $reason) { text }
}"""
BULK = """mutation ($id: ID!) {
  approveTexts(approvals: [{textId: $id, language: "en", version: 1}]) { approved problems { code field } }
}"""
WHY = """query ($id: ID!) {
  deskText(textId: $id, language: "en") {
    text findings { check needsReason } overrides { reason checks words person present }
  }
}"""
SOURCE = "首印 5000 册，版税 8%。"
WRONG, RIGHT = "First printing of 500 copies, royalty 8%.", "First printing of 5,000 copies, royalty 8%."
REASON = "The contract was corrected to 500."


@pytest.mark.parametrize("version", [None, 1])
async def test_words_that_a_check_warns_about_want_a_reason(
    api: Api, database: TestDatabase, version: int | None
) -> None:
    writer = await actor(api.runtime, country="CN", language="zh", person="陈静")
    made = await text(api.runtime, writer, SOURCE, purpose=Purpose.DESCRIPTION)
    asked: dict[str, Any] = {"id": str(made.id), "text": WRONG, "version": version}
    before = database.content("procrastinate_jobs", "procrastinate_events")
    for reason in (None, "", "   "):
        refused = await api.refusal(APPROVE, asked | {"reason": reason}, token=writer.token)
        assert (refused["code"], refused["field"], refused["params"]["checks"]) == ("INVALID", "reason", ["numbers"])
    assert database.content("procrastinate_jobs", "procrastinate_events") == before
    await api.data(APPROVE, asked | {"reason": REASON}, token=writer.token)
    seen = (await api.data(WHY, {"id": str(made.id)}, token=writer.token, language="en"))["deskText"]
    assert seen["text"] == WRONG
    [kept] = seen["overrides"]
    assert (kept["reason"], kept["words"], kept["person"], kept["present"]) == (REASON, WRONG, "陈静", True)
    assert kept["checks"] == [one for one in kept["checks"] if "number" in one.lower()] != []
    audited = "SELECT data->>'reason', person_id FROM audit_log WHERE action = 'translation.check.overridden'"
    assert database.rows(audited) == [(REASON, writer.person_id)]


async def test_words_that_stand_are_not_asked_about_again_and_better_ones_leave_the_reason_behind(
    api: Api, database: TestDatabase
) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, SOURCE, purpose=Purpose.DESCRIPTION)
    asked = {"id": str(made.id), "text": WRONG}
    await api.data(APPROVE, asked | {"reason": REASON}, token=writer.token)
    await api.data(APPROVE, asked, token=writer.token)
    assert database.count("check_overrides") == 1
    await api.data(APPROVE, asked | {"text": RIGHT}, token=writer.token)
    seen = (await api.data(WHY, {"id": str(made.id)}, token=writer.token))["deskText"]
    assert [(one["words"], one["present"]) for one in seen["overrides"]] == [(WRONG, False)]
    await api.refusal(APPROVE, asked, token=writer.token)


async def test_marks_alone_want_no_reason(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, SOURCE, purpose=Purpose.DESCRIPTION)
    await api.data(APPROVE, {"id": str(made.id), "text": RIGHT.rstrip(".")}, token=writer.token)
    seen = (await api.data(WHY, {"id": str(made.id)}, token=writer.token))["deskText"]
    assert seen["findings"] == [{"check": "end", "needsReason": False}]
    assert database.count("check_overrides") == 0


async def test_approving_in_bulk_overrides_nothing(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, SOURCE, purpose=Purpose.DESCRIPTION, supplied={"en": WRONG})
    done = (await api.data(BULK, {"id": str(made.id)}, token=writer.token))["approveTexts"]
    assert done == {"approved": 0, "problems": [{"code": "INVALID", "field": "reason"}]}
    assert database.rows("SELECT origin FROM renderings") == [("SUPPLIED",)]


async def test_reasons_stay_in_the_house(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, SOURCE, purpose=Purpose.DESCRIPTION)
    await api.data(APPROVE, {"id": str(made.id), "text": WRONG, "reason": REASON}, token=writer.token)
    other = await actor(api.runtime, "bangkok", kind="AGENCY", country="TH", language="th")
    assert (await api.data(WHY, {"id": str(made.id)}, token=other.token))["deskText"] is None
    for person, found in ((other, 0), (writer, 1)):
        async with api.runtime.database.transaction(person.caller) as tx:
            assert await tx.session.scalar(select(func.count()).select_from(Override)) == found
