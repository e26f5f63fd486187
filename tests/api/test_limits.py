"""What no request may ask for: too much at once, what is no text, what is no GraphQL. Refused before anything runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import pytest
from graphql import (
    OperationDefinitionNode,
    get_introspection_query,
    get_named_type,
    is_interface_type,
    is_object_type,
    parse,
)

from banmao.published import operations
from banmao.schema import schema
from hub.errors import TooComplex
from hub.i18n import Message, _
from hub.limits import REPEATS, measure
from hub.settings import Settings
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor

NOT_TEXT = _("This contains characters that are not text. Type it again.")
NOT_UNDERSTOOD_SENTENCE = _("This request is not understood: %(detail)s", detail="<detail>")
ONE_WRITE = _("Send one change per request: each is a transaction of its own.")
LANGUAGES = cycle(("th", "zh", "km"))
TOKEN = 'mutation { createToken(name: "%s", days: 3) { token } }'
CREATE = "mutation ($input: CreateWorkInput!) { createWork(input: $input) { id } }"
NAMED = "mutation ($name: String!) { createToken(name: $name) { token } }"


@dataclass(frozen=True)
class Case:
    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    code: str = "TOO_COMPLEX"
    sentence: Message = TooComplex.default
    field: str | None = None
    operation: str | None = None


def named(name: str) -> dict[str, Any]:
    return {"name": name}


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"title": "x"}
    for _level in range(depth):
        value = {"contributors": [value]}
    return {"input": value}


def chain(fragments: int, leaf: str) -> str:
    """Fragments that each spread the next twice: 2^n visits for whoever follows them all."""
    links = "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(fragments))
    return f"{{ ...f0 }} {links} fragment f{fragments} on Query {{ {leaf} }}"


WORKS = (
    "myWorks(first: %s) { edges { node { id kind status subjects title { text language origin } owner { id kind } } } }"
)
TOO_MUCH: dict[str, Case] = {
    "depth": Case(
        "{ viewer { organization { name { " + "original { " * 12 + "text" + " }" * 12 + " } } } }",
        sentence=_("This request is nested more than %(depth)s deep.", depth=14),
    ),
    "aliases": Case("{ " + " ".join(f"a{n}: viewer {{ id }}" for n in range(31)) + " }"),
    "aliased introspection": Case("{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }"),
    "aliases inside introspection": Case(
        "{ __schema { types { " + " ".join(f"a{n}: name" for n in range(31)) + " } } }"
    ),
    "cost": Case("{ " + " ".join(f"a{n}: {WORKS % 100}" for n in range(10)) + " }"),
    "cost by a variable": Case(
        "query ($n: Int!) { " + " ".join(f"a{n}: {WORKS % '$n'}" for n in range(10)) + " }", {"n": 100}
    ),
    "cost by a variable's default": Case(
        "query ($n: Int! = 100) { " + " ".join(f"a{n}: {WORKS % '$n'}" for n in range(10)) + " }"
    ),
    "cost by a whole float": Case(
        "query ($n: Int!) { " + " ".join(f"a{n}: {WORKS % '$n'}" for n in range(10)) + " }", {"n": 100.0}
    ),
    "cost by a number too long to read": Case("{ " + WORKS % ("9" * 5000) + " }"),
    "tokens": Case("{ " + "viewer { id } " * 500 + "}", code="INVALID", sentence=Message("")),
    "characters": Case("{ viewer { id } } #" + "x" * 60_000),
    "repeats": Case("{ " + "viewer { id } " * (REPEATS + 2) + "}"),
    "repeats of nothing": Case("{ " + "__typename " * (REPEATS + 2) + "}"),
    "repeats in another operation": Case(
        "query A { viewer { id } } query B { " + "viewer { id } " * (REPEATS + 2) + "}", operation="A"
    ),
    "repeats through fragments": Case(
        "{ "
        + " ".join(f"...f{n}" for n in range(REPEATS + 2))
        + " } "
        + " ".join(f"fragment f{n} on Query {{ viewer {{ id }} }}" for n in range(REPEATS + 2))
    ),
    "fragments without end": Case(chain(100, "__typename")),
    "fragments without end, of fields": Case(chain(100, "viewer { id }")),
    "two writes": Case(f"mutation {{ {TOKEN[10:-1] % 'a'} b: {TOKEN[10:-1] % 'b'} }}", sentence=ONE_WRITE),
    "two writes in a fragment": Case(
        f"mutation {{ ...both }} fragment both on Mutation {{ a: {TOKEN[10:-1] % 'a'} b: {TOKEN[10:-1] % 'b'} }}",
        sentence=ONE_WRITE,
    ),
    "a long list": Case(
        CREATE,
        {"input": {"kind": "BOOK", "originalLanguage": "zh", "title": "x", "subjects": ["F"] * 1001}},
        sentence=_("This list is longer than %(longest)s items. Send it in parts.", longest=1000),
        field="input.subjects",
    ),
    "a long list in the document": Case(
        'mutation { createWork(input: {kind: BOOK, originalLanguage: "zh", title: "x", subjects: ['
        + '"F" ' * 1001
        + "]}) { id } }",
        sentence=_("This list is longer than %(longest)s items. Send it in parts.", longest=1000),
    ),
    "values too deep": Case(CREATE, nested(15), field="input.contributors.0"),
}
NOT_GRAPHQL: dict[str, Case] = {
    "nul in a variable": Case(NAMED, named("a\0b"), "INVALID", NOT_TEXT, "name"),
    "nul deep in a variable": Case(
        CREATE,
        {"input": {"kind": "BOOK", "originalLanguage": "zh", "title": "x", "subjects": ["FB", "F\0"]}},
        "INVALID",
        NOT_TEXT,
        "input.subjects.1",
    ),
    "half a surrogate pair": Case(NAMED, named("a\ud800b"), "INVALID", NOT_TEXT, "name"),
    "half a surrogate pair as a name": Case(NAMED, named("a") | {"\udfff": 1}, "INVALID", NOT_TEXT),
    "nul in the document": Case(TOKEN % "\\u0000", {}, "INVALID", NOT_TEXT),
    "nul in the document, long form": Case(TOKEN % "\\u{0}", {}, "INVALID", NOT_TEXT),
    "no such operation": Case(
        "query A { viewer { id } } query B { viewer { id } }",
        {},
        "INVALID",
        _("Say which operation of the document is meant."),
        "operationName",
    ),
    "a subscription by POST": Case(
        'subscription { negotiationChanged(id: "x") { id } }',
        {},
        "INVALID",
        _("Subscriptions are served over WebSocket, on the same path."),
    ),
}
NOT_UNDERSTOOD: dict[str, Case] = {
    "half a document": Case("mutation { signOut "),
    "empty": Case(""),
    "no such field": Case("{ viewer { passwordHash } }"),
    "no such argument": Case("{ viewer(id: 1) { id } }"),
    "a fragment that spreads itself": Case("{ ...a } fragment a on Query { viewer { id } ...a }"),
    "introspection without end": Case(
        "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
    ),
}


def sentences(*cases: dict[str, Case]) -> Iterator[tuple[str, Case, str]]:
    for group in cases:
        for name, case in group.items():
            yield name, case, next(LANGUAGES)


@pytest.mark.parametrize(("name", "case", "language"), list(sentences(TOO_MUCH, NOT_GRAPHQL, NOT_UNDERSTOOD)))
async def test_refused_before_anything_runs(
    shared: Api, shared_database: TestDatabase, token: str, name: str, case: Case, language: str
) -> None:
    before = shared_database.content()
    sent = {"query": case.query, "variables": case.variables, "operationName": case.operation}
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language, "Content-Type": "application/json"}
    answer = (await shared.http.post("/graphql", content=json.dumps(sent), headers=headers)).json()
    assert answer["data"] is None
    (first, *_others) = answer["errors"]
    said = first["extensions"]
    if name in NOT_UNDERSTOOD or not case.sentence.msgid:
        assert said["code"] == "INVALID"
        before_detail, _detail = NOT_UNDERSTOOD_SENTENCE.render(language).split("<detail>")
        assert first["message"].startswith(before_detail)
    else:
        assert (said["code"], first["message"]) == (case.code, case.sentence.render(language))
    assert said["field"] == case.field or name in NOT_UNDERSTOOD or not case.sentence.msgid
    assert shared_database.content() == before


async def test_introspection_is_open(shared: Api) -> None:
    found = await shared.data(get_introspection_query())
    assert {"name": "Query"}.items() <= found["__schema"]["queryType"].items()


async def test_a_document_that_was_small_is_measured_anew_for_longer_lists(shared: Api) -> None:
    query = """query Short { __typename }
    query Long($first: Int) { searchWorks(query: "x", first: $first) { edges { node { id title { text } } } } }"""
    short, long = "Short", "Long"
    for _twice in range(2):
        assert await shared.data(query, {"first": 1}, operation=long)
        for name in (short, long):
            refused = await shared.refusal(query, {"first": 1_000_000}, operation=name)
            assert (refused["code"], refused["status"]) == ("TOO_COMPLEX", 400)


def test_lists_are_as_long_as_a_whole_number_says() -> None:
    """What is known to be small is known by the variables that are whole numbers (`banmao.documents`)."""
    types = [kind for kind in schema._schema.type_map.values() if is_object_type(kind) or is_interface_type(kind)]
    sizes = [field.args["first"].type for kind in types for field in kind.fields.values() if "first" in field.args]
    assert sizes
    assert {get_named_type(size).name for size in sizes} == {"Int"}


def test_our_own_operations_are_well_within_the_limits() -> None:
    settings = Settings(graphql_depth=Settings().graphql_depth - 1)
    for name, query in operations().items():
        document = parse(query, max_tokens=settings.graphql_tokens // 2)
        (operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
        try:
            measure(document, operation, {"first": 50}, schema._schema, settings)
        except TooComplex as error:
            pytest.fail(f"{name}: {error} {error.params}")


async def test_a_page_is_neither_empty_nor_endless(shared: Api, token: str) -> None:
    for first in (0, -1, 101, 2**31 - 1):
        refused = await shared.refusal(
            "query ($n: Int!) { myWorks(first: $n) { totalCount } }", {"n": first}, token=token
        )
        assert refused["code"] == ("INVALID" if first < 10_000 else "TOO_COMPLEX")
    for after in ("", "x", "%%%", "ÿ", "MTIz", "MHww", "a" * 5000):
        query = "query ($after: String) { myWorks(after: $after) { totalCount edges { cursor } } }"
        refused = await shared.refusal(query, {"after": after}, token=token, language="zh")
        assert (refused["code"], refused["field"]) == ("INVALID", "after")
        assert refused["message"] == _("This list cannot be continued from here. Start it again.").render("zh")


async def test_a_refusal_is_said_in_the_language_of_the_person(shared: Api) -> None:
    """Accept-Language first, then the person's own, then English."""
    person = await actor(shared.runtime, "khmer-house", country="KH", language="km")
    case = NOT_GRAPHQL["nul in a variable"]
    said = [
        (await shared.refusal(case.query, case.variables, token=token, language=language))["message"]
        for token, language in ((person.token, "lo"), (person.token, None), (None, None))
    ]
    assert said == [NOT_TEXT.render("lo"), NOT_TEXT.render("km"), NOT_TEXT.render("en")]
    assert len(set(said)) == 3
