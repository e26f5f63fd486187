"""News over a real WebSocket: for the parties, for nobody else, and nothing but news."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from banmao.app import create_app
from banmao.embedded import Cluster
from hub.errors import TooComplex, Unauthenticated
from hub.i18n import _
from hub.settings import Settings
from marketplace.errors import NegotiationUnknown
from tests.client import Api
from tests.databases import TestDatabase
from tests.factories.accounts import Actor, actor
from tests.factories.marketplace import offer, work

PROTOCOL = Subprotocol("graphql-transport-ws")
CHANGED = """
subscription ($id: ID!) {
  negotiationChanged(id: $id) { id status messages { text { text } } offers { terms { advance { minor } } } }
}
"""
SAY = "mutation ($id: ID!, $text: String!) { sendMessage(negotiationId: $id, text: $text) { id } }"
ONLY_NEWS = _("Only subscriptions are served over WebSocket. Send everything else by POST.")


@dataclass
class Line:
    """One WebSocket, as a client of graphql-transport-ws uses it."""

    socket: ClientConnection

    async def send(self, message: Any) -> None:
        await self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def hear(self, within: float = 10) -> dict[str, Any]:
        async with asyncio.timeout(within):
            heard: dict[str, Any] = json.loads(await self.socket.recv())
        return heard

    async def silent(self, seconds: float = 0.5) -> bool:
        try:
            await self.hear(seconds)
        except TimeoutError:
            return True
        return False

    async def hello(self, token: str | None = None) -> None:
        payload = {"Authorization": f"Bearer {token}"} if token else {}
        await self.send({"type": "connection_init", "payload": payload})
        assert (await self.hear())["type"] == "connection_ack"

    async def subscribe(self, query: str, variables: dict[str, Any] | None = None, *, id: str = "1") -> None:
        await self.send({"id": id, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def refused(self) -> dict[str, Any]:
        heard = await self.hear()
        assert heard["type"] == "error", heard
        (error,) = heard["payload"]
        return {"message": error["message"], **error["extensions"]}

    async def closed(self) -> int:
        async with asyncio.timeout(10):
            with pytest.raises(ConnectionClosed):
                while True:
                    await self.socket.recv()
        return self.socket.close_code or 0


@dataclass
class Server:
    api: Api
    address: str

    @asynccontextmanager
    async def line(
        self, language: str | None = None, protocol: Subprotocol = PROTOCOL, **headers: str
    ) -> AsyncIterator[Line]:
        sent = headers | ({"Accept-Language": language} if language else {})
        async with connect(self.address, subprotocols=[protocol], additional_headers=sent, max_size=None) as socket:
            yield Line(socket)


@pytest.fixture
async def server(settings: Settings, database: TestDatabase) -> AsyncIterator[Server]:
    """The whole application on a port of this machine."""
    app = create_app(settings, database.app_url)
    config = uvicorn.Config(app, port=0, log_level="warning", ws_max_size=settings.max_request_bytes)
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    async with Api(app, app.state.runtime) as client:
        yield Server(client, f"ws://127.0.0.1:{port}/graphql")
    running.should_exit = True
    await task


@dataclass(frozen=True)
class Talk:
    seller: Actor
    buyer: Actor
    id: str


@pytest.fixture
async def talk(server: Server) -> Talk:
    """A negotiation about a book, begun by the buyer."""
    seller = await actor(server.api.runtime, "guilin", country="CN", language="zh")
    buyer = await actor(server.api.runtime, "lilavadee", country="TH", language="th")
    begun = await offer(server.api, buyer, await work(server.api, seller))
    return Talk(seller, buyer, begun["id"])


async def told(line: Line) -> list[str]:
    heard = await line.hear()
    assert heard["type"] == "next", heard
    assert "errors" not in heard["payload"], heard
    return [message["text"]["text"] for message in heard["payload"]["data"]["negotiationChanged"]["messages"]]


async def test_both_parties_are_told_and_nobody_else(server: Server, talk: Talk) -> None:
    outsider = await actor(server.api.runtime, "outsider", kind="AGENCY", country="TH", language="my")
    elsewhere = await actor(server.api.runtime, "hanoi", kind="STUDIO", territories=["VN"])
    async with (
        server.line() as sellers,
        server.line() as buyers,
        server.line() as outside,
        server.line("lo") as nobodys,
    ):
        await sellers.hello(talk.seller.token)
        await buyers.hello(talk.buyer.token)
        for line in (sellers, buyers):
            await line.subscribe(CHANGED, {"id": talk.id})
        await nobodys.hello()
        await nobodys.subscribe(CHANGED, {"id": talk.id})
        assert await nobodys.refused() == {
            "message": Unauthenticated.default.render("lo"),
            "code": "UNAUTHENTICATED",
            "status": 401,
            "field": None,
            "params": {},
        }
        await outside.hello(outsider.token)
        async with server.line() as studios:
            await studios.hello(elsewhere.token)
            for line, tongue in ((outside, "my"), (studios, "vi")):
                await line.subscribe(CHANGED, {"id": talk.id})
                refused = await line.refused()
                assert (refused["code"], refused["message"]) == ("NOT_FOUND", NegotiationUnknown.default.render(tongue))
        assert await sellers.silent(0.3)
        await server.api.data(SAY, {"id": talk.id, "text": "สวัสดี"}, token=talk.buyer.token)
        assert await told(sellers) == ["สวัสดี"]
        assert await told(buyers) == ["สวัสดี"]
        assert await outside.silent()
        assert await nobodys.silent(0.1)


async def test_what_is_rolled_back_is_not_told(server: Server, talk: Talk) -> None:
    async with server.line() as sellers:
        await sellers.hello(talk.seller.token)
        await sellers.subscribe(CHANGED, {"id": talk.id})
        assert await sellers.silent(0.3)
        await server.api.refusal(SAY, {"id": talk.id, "text": ""}, token=talk.buyer.token)
        await server.api.refusal(
            'mutation ($id: ID!) { acceptOffer(negotiationId: $id, offerId: "0") { id } }',
            {"id": talk.id},
            token=talk.seller.token,
        )
        assert await sellers.silent()


async def test_what_was_missed_while_the_database_was_away_is_made_up_for(
    server: Server, talk: Talk, database: TestDatabase, cluster: Cluster
) -> None:
    async with server.line() as sellers:
        await sellers.hello(talk.seller.token)
        await sellers.subscribe(CHANGED, {"id": talk.id})
        assert await sellers.silent(0.3)
        with psycopg.connect(cluster.url("postgres", cluster.credentials.superuser), autocommit=True) as root:
            cut = root.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND query LIKE 'LISTEN%%'",
                (database.name,),
            ).fetchall()
        assert cut == [(True,)]
        await server.api.data(SAY, {"id": talk.id, "text": "ระหว่างนั้น"}, token=talk.buyer.token)
        while not (said := await told(sellers)):  # the making up may come before the message
            pass
        assert said == ["ระหว่างนั้น"]


async def test_a_subscription_ends_with_the_session_that_opened_it(server: Server, talk: Talk) -> None:
    async with server.line() as sellers, server.line() as buyers:
        await sellers.hello(talk.seller.token)
        await sellers.subscribe(CHANGED, {"id": talk.id})
        await buyers.hello(talk.buyer.token)
        await buyers.subscribe(CHANGED, {"id": talk.id})
        assert await sellers.silent(0.3)
        await server.api.data("mutation { signOut }", token=talk.seller.token)
        await server.api.data(SAY, {"id": talk.id, "text": "ลับ"}, token=talk.buyer.token)
        assert (await sellers.refused())["code"] == "UNAUTHENTICATED"
        assert await told(buyers) == ["ลับ"]
        await sellers.subscribe(CHANGED, {"id": talk.id}, id="2")
        assert (await sellers.refused())["code"] == "UNAUTHENTICATED"


async def test_an_unknown_token_opens_no_line(server: Server) -> None:
    async with server.line() as line:
        await line.send({"type": "connection_init", "payload": {"Authorization": "Bearer bm_made-up"}})
        assert await line.closed() == 4403
    async with server.line(Authorization="Bearer bm_made-up") as line:
        await line.send({"type": "connection_init"})
        assert await line.closed() == 4403


async def test_the_token_of_the_handshake_is_known(server: Server, talk: Talk) -> None:
    async with server.line(Authorization=f"Bearer {talk.seller.token}") as line:
        await line.hello()
        await line.subscribe(CHANGED, {"id": talk.id})
        assert await line.silent(0.3)
        await server.api.data(SAY, {"id": talk.id, "text": "ok"}, token=talk.buyer.token)
        assert await told(line) == ["ok"]


async def test_nothing_is_written_or_read_over_a_websocket(server: Server, talk: Talk, database: TestDatabase) -> None:
    before = database.content()
    async with server.line("km") as line:
        await line.hello(talk.buyer.token)
        for query, variables in (
            (SAY, {"id": talk.id, "text": "x"}),
            ('mutation { createToken(name: "x") { token } }', {}),
            ('mutation { signIn(email: "x@y.example", password: "x") { token } }', {}),
            ("{ viewer { email } }", {}),
        ):
            await line.subscribe(query, variables)
            refused = await line.refused()
            assert (refused["code"], refused["message"]) == ("INVALID", ONLY_NEWS.render("km"))
    assert database.content() == before


async def test_a_line_is_measured_as_a_request_is(server: Server, talk: Talk) -> None:
    async with server.line("th") as line:
        await line.hello(talk.buyer.token)
        many = " ".join(f"a{n}: id" for n in range(31))
        await line.subscribe(f"subscription ($id: ID!) {{ negotiationChanged(id: $id) {{ {many} }} }}", {"id": talk.id})
        refused = await line.refused()
        assert (refused["code"], refused["message"]) == ("TOO_COMPLEX", TooComplex.default.render("th"))
        await line.subscribe(CHANGED, {"id": "a\0b"})
        assert (await line.refused())["field"] == "id"
        await line.subscribe("subscription { negotiationChanged(", {})
        assert (await line.refused())["code"] == "INVALID"
        await line.subscribe(CHANGED, [1, 2])  # type: ignore[arg-type]
        assert (await line.refused())["code"] == "INVALID"
        for number in range(51):
            await line.subscribe(CHANGED, {"id": talk.id}, id=f"n{number}")
        heard = await line.hear()
        assert (heard["type"], heard["id"]) == ("error", "n50")


async def test_junk_closes_a_line_and_no_other(server: Server, talk: Talk) -> None:
    subscribe = {"id": "1", "type": "subscribe", "payload": {"query": CHANGED}}
    async with server.line() as steady:
        await steady.hello(talk.seller.token)
        await steady.subscribe(CHANGED, {"id": talk.id})
        for junk, code in (
            (b"\xff\xfe", 4400),
            ("{", 4400),
            ("[" * 100_000, 4400),
            ([1], 4400),
            (7, 4400),
            ({"type": "dance"}, 4400),
            ({"type": "subscribe"}, 4400),
            ({"type": "connection_init", "payload": [1]}, 4400),
            (subscribe, 4401),
            (subscribe | {"id": ["1"]}, 4400),
            (subscribe | {"payload": "query"}, 4400),
            ({"type": "complete", "id": {"a": 1}}, 4400),
            (json.dumps({"type": "ping", "payload": {"x": "x" * 3_000_000}}), 1009),
        ):
            async with server.line() as line:
                await line.send(junk)
                assert await line.closed() == code, str(junk)[:60]
        async with server.line(protocol=Subprotocol("graphql-ws")) as line:
            assert await line.closed() == 4406
        await server.api.data(SAY, {"id": talk.id, "text": "still here"}, token=talk.buyer.token)
        assert await told(steady) == ["still here"]
