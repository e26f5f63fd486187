"""Listing, changing, publishing, withdrawing and seeing works, as an outside client does."""

from __future__ import annotations

import asyncio
from io import BytesIO
from struct import pack
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from hub import confined
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import work

TABLES = (
    "works",
    "texts",
    "contributors",
    "identifiers",
    "mandates",
    "holdbacks",
    "assets",
    "search_feed",
    "audit_log",
)
FIELDS = """
  id kind kindName status originalLanguage title { text language origin } description { text }
  contributors { name nameOriginal role roleName } identifiers { scheme value } subjects subjectNames { value label }
  publicationYear countryOfOrigin owner { id } coverUrl editable publishedAt
"""
CREATE = f"mutation ($input: CreateWorkInput!) {{ createWork(input: $input) {{ {FIELDS} }} }}"
UPDATE = f"mutation ($id: ID!, $input: UpdateWorkInput!) {{ updateWork(workId: $id, input: $input) {{ {FIELDS} }} }}"
PUBLISH = "mutation ($id: ID!) { publishWork(workId: $id) { id status } }"
WITHDRAW = "mutation ($id: ID!) { withdrawWork(workId: $id) { id status } }"
WORK = f"query ($id: ID!) {{ work(id: $id) {{ {FIELDS} }} }}"
COVER = "mutation ($id: ID!, $file: Upload!) { setCover(workId: $id, file: $file) { id coverUrl } }"
KIEU = {
    "kind": "BOOK",
    "originalLanguage": "vi",
    "title": "  Truyện Kiều ",
    "description": "Truyện thơ lục bát.",
    "contributors": [{"name": "Nguyễn Du", "role": "aut"}],
    "identifiers": [{"scheme": "isbn", "value": "978-604-956-102-3"}],
    "subjects": ["dca", "FBC"],
    "publicationYear": 1820,
    "countryOfOrigin": "VN",
}


@pytest.fixture
async def publisher(api: Api) -> Actor:
    return await actor(api.runtime, "song-lam")


async def create(api: Api, someone: Actor, **changed: Any) -> dict[str, Any]:
    answer = await api.data(CREATE, {"input": KIEU | changed}, token=someone.token, language="en")
    made: dict[str, Any] = answer["createWork"]
    return made


async def test_a_work_is_listed_as_a_draft_with_what_was_said(api: Api, publisher: Actor) -> None:
    made = await create(api, publisher)
    assert made | {"id": None} == {
        "id": None,
        "kind": "BOOK",
        "kindName": "Book",
        "status": "DRAFT",
        "originalLanguage": "vi",
        "title": {"text": "Truyện Kiều", "language": "vi", "origin": "ORIGINAL"},
        "description": {"text": "Truyện thơ lục bát."},
        "contributors": [{"name": "Nguyễn Du", "nameOriginal": None, "role": "aut", "roleName": "Author"}],
        "identifiers": [{"scheme": "ISBN", "value": "9786049561023"}],
        "subjects": ["DCA", "FBC"],
        "subjectNames": [{"value": "DCA", "label": "Classic poetry"}, {"value": "FBC", "label": "Classic fiction"}],
        "publicationYear": 1820,
        "countryOfOrigin": "VN",
        "owner": {"id": str(publisher.organization_id)},
        "coverUrl": None,
        "editable": True,
        "publishedAt": None,
    }


async def test_listing_asks_for_drafts_in_the_other_nine_languages(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    await create(api, publisher)
    jobs = database.rows("SELECT args FROM procrastinate_jobs WHERE task_name = 'translation.draft'")
    asked: dict[str, set[str]] = {}
    for (args,) in jobs:
        asked.setdefault(args["text_id"], set()).update(args["languages"])
    assert list(asked.values()) == [{"zh", "en", "th", "ms", "id", "my", "lo", "fil", "km"}] * 2


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"title": "  "}, "title"),
    ({"title": "x" * 1001}, "title"),
    ({"title": "a\x07b"}, "title"),
    ({"title": "Truyện\uffff Kiều"}, "title"),
    ({"description": "This contract is \u202eevisulcxe ton\u202c."}, "description"),
    ({"contributors": [{"name": "Nguyễn\x85Du\ufdd0", "role": "aut"}]}, "contributors.0.name"),
    ({"description": "x" * 20_001}, "description"),
    ({"originalLanguage": "xx"}, "originalLanguage"),
    ({"contributors": [{"name": "A", "role": "aut"}, {"name": "B", "role": "boss"}]}, "contributors.1.role"),
    ({"contributors": [{"name": " ", "role": "aut"}]}, "contributors.0.name"),
    ({"contributors": [{"name": "A", "role": "aut"}] * 201}, "contributors"),
    ({"identifiers": [{"scheme": "ISBN", "value": "9786049561024"}]}, "identifiers.0.value"),
    ({"identifiers": [{"scheme": "SHOE", "value": "42"}]}, "identifiers.0.scheme"),
    ({"subjects": ["F", "novel about love"]}, "subjects.1"),
    ({"publicationYear": 9999}, "publicationYear"),
    ({"countryOfOrigin": "ASEAN"}, "countryOfOrigin"),
    ({"countryOfOrigin": "XX"}, "countryOfOrigin"),
]


async def test_what_cannot_be_said_of_a_work_is_refused_and_nothing_is_written(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    before = database.counts(*TABLES)
    for changed, field in IMPOSSIBLE:
        refused = await api.refusal(CREATE, {"input": KIEU | changed}, token=publisher.token, language="en")
        assert (refused["code"], refused["field"]) == ("INVALID", field), changed
        assert refused["message"].endswith(".")
    assert database.counts(*TABLES) == before


async def test_who_may_not_list_is_refused_and_nothing_is_written(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    viewer = await actor(api.runtime, "song-lam", person="viewer", roles=["VIEWER"])
    platform = await actor(api.runtime, "nhac-song", kind="PLATFORM")
    before = database.counts(*TABLES)
    assert (await api.refusal(CREATE, {"input": KIEU}))["code"] == "UNAUTHENTICATED"
    for someone in (viewer, platform):
        assert (await api.refusal(CREATE, {"input": KIEU}, token=someone.token))["code"] == "FORBIDDEN"
    assert database.counts(*TABLES) == before


async def test_one_owner_lists_an_identifier_once_and_two_owners_each_once(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    made = await create(api, publisher)
    before = database.counts(*TABLES)
    refused = await api.refusal(CREATE, {"input": KIEU}, token=publisher.token)
    assert (refused["code"], refused["field"]) == ("CONFLICT", "identifiers.0.value")
    assert refused["params"]["workId"] == made["id"]
    assert database.counts(*TABLES) == before
    other = await actor(api.runtime, "other-house")
    assert (await create(api, other))["identifiers"] == made["identifiers"]


async def test_a_draft_is_seen_by_its_owner_only_and_a_published_work_by_everybody(api: Api, publisher: Actor) -> None:
    stranger = await actor(api.runtime, "stranger")
    made = await create(api, publisher)
    one = {"id": made["id"]}
    assert (await api.data(WORK, one))["work"] is None
    assert (await api.data(WORK, one, token=stranger.token))["work"] is None
    assert (await api.data(WORK, one, token=publisher.token))["work"]["id"] == made["id"]
    await api.data(PUBLISH, one, token=publisher.token)
    for token in (None, stranger.token):
        seen = (await api.data(WORK, one, token=token))["work"]
        assert (seen["status"], seen["editable"]) == ("PUBLISHED", False)
    await api.data(WITHDRAW, one, token=publisher.token)
    assert (await api.data(WORK, one, token=stranger.token))["work"] is None
    assert (await api.data(WORK, one, token=publisher.token))["work"]["status"] == "WITHDRAWN"


async def test_only_the_owner_s_people_change_a_work(api: Api, publisher: Actor, database: TestDatabase) -> None:
    stranger = await actor(api.runtime, "stranger")
    viewer = await actor(api.runtime, "song-lam", person="viewer", roles=["VIEWER"])
    draft = (await create(api, publisher))["id"]
    shown = str(await work(api.runtime, publisher, "Chinh phụ ngâm", language="vi"))
    before, rows = database.counts(*TABLES), database.rows("SELECT * FROM works ORDER BY id")
    for mutation in (PUBLISH, WITHDRAW, UPDATE):
        change = {"input": {"title": "Khác"}} if mutation == UPDATE else {}
        assert (await api.refusal(mutation, {"id": draft} | change))["code"] == "UNAUTHENTICATED"
        assert (await api.refusal(mutation, {"id": draft} | change, token=stranger.token))["code"] == "NOT_FOUND"
        assert (await api.refusal(mutation, {"id": shown} | change, token=stranger.token))["code"] == "FORBIDDEN"
        assert (await api.refusal(mutation, {"id": draft} | change, token=viewer.token))["code"] == "FORBIDDEN"
        for unknown in (str(uuid4()), "not-an-id"):
            refused = await api.refusal(mutation, {"id": unknown} | change, token=publisher.token)
            assert (refused["code"], refused["field"]) == ("NOT_FOUND", "workId")
    assert database.counts(*TABLES) == before
    assert database.rows("SELECT * FROM works ORDER BY id") == rows


async def test_publishing_twice_happens_once(api: Api, publisher: Actor, database: TestDatabase) -> None:
    made = await create(api, publisher)
    for _time in range(2):
        assert (await api.data(PUBLISH, {"id": made["id"]}, token=publisher.token))["publishWork"][
            "status"
        ] == "PUBLISHED"
    assert database.rows("SELECT count(*) FROM audit_log WHERE action = 'catalog.work.published'") == [(1,)]


async def test_a_change_touches_what_is_given_and_nothing_else(api: Api, publisher: Actor) -> None:
    made = await create(api, publisher)
    change = {"title": "Đoạn trường tân thanh", "identifiers": [], "publicationYear": None}
    answer = await api.data(UPDATE, {"id": made["id"], "input": change}, token=publisher.token, language="en")
    assert answer["updateWork"] == made | {
        "title": {"text": "Đoạn trường tân thanh", "language": "vi", "origin": "ORIGINAL"},
        "identifiers": [],
        "publicationYear": None,
    }


async def test_a_refused_change_leaves_the_work_as_it_was(api: Api, publisher: Actor, database: TestDatabase) -> None:
    made = await create(api, publisher)
    before = database.counts(*TABLES)
    change = {"title": "Khác", "subjects": ["?"]}
    refused = await api.refusal(UPDATE, {"id": made["id"], "input": change}, token=publisher.token)
    assert refused["field"] == "subjects.0"
    assert (await api.data(WORK, {"id": made["id"]}, token=publisher.token, language="en"))["work"] == made
    assert database.counts(*TABLES) == before


async def test_my_works_are_mine_and_paged(api: Api, publisher: Actor) -> None:
    stranger = await actor(api.runtime, "stranger")
    for number in range(5):
        await work(api.runtime, publisher, f"Tập {number}", language="vi", published=number % 2 == 0)
    await work(api.runtime, stranger, "Khác", language="vi")
    mine = """query ($after: String, $status: WorkStatus, $query: String) {
      myWorks(first: 2, after: $after, status: $status, query: $query) {
        edges { node { title { text } } } pageInfo { hasNextPage endCursor } totalCount } }"""
    seen: list[str] = []
    after = None
    while True:
        page = (await api.data(mine, {"after": after}, token=publisher.token))["myWorks"]
        assert page["totalCount"] == 5
        seen += [edge["node"]["title"]["text"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"Tập {number}" for number in reversed(range(5))]
    drafts = (await api.data(mine, {"status": "DRAFT"}, token=publisher.token))["myWorks"]
    assert drafts["totalCount"] == 2
    found = (await api.data(mine, {"query": "tập 3"}, token=publisher.token))["myWorks"]
    assert [edge["node"]["title"]["text"] for edge in found["edges"]] == ["Tập 3"]
    assert (await api.refusal(mine))["code"] == "UNAUTHENTICATED"
    assert (await api.refusal(mine, {"after": "made up"}, token=publisher.token))["field"] == "after"


def picture(kind: str, size: tuple[int, int] = (600, 840)) -> bytes:
    out = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, "#bd2f1b").save(out, kind)
    return out.getvalue()


async def test_a_cover_is_kept_in_sizes_and_served(api: Api, publisher: Actor) -> None:
    made = await create(api, publisher)
    files = {"file": ("cover.png", picture("PNG"), "image/png")}
    answer = await api.data(COVER, {"id": made["id"], "file": None}, token=publisher.token, files=files)
    url = answer["setCover"]["coverUrl"]
    served = await api.http.get(url)
    assert (served.status_code, served.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(served.content)).size == (400, 560)
    large = await api.http.get(url.replace("-400", "-1200"))
    assert Image.open(BytesIO(large.content)).size == (600, 840)
    for missing in (
        url.replace("-400", "-401"),
        url.replace("-400", "-200"),
        url.replace(url.split("-")[-2], "0" * 16),
        f"/covers/{uuid4()}-{'0' * 16}-400.jpg",
        "/covers/..%2f..%2fsecret",
    ):
        assert (await api.http.get(missing)).status_code == 404


def broken_exif() -> bytes:
    """A JPEG to be turned upright, whose Exif says its width in words."""
    description, width = 0x010E, 0x0100
    exif = Image.Exif()
    exif[0x0112], exif[description] = 6, "sixty"
    out = BytesIO()
    Image.new("RGB", (60, 80), "red").save(out, "JPEG", exif=exif)
    return out.getvalue().replace(pack(">HH", description, 2), pack(">HH", width, 2))


async def test_pictures_are_unfolded_one_at_a_time(api: Api, publisher: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await create(api, publisher)
    at_once, most, run = 0, 0, confined.run

    async def counted(module: str, task: dict[str, Any], **options: Any) -> dict[str, Any]:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        answer = await run(module, task, **options)
        at_once -= 1
        return answer

    monkeypatch.setattr(confined, "run", counted)
    files = {"file": ("cover.png", picture("PNG"), "image/png")}
    ask = {"id": made["id"], "file": None}
    answers = await asyncio.gather(*(api.data(COVER, ask, token=publisher.token, files=files) for _time in range(3)))
    assert len(answers) == 3
    assert most == 1


async def test_what_is_no_picture_is_refused_and_nothing_is_kept(
    api: Api, publisher: Actor, database: TestDatabase
) -> None:
    made = await create(api, publisher)
    before = database.counts(*TABLES)
    for content in (
        b"",
        b"not a picture",
        b"<svg onload='alert(1)'/>",
        picture("JPEG")[:300],
        picture("GIF"),
        picture("PNG", size=(1, 70_000)),
        picture("PNG", size=(8_000, 8_000)),
        broken_exif(),
    ):
        files = {"file": ("cover.jpg", content, "image/jpeg")}
        refused = await api.refusal(COVER, {"id": made["id"], "file": None}, token=publisher.token, files=files)
        assert (refused["code"], refused["field"]) == ("INVALID", "file"), content
    assert database.counts(*TABLES) == before
    assert not list(api.runtime.settings.path("objects").rglob("*.jpg"))
