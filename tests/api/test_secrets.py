"""Passwords and tokens: asked for slowly, kept unreadable, written nowhere else."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accounts import guessing
from hub import security
from hub.errors import RateLimited
from hub.security import hash_token
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import PASSWORD, Actor, actor

SIGN_IN = "mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { token } }"
CHANGE = 'mutation ($current: String!) { changePassword(current: $current, new: "another-good-one") }'
INVITE = "mutation ($email: String!) { invite(email: $email, roles: [VIEWER]) { link } }"
ACCEPT = "mutation ($secret: String!, $password: String!) { acceptInvitation(secret: $secret, password: $password) { token } }"
SIGN = (
    'mutation ($id: ID!, $password: String!) { signContract(contractId: $id, name: "x", password: $password) { id } }'
)
NEVER = "the-Wrong-passw0rd-%s"


async def test_many_guesses_at_once_are_counted_one_by_one(api: Api, database: TestDatabase) -> None:
    someone = await actor(api.runtime)
    most = api.runtime.settings.sign_in_attempts
    guesses = (api.ask(SIGN_IN, {"email": someone.email, "password": NEVER % n}) for n in range(60))
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*guesses)
    codes = [answer["errors"][0]["extensions"]["code"] for answer in answers]
    assert (codes.count("UNAUTHENTICATED"), codes.count("RATE_LIMITED")) == (most, 60 - most)
    assert database.count("sign_in_attempts") == most
    assert database.rows("SELECT count(*) FROM tokens") == [(1,)]


async def invitation_to(api: Api, host: Actor, email: str) -> str:
    link: str = (await api.data(INVITE, {"email": email}, token=host.token))["invite"]["link"]
    return link.rsplit("/", 1)[1]


async def test_no_other_door_lets_people_guess(api: Api, database: TestDatabase) -> None:
    """Whoever invites a known e-mail, or has found an open session, is no further than at the front door."""
    host, known = await actor(api.runtime, "host"), await actor(api.runtime, "known")
    secret = await invitation_to(api, host, known.email)
    doors: dict[str, tuple[dict[str, Any], str | None]] = {
        ACCEPT: ({"secret": secret, "password": NEVER % 0}, None),
        CHANGE: ({"current": NEVER % 1}, known.token),
        SIGN: ({"id": str(known.person_id), "password": NEVER % 2}, known.token),
    }
    before = database.content("sign_in_attempts")
    for attempt in range(api.runtime.settings.sign_in_attempts):
        query, (variables, token) = list(doors.items())[attempt % len(doors)]
        assert (await api.refusal(query, variables, token=token))["code"] in ("UNAUTHENTICATED", "INVALID")
    for query, (variables, token) in doors.items():
        right = {name: PASSWORD if name in ("password", "current") else value for name, value in variables.items()}
        refused = await api.refusal(query, right, token=token, language="vi")
        assert (refused["code"], refused["message"]) == ("RATE_LIMITED", RateLimited.default.render("vi"))
    assert database.content("sign_in_attempts") == before


async def test_an_unknown_person_takes_the_same_work(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []

    async def spy(hashed: str | None, password: str) -> bool:
        checked.append(hashed)
        return await verify(hashed, password)

    verify = security.verify_password
    monkeypatch.setattr(guessing, "verify_password", spy)
    someone = await actor(api.runtime)
    known = await api.refusal(SIGN_IN, {"email": someone.email, "password": NEVER % 0})
    unknown = await api.refusal(SIGN_IN, {"email": "nobody@nowhere.example", "password": NEVER % 0})
    assert known == unknown
    assert len(checked) == 2


async def test_a_password_longer_than_any_is_wrong_and_not_cut(api: Api) -> None:
    someone = await actor(api.runtime)
    exact = "x" * 200
    await api.data(
        "mutation ($current: String!, $new: String!) { changePassword(current: $current, new: $new) }",
        {"current": PASSWORD, "new": exact},
        token=someone.token,
    )
    await api.data(SIGN_IN, {"email": someone.email, "password": exact})
    refused = await api.refusal(SIGN_IN, {"email": someone.email, "password": exact + "y"})
    assert refused["code"] == "UNAUTHENTICATED"


def everything(database: TestDatabase) -> str:
    """All that is in the database, as text."""
    with psycopg.connect(database.owner_url) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return "\n".join(
            str(row[0]) for name in names for row in connection.execute(f'SELECT t::text FROM "{name}" t').fetchall()
        )


async def test_no_table_holds_a_token_or_a_password(api: Api, database: TestDatabase) -> None:
    """Answers under an Idempotency-Key among them: they are kept sealed, and still answer."""
    someone = await actor(api.runtime)
    signed_in = {"email": someone.email, "password": PASSWORD}
    session = [(await api.data(SIGN_IN, signed_in, key="a-key"))["signIn"]["token"] for _again in range(2)]
    made = 'mutation { createToken(name: "till", days: 3) { token } }'
    token = [(await api.data(made, token=someone.token, key="b-key"))["createToken"]["token"] for _again in range(2)]
    link = [
        (await api.data(INVITE, {"email": "x@y.example"}, token=someone.token, key="c-key"))["invite"]["link"]
        for _again in range(2)
    ]
    assert session[0] == session[1]
    assert token[0] == token[1]
    assert link[0] == link[1]
    held = everything(database)
    assert hash_token(token[0]).hex() in held
    for secret in (session[0], token[0], link[0].rsplit("/", 1)[1], PASSWORD):
        assert secret not in held
        assert secret.removeprefix("bm_") not in held


async def test_a_token_makes_no_sessions_and_no_tokens(api: Api, database: TestDatabase) -> None:
    """Otherwise it would reach further than its one organization, and outlive being revoked."""
    someone, host = await actor(api.runtime), await actor(api.runtime, "host")
    secret = await invitation_to(api, host, someone.email)
    await api.data(ACCEPT, {"secret": secret, "password": PASSWORD})
    made = (await api.data('mutation { createToken(name: "x") { token info { id } } }', token=someone.token))[
        "createToken"
    ]
    before = database.content()
    for query, variables in (
        ('mutation { createToken(name: "y") { token } }', {}),
        (
            "mutation ($id: ID!) { switchOrganization(organizationId: $id) { token } }",
            {"id": str(host.organization_id)},
        ),
        ("mutation ($id: ID!) { revokeToken(id: $id) }", {"id": str(someone.caller.token_id)}),
    ):
        refused = await api.refusal(query, variables, token=made["token"], language="fil")
        assert refused["code"] == "FORBIDDEN"
    assert database.content() == before
    await api.data("mutation ($id: ID!) { revokeToken(id: $id) }", {"id": made["info"]["id"]}, token=made["token"])
    assert (await api.refusal("{ viewer { id } }", token=made["token"]))["code"] == "UNAUTHENTICATED"


async def test_logs_hold_no_password(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Not when it is wrong, when it is no text, when it is no string, nor when the database fails under it."""
    caplog.set_level(logging.DEBUG)
    someone = await actor(api.runtime)
    secret = "Sesame-0pen-Sesame"
    for email, password in (
        (someone.email, secret),
        (someone.email, f"{secret}\0"),
        (f"{secret}@{'x' * 300}", secret),
        (someone.email, [secret]),
        (someone.email, {"password": secret}),
    ):
        answer = await api.ask(SIGN_IN, {"email": email, "password": password})
        assert answer["errors"]
    await api.data(
        "mutation ($current: String!, $new: String!) { changePassword(current: $current, new: $new) }",
        {"current": PASSWORD, "new": secret},
        token=someone.token,
    )
    token = (await api.data(SIGN_IN, {"email": someone.email, "password": secret}))["signIn"]["token"]
    with pytest.raises(DBAPIError) as failed:
        async with api.runtime.database.transaction() as tx:
            await tx.session.execute(text("SELECT 1 / 0 WHERE :secret <> ''"), {"secret": secret})
    logging.getLogger("banmao").error("the database failed", exc_info=failed.value)
    logged = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert logged
    assert secret not in logged
    assert PASSWORD not in logged
    assert token not in logged
