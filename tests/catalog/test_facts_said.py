"""Commercial facts in ten languages, to the letter, against a table that people have read; and no engine is ever asked."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date

import pytest

from catalog import phrases
from catalog.rights import RightType, Scope
from hub.i18n import LANGUAGES
from hub.settings import ROOT
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import catalog
from tests.factories.accounts import actor
from tests.translation.packages import MODELS
from translation.engines import PART, Draft, Engines
from translation.engines.argos import ArgosEngine
from web.labels import STATES

with (ROOT / "tests" / "data" / "facts" / "said.tsv").open(encoding="utf-8") as lines:
    TABLE = {row["fact"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
OPPOSITES = [
    ("scope.exclusive", "scope.open"),
    *(("right_status.SOLD", f"right_status.{other}") for other in ("FREE", "PART", "HELD", "NONE")),
    ("right_status.FREE", "right_status.HELD"),
    ("right_status.FREE", "right_status.NONE"),
    ("right_status.FREE", "right_status.PART"),
    ("license.ACTIVE", "license.ENDED"),
    ("license.ACTIVE", "license.TERMINATED"),
    ("negotiation.AGREED", "negotiation.DECLINED"),
    ("negotiation.SIGNED", "negotiation.AGREED"),
]


def scope(exclusive: bool) -> Scope:
    """Print in Thailand, in Thai, for five years."""
    start, end = date(2026, 1, 1), date(2031, 1, 1)
    return Scope(frozenset({RightType.PRINT}), frozenset({"TH"}), frozenset({"th"}), start, end, exclusive)


def said(fact: str, language: str) -> str:
    """A fact as the hub renders it."""
    family, _dot, name = fact.partition(".")
    if family == "scope":
        return phrases.scope(scope(name == "exclusive")).render(language)
    if family == "holdback":
        return phrases.held_back(scope(True)).render(language)
    return STATES[family][name].label.render(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_is_said_as_the_table_says(language: str) -> None:
    assert {fact: said(fact, language) for fact in TABLE} == {fact: row[language] for fact, row in TABLE.items()}
    assert {f"right_status.{name}" for name in STATES["right_status"]} <= TABLE.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_opposites_are_never_said_alike(language: str) -> None:
    for fact, opposite in OPPOSITES:
        assert TABLE[fact][language].casefold() != TABLE[opposite][language].casefold(), (fact, opposite)


class Counting:
    """A real engine that notes every word it is given."""

    name = "argos"
    outside = False
    confidential = True

    def __init__(self) -> None:
        self.argos = ArgosEngine(MODELS, beam_size=1, threads=1)
        self.given: list[str] = []

    def reaches(self, source: str, target: str) -> bool:
        return self.argos.reaches(source, target)

    async def ready(self) -> None: ...

    async def draft(self, texts: Sequence[str], source: str, target: str) -> list[Draft]:
        self.given += texts
        return await self.argos.draft(texts, source, target)


SCOPES = "query ($id: ID!) { work(id: $id) { mandates { scope { exclusive summary } } } }"


async def test_no_engine_is_asked_for_a_fact(api: Api, database: TestDatabase) -> None:
    """A work with rights, exclusive and not, asked for in ten languages: the engine sees nothing, and no job waits for it."""
    engine = Counting()
    api.runtime.parts[PART] = Engines([engine])
    owner = await actor(api.runtime, country="CN", language="zh")
    listed = await catalog.work(api.runtime, owner, mandates=[scope(True), scope(False)])
    drafting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE 'translation.%%'"
    before = database.rows(drafting)
    for language in LANGUAGES:
        found = await api.data(SCOPES, {"id": str(listed)}, token=owner.token, language=language)
        summaries = {one["scope"]["exclusive"]: one["scope"]["summary"] for one in found["work"]["mandates"]}
        assert summaries == {True: TABLE["scope.exclusive"][language], False: TABLE["scope.open"][language]}
    assert engine.given == []
    assert database.rows(drafting) == before
