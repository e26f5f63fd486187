"""Releases through the pages: built, filled, refused in words, pressed once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from distribution.messages import ern
from hub.runtime import Runtime
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories import release as make
from tests.factories.accounts import Actor
from tests.factories.distribution import message, picture, sound
from tests.web.visitor import Visitor

RELEASE = {
    "title": "壮乡的歌",
    "artist": "南宁民歌合唱团",
    "label": "邕江音像",
    "language": "zh",
    "release_date": "2026-11-01",
    "genre": "Folk",
}


@pytest.fixture
async def musician(runtime: Runtime) -> Actor:
    who = await make.label(runtime)
    await make.allocate(runtime, who.organization_id)
    return who


async def built(api: Api, musician: Actor, *, cover: int = 1400) -> Visitor:
    """The page of a release with a cover and one track."""
    visitor = await Visitor(api.app, musician).open("/releases/new")
    await visitor.send("/releases/new", RELEASE, files={"cover": ("cover.jpg", picture(cover, cover), "image/jpeg")})
    assert visitor.status == 200, visitor.errors()
    page = visitor.path
    await visitor.open(f"{page}/tracks/new")
    await visitor.send(
        "/tracks/new",
        {"title": "刘三姐", "payee": ["韦小云", "乔羽"], "role": ["prf", "lyr"], "share": ["87,5", "12.5"]},
        files={"audio": ("a.flac", sound(0.7), "audio/flac")},
    )
    assert visitor.path == page, visitor.errors()
    return visitor


async def test_an_album_goes_abroad_with_one_press(
    api: Api, runtime: Runtime, musician: Actor, database: TestDatabase
) -> None:
    await make.channel(runtime, (await make.operator(runtime)).organization_id)
    visitor = await built(api, musician)
    page = visitor.path
    assert "韦小云 87.5% · 乔羽 12.5%" in visitor.text('//tr[contains(., "刘三姐")]')
    assert "AA-6Q7-" in visitor.text('//td[@data-label="ISRC"]')
    assert "Can be sent" in visitor.text('//*[@id="platforms"]')
    await visitor.send("/publish")
    assert visitor.path == page
    assert "Waiting to go out" in visitor.text('//*[@id="platforms"]')
    assert visitor.page.xpath('//*[@id="platforms"]/@hx-trigger') == ["every 2s"]
    assert not visitor.page.xpath('//form[contains(@action, "/publish")]')
    await visitor.open("/deliveries")
    assert "壮乡的歌" in visitor.text()
    assert database.count("deliveries") == 1


async def test_what_is_still_to_do_is_said_before_the_press(api: Api, runtime: Runtime, musician: Actor) -> None:
    await make.channel(runtime, (await make.operator(runtime)).organization_id, minimum_cover=3000)
    visitor = await built(api, musician)
    assert "Not yet" in visitor.text('//*[@id="platforms"]')
    assert "3000" in visitor.text('//*[@id="platforms"]').replace(",", "")
    assert not visitor.page.xpath('//form[contains(@action, "/publish")]')


async def test_a_track_without_sound_or_with_wrong_shares_is_not_added(
    api: Api, musician: Actor, database: TestDatabase
) -> None:
    visitor = await built(api, musician)
    page = visitor.path
    before = database.counts("tracks", "recordings", "isrcs")
    await visitor.open(f"{page}/tracks/new")
    await visitor.send("/tracks/new", {"title": "漓江夜", "payee": "韦小云", "role": "prf", "share": "half"})
    assert visitor.status == 422
    assert len(visitor.errors()) == 2
    await visitor.send(
        "/tracks/new",
        {"title": "漓江夜", "payee": "韦小云", "role": "prf", "share": "60"},
        files={"audio": ("a.flac", sound(0.9), "audio/flac")},
    )
    assert visitor.status == 422
    assert visitor.errors()
    alone = {"title": "漓江夜", "payee": "", "role": "prf", "share": ""}
    await visitor.send("/tracks/new", alone, files={"audio": ("a.flac", b"MZ" * 4000, "audio/flac")})
    assert visitor.status == 422
    assert visitor.page.xpath('//input[@id="audio"]/@aria-invalid') == ["true"]
    assert database.counts("tracks", "recordings", "isrcs") == before


async def test_a_track_is_taken_off_before_the_release_goes_out(
    api: Api, musician: Actor, database: TestDatabase
) -> None:
    visitor = await built(api, musician)
    page = visitor.path
    await visitor.send("/tracks/1/remove")
    assert visitor.path == page
    assert "No tracks yet" in visitor.text('//section[@aria-labelledby="k"]')
    assert database.counts("tracks", "recordings", "isrcs") == {"tracks": 0, "recordings": 1, "isrcs": 1}


async def test_a_cover_that_is_no_picture_is_refused_at_its_field(
    api: Api, musician: Actor, database: TestDatabase
) -> None:
    visitor = await Visitor(api.app, musician).open("/releases/new")
    await visitor.send("/releases/new", RELEASE, files={"cover": ("cover.jpg", b"not a picture", "image/jpeg")})
    assert visitor.status == 422
    assert visitor.page.xpath('//input[@id="cover"]/@aria-invalid') == ["true"]
    assert visitor.page.xpath('//input[@id="title"]/@value') == ["壮乡的歌"]
    assert database.count("releases") == 0


async def test_the_home_of_a_label_shows_its_releases(api: Api, musician: Actor) -> None:
    visitor = await built(api, musician)
    await visitor.open("/")
    assert visitor.status == 200
    assert "壮乡的歌" in visitor.text()


async def test_audio_that_a_feed_has_not_brought_is_uploaded_at_its_track(
    api: Api, runtime: Runtime, musician: Actor, work_off: Callable[[], Awaitable[None]]
) -> None:
    visitor = await Visitor(api.app, musician).open("/imports")
    feed = ern.build(message()).replace(b"AA6Q7", b"ZZ1AB")
    await visitor.send("/imports", {"format": "ERN"}, files={"file": ("feed.xml", feed, "application/xml")})
    await work_off()
    await visitor.open(visitor.path)
    await visitor.send("/apply")
    await work_off()
    await visitor.open("/releases")
    (page,) = {
        href for href in visitor.page.xpath("//main//a/@href") if href.startswith("/releases/") and "new" not in href
    }
    await visitor.open(page)
    assert "Audio missing" in visitor.text('//tr[contains(., "刘三姐")]')
    assert "_01_001.flac" in visitor.text('//tr[contains(., "刘三姐")]')
    await visitor.open(f"{page}/tracks/1/audio")
    assert "ZZ-1AB-26-00001" in visitor.text("//main")
    await visitor.send("/tracks/1/audio", {}, files={"audio": ("a.flac", b"no sound", "audio/flac")})
    assert (visitor.status, len(visitor.errors())) == (422, 1)
    await visitor.send("/tracks/1/audio", {}, files={"audio": ("a.flac", sound(0.7), "audio/flac")})
    assert visitor.path == page
    assert "FLAC" in visitor.text('//tr[contains(., "刘三姐")]')
    await visitor.open(f"{page}/tracks/1/audio")
    assert visitor.status == 404
