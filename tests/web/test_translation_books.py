"""Memory, glossary and files of translations, as a person meets them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import actor
from tests.factories.texts import text
from tests.web.visitor import Visitor
from translation import service

WorkOff = Callable[[], Awaitable[None]]
TABLE = b"key,zh,en,forbidden\nadvance,\xe9\xa2\x84\xe4\xbb\x98\xe6\xac\xbe,advance,en:deposit\nbad,,,\n"


async def test_the_glossary_is_read_kept_and_brought_in(api: Api, database: TestDatabase) -> None:
    keeper = await actor(api.runtime, country="CN", language="zh")
    visitor = await Visitor(api.app, keeper).open("/translation/glossary?find=royalt&whose=hub")
    assert visitor.status == 200
    assert "版税" in visitor.text()
    assert visitor.page.xpath('//a[@rel="noopener noreferrer" and starts-with(@href, "https://")]')
    await visitor.open("/translation/glossary/new")
    await visitor.send("/translation/glossary/new", {"keep": "yes", "name": "刘三姐", "source": "ftp://x"})
    assert visitor.status == 422
    assert visitor.page.xpath("//*[@aria-invalid]/@id") == ["source"], visitor.text()
    await visitor.send("/translation/glossary/new", {"source": ""})
    assert "刘三姐" in visitor.text()
    await visitor.open("/translation/glossary/new")
    await visitor.send(
        "/translation/glossary/new", {"en": "blurb", "zh_also": "简介\n推介", "th_never": "โปรย", "short": "our-blurb"}
    )
    words = database.rows(
        "SELECT language, words, w.status FROM glossary_words w JOIN glossary_terms t ON t.id = term_id WHERE key = 'our-blurb'"
    )
    assert sorted(words) == [
        ("en", "blurb", "PREFERRED"),
        ("th", "โปรย", "FORBIDDEN"),
        ("zh", "推介", "ADMITTED"),
        ("zh", "简介", "ADMITTED"),
    ]
    [edit] = visitor.page.xpath(
        '//article[.//h2[contains(., "blurb")]]//a[starts-with(@href, "/translation/glossary/")]'
    )
    await visitor.open(edit.get("href"))
    assert visitor.page.xpath('//textarea[@id="zh_also"]/text()') == ["推介\n简介"]
    await visitor.send("/remove", {})
    assert "blurb" not in visitor.text("//article")

    own = "SELECT count(*) FROM glossary_terms WHERE organization_id IS NOT NULL"
    before = database.rows(own)
    await visitor.open("/translation/glossary/import")
    table = {"file": ("terms.csv", TABLE, "text/csv")}
    await visitor.send("/translation/glossary/import", {}, files=table)
    assert "What the file would do" in visitor.text()
    assert database.rows(own) == before
    await visitor.send("/translation/glossary/import", {"apply": "yes"}, files=table)
    assert "Taken over" in visitor.text()
    assert database.rows(own) == [(before[0][0] + 1,)]
    answer = await visitor.http.get("/translation/glossary/file?format=TBX&whose=own")
    assert answer.headers["content-disposition"] == 'attachment; filename="glossary.tbx"'
    assert "deprecatedTerm-admn-sts" in answer.text


async def test_the_memory_is_searched_corrected_and_shared(api: Api, database: TestDatabase) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    made = await text(api.runtime, writer, words="共八卷。")
    async with api.runtime.database.transaction(writer.caller) as tx:
        await service.review(tx.session, writer.caller, made.id, "en", "Eight volumes.")
    visitor = await Visitor(api.app, writer).open("/translation/memory?find=共九卷。&from=zh&into=en")
    assert "75" in visitor.text('//section[@aria-labelledby="similar"]')
    await visitor.open("/translation/memory?find=volumes")
    [entry] = [form.action for form in visitor.page.forms if (form.action or "").endswith("/remove")]
    await visitor.send(entry.removesuffix("/remove"), {"target": "In eight volumes."})
    assert "In eight volumes." in visitor.text()
    await visitor.send("/translation/memory/sharing", {})
    assert database.rows("SELECT shared FROM memory_entries") == [(True,)]
    await visitor.send("/translation/memory/sharing", {})
    assert database.rows("SELECT shared FROM memory_entries") == [(False,)]
    await visitor.send(entry, {})
    assert database.count("memory_entries") == 0


async def test_a_file_goes_out_and_comes_in(api: Api, database: TestDatabase, work_off: WorkOff) -> None:
    writer = await actor(api.runtime, country="CN", language="zh")
    await text(api.runtime, writer, words="第一章")
    visitor = await Visitor(api.app, writer).open("/translation/files")
    await visitor.send("/translation/files/out", {"source": "zh", "targets": ["en", "th"]})
    assert visitor.status == 422
    assert "Choose one language" in visitor.text()
    await visitor.send("/translation/files/out", {"source": "zh", "targets": ["en"]})
    await work_off()
    await visitor.open("/translation/files")
    [link] = visitor.page.xpath("//a[@download]/@href")
    content = (await visitor.http.get(link)).content
    filled = content.replace(b'state="initial"', b'state="final"').replace(
        b"</source>", b"</source><target>Chapter One</target>"
    )
    await visitor.send("/translation/files/in", {}, files={"file": ("a.xlf", filled, "application/xml")})
    await work_off()
    await visitor.open(visitor.path)
    assert "Chapter One" in visitor.text("//ins")
    assert database.count("renderings") == 0
    await visitor.send("/confirm", {})
    await work_off()
    assert database.rows("SELECT words, origin FROM renderings") == [("Chapter One", "REVIEWED")]
    gone = await visitor.http.get(link[:-30] + "x" * 30)
    assert gone.status_code == 404
