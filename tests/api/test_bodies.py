"""What is sent to POST /graphql and is no request: too large, too slow, of no kind, broken off, pointing nowhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import httpx
import pytest

from hub.errors import HubError, TooLarge, TooSlow
from hub.i18n import Message, _
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor

JSON = "application/json"
FORM = "multipart/form-data; boundary=frontier"
VIEWER = '{"query": "{ viewer { id } }"}'
COVER = 'mutation ($file: Upload!) { setCover(workId: "x", file: $file) { id } }'
NOT_JSON = _("This is not JSON.")
NO_QUERY = _("A request needs a query.")
NO_KIND = _("Send this as application/json or multipart/form-data.")
NO_FORM = _("This upload is not multipart/form-data, or breaks off.")
NO_FIELDS = _("An upload needs the fields operations and map.")
NOWHERE = _("The map of an upload names a file or variable that is not there.")
NO_VARIABLES = _("The variables of a request are an object by name.")
OPERATIONS = json.dumps({"query": COVER, "variables": {"file": None}})


def part(name: str, content: str | bytes, filename: str | None = None) -> bytes:
    where = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    raw = content.encode() if isinstance(content, str) else content
    return b"--frontier\r\nContent-Disposition: " + where.encode() + b"\r\n\r\n" + raw + b"\r\n"


def upload(operations: str, where: str, *files: bytes) -> bytes:
    return part("operations", operations) + part("map", where) + b"".join(files) + b"--frontier--\r\n"


@dataclass(frozen=True)
class Case:
    kind: str
    body: bytes
    sentence: Message
    field: str | None
    status: int = 400
    code: str = "INVALID"


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


PICTURE = part("0", b"\xff\xd8", "cover.jpg")
MANY = b"".join(part(str(n), b"x", f"{n}.jpg") for n in range(25))
CASES: dict[str, Case] = {
    "nothing": Case(JSON, b"", NOT_JSON, "body"),
    "half": Case(JSON, VIEWER[:-4].encode(), NOT_JSON, "body"),
    "invalid UTF-8": Case(JSON, b'{"query": "\xc3\x28"}', NOT_JSON, "body"),
    "nested without end": Case(JSON, deep(100_000).encode(), NOT_JSON, "body"),
    "a number without end": Case(JSON, b'{"query": ' + b"9" * 10_000 + b"}", NOT_JSON, "body"),
    "a list": Case(JSON, f"[{VIEWER}, {VIEWER}]".encode(), NO_QUERY, "query"),
    "a word": Case(JSON, b'"query"', NO_QUERY, "query"),
    "null": Case(JSON, b"null", NO_QUERY, "query"),
    "no query": Case(JSON, b'{"variables": {}}', NO_QUERY, "query"),
    "a query that is a list": Case(JSON, b'{"query": ["{ viewer { id } }"]}', NO_QUERY, "query"),
    "variables that are a list": Case(JSON, VIEWER[:-1].encode() + b', "variables": [1]}', NO_VARIABLES, "variables"),
    "a name that is none": Case(
        JSON, VIEWER[:-1].encode() + b', "operationName": {"a": 1}}', NO_VARIABLES, "variables"
    ),
    "no kind": Case("", VIEWER.encode(), NO_KIND, "Content-Type"),
    "another kind": Case("text/plain", VIEWER.encode(), NO_KIND, "Content-Type"),
    "a browser's form": Case("application/x-www-form-urlencoded", b"query={viewer{id}}", NO_KIND, "Content-Type"),
    "GraphQL itself": Case("application/graphql", b"{ viewer { id } }", NO_KIND, "Content-Type"),
    "XML": Case(
        "application/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", NO_KIND, "Content-Type"
    ),
    "junk": Case("multipart/form-data; boundary=\x00\xff", b"x", NO_FORM, "body"),
    "a form without boundary": Case("multipart/form-data", upload(OPERATIONS, "{}"), NO_FORM, "body"),
    "a form that is none": Case(FORM, b"not a form at all", NO_FORM, "body"),
    "a form that breaks off": Case(
        FORM, upload(OPERATIONS, '{"0": ["variables.file"]}', PICTURE)[:-15], NOWHERE, "map"
    ),
    "a part without a name": Case(FORM, b"--frontier\r\nContent-Type: x\r\n\r\nx\r\n--frontier--\r\n", NO_FORM, "body"),
    "too many files": Case(FORM, upload(OPERATIONS, "{}", MANY), NO_FORM, "body"),
    "a form without map": Case(FORM, part("operations", OPERATIONS) + b"--frontier--\r\n", NO_FIELDS, "map"),
    "operations as a file": Case(
        FORM, part("operations", OPERATIONS, "o.json") + part("map", "{}") + b"--frontier--\r\n", NO_FIELDS, "map"
    ),
    "operations that are no JSON": Case(FORM, upload("{", "{}", PICTURE), NOT_JSON, "body"),
    "a map that is no JSON": Case(FORM, upload(OPERATIONS, "variables.file", PICTURE), NOT_JSON, "body"),
    "a map that is a list": Case(FORM, upload(OPERATIONS, "[1]", PICTURE), NOWHERE, "map"),
    "a map to a file that is not there": Case(
        FORM, upload(OPERATIONS, '{"1": ["variables.file"]}', PICTURE), NOWHERE, "map"
    ),
    "a map to nowhere": Case(FORM, upload(OPERATIONS, '{"0": ["variables.input.file"]}', PICTURE), NOWHERE, "map"),
    "a map of no paths": Case(FORM, upload(OPERATIONS, '{"0": 7}', PICTURE), NOWHERE, "map"),
    "a map onto the query": Case(FORM, upload(OPERATIONS, '{"0": ["query"]}', PICTURE), NO_QUERY, "query"),
    "a map onto all variables": Case(
        FORM, upload(OPERATIONS, '{"0": ["variables"]}', PICTURE), NO_VARIABLES, "variables"
    ),
    "a map deep into a word": Case(FORM, upload(OPERATIONS, '{"0": ["query.0"]}', PICTURE), NOWHERE, "map"),
    "a batch of uploads": Case(
        FORM, upload(f"[{OPERATIONS}]", '{"0": ["0.variables.file"]}', PICTURE), NO_QUERY, "query"
    ),
    "operations nested without end": Case(FORM, upload(deep(900), "{}", PICTURE), NOWHERE, "map"),
    "too large": Case(JSON, b" " * 300_001, TooLarge.default, None, 413, "TOO_LARGE"),
    "a form too large": Case(FORM, b"x" * 600_001, TooLarge.default, None, 413, "TOO_LARGE"),
    "a field too large": Case(FORM, upload("x" * 550_000, "{}"), NOT_JSON, "body"),
}
LANGUAGES = cycle(("lo", "vi", "id"))


async def post(api: Api, kind: str, content: bytes | AsyncIterator[bytes], token: str, language: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language} | (
        {"Content-Type": kind} if kind else {}
    )
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    return await api.http.post("/graphql", content=content, headers=raw)


def check(
    response: httpx.Response, sentence: Message, field: str | None, status: int, code: str, language: str
) -> None:
    answer: dict[str, Any] = response.json()
    assert response.status_code == status, answer
    assert answer["data"] is None
    (error,) = answer["errors"]
    assert error["message"] == sentence.render(language)
    assert (error["extensions"]["code"], error["extensions"]["field"]) == (code, field)
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Starlette leaves half a file to the GC
@pytest.mark.parametrize(("name", "language"), list(zip(CASES, LANGUAGES, strict=False)))
async def test_what_is_no_request_is_refused(
    shared: Api, shared_database: TestDatabase, token: str, name: str, language: str
) -> None:
    case = CASES[name]
    before = shared_database.content()
    response = await post(shared, case.kind, case.body, token, language)
    check(response, case.sentence, case.field, case.status, case.code, language)
    assert shared_database.content() == before


async def dripping(content: bytes, pause: float, size: int = 1) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]
        await asyncio.sleep(pause)


async def endless(content: bytes) -> AsyncIterator[bytes]:
    while True:
        yield content


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        (JSON, endless(b" " * 65_536), TooLarge),
        (FORM, endless(part("0", b"x" * 65_536, "x.wav")), TooLarge),
        (JSON, dripping(VIEWER.encode(), 5), TooSlow),
        (JSON, dripping(VIEWER.encode(), 0.05), TooSlow),
        (FORM, dripping(upload(OPERATIONS, "{}", PICTURE), 5, size=60), TooSlow),
    ],
    ids=["endless", "an endless form", "a pause", "drop by drop", "a form that stops"],
)
async def test_without_a_length_it_is_measured_while_it_comes(
    shared: Api, shared_database: TestDatabase, token: str, kind: str, body: AsyncIterator[bytes], error: type[HubError]
) -> None:
    before = shared_database.content()
    async with asyncio.timeout(20):
        response = await post(shared, kind, body, token, "th")
    check(response, error.default, None, error.status, error.code, "th")
    assert shared_database.content() == before


async def test_a_request_in_pieces_is_a_request(shared: Api, token: str) -> None:
    response = await post(shared, JSON, dripping(VIEWER.encode(), 0.001, size=4), token, "en")
    assert response.json()["data"]["viewer"]["id"]


async def test_only_post_is_asked(shared: Api) -> None:
    """Neither by address (logs and caches would keep it), nor from another site's pages."""
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
        response = await shared.http.request(method, "/graphql", params={"query": "{ viewer { id } }"})
        assert response.status_code in (404, 405)
        assert '"data"' not in response.text
        assert "access-control-allow-origin" not in response.headers


async def test_a_cookie_is_not_asked(shared: Api, token: str) -> None:
    """GraphQL knows only the Authorization header, so another site's form cannot act for whoever visits it."""
    response = await shared.http.post(
        "/graphql", json={"query": "{ viewer { id } }"}, headers={"Cookie": f"banmao_session={token}"}
    )
    assert response.json() == {"data": {"viewer": None}}


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer  ", "bearer bm_", "Basic eDp5", "Bearer " + "x" * 10_000, "Bearer \xff", "Token x y z"]
)
async def test_an_authorization_that_is_none_opens_nothing(shared: Api, header: str) -> None:
    response = await shared.http.post(
        "/graphql",
        json={"query": "{ viewer { id } members { email } }"},
        headers={b"Authorization": header.encode("latin-1")},
    )
    answer = response.json()
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}
    assert not answer["data"]


IMPORT = "mutation ($file: Upload!) { importCatalog(file: $file, format: ONIX) { id } }"


async def test_a_key_stands_for_one_file_also_when_another_has_its_name_and_size(
    shared: Api, shared_database: TestDatabase
) -> None:
    publisher = await actor(shared.runtime, "two-files", country="CN")
    one, other = (
        ("list.xml", content, "application/xml") for content in (b"<ONIXMessage a='1'/>", b"<ONIXMessage a='2'/>")
    )

    async def send(file: tuple[str, bytes, str]) -> dict[str, Any]:
        return await shared.ask(IMPORT, {"file": None}, token=publisher.token, key="a-list", files={"file": file})

    first = await send(one)
    assert first["data"], first
    before = shared_database.content()
    refused = (await send(other))["errors"][0]["extensions"]
    assert (refused["code"], refused["field"]) == ("INVALID", "Idempotency-Key")
    assert await send(one) == first
    assert shared_database.content() == before


async def test_a_file_that_is_none_is_refused(shared: Api, shared_database: TestDatabase) -> None:
    publisher = await actor(shared.runtime, "no-file", country="CN")
    before = shared_database.content()
    for file in ("list.xml", [], {}, 5, True):
        refused = await shared.refusal(IMPORT, {"file": file}, token=publisher.token, language="th")
        assert refused["code"] == "INVALID", file
    literal = 'mutation { importCatalog(file: "list.xml", format: ONIX) { id } }'
    assert (await shared.refusal(literal, token=publisher.token))["code"] == "INVALID"
    assert shared_database.content() == before


@pytest.mark.parametrize("key", ["", " " * 5, "x" * 201, "tab\there", "\x7f"])
async def test_an_idempotency_key_that_is_none_is_refused(
    shared: Api, shared_database: TestDatabase, token: str, key: str
) -> None:
    before = shared_database.content()
    response = await shared.http.post(
        "/graphql",
        json={"query": 'mutation { createToken(name: "x") { token } }'},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Accept-Language": "my"},
    )
    (error,) = response.json()["errors"]
    assert error["extensions"]["field"] == "Idempotency-Key"
    assert error["message"] == Message(
        "This Idempotency-Key is not usable: give 1 to 200 printable characters."
    ).render("my")
    assert shared_database.content() == before
