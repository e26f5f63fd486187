"""tus 1.0.0 as its specification has it, and as somebody would attack it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from hub.security import csrf_token
from hub.uploads import service, tasks
from tests.catalog.conftest import Hub
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from web.page import SESSION

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}
BODY = bytes(range(256)) * 40


@pytest.fixture
def api(one_hub: Hub) -> Api:
    return one_hub.api


@pytest.fixture
def database(one_hub: Hub) -> TestDatabase:
    one_hub.database.rows("DELETE FROM uploads RETURNING 1")
    return one_hub.database


@pytest.fixture
async def person(api: Api) -> Actor:
    return await actor(api.runtime, f"house-{secrets.token_hex(4)}")


def bearer(someone: Actor) -> dict[str, str]:
    return TUS | {"Authorization": f"Bearer {someone.token}"}


async def begin(api: Api, someone: Actor, length: int = len(BODY), **headers: str) -> httpx.Response:
    sent = bearer(someone) | {"Upload-Length": str(length)} | headers
    return await api.http.post("/uploads", headers=sent)


async def send(
    api: Api, someone: Actor, place: str, offset: int, content: bytes | AsyncIterator[bytes], **headers: str
) -> httpx.Response:
    sent = bearer(someone) | PIECE | {"Upload-Offset": str(offset)} | headers
    return await api.http.patch(place, content=content, headers=sent)


async def offset_of(api: Api, someone: Actor, place: str) -> int:
    return int((await api.http.head(place, headers=bearer(someone))).headers["upload-offset"])


async def whole(api: Api, someone: Actor, place: str) -> bytes:
    """What has arrived, put together as whoever takes the upload does."""
    upload_id = UUID(place.rsplit("/", 1)[1])
    path = api.runtime.scratch.path / upload_id.hex
    async with api.runtime.database.transaction(someone.caller) as tx:
        await service.take(tx.session, someone.caller, upload_id)
        size, digest = await service.assemble(tx.session, api.runtime, upload_id, path)
    content = path.read_bytes()
    assert (size, digest) == (len(content), hashlib.sha256(content).hexdigest())
    return content


def stored(api: Api, place: str) -> list[Path]:
    """The objects of an upload."""
    folder = api.runtime.settings.path("objects", "uploads", place.rsplit("/", 1)[1])
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_comes_in_pieces_and_is_whole(api: Api, person: Actor) -> None:
    told = await api.http.options("/uploads")
    assert told.status_code == 204
    assert told.headers["tus-version"] == "1.0.0"
    assert set(told.headers["tus-extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}
    named = base64.b64encode("样章.pdf".encode()).decode()
    made = await begin(api, person, **{"Upload-Metadata": f"filename {named},filetype,odd !!"})
    assert (made.status_code, made.headers["tus-resumable"]) == (201, "1.0.0")
    assert "GMT" in made.headers["upload-expires"]
    place = made.headers["location"]
    for start in range(0, len(BODY), 4000):
        assert await offset_of(api, person, place) == start
        sent = await send(api, person, place, start, BODY[start : start + 4000])
        assert sent.status_code == 204
        assert int(sent.headers["upload-offset"]) == min(len(BODY), start + 4000)
    assert await whole(api, person, place) == BODY
    gone = await api.http.head(place, headers=bearer(person))
    assert gone.status_code == 404, "what was taken cannot be taken again"


async def test_a_connection_that_is_lost_loses_nothing_that_arrived(api: Api, person: Actor) -> None:
    """The sender goes away in the middle: the rest is sent from where the hub says that it stands."""
    place = (await begin(api, person)).headers["location"]
    await _cut(api, person, place, BODY[:5000])
    assert await offset_of(api, person, place) == 5000
    assert (await send(api, person, place, 5000, BODY[5000:])).status_code == 204
    assert await whole(api, person, place) == BODY


async def _cut(api: Api, person: Actor, place: str, content: bytes) -> None:
    """A PATCH whose sender disconnects after `content`, as the server sees it."""
    waiting = [
        {"type": "http.request", "body": content, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def answer(_message: object) -> None:
        pass

    headers = bearer(person) | PIECE | {"Upload-Offset": "0", "Host": "hub.test"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "path": place,
        "raw_path": place.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("hub.test", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await api.app(scope, receive, answer)  # type: ignore[arg-type]


async def test_a_long_piece_is_kept_bit_by_bit(api: Api, person: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed process had not yet recorded is one part at most."""
    monkeypatch.setattr(service, "PART", 1000)
    place = (await begin(api, person)).headers["location"]
    seen: list[int] = []

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(BODY), 512):
            seen.append(await offset_of(api, person, place))
            yield BODY[start : start + 512]

    assert (await send(api, person, place, 0, pieces())).status_code == 204
    assert seen == sorted(seen)
    assert all(start - stood < 2 * 1000 for start, stood in zip(range(0, len(BODY), 512), seen, strict=True))
    assert await whole(api, person, place) == BODY


async def test_of_two_who_send_at_one_place_one_wins(api: Api, person: Actor, database: TestDatabase) -> None:
    place = (await begin(api, person)).headers["location"]
    answers = await asyncio.gather(*(send(api, person, place, 0, bytes([n]) * 6000) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [204, *[409] * 7]
    [(start, length, key)] = database.rows("SELECT start, length, storage_key FROM upload_parts")
    assert (start, length) == (0, 6000)
    kept = stored(api, place)
    assert [path.name for path in kept] == [key.rsplit("/", 1)[1]], "the others' bytes are gone"
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 204)
    assert kept[0].read_bytes() == bytes([winner]) * 6000


async def test_a_piece_with_a_checksum_is_kept_whole_or_not_at_all(api: Api, person: Actor) -> None:
    place = (await begin(api, person)).headers["location"]

    def checksum(content: bytes, name: str = "sha1") -> dict[str, str]:
        digest = hashlib.new(name, content, usedforsecurity=False).digest()
        return {"Upload-Checksum": f"{name} {base64.b64encode(digest).decode()}"}

    wrong = await send(api, person, place, 0, BODY[:100], **checksum(b"something else"))
    assert wrong.status_code == 460
    assert await offset_of(api, person, place) == 0
    assert (await send(api, person, place, 0, BODY[:100], **{"Upload-Checksum": "md4 eHg="})).status_code == 422
    assert (await send(api, person, place, 0, BODY[:100], **checksum(BODY[:100]))).status_code == 204
    assert (await send(api, person, place, 100, BODY[100:], **checksum(BODY[100:], "sha256"))).status_code == 204
    assert await whole(api, person, place) == BODY


async def test_sizes_are_judged_before_bytes(api: Api, person: Actor, database: TestDatabase) -> None:
    most = api.runtime.settings.max_upload_bytes
    assert (await begin(api, person, most + 1)).status_code == 413
    assert (await begin(api, person, 0)).status_code == 422
    for length in ("-1", "1e3", "x", "9" * 30, "²"):
        refused = await api.http.post("/uploads", headers=bearer(person) | {"Upload-Length": length.encode("utf8")})
        assert refused.status_code == 422
    assert database.count("uploads") == 0
    place = (await begin(api, person, 100)).headers["location"]
    assert (await send(api, person, place, 0, bytes(101))).status_code == 413

    async def more() -> AsyncIterator[bytes]:
        for _time in range(50):
            yield bytes(10)

    assert (await send(api, person, place, 0, more())).status_code == 413
    assert await offset_of(api, person, place) == 0
    assert (await send(api, person, place, 7, bytes(10))).status_code == 409


async def test_nobody_begins_more_than_they_may(api: Api, person: Actor) -> None:
    answers = await asyncio.gather(*(begin(api, person) for _time in range(service.MOST_OPEN + 4)))
    assert sorted(answer.status_code for answer in answers) == [*[201] * service.MOST_OPEN, *[429] * 4]


async def test_uploads_are_private_to_whoever_began_them(api: Api, person: Actor, database: TestDatabase) -> None:
    place = (await begin(api, person)).headers["location"]
    house = person.email.split("@")[0]
    colleague, stranger = await actor(api.runtime, house, person="colleague"), await actor(api.runtime, "stranger")
    before = database.content()
    for someone in (colleague, stranger):
        assert (await api.http.head(place, headers=bearer(someone))).status_code == 404
        assert (await send(api, someone, place, 0, BODY)).status_code == 404
        assert (await api.http.delete(place, headers=bearer(someone))).status_code == 404
    for headers in (TUS, TUS | {"Authorization": "Bearer bm_made-up"}):
        assert (await api.http.head(place, headers=headers)).status_code == 401
        assert (await api.http.post("/uploads", headers=headers | {"Upload-Length": "5"})).status_code == 401
    for nowhere in (f"/uploads/{uuid4()}", "/uploads/x", "/uploads/%00"):
        assert (await api.http.head(nowhere, headers=bearer(person))).status_code == 404
    assert database.content() == before


async def test_a_session_needs_the_token_of_its_pages(api: Api, person: Actor, database: TestDatabase) -> None:
    """A cookie comes along by itself; the token of the page does not."""
    cookie = TUS | {"Cookie": f"{SESSION}={person.token}", "Upload-Length": "5"}
    for csrf in ({}, {"X-CSRF-Token": "made-up"}, {"X-CSRF-Token": csrf_token(api.runtime.settings.key, "other")}):
        assert (await api.http.post("/uploads", headers=cookie | csrf)).status_code == 403
    assert database.count("uploads") == 0
    right = {"X-CSRF-Token": csrf_token(api.runtime.settings.key, person.token)}
    assert (await api.http.post("/uploads", headers=cookie | right)).status_code == 201


async def test_other_versions_methods_and_types_are_refused(api: Api, person: Actor) -> None:
    place = (await begin(api, person, 5)).headers["location"]
    old = await api.http.head(place, headers=bearer(person) | {"Tus-Resumable": "0.2.2"})
    assert (old.status_code, old.headers["tus-version"]) == (412, "1.0.0")
    assert (await api.http.post("/uploads", headers={"Authorization": "x"})).status_code == 412
    assert (await send(api, person, place, 0, b"12345", **{"Content-Type": "text/plain"})).status_code == 415
    assert (await api.http.get(place, headers=bearer(person))).status_code in (404, 405)
    patched = await api.http.post(
        place,
        content=b"12345",
        headers=bearer(person) | PIECE | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )
    assert patched.status_code == 204


async def test_what_is_ended_or_expired_leaves_nothing(api: Api, person: Actor, database: TestDatabase) -> None:
    ended, expired = [(await begin(api, person, 10)).headers["location"] for _time in range(2)]
    for place in (ended, expired):
        await send(api, person, place, 0, b"12345")
    assert (await api.http.delete(ended, headers=bearer(person))).status_code == 204
    assert database.counts("uploads", "upload_parts") == {"uploads": 1, "upload_parts": 1}
    due = database.rows(
        "SELECT args, scheduled_at - now() BETWEEN interval '47 hours' AND interval '49 hours' FROM procrastinate_jobs"
        " WHERE task_name = %s ORDER BY id DESC LIMIT 1",
        service.EXPIRE,
    )
    assert due[0][1], "a job waits for the moment at which it expires"
    database.rows("UPDATE uploads SET expires_at = now() - interval '1 second' RETURNING 1")
    assert (await api.http.head(expired, headers=bearer(person))).status_code == 404
    assert (await send(api, person, expired, 5, b"12345")).status_code == 404
    await tasks.expire(api.runtime, **due[0][0])
    assert database.counts("uploads", "upload_parts") == {"uploads": 0, "upload_parts": 0}
    assert not stored(api, ended)
    assert not stored(api, expired)
