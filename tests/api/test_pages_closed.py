"""The pages as somebody would attack them: other sites' forms, planted cookies, addresses of elsewhere, words that are code."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx
import pytest

from accounts import queries
from banmao.app import InProcessDoor, create_app
from hub.errors import HubError, TooLarge, TooSlow
from hub.i18n import _
from hub.security import csrf_token
from hub.settings import Settings
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import PASSWORD, Actor, actor
from tests.factories.marketplace import work
from tests.web.visitor import Visitor
from web.page import LANGUAGE, SESSION, VISITOR
from web.pages import AREAS
from web.routing import PageRoute

pytestmark = pytest.mark.usefixtures("shared")
ROUTES = [route for area in AREAS for route in area.routes]
SOMETHING = {
    "id": "01a207bc-dbbd-7b39-9877-073ef6d1cb77",
    "text": "01a207bc-dbbd-7b39-9877-073ef6d1cb77",
    "number": "1",
}
STALE = _("This form is no longer valid. Load the page again and repeat.")
PUBLIC = {"/sign-in", "/sign-out", "/language", "/theme", "/offline", "/sw.js", "/invitation/{secret}"}
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'{{7*7}}"


def address(route: PageRoute) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: SOMETHING.get(found[1], "x"), route.path)


def posts() -> list[PageRoute]:
    return [route for route in ROUTES if "POST" in route.methods]


@pytest.fixture(scope="module")
async def person(shared: Api) -> Actor:
    return await actor(shared.runtime, "closed-house", language="vi")


def cookies(token: str | None = None, **more: str) -> dict[str, str]:
    found = {LANGUAGE: "vi", **({SESSION: token} if token else {}), **more}
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in found.items())}


OTHERS = (None, "", "made-up", "of a visitor")


@pytest.mark.parametrize("csrf", ["of another session", *OTHERS])
async def test_no_form_is_taken_without_the_token_of_its_session(
    shared: Api, shared_database: TestDatabase, person: Actor, csrf: str | None
) -> None:
    """Every form with the token of another session, and with one of the others in turn."""
    key = shared.runtime.settings.key
    routes = posts() if csrf not in OTHERS else posts()[OTHERS.index(csrf) :: len(OTHERS)]
    given = {"of another session": csrf_token(key, "bm_other"), "of a visitor": csrf_token(key, "visitor")}
    sent = {} if csrf is None else {"csrf": given.get(csrf, csrf)}
    before = shared_database.content()
    assert routes
    for route in routes:
        response = await shared.http.post(
            address(route), data=sent | {"password": PASSWORD}, headers=cookies(person.token)
        )
        assert response.status_code == 403, route.path
        assert STALE.render("vi") in response.text
        assert "set-cookie" not in response.headers or SESSION not in response.headers["set-cookie"]
    assert shared_database.content() == before


async def test_nobody_gets_past_the_entrance(shared: Api, shared_database: TestDatabase) -> None:
    """Not with the token of a visitor's own form either, nor with a session that is none."""
    csrf = csrf_token(shared.runtime.settings.key, "visitor")
    made_up = csrf_token(shared.runtime.settings.key, "bm_made-up")
    before = shared_database.content()
    for route in ROUTES:
        if route.path in PUBLIC:
            continue
        for headers, token in ((cookies(**{VISITOR: "visitor"}), csrf), (cookies("bm_made-up"), made_up)):
            if "POST" in route.methods:
                response = await shared.http.post(address(route), data={"csrf": token}, headers=headers)
            else:
                response = await shared.http.get(address(route), headers=headers)
            assert response.status_code == 303, route.path
            assert response.headers["location"].startswith("/sign-in?next=/"), route.path
            assert not response.content
    assert shared_database.content() == before


async def sign_in(api: Api, email: str, *, headers: dict[str, str] | None = None, **values: str) -> httpx.Response:
    """What a visitor's browser is answered who types a right password."""
    csrf = csrf_token(api.runtime.settings.key, "visitor")
    sent = {"csrf": csrf, "email": email, "password": PASSWORD, **values}
    return await api.http.post("/sign-in", data=sent, headers=headers or cookies(**{VISITOR: "visitor"}))


def session_cookie(response: httpx.Response) -> SimpleCookie:
    found = SimpleCookie()
    for line in response.headers.get_list("set-cookie"):
        if line.startswith(f"{SESSION}="):
            found.load(line)
    return found


@pytest.mark.parametrize(("base_url", "secure"), [("", False), ("https://hub.example", True)])
async def test_the_session_is_in_a_cookie_that_no_script_reads(
    settings: Settings, database: TestDatabase, base_url: str, secure: bool
) -> None:
    app = create_app(settings.model_copy(update={"base_url": base_url}), database.app_url)
    async with app.router.lifespan_context(app), Api(app, app.state.runtime) as api:
        someone = await actor(api.runtime)
        morsel = session_cookie(await sign_in(api, someone.email))[SESSION]
        assert (bool(morsel["httponly"]), morsel["samesite"], morsel["path"]) == (True, "lax", "/")
        assert not morsel["domain"]
        assert bool(morsel["secure"]) is secure


async def test_a_session_that_was_planted_is_not_signed_in(shared: Api, person: Actor) -> None:
    planted = "bm_" + "p" * 43
    key = shared.runtime.settings.key
    headers = cookies(planted)
    response = await sign_in(shared, person.email, headers=headers, csrf=csrf_token(key, planted))
    assert session_cookie(response)[SESSION].value not in ("", planted, person.token)
    refused = await shared.refusal("{ viewer { id } }", token=planted)
    assert refused["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "/%09/elsewhere.example",
        "/ /elsewhere.example",
        " //elsewhere.example",
        "///elsewhere.example",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b\r\n\r\n<script>",
        "/x\u2028Location: //elsewhere.example",
        "/x\0y",
    ],
)
async def test_nobody_is_led_elsewhere(shared: Api, person: Actor, elsewhere: str) -> None:
    """A browser drops tabs and line ends from addresses and takes a backslash for a slash."""
    signed_in = await sign_in(shared, person.email, next=elsewhere)
    csrf = csrf_token(shared.runtime.settings.key, person.token)
    chosen = [
        await shared.http.post(path, data={"csrf": csrf, "next": elsewhere, **value}, headers=cookies(person.token))
        for path, value in (("/language", {"language": "vi"}), ("/theme", {"theme": "dark"}))
    ]
    for response in (signed_in, *chosen):
        assert response.status_code == 303
        location = re.sub(r"[\t\r\n]", "", response.headers["location"]).replace("\\", "/")
        assert re.match(r"/(?!/)", location), location
        assert httpx.URL("http://hub.test/").join(location).host == "hub.test"
        assert "a=b" not in response.headers.get("set-cookie", "")


async def test_the_address_that_a_stranger_gives_the_hub_is_not_repeated(shared: Api, person: Actor) -> None:
    for path in ("/settings/", "/works/", "//elsewhere.example/..", "/sign-in/", "/graphql/", "/healthz/"):
        response = await shared.http.get(path, headers=cookies(person.token) | {"Host": "elsewhere.example"})
        assert "elsewhere.example" not in response.headers.get("location", ""), path
        assert "elsewhere.example" not in response.text
    invited = await shared.http.post(
        "/graphql",
        json={"query": 'mutation { invite(email: "g@guest.example", roles: [VIEWER]) { link } }'},
        headers={"Authorization": f"Bearer {person.token}", "Host": "elsewhere.example"},
    )
    assert invited.json()["data"]["invite"]["link"].startswith(shared.runtime.settings.address + "/invitation/bm_")


async def test_every_page_says_what_browsers_may_do_with_it(shared: Api, person: Actor) -> None:
    for path in ("/", "/sign-in", "/settings", "/nowhere", "/works/new", "/works/" + SOMETHING["id"]):
        for headers in (cookies(person.token), cookies()):
            response = await shared.http.get(path, headers=headers)
            policy = response.headers.get("content-security-policy", "")
            assert "default-src 'none'" in policy, (path, response.status_code)
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["cache-control"] == "no-store"
            assert "server" not in response.headers


async def test_words_are_never_code(api: Api) -> None:
    someone = await actor(api.runtime)
    await api.data(
        "mutation ($name: String!) { updateProfile(name: $name) { id } }", {"name": HOSTILE}, token=someone.token
    )
    work_id = await work(
        api, someone, title=HOSTILE, description=HOSTILE, subjects=[], contributors=[{"name": HOSTILE, "role": "aut"}]
    )
    visitor = Visitor(api.app, someone)
    for path in (
        "/",
        "/works",
        "/settings",
        "/settings/people",
        f"/works/{work_id}",
        f"/works/{work_id}/rights",
        f"/search?q={HOSTILE}",
        f"/sign-in?next=/{HOSTILE}",
        f"/invitation/{HOSTILE}",
        f"/{HOSTILE}",
    ):
        await visitor.open(path)
        assert not visitor.page.xpath("//script[not(@src)] | //img[@onerror] | //*[@onerror] | //img[@src='x']"), path
        assert "49" not in visitor.text("//h1"), path


@pytest.mark.parametrize(
    ("path", "token", "error"),
    [("/sign-in", None, TooLarge), ("/imports", "nobody's", None), ("/imports", "a person's", TooSlow)],
)
async def test_large_and_slow_forms(
    shared: Api,
    shared_database: TestDatabase,
    person: Actor,
    path: str,
    token: str | None,
    error: type[HubError] | None,
) -> None:
    """A file of any size is taken only from somebody; nobody may stop half way and keep the door open."""

    async def stopping() -> AsyncIterator[bytes]:
        yield b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n\r\n'
        await asyncio.sleep(30)

    session = {"nobody's": "bm_made-up", "a person's": person.token, None: None}[token]
    slow = token == "a person's"
    headers = cookies(session) | {"Content-Type": "multipart/form-data; boundary=frontier"}
    headers |= {"Content-Length": "500000"} if slow else {}
    before = shared_database.content()
    async with asyncio.timeout(10):
        response = await shared.http.post(path, content=stopping() if slow else b"x" * 500_000, headers=headers)
    if error is None:
        assert response.status_code == 303
    else:
        assert response.status_code == error.status
        assert error.default.render("vi") in response.text
    assert shared_database.content() == before


async def test_a_failure_of_ours_tells_nothing_of_our_inside(
    shared: Api, person: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_arguments: object, **_names: object) -> None:
        raise RuntimeError("secret-inside /etc/hub SELECT password_hash")

    monkeypatch.setattr(queries, "members", fails)
    answer = await shared.ask("{ members { email } }", token=person.token, language="th")
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    monkeypatch.setattr(InProcessDoor, "__call__", fails)
    page = await shared.http.get("/settings", headers=cookies(person.token))
    assert page.status_code == 500
    monkeypatch.setattr("banmao.http._body", fails)
    raw = await shared.http.post("/graphql", json={"query": "{ viewer { id } }"})
    assert (raw.status_code, raw.json()["errors"][0]["extensions"]["code"]) == (500, "INTERNAL")
    for said in (str(answer), page.text, raw.text):
        assert "secret-inside" not in said
        assert "Traceback" not in said
        assert "RuntimeError" not in said


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/works/%ff%fe",
        "/texts/" + SOMETHING["id"] + "/%00",
        "/search?q=%00",
        "/search?q=%ff",
        "/works?after=%00",
    ],
)
async def test_addresses_that_are_no_text_are_no_failure(shared: Api, person: Actor, path: str) -> None:
    response = await shared.http.get(path, headers=cookies(person.token))
    assert response.status_code < 500
    assert "set-cookie" not in response.headers or SESSION not in response.headers["set-cookie"]


@pytest.mark.parametrize("value", ["\xff\xfe", "x" * 8_000, "bm_\"'", "=;=", "%00"])
async def test_cookies_that_are_junk_open_nothing(shared: Api, value: str) -> None:
    raw = {
        b"Cookie": f"{SESSION}={value}; {LANGUAGE}={value}; {VISITOR}={value}; banmao_toast={value}".encode("latin-1")
    }
    response = await shared.http.get("/settings", headers=raw)
    assert response.status_code == 303
    assert (await shared.http.get("/sign-in", headers=raw)).status_code == 200
