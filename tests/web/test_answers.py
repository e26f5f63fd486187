"""What every answer carries, and what a reader is told when there is no page."""

from __future__ import annotations

import re

import pytest

from hub.i18n import LANGUAGES
from tests.client import Api
from tests.factories.accounts import actor
from tests.web.visitor import Visitor
from web.assets import STATIC
from web.templating import TEMPLATES, environment

PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/settings"])
async def test_every_page_forbids_foreign_and_inline_code(api: Api, path: str) -> None:
    visitor = await Visitor(api.app, await actor(api.runtime)).open(path)
    policy = visitor.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert visitor.headers["x-content-type-options"] == "nosniff"
    assert visitor.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", PAGES)
def test_templates_compile_and_hold_no_inline_styles_or_scripts(name: str) -> None:
    environment().get_template(name)
    source = (TEMPLATES / name).read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|<script(?![^>]*\ssrc=)", source), name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_not_there_is_said_in_the_readers_language(api: Api, language: str) -> None:
    visitor = await Visitor(api.app, language=language).open("/nowhere")
    assert visitor.status == 404
    assert visitor.page.get("lang") == language
    assert visitor.text("//h1")


async def test_a_part_of_a_page_sends_whoever_is_signed_out_to_the_entrance(api: Api) -> None:
    answer = await Visitor(api.app).http.get("/deliveries", headers={"hx-request": "true"})
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["hx-redirect"] == "/sign-in?next=/"


async def test_more_than_the_hub_accepts_is_refused_before_it_is_read(api: Api) -> None:
    visitor = await Visitor(api.app).open("/sign-in")
    longest = api.runtime.settings.max_request_bytes
    await visitor.send("/sign-in", {"email": "a" * (longest + 1), "password": "x"})
    assert visitor.status == 413


async def test_our_own_files_may_be_kept_for_a_year(api: Api) -> None:
    visitor = await Visitor(api.app).open("/sign-in")
    for address in visitor.page.xpath("//link[@rel='stylesheet']/@href | //script/@src"):
        answer = await visitor.http.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_every_font_that_a_sheet_names_is_here_and_none_is_looped() -> None:
    named: set[str] = set()
    for sheet in ("fonts.css", "fonts-zh.css"):
        named |= set(re.findall(r"fonts/([\w-]+\.woff2)", (STATIC / "css" / sheet).read_text()))
    assert named == {path.name for path in (STATIC / "fonts").glob("*.woff2")}
    assert not any("looped" in name for name in named)
