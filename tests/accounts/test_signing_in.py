"""Signing in, who I am, and what is refused."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from banmao.app import create_app
from hub.settings import Settings
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import PASSWORD, actor

SIGN_IN = """
mutation ($email: String!, $password: String!, $organizationId: ID) {
  signIn(email: $email, password: $password, organizationId: $organizationId) {
    token expiresAt viewer { name email language roles organization { id kind name { text language origin } } }
  }
}
"""
ME = "{ viewer { email organization { id } organizations { id } } }"


async def test_a_person_signs_in_and_is_known(api: Api) -> None:
    someone = await actor(api.runtime)
    session = (await api.data(SIGN_IN, {"email": someone.email.upper(), "password": PASSWORD}))["signIn"]
    assert session["viewer"]["email"] == someone.email
    assert session["viewer"]["organization"]["name"] == {"text": "Song Lam", "language": "vi", "origin": "ORIGINAL"}
    viewer = (await api.data(ME, token=session["token"]))["viewer"]
    assert viewer["organization"]["id"] == str(someone.organization_id)


async def test_nobody_is_nobody(api: Api) -> None:
    assert (await api.data(ME))["viewer"] is None


async def test_a_wrong_password_answers_nothing_and_opens_no_session(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    before = database.count("tokens")
    refused = await api.refusal(SIGN_IN, {"email": someone.email, "password": "not-the-password"}, language="en")
    assert refused["code"] == "UNAUTHENTICATED"
    assert refused["field"] == "password"
    assert "password is wrong" in refused["message"]
    unknown = await api.refusal(SIGN_IN, {"email": "nobody@nowhere.example", "password": PASSWORD}, language="en")
    assert unknown["message"] == refused["message"]
    assert database.count("tokens") == before


async def test_guessing_is_slowed_down(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    wrong = {"email": someone.email, "password": "guess-guess-guess"}
    for _attempt in range(api.runtime.settings.sign_in_attempts):
        assert (await api.refusal(SIGN_IN, wrong))["code"] == "UNAUTHENTICATED"
    assert (await api.refusal(SIGN_IN, wrong))["code"] == "RATE_LIMITED"
    right = await api.refusal(SIGN_IN, {"email": someone.email, "password": PASSWORD})
    assert right["code"] == "RATE_LIMITED"
    assert database.rows("SELECT count(*) FROM tokens WHERE person_id = %s", someone.person_id) == [(1,)]


@pytest.mark.parametrize(
    ("trusted", "peer", "counted"),
    [
        ("", "10.0.0.1", "10.0.0.1"),
        ("10.0.0.0/24", "10.0.0.1", "203.0.113.7"),
        ("10.0.0.0/24", "198.51.100.9", "198.51.100.9"),
    ],
)
async def test_guesses_are_counted_where_they_come_from(
    settings: Settings, database: TestDatabase, trusted: str, peer: str, counted: str
) -> None:
    """Only what a proxy of ours says of where it has a request from is believed, and of that only what it added itself."""
    app = create_app(settings.model_copy(update={"trusted_proxies": trusted}), database.app_url)
    transport = httpx.ASGITransport(app=app, client=(peer, 40_000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://hub.test") as http,
    ):
        guess = {"query": SIGN_IN, "variables": {"email": "a@b.example", "password": "guess-guess-guess"}}
        answer = await http.post(
            "/graphql", json=guess, headers={"X-Forwarded-For": "192.0.2.66, 203.0.113.7, 10.0.0.2"}
        )
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert database.rows("SELECT host(client) FROM sign_in_attempts") == [(counted,)]


async def test_an_unknown_token_is_refused_whole(api: Api) -> None:
    assert (await api.refusal(ME, token="bm_made-up"))["code"] == "UNAUTHENTICATED"


async def test_signing_out_ends_the_session(api: Api) -> None:
    someone = await actor(api.runtime)
    await api.data("mutation { signOut }", token=someone.token)
    assert (await api.refusal(ME, token=someone.token))["code"] == "UNAUTHENTICATED"


async def test_a_person_switches_between_organizations_and_only_their_own(api: Api) -> None:
    first = await actor(api.runtime, "song-lam")
    other = await actor(api.runtime, "studio-ha-noi", kind="STUDIO", territories=["VN"])
    stranger = await actor(api.runtime, "pustaka-melati", country="MY", language="ms")
    invite = await api.data(
        "mutation ($email: String!) { invite(email: $email, roles: [VIEWER]) { link } }",
        {"email": first.email},
        token=other.token,
    )
    secret = invite["invite"]["link"].rsplit("/", 1)[1]
    await api.data(
        "mutation ($s: String!, $p: String!) { acceptInvitation(secret: $s, password: $p) { token } }",
        {"s": secret, "p": PASSWORD},
    )
    switch = (
        "mutation ($id: ID!) { switchOrganization(organizationId: $id) { token viewer { organization { id } roles } } }"
    )
    switched = (await api.data(switch, {"id": str(other.organization_id)}, token=first.token))["switchOrganization"]
    assert switched["viewer"]["roles"] == ["VIEWER"]
    assert (await api.refusal(ME, token=first.token))["code"] == "UNAUTHENTICATED"
    refused = await api.refusal(switch, {"id": str(stranger.organization_id)}, token=switched["token"])
    assert refused["code"] == "UNAUTHENTICATED"
    assert (await api.data(ME, token=switched["token"]))["viewer"]["organization"]["id"] == str(other.organization_id)


async def test_two_people_accept_one_invitation_and_one_joins(api: Api, database: TestDatabase) -> None:
    boss = await actor(api.runtime)
    invite = await api.data(
        'mutation { invite(email: "new@song-lam.example", roles: [RIGHTS]) { link } }', token=boss.token
    )
    secret = invite["invite"]["link"].rsplit("/", 1)[1]
    accept = 'mutation ($s: String!, $p: String!) { acceptInvitation(secret: $s, password: $p, name: "Hà") { token } }'
    answers = await asyncio.gather(*(api.ask(accept, {"s": secret, "p": PASSWORD}) for _ in range(4)))
    assert sum("errors" not in answer for answer in answers) == 1
    assert database.rows("SELECT count(*) FROM memberships") == [(2,)]


async def test_the_last_administrator_stays(api: Api, database: TestDatabase) -> None:
    boss = await actor(api.runtime)
    refused = await api.refusal(
        "mutation ($id: ID!) { removePerson(personId: $id) }", {"id": str(boss.person_id)}, token=boss.token
    )
    assert refused["code"] == "CONFLICT"
    assert database.count("memberships") == 1


async def test_only_administrators_invite(api: Api, database: TestDatabase) -> None:
    await actor(api.runtime)
    clerk = await actor(api.runtime, person="clerk", roles=["CATALOG"])
    refused = await api.refusal('mutation { invite(email: "x@y.example", roles: [ADMIN]) { link } }', token=clerk.token)
    assert refused["code"] == "FORBIDDEN"
    assert database.count("invitations") == 0


async def test_an_api_token_acts_until_revoked(api: Api) -> None:
    someone = await actor(api.runtime)
    made = await api.data(
        'mutation { createToken(name: "warehouse", days: 30) { token info { id kind } } }', token=someone.token
    )
    token = made["createToken"]["token"]
    assert (await api.data(ME, token=token))["viewer"]["email"] == someone.email
    await api.data(
        "mutation ($id: ID!) { revokeToken(id: $id) }", {"id": made["createToken"]["info"]["id"]}, token=someone.token
    )
    assert (await api.refusal(ME, token=token))["code"] == "UNAUTHENTICATED"


async def test_the_same_idempotency_key_answers_the_same_and_happens_once(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    create = 'mutation { createToken(name: "once", days: 30) { token info { id } } }'
    answers = await asyncio.gather(*(api.data(create, token=someone.token, key="k-1") for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert database.rows("SELECT count(*) FROM tokens WHERE kind = 'API'") == [(1,)]
    again = (await api.data(SIGN_IN, {"email": someone.email, "password": PASSWORD}))["signIn"]
    assert await api.data(create, token=again["token"], key="k-1") == answers[0]
    other = await api.refusal(create.replace("once", "twice"), token=someone.token, key="k-1")
    assert other["code"] == "INVALID"
    assert database.rows("SELECT count(*) FROM tokens WHERE kind = 'API'") == [(1,)]


async def test_a_key_is_a_persons_own(api: Api, database: TestDatabase) -> None:
    create = 'mutation { createToken(name: "once", days: 30) { token } }'
    mine, theirs = [
        await api.data(create, token=(await actor(api.runtime, person=name)).token, key="k-1")
        for name in ("first", "second")
    ]
    assert mine != theirs
    assert database.rows("SELECT count(*) FROM tokens WHERE kind = 'API'") == [(2,)]


async def test_a_person_tells_their_sessions_apart(api: Api) -> None:
    someone = await actor(api.runtime)
    api.http.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 16) Chrome/156"
    session = (await api.data(SIGN_IN, {"email": someone.email, "password": PASSWORD}))["signIn"]
    await api.data(ME, token=session["token"])
    tokens = (await api.data("{ tokens { name current lastUsedAt } }", token=session["token"]))["tokens"]
    here = next(token for token in tokens if token["current"])
    assert here["name"] == "Mozilla/5.0 (Linux; Android 16) Chrome/156"
    assert here["lastUsedAt"] is not None
    assert [token["lastUsedAt"] for token in tokens if not token["current"]] == [None]
