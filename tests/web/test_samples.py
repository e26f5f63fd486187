"""Samples through the pages: brought by a form, shared, opened by a buyer, counted, ended."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import files
from tests.factories.accounts import actor
from tests.factories.catalog import work
from tests.web.visitor import Visitor

WorkOff = Callable[[], Awaitable[None]]
FORMULA = "=HYPERLINK(1)"


async def test_a_sample_from_the_form_to_the_report(api: Api, work_off: WorkOff, database: TestDatabase) -> None:
    owner = await actor(api.runtime, "guilin", country="CN", language="zh")
    buyer = await actor(api.runtime, "lilavadee", country="TH", language="th", person=FORMULA)
    book = await work(api.runtime, owner)
    house = await Visitor(api.app, owner).open(f"/works/{book}")
    assert "Nobody else sees a sample until you share it." in house.text('//section[@id="samples"]')
    await house.open(f"/works/{book}/samples")
    await house.send("/samples", {}, files={"file": ("chapter.pdf", files.paper(14), "application/pdf")})
    assert "Being checked" in house.text()
    assert house.page.xpath('//*[@id="samples"]/@hx-trigger') == ["every 1500ms"]
    await work_off()
    await house.open(f"/works/{book}/samples")
    assert "14 pages" in house.text()
    assert "Not shared" in house.text()
    path = house.page.xpath('//main//a[contains(@href, "/samples/")]/@href')[0]

    guest = await Visitor(api.app, buyer).open(path)
    assert guest.status == 404
    await house.open(path)
    await house.send("/share", {"audience": "email", "email": "nobody"})
    assert house.status == 422
    assert house.errors() == ["Enter an e-mail address such as name@example.org."]
    await house.send("/share", {"audience": "everybody", "email": "", "until": "2031-01-01"})
    assert house.errors() == ["Choose a day between tomorrow and a year from now."]
    await house.open(path)
    await house.send("/share", {"audience": "email", "email": buyer.email})
    assert buyer.email.lower() in house.text()

    await guest.open(f"/works/{book}")
    assert path in guest.page.xpath("//main//a/@href")
    await guest.open(path)
    assert "Every page carries your name, and Guilin sees that you opened it." in guest.text()
    pictures = guest.page.xpath("//main//ol//img")
    assert len(pictures) == 12
    assert {picture.get("loading") for picture in pictures[2:]} == {"lazy"}
    assert not guest.page.xpath('//form[contains(@action, "/share")]')
    shown = await guest.http.get(pictures[0].get("src"))
    assert shown.headers["content-type"] == "image/jpeg"
    await guest.open(f"{path}?from=13")
    assert len(guest.page.xpath("//main//ol//img")) == 2
    for odd in ("0", "-1", "x", "²", "99999", "9999"):
        assert (await guest.open(f"{path}?from={odd}")).status == 200

    await house.open(path)
    assert "Openings 1" in house.text()
    assert house.page.xpath('count(//*[local-name()="svg"][contains(@class, "chart")])') == 2
    table = await house.http.get(f"{path}/openings.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert lines[0] == ["When", "Person", "Organization", "How", "Code"]
    assert lines[1][1:4] == [f"'{FORMULA}", "Lilavadee", "Seen"], "a name is no formula"
    assert (await guest.http.get(f"{path}/openings.csv")).status_code == 404
    await house.open(f"/samples?code={lines[1][4].lower()}")
    assert FORMULA in house.text('//form[@aria-labelledby="trace"]')
    await house.open("/samples?code=AAAA-AAAA")
    assert "No copy of your samples carries this code." in house.text()

    await house.open(path)
    await house.send("/end-sharing")
    assert "Nobody yet" in house.text()
    assert (await guest.open(path)).status == 404
    await house.send("/remove")
    assert house.path == f"/works/{book}/samples"
    assert "No samples yet" in house.text()
    assert database.count("sample_openings") == 1


async def test_a_form_without_a_file_says_so_and_writes_nothing(api: Api, database: TestDatabase) -> None:
    owner = await actor(api.runtime)
    book = await work(api.runtime, owner)
    house = await Visitor(api.app, owner).open(f"/works/{book}/samples")
    for sent, words in (
        ({}, "Choose the file of the sample."),
        ({"upload": "made up"}, "This does not exist, or it is not open to you."),
        ({"upload": str(book)}, "This upload does not exist or has expired. Send the file again."),
    ):
        await house.send("/samples", sent)
        assert words in house.text()
        await house.open(f"/works/{book}/samples")
    assert database.counts("samples", "uploads") == {"samples": 0, "uploads": 0}
    stranger = await Visitor(api.app, await actor(api.runtime, "stranger")).open(f"/works/{book}/samples")
    assert not stranger.page.xpath("//form[@data-resumable]")
