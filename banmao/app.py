"""The web process: the schema, the pages and the files, on one port."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from banmao import files, samples, tus
from banmao.http import graphql
from banmao.operations import Operations, Request
from banmao.processes import running_web
from banmao.published import operations
from banmao.schema import schema
from banmao.subscriptions import Subscriptions
from hub.door import Answer
from hub.settings import Settings
from web.app import create_web

log = logging.getLogger("banmao")


class InProcessDoor:
    """`hub.door.Door` for our own pages."""

    operations: Operations

    async def __call__(
        self,
        operation: str,
        variables: Mapping[str, Any] | None = None,
        *,
        token: str | None,
        language: str,
        client: str = "",
        device: str = "",
        idempotency_key: str | None = None,
    ) -> Answer:
        return await self.operations.execute(
            Request(
                query=operations()[operation],
                variables=variables or {},
                token=token,
                language=language,
                client=client,
                device=device,
                idempotency_key=idempotency_key,
            )
        )


def create_app(settings: Settings, database_url: str) -> FastAPI:
    """The whole web application. Its parts start with the server and stop with it."""
    door = InProcessDoor()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_web(settings, database_url) as runtime:
            door.operations = Operations(schema, runtime)
            app.state.runtime = runtime
            app.state.subscriptions = Subscriptions(door.operations)
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 20, 50)
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)

    async def answer(request: HttpRequest) -> Response:
        return await graphql(request, door.operations)

    app.add_route("/graphql", answer, methods=["POST"])  # FastAPI's own routes look for what this one has none of

    @app.websocket("/graphql")
    async def subscribe(websocket: WebSocket) -> None:
        await app.state.subscriptions(websocket.scope, websocket.receive, websocket.send)

    @app.get("/healthz")
    async def health() -> Response:
        try:
            async with app.state.runtime.database.transaction(read_only=True) as tx:
                await tx.session.execute(text("SELECT 1"))
        except (DBAPIError, OSError):
            log.warning("the database does not answer", exc_info=True)
            return JSONResponse({"status": "down", "database": "unreachable"}, status_code=503)
        return JSONResponse({"status": "ok"})

    app.add_api_route("/uploads", tus.collection, methods=list(tus.METHODS), include_in_schema=False)
    app.add_api_route("/uploads/{id}", tus.one, methods=[*tus.METHODS], include_in_schema=False)
    for path, served in (
        ("file", samples.file),
        ("download", samples.download),
        ("pages/{name}", samples.page),
        ("thumbnails/{name}", samples.thumbnail),
    ):
        app.add_api_route(f"/samples/{{id}}/{{ticket}}/{path}", served, include_in_schema=False)
    app.add_api_route("/covers/{name}", files.cover, include_in_schema=False)
    app.add_api_route("/covers/releases/{id}/{name}", files.release_cover, include_in_schema=False)
    app.add_api_route("/contracts/{id}/document.pdf", files.contract, include_in_schema=False)
    app.add_api_route("/statements/{id}/document.pdf", files.statement, include_in_schema=False)
    app.add_api_route("/imports/{id}/corrected/{ticket}/{name}", files.correction, include_in_schema=False)
    app.add_api_route("/templates/{name}", files.template, include_in_schema=False)
    app.add_api_route("/exchanges/{id}/{ticket}/{name}", files.exchange, include_in_schema=False)
    app.add_api_route("/exports/{id}/{ticket}/{name}", files.export, include_in_schema=False)
    app.mount("/", create_web(door, settings))
    return app
