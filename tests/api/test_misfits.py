"""Values that do not fit the schema: a sentence in the caller's language, the field, and nothing written."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from banmao.misfits import NEEDED, OF_KIND, UNLIKE
from hub.i18n import Message, _
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor

LANGUAGES = cycle(("th", "km", "zh", "my"))
SCOPE: dict[str, Any] = {
    "rights": ["PRINT"],
    "territories": ["TH"],
    "period": {"start": "2027-01-01"},
    "exclusive": True,
}
MANDATE = "mutation ($work: ID!, $of: ScopeInput!) { addMandate(workId: $work, scope: $of) { id } }"
CREATE = "mutation ($given: CreateWorkInput!) { createWork(input: $given) { id } }"
OFFER = "mutation ($given: OfferInput!) { makeOffer(input: $given) { id } }"
IMPORT = "mutation ($file: Upload!) { importCatalog(file: $file, format: ONIX) { id } }"
DAYS = 'mutation ($n: Int!) { createToken(name: "x", days: $n) { token } }'
WORK = {"kind": "BOOK", "originalLanguage": "zh", "title": "山海经"}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in SCOPE.items() if key != name}


CASES: list[tuple[str, dict[str, Any], str | None, Message]] = [
    (MANDATE, {"of": {**SCOPE, "period": {"start": "foo"}}}, "scope.period.start", OF_KIND["Date"]),
    (MANDATE, {"of": {**SCOPE, "territories": ["TH", "??"]}}, "scope.territories.1", OF_KIND["Territory"]),
    (MANDATE, {"of": {**SCOPE, "languages": ["th", "t!"]}}, "scope.languages.1", OF_KIND["LanguageTag"]),
    (MANDATE, {"of": {**SCOPE, "exclusive": "perhaps"}}, "scope.exclusive", OF_KIND["Boolean"]),
    (MANDATE, {"of": without("exclusive")}, "scope.exclusive", NEEDED),
    (MANDATE, {"of": {**SCOPE, "rights": None}}, "scope.rights", NEEDED),
    (MANDATE, {"of": "everything"}, "scope", UNLIKE),
    (MANDATE, {}, "scope", NEEDED),
    (MANDATE, {"of": {**SCOPE, "price": 1}}, "scope.price", _("There is no such thing here: %(name)s.", name="price")),
    (CREATE, {"given": {**WORK, "publicationYear": "long ago"}}, "publicationYear", OF_KIND["Int"]),
    (CREATE, {"given": {**WORK, "title": 7}}, "title", OF_KIND["String"]),
    (
        CREATE,
        {"given": {**WORK, "kind": "SCROLL"}},
        "kind",
        _("Choose one of these: %(values)s.", values="BOOK, COMIC, MUSIC, ANIMATION"),
    ),
    (OFFER, {"given": {"workId": "x", "terms": {"scope": without("period")}}}, "terms.scope.period", NEEDED),
    (
        OFFER,
        {"given": {"workId": "x", "terms": {"scope": SCOPE, "advance": {"minor": "1.5", "currency": "USD"}}}},
        "terms.advance.minor",
        OF_KIND["BigInt"],
    ),
    (
        OFFER,
        {"given": {"workId": "x", "terms": {"scope": SCOPE}, "expiresAt": "tomorrow"}},
        "expiresAt",
        OF_KIND["DateTime"],
    ),
    (IMPORT, {"file": "list.xml"}, "file", OF_KIND["Upload"]),
    ('mutation { createToken(name: "x", days: "y") { token } }', {}, "days", OF_KIND["Int"]),
    ('mutation { createToken(name: "x", days: 4294967296) { token } }', {}, "days", OF_KIND["Int"]),
    (DAYS, {"n": 10**30}, "days", OF_KIND["Int"]),
    (DAYS, {"n": "1"}, "days", OF_KIND["Int"]),
    ("mutation ($name: String!) { createToken(name: $name) { token } }", {}, "name", NEEDED),
    ("mutation ($name: String!) { createToken(name: $name) { token } }", {"name": {"x": 1}}, "name", OF_KIND["String"]),
    ("mutation { publishWork { id } }", {}, "workId", NEEDED),
]


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, "guilin", country="CN", language="zh")


@pytest.mark.parametrize(("query", "variables", "field", "sentence"), CASES)
async def test_a_value_that_does_not_fit(
    api: Api,
    publisher: Actor,
    database: TestDatabase,
    query: str,
    variables: dict[str, Any],
    field: str | None,
    sentence: Message,
) -> None:
    before = database.counts("works", "mandates", "negotiations", "catalog_imports", "tokens")
    language = next(LANGUAGES)
    given = {"work": "01a20853-1764-7c00-8659-c6882b295e58", **variables}
    refused = await api.refusal(query, given, token=publisher.token, language=language)
    assert (refused["code"], refused["field"], refused["message"]) == ("INVALID", field, sentence.render(language))
    assert database.counts("works", "mandates", "negotiations", "catalog_imports", "tokens") == before


async def test_what_is_no_value_keeps_its_place(api: Api, publisher: Actor) -> None:
    refused = await api.refusal("{ viewer { nonsense } }", token=publisher.token, language="en")
    assert refused["code"] == "INVALID"
    assert "nonsense" in refused["message"]
