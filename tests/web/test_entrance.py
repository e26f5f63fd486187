"""Coming in: sign-in, language, invitations; and what does not come in."""

from __future__ import annotations

import pytest

from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import PASSWORD, actor
from tests.web.visitor import Visitor
from web.page import SESSION


async def test_a_person_signs_in_and_reads_pages_in_their_own_language(api: Api) -> None:
    someone = await actor(api.runtime, language="th", country="TH")
    visitor = await Visitor(api.app).open("/settings")
    assert visitor.path.startswith("/sign-in")
    await visitor.send("/sign-in", {"email": someone.email, "password": PASSWORD})
    assert visitor.path == "/settings"
    assert visitor.page.get("lang") == "th"
    assert visitor.http.cookies.get(SESSION, "").startswith("bm_")


async def test_a_wrong_password_is_said_at_its_field_and_opens_nothing(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    before = database.count("tokens")
    visitor = await Visitor(api.app).open("/sign-in")
    await visitor.send("/sign-in", {"email": someone.email, "password": "something-else"})
    assert visitor.status == 401
    wrong = visitor.page.xpath('//input[@id="password"]')[0]
    assert wrong.get("aria-invalid") == "true"
    assert "password is wrong" in visitor.text(f'//*[@id="{wrong.get("aria-describedby")}"]')
    assert visitor.page.xpath('//input[@id="email"]/@value') == [someone.email]
    assert SESSION not in visitor.http.cookies
    assert database.count("tokens") == before


@pytest.mark.parametrize(
    "elsewhere", ["/\t/elsewhere.example", "/\r\nSet-Cookie: a=b", "//elsewhere.example", "/\\e.example"]
)
async def test_what_is_no_path_of_ours_is_never_sent_on(api: Api, elsewhere: str) -> None:
    visitor = await Visitor(api.app).open("/sign-in")
    csrf = visitor.page.xpath('//input[@name="csrf"]/@value')[0]
    for headers, name in (({}, "location"), ({"X-Uploaded-By": "page"}, "x-go-on")):
        sent = {"csrf": csrf, "language": "th", "next": elsewhere}
        answer = await visitor.http.post("/language", data=sent, headers=headers, follow_redirects=False)
        assert answer.headers[name] == "/", elsewhere


async def test_an_upload_goes_on_to_a_path_in_any_script(api: Api) -> None:
    visitor = await Visitor(api.app).open("/sign-in")
    csrf = visitor.page.xpath('//input[@name="csrf"]/@value')[0]
    sent = {"csrf": csrf, "language": "th", "next": "/search?q=ภาษา&kind=BOOK"}
    answer = await visitor.http.post("/language", data=sent, headers={"X-Uploaded-By": "page"})
    assert answer.headers["x-go-on"] == "/search?q=%E0%B8%A0%E0%B8%B2%E0%B8%A9%E0%B8%B2&kind=BOOK"


async def test_signing_in_leads_only_to_our_own_pages(api: Api) -> None:
    someone = await actor(api.runtime)
    visitor = await Visitor(api.app).open("/sign-in?next=https://elsewhere.example/")
    assert visitor.page.xpath('//input[@name="next"]/@value')[0] == "/"
    visitor.form("/sign-in").fields["next"] = "//elsewhere.example/settings"
    await visitor.send("/sign-in", {"email": someone.email, "password": PASSWORD}, follow_redirects=False)
    assert visitor.headers["location"] == "/"


async def test_a_form_of_another_session_changes_nothing(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime, language="vi")
    visitor = await Visitor(api.app, someone).open("/settings")
    await visitor.send("/settings/profile", {"csrf": "made-up", "name": "Somebody Else", "language": "km"})
    assert visitor.status == 403
    assert "no longer valid" in visitor.text()
    assert database.rows("SELECT language FROM people") == [("vi",)]


async def test_the_language_switch_is_kept_with_the_person(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime, language="vi")
    visitor = await Visitor(api.app, someone).open("/settings?x=1")
    await visitor.send("/language", {"language": "km"})
    assert visitor.path == "/settings?x=1"
    assert visitor.page.get("lang") == "km"
    assert database.rows("SELECT language FROM people") == [("km",)]


async def test_signing_out_ends_the_session_itself(api: Api) -> None:
    someone = await actor(api.runtime)
    visitor = await Visitor(api.app, someone).open("/settings")
    await visitor.send("/sign-out")
    assert visitor.path == "/sign-in"
    refused = await api.refusal("{ viewer { id } }", token=someone.token)
    assert refused["code"] == "UNAUTHENTICATED"


async def test_an_invitation_is_passed_on_as_a_link_and_opens_an_account(api: Api) -> None:
    host = await actor(api.runtime, name="guilin", country="CN", language="zh")
    page = await Visitor(api.app, host).open("/settings/people")
    await page.send("/invite", {"email": "guest@guilin.example", "role": ["RIGHTS", "VIEWER"], "language": "vi"})
    link = page.text('//*[@id="secret"]')
    guest = await Visitor(api.app, language="vi").open(link.removeprefix(api.runtime.settings.address))
    assert "Guilin" in guest.text("//h1")
    await guest.send(guest.path, {"name": "Lê Thu Hà", "password": "short"})
    assert guest.status == 422
    assert guest.errors()
    await guest.send(guest.path, {"name": "Lê Thu Hà", "password": "a-long-enough-one"})
    await guest.open("/settings")
    assert "guest@guilin.example" in guest.text()
    again = await Visitor(api.app).open(link.removeprefix(api.runtime.settings.address))
    assert again.status == 404
    assert "no longer be used" in again.text()


async def test_the_look_is_chosen_and_kept(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    visitor = await Visitor(api.app, someone).open("/settings")
    await visitor.send("/theme", {"theme": "dark"})
    assert visitor.page.get("data-theme") == "dark"
    assert database.rows("SELECT theme FROM people") == [("dark",)]
