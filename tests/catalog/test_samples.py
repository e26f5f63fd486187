"""Samples as owners bring and share them, and as buyers open them: marked, written down, until it is taken back."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import mutagen
import psycopg
import pypdf
import pytest
from PIL import Image, ImageChops

from catalog.assets import links, marking
from hub.i18n import LANGUAGES
from hub.typesetting import draw, typeset
from tests.catalog.conftest import Hub
from tests.databases import TestDatabase
from tests.factories import files
from tests.factories.accounts import Actor, actor
from tests.factories.catalog import work

ADD = """mutation ($work: ID!, $upload: ID, $file: Upload) {
  addSample(workId: $work, uploadId: $upload, file: $file) { id status name } }"""
SHARE = """mutation ($id: ID!, $to: ID, $email: String, $all: Boolean = false, $until: DateTime!) {
  shareSample(sampleId: $id, organizationId: $to, email: $email, everybody: $all, expiresAt: $until) {
    id grants { id email expiresAt over organization { id } } } }"""
END = "mutation ($id: ID!) { endSharing(grantId: $id) { id } }"
REMOVE = "mutation ($id: ID!) { removeSample(sampleId: $id) }"
SAMPLE = """query ($id: ID!) { sample(id: $id) {
  id name status format bytes pages durationMs marking mine editable problem { code message }
  thumbnailUrl pageUrls fileUrl downloadUrl grants { id email } tally { openings downloads people } } }"""
REPORT = """query ($id: ID!, $zone: String! = "UTC") { sampleReport(sampleId: $id, zone: $zone) {
  organizations { organization { id } tally { openings downloads people } } days { day openings } }
  sampleOpenings(sampleId: $id, first: 50) { totalCount edges { node { how code person organization { id } } } } }"""
TRACE = "query ($code: String!) { sampleTrace(code: $code) { person organization { id } sample { id } } }"
TABLES = ("samples", "sample_grants", "sample_copies", "sample_openings", "uploads", "audit_log")


def until(days: int = 7) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


class House:
    """A publisher with a work, and readers of other houses."""

    def __init__(self, hub: Hub) -> None:
        self.api, self.database, self.work_off = hub.api, hub.database, hub.work_off

    async def build(self) -> House:
        runtime = self.api.runtime
        self.owner = await actor(runtime, "guilin", country="CN", language="zh")
        self.buyer = await actor(runtime, "lilavadee", country="TH", language="th", person="Somchai")
        self.stranger = await actor(runtime, "stranger", country="ID", language="id")
        self.work = str(await work(runtime, self.owner))
        return self

    async def bring(self, content: bytes, name: str = "样章.pdf") -> dict[str, Any]:
        """A new sample, looked at."""
        sent = {"file": (name, content, "application/octet-stream")}
        made = await self.api.data(ADD, {"work": self.work, "file": None}, token=self.owner.token, files=sent)
        assert made["addSample"]["status"] == "CHECKING"
        await self.work_off()
        return await self.seen(self.owner, made["addSample"]["id"])

    async def seen(self, who: Actor, sample_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.data(SAMPLE, {"id": sample_id}, token=who.token, language="en"))[
            "sample"
        ]
        return found

    def code(self, sample: dict[str, Any]) -> str:
        """On the one copy that there is of it."""
        [(code,)] = self.database.rows("SELECT code FROM sample_copies WHERE sample_id = %s", sample["id"])
        return str(code)

    def openings(self, sample: dict[str, Any]) -> int:
        query = "SELECT count(*) FROM sample_openings WHERE sample_id = %s"
        return int(self.database.rows(query, sample["id"])[0][0])

    def kept(self, identity: str) -> list[Path]:
        """Objects in storage whose key has this in it."""
        stored = self.api.runtime.settings.path("objects").rglob("*")
        return [path for path in stored if path.is_file() and identity in str(path)]

    async def share(self, sample: dict[str, Any], to: Actor | None = None, **given: Any) -> str:
        """The id of the newest grant."""
        if to is not None:
            given["to"] = str(to.organization_id)
        asked = {"id": sample["id"], "until": until()} | given
        shared = (await self.api.data(SHARE, asked, token=self.owner.token))["shareSample"]
        return str(shared["grants"][-1]["id"])

    async def fetch(self, who: Actor | None, path: str, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {who.token}"} if who else {}
        return await self.api.http.get(path, headers=sent | headers)


@pytest.fixture(scope="module")
async def house(one_hub: Hub) -> House:
    return await House(one_hub).build()


@pytest.fixture
def database(one_hub: Hub) -> TestDatabase:
    return one_hub.database


async def test_a_paper_is_private_then_shown_marked_and_written_down(house: House, database: TestDatabase) -> None:
    sample = await house.bring(files.paper(3))
    assert (sample["status"], sample["format"], sample["pages"], sample["marking"]) == ("READY", "PDF", 3, "VISIBLE")
    assert (sample["mine"], sample["editable"], sample["tally"]) == (True, True, None)
    assert await house.seen(house.buyer, sample["id"]) is None
    plain = await house.fetch(house.owner, sample["fileUrl"])
    assert plain.content == files.paper(3), "the owner's people see it as it is"

    await house.share(sample, house.buyer)
    shown = await house.seen(house.buyer, sample["id"])
    assert (shown["mine"], shown["editable"], shown["tally"]) == (False, False, None)
    assert len(shown["pageUrls"]) == 3
    answer = await house.fetch(house.buyer, shown["fileUrl"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    code = house.code(sample)
    for number, page in enumerate(read.pages, 1):
        words = page.extract_text()
        assert f"Sample page {number}" in words, "what was there is there still"
        assert words.count("Somchai") >= 3
        assert "Lilavadee" in words
        assert code in words
    assert read.metadata is not None
    assert read.metadata["/BanmaoTrace"] == code

    page = await house.fetch(house.buyer, shown["pageUrls"][1])
    picture = Image.open(io.BytesIO(page.content))
    assert picture.getexif()[0x010E] == f"banmao:{code}"
    unmarked = Image.open(io.BytesIO((await house.fetch(house.owner, sample["pageUrls"][1])).content))
    assert picture.size == unmarked.size
    assert ImageChops.difference(picture.convert("L"), unmarked.convert("L")).getextrema()[1] > 30

    await house.fetch(house.buyer, shown["downloadUrl"])
    report = await house.api.data(REPORT, {"id": sample["id"]}, token=house.owner.token)
    [line] = report["sampleReport"]["organizations"]
    assert line["organization"]["id"] == str(house.buyer.organization_id)
    assert line["tally"] == {"openings": 2, "downloads": 1, "people": 1}
    days = report["sampleReport"]["days"]
    assert (len(days), days[-1]["day"], days[-1]["openings"]) == (30, datetime.now(UTC).date().isoformat(), 2)
    openings = [edge["node"] for edge in report["sampleOpenings"]["edges"]]
    assert [(each["how"], each["code"], each["person"]) for each in openings] == [
        ("DOWNLOAD", code, "Somchai"),
        ("VIEW", code, "Somchai"),
    ], "pages and file in one quarter of an hour are one opening"
    typed = f" {code.lower().replace('-', ' ')} "
    traced = (await house.api.data(TRACE, {"code": typed}, token=house.owner.token))["sampleTrace"]
    assert (traced["person"], traced["sample"]["id"]) == ("Somchai", sample["id"])
    for other in (house.buyer, house.stranger):
        assert (await house.api.data(TRACE, {"code": code}, token=other.token))["sampleTrace"] is None
        told = await house.api.data(REPORT, {"id": sample["id"]}, token=other.token)
        assert told == {"sampleReport": None, "sampleOpenings": None}


async def test_an_address_opens_for_its_viewer_only_and_while_it_is_shared(
    house: House, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = await house.bring(files.paper(1))
    grant = await house.share(sample, house.buyer)
    colleague = await actor(house.api.runtime, "lilavadee", person="colleague")
    shown = await house.seen(house.buyer, sample["id"])
    addresses = [shown["fileUrl"], shown["downloadUrl"], shown["thumbnailUrl"], *shown["pageUrls"]]
    before = database.content()
    key = house.api.runtime.settings.key
    for address in addresses:
        for other in (None, house.stranger, colleague, house.owner):
            assert (await house.fetch(other, address)).status_code == 404, address
        _start, sample_id, ticket, rest = address.split("/", 4)[1:]
        for forged in (f"9{ticket}", ticket[:-1], "x", ticket.replace(ticket.split(".")[0], "9999999999")):
            path = f"/samples/{sample_id}/{forged}/{rest}"
            assert (await house.fetch(house.buyer, path)).status_code == 404
    for path in ("pages/0.jpg", "pages/2.jpg", "pages/x.jpg", "pages/99999.jpg", "thumbnails/100.jpg"):
        beyond = f"{shown['fileUrl'].removesuffix('file')}{path}"
        assert (await house.fetch(house.buyer, beyond)).status_code == 404
    monkeypatch.setattr(links, "LIFE", -2 * links.HOUR)
    over = (await house.seen(house.buyer, sample["id"]))["fileUrl"]
    assert not links.holds(key, house.buyer.caller, sample["id"], over.split("/")[3])
    assert (await house.fetch(house.buyer, over)).status_code == 404
    monkeypatch.undo()
    after = database.content()
    ignored = ("sample_copies", "sample_openings", "procrastinate_jobs", "procrastinate_events")
    assert {t: n for t, n in after.items() if t not in ignored} == {t: n for t, n in before.items() if t not in ignored}

    for address in addresses:
        assert (await house.fetch(house.buyer, address)).status_code == 200, address
    assert (await house.api.refusal(END, {"id": grant}, token=house.buyer.token))["code"] == "NOT_FOUND"
    await house.api.data(END, {"id": grant}, token=house.owner.token)
    for address in addresses:
        assert (await house.fetch(house.buyer, address)).status_code == 404, "taken back at once"
    assert await house.seen(house.buyer, sample["id"]) is None
    assert (await house.api.refusal(END, {"id": grant}, token=house.owner.token))["code"] == "NOT_FOUND"


async def test_the_three_audiences(house: House, database: TestDatabase) -> None:
    sample = await house.bring(files.picture(600, 800), "page.jpg")

    async def seeing() -> list[bool]:
        return [await house.seen(who, sample["id"]) is not None for who in (house.buyer, house.stranger)]

    assert await seeing() == [False, False]
    one = await house.share(sample, email=house.stranger.email.upper())
    assert await seeing() == [False, True]
    elsewhere = (await house.seen(house.stranger, sample["id"]))["grants"]
    assert [grant["id"] for grant in elsewhere] == [one], "nobody is told who else sees it"
    everybody = await house.share(sample, all=True)
    assert await seeing() == [True, True]
    assert (await house.api.refusal(SAMPLE, {"id": sample["id"]}))["code"] == "UNAUTHENTICATED"
    again = await house.share(sample, all=True, until=until(30))
    assert again == everybody, "sharing again moves the day"
    database.rows("UPDATE sample_grants SET expires_at = now() - interval '1 second' WHERE id = %s RETURNING 1", again)
    assert await seeing() == [False, True]
    mine = await house.seen(house.owner, sample["id"])
    assert len(mine["grants"]) == 2


async def test_what_cannot_be_shared(house: House, database: TestDatabase) -> None:
    sample = await house.bring(files.picture(), "page.jpg")
    viewer = await actor(house.api.runtime, "guilin", person="viewer", roles=("VIEWER",))
    before = database.counts(*TABLES)
    to = str(house.buyer.organization_id)
    for given, field in (
        ({}, "organizationId"),
        ({"to": to, "all": True}, "organizationId"),
        ({"to": to, "email": "a@b.example"}, "organizationId"),
        ({"email": "nobody"}, "email"),
        ({"to": to, "until": until(-1)}, "expiresAt"),
        ({"to": to, "until": until(400)}, "expiresAt"),
        ({"to": sample["id"]}, "organizationId"),
    ):
        asked = {"id": sample["id"], "until": until()} | given
        refused = await house.api.refusal(SHARE, asked, token=house.owner.token)
        assert refused["field"] == field, given
    asked = {"id": sample["id"], "to": to, "until": until()}
    assert (await house.api.refusal(SHARE, asked, token=viewer.token))["code"] == "FORBIDDEN"
    assert (await house.api.refusal(REMOVE, {"id": sample["id"]}, token=viewer.token))["code"] == "FORBIDDEN"
    for other in (house.buyer, house.stranger):
        assert (await house.api.refusal(SHARE, asked, token=other.token))["code"] == "NOT_FOUND"
        assert (await house.api.refusal(REMOVE, {"id": sample["id"]}, token=other.token))["code"] == "NOT_FOUND"
        sent = {"file": ("x.jpg", files.picture(), "image/jpeg")}
        refused = await house.api.refusal(ADD, {"work": house.work, "file": None}, token=other.token, files=sent)
        assert refused["code"] == "FORBIDDEN"
    assert (await house.api.refusal(ADD, {"work": house.work}, token=house.owner.token))["field"] == "file"
    assert database.counts(*TABLES) == before


async def test_a_comic_is_marked_page_by_page_and_as_a_whole(house: House, database: TestDatabase) -> None:
    sample = await house.bring(files.comic(3), "comic.cbz")
    assert (sample["format"], sample["pages"]) == ("CBZ", 3)
    await house.share(sample, house.buyer)
    shown = await house.seen(house.buyer, sample["id"])
    pages = await asyncio.gather(*(house.fetch(house.buyer, url) for url in shown["pageUrls"]))
    whole = await house.fetch(house.buyer, shown["downloadUrl"])
    code = house.code(sample)
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert len(archive.namelist()) == 3
        bound = [archive.read(name) for name in archive.namelist()]
    for content in [*(page.content for page in pages), *bound]:
        picture = Image.open(io.BytesIO(content))
        assert picture.getexif()[0x010E] == f"banmao:{code}"
        assert len(set(picture.convert("RGB").get_flattened_data())) > 50, "a page of one colour has a mark on it"
    assert whole.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in whole.headers["content-security-policy"]


async def test_sound_is_played_in_ranges_and_carries_the_code(house: House, database: TestDatabase) -> None:
    sample = await house.bring(files.sound("FLAC", 2.0), "song.flac")
    assert (sample["durationMs"], sample["marking"], sample["pageUrls"]) == (2000, "METADATA", [])
    await house.share(sample, house.buyer)
    shown = await house.seen(house.buyer, sample["id"])
    whole = await house.fetch(house.buyer, shown["fileUrl"])
    code = house.code(sample)
    found = mutagen.File(io.BytesIO(whole.content))
    assert found is not None
    assert found.tags["banmao_trace"] == [code]
    size = len(whole.content)
    for asked, first, last in (
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, size - 1),
        ("bytes=-50", size - 50, size - 1),
        (f"bytes=10-{size * 9}", 10, size - 1),
    ):
        part = await house.fetch(house.buyer, shown["fileUrl"], Range=asked)
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert part.content == whole.content[first : last + 1]
    for asked in (f"bytes={size}-", "bytes=9-3", "bytes=-0"):
        assert (await house.fetch(house.buyer, shown["fileUrl"], Range=asked)).status_code == 416
    for asked in ("bytes=0-1,5-9", "lines=1-2", "bytes=a-b", "bytes=-"):
        assert (await house.fetch(house.buyer, shown["fileUrl"], Range=asked)).status_code == 200
    assert house.openings(sample) == 1


async def test_a_refused_file_says_why_and_is_never_shown(house: House, database: TestDatabase) -> None:
    posing = await house.bring(files.archive([("a.txt", b"x")]), "novel.epub")
    assert (posing["status"], posing["problem"]["code"]) == ("REFUSED", "POSES_AS_EPUB")
    assert "mimetype" in posing["problem"]["message"]
    asked = {"id": posing["id"], "all": True, "until": until()}
    assert (await house.api.refusal(SHARE, asked, token=house.owner.token))["code"] == "CONFLICT"
    assert posing["fileUrl"] is None
    odd = await house.bring(files.picture(), "page.png")
    assert (odd["status"], odd["format"], odd["problem"]["code"]) == ("READY", "JPEG", "MISNAMED")
    assert not house.kept(posing["id"])
    assert database.counts("uploads", "upload_parts") == {"uploads": 0, "upload_parts": 0}


async def test_a_removed_sample_is_gone_and_its_report_stays(house: House, database: TestDatabase) -> None:
    sample = await house.bring(files.picture(400, 500), "page.jpg")
    await house.share(sample, house.buyer)
    shown = await house.seen(house.buyer, sample["id"])
    assert (await house.fetch(house.buyer, shown["fileUrl"])).status_code == 200
    assert await house.api.data(REMOVE, {"id": sample["id"]}, token=house.owner.token) == {"removeSample": True}
    await house.work_off()
    for who, url in ((house.buyer, shown["fileUrl"]), (house.owner, sample["fileUrl"])):
        assert (await house.fetch(who, url)).status_code == 404
        assert await house.seen(who, sample["id"]) is None
    assert not house.kept(sample["id"])
    assert house.openings(sample) == 1


def test_the_report_only_grows(database: TestDatabase) -> None:
    for statement in (
        "UPDATE sample_openings SET how = 'VIEW'",
        "DELETE FROM sample_openings",
        "TRUNCATE sample_openings",
    ):
        for url in (database.app_url, database.owner_url):
            with psycopg.connect(url) as connection, pytest.raises(psycopg.Error):
                connection.execute(statement)


async def test_the_walls_of_the_database(house: House, database: TestDatabase) -> None:
    """What the services leave out, PostgreSQL leaves out too, whoever asks it."""
    sample = await house.bring(files.picture(), "page.jpg")
    await house.share(sample, house.buyer)
    shown = await house.seen(house.buyer, sample["id"])
    await house.fetch(house.buyer, shown["fileUrl"])

    def rows(who: Actor | None, table: str) -> int:
        column = "id" if table == "samples" else "sample_id"
        with psycopg.connect(database.app_url) as connection:
            if who:
                connection.execute("SELECT set_config('banmao.organization', %s, true)", (str(who.organization_id),))
                connection.execute("SELECT set_config('banmao.person', %s, true)", (str(who.person_id),))
            found = connection.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", (sample["id"],)).fetchone()
        assert found is not None
        return int(found[0])

    seen = {
        who: [rows(someone, table) for table in TABLES[:4]]
        for who, someone in {
            "owner": house.owner,
            "buyer": house.buyer,
            "stranger": house.stranger,
            "nobody": None,
        }.items()
    }
    assert seen == {"owner": [1, 1, 1, 1], "buyer": [1, 1, 1, 0], "stranger": [0, 0, 0, 0], "nobody": [0, 0, 0, 0]}
    values = f"'{sample['id']}', '{house.owner.organization_id}', '{house.stranger.person_id}'"
    forged = (
        f"INSERT INTO sample_grants (sample_id, organization_id, person_id, expires_at) VALUES ({values}, now())",
        "INSERT INTO sample_copies (sample_id, owner_id, person_id, organization_id, code)"
        f" VALUES ({values}, '{house.stranger.organization_id}', 'x')",
    )
    for statement in forged:
        with psycopg.connect(database.app_url) as connection, pytest.raises(psycopg.Error):
            connection.execute(
                "SELECT set_config('banmao.organization', %s, true)", (str(house.stranger.organization_id),)
            )
            connection.execute(statement)


NAMES = {
    "zh": ("陈静", "广西师范大学出版社"),
    "en": ("Amelia Tan", "Straits Rights"),
    "vi": ("Nguyễn Thị Hồng Nhung", "Nhà xuất bản Trẻ"),
    "th": ("สมชาย ใจดี", "สำนักพิมพ์ลีลาวดี"),
    "ms": ("Siti Nurhaliza", "Penerbit Bayu"),
    "id": ("Budi Santoso", "Penerbit Nusantara"),
    "my": ("မောင်မောင်", "ရွှေစာပေ"),
    "lo": ("ສົມພອນ", "ສໍານັກພິມລ້ານຊ້າງ"),
    "fil": ("José Dela Peña", "Aklatang Bayan"),
    "km": ("សុភា ស្រី", "គ្រឹះស្ថានអង្គរ"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_mark_is_set_in_the_viewers_script(language: str) -> None:
    """Typst draws what it has no letter for as a box with no name; every letter here comes out of a font that has it."""
    person, organization = NAMES[language]
    viewer = marking.Viewer(uuid4(), person, organization, language, datetime.now(UTC), "7K3Q-9XTD")
    data = marking.words_on(viewer) | {"width": 300, "height": 420}
    page = pypdf.PdfReader(io.BytesIO(await typeset(marking.TEMPLATE, data))).pages[0]
    words = page.extract_text()
    assert "7K3Q-9XTD" in words
    assert person.split()[0][0] in words
    fonts = {str(font["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    script = {"zh": "SC", "th": "Thai", "my": "Myanmar", "lo": "Lao", "km": "Khmer"}.get(language, "NotoSans")
    assert any(script in font for font in fonts), fonts
    picture = Image.open(io.BytesIO(await draw(marking.TEMPLATE, data, ppi=72)))
    assert picture.size == (300, 420)
    low, high = picture.getchannel("A").getextrema()
    assert low == 0
    assert high > 100, "seen, and seen through"


async def test_two_who_open_at_once_get_one_copy(house: House, database: TestDatabase) -> None:
    sample = await house.bring(files.paper(1))
    await house.share(sample, house.buyer)
    shown = await house.seen(house.buyer, sample["id"])
    answers = await asyncio.gather(*(house.fetch(house.buyer, shown["fileUrl"]) for _time in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert house.openings(sample) == 1
    [(copy_id,)] = database.rows("SELECT id FROM sample_copies WHERE sample_id = %s", sample["id"])
    await house.fetch(house.buyer, shown["pageUrls"][0])
    assert len(house.kept(str(copy_id))) == 2
    await marking.forget(house.api.runtime, copy_id, 1)
    assert not house.kept(str(copy_id))


COVER = "mutation ($id: ID!, $file: Upload!) { setCover(workId: $id, file: $file) { coverUrl(width: 200) } }"
COVER_URLS = "query ($id: ID!) { work(id: $id) { small: coverUrl(width: 90) coverUrl(width: 400) } }"


async def test_small_covers_come_by_a_job_and_never_change(house: House) -> None:
    sent = {"file": ("cover.webp", files.picture(1400, 2000, "WEBP"), "image/webp")}
    made = await house.api.data(COVER, {"id": house.work, "file": None}, token=house.owner.token, files=sent)
    assert made["setCover"]["coverUrl"].endswith("-400.jpg"), "what is not there yet is not promised"
    await house.work_off()
    work = (await house.api.data(COVER_URLS, {"id": house.work}))["work"]
    assert work["small"].endswith("-200.jpg")
    for url, width in ((work["small"], 200), (work["coverUrl"], 400)):
        served = await house.fetch(None, url)
        assert Image.open(io.BytesIO(served.content)).width == width
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_30000_pixel_cover_is_refused_before_it_is_unfolded(house: House, database: TestDatabase) -> None:
    sent = {"file": ("cover.png", files.wide_png(30_000, 30_000), "image/png")}
    before = database.counts("assets", "audit_log")
    said = set()
    for language in LANGUAGES[:3]:
        ask = {"id": house.work, "file": None}
        refused = await house.api.refusal(COVER, ask, token=house.owner.token, files=sent, language=language)
        assert (refused["code"], refused["field"], refused["params"]["side"]) == ("INVALID", "file", 12_000)
        said.add(refused["message"])
    assert len(said) == 3
    assert database.counts("assets", "audit_log") == before
