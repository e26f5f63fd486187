"""GraphQL over HTTP and WebSocket: POST /graphql (JSON, or the multipart request spec for uploads), graphql-transport-ws on
the same path."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.file_uploads.utils import replace_placeholders_with_files
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from accounts import queries as accounts
from banmao.operations import Operations, Request, as_json, refusal
from hub.context import Context
from hub.database import ShortTransactions
from hub.door import Answer
from hub.errors import HubError, Invalid, TooLarge
from hub.i18n import DEFAULT, _, negotiate
from hub.runtime import Runtime

MOST_FILES = 20


def bearer(header: str | None) -> str | None:
    scheme, _space, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def client_of(request: HttpRequest | WebSocket) -> str:
    return request.client.host if request.client else ""


async def graphql(request: HttpRequest, operations: Operations) -> Response:
    """One GraphQL request. What is not even a request answers with its HTTP status; all else is 200 with errors."""
    try:
        return await _answered(request, operations)
    finally:
        await request.close()  # the uploads' temporary files go with it


async def _answered(request: HttpRequest, operations: Operations) -> Response:
    accepted = request.headers.get("accept-language")
    try:
        body = await _body(request, operations.runtime)
    except HubError as error:
        answer = Answer(None, (refusal(error, negotiate(accepted)),))
        return JSONResponse(as_json(answer), status_code=error.status if error.status in (413,) else 400)
    answer = await operations.execute(
        Request(
            query=body["query"],
            variables=body.get("variables") or {},
            operation_name=body.get("operationName"),
            token=bearer(request.headers.get("authorization")),
            accept_language=accepted,
            idempotency_key=request.headers.get("idempotency-key"),
            client=client_of(request),
        )
    )
    return JSONResponse(as_json(answer))


async def _body(request: HttpRequest, runtime: Runtime) -> Mapping[str, Any]:
    settings = runtime.settings
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    multipart = kind == "multipart/form-data"
    limit = settings.max_upload_bytes if multipart else settings.max_request_bytes
    if int(request.headers.get("content-length") or 0) > limit:
        raise TooLarge(limit=limit)
    if multipart:
        body = await _multipart(request)
    elif kind == "application/json":
        body = _json(await _limited(request, limit))
    else:
        raise Invalid(_("Send this as application/json or multipart/form-data."), field="Content-Type")
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise Invalid(_("A request needs a query."), field="query")
    if not isinstance(body.get("variables") or {}, dict) or not isinstance(body.get("operationName") or "", str):
        raise Invalid(_("The variables of a request are an object by name."), field="variables")
    return body


async def _limited(request: HttpRequest, limit: int) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise TooLarge(limit=limit)
    return bytes(content)


def _json(content: bytes | str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("This is not JSON."), field="body") from error


async def _multipart(request: HttpRequest) -> Any:
    """https://github.com/jaydenseric/graphql-multipart-request-spec: `operations`, `map`, then the files."""
    form = await request.form(max_files=MOST_FILES, max_fields=MOST_FILES)
    operations, where = form.get("operations"), form.get("map")
    if not isinstance(operations, str) or not isinstance(where, str):
        raise Invalid(_("An upload needs the fields operations and map."), field="map")
    files = {name: item for name, item in form.items() if isinstance(item, UploadFile)}
    try:
        return replace_placeholders_with_files(_json(operations), _json(where), files)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(_("The map of an upload names a file or variable that is not there."), field="map") from error


class Subscriptions(GraphQL[Context, None]):
    """Subscriptions by graphql-transport-ws; the token comes in the handshake's header or in `connectionParams.Authorization`."""

    def __init__(self, operations: Operations) -> None:
        super().__init__(operations.schema, subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL], graphql_ide=None)
        self.runtime = operations.runtime

    async def get_context(self, request: HttpRequest | WebSocket, response: Any) -> Context:
        language = negotiate(request.headers.get("accept-language"))
        context = Context(
            self.runtime, ShortTransactions(self.runtime.database, None), None, language, client=client_of(request)
        )
        await self._recognize(context, bearer(request.headers.get("authorization")))
        return context

    async def on_ws_connect(self, context: Context) -> Any:
        params = context.connection_params or {}
        header = params.get("Authorization") or params.get("authorization")
        await self._recognize(context, bearer(header if isinstance(header, str) else None))
        return await super().on_ws_connect(context)

    async def _recognize(self, context: Context, token: str | None) -> None:
        if token is None:
            return
        async with self.runtime.database.transaction(read_only=True) as tx:
            context.caller = await accounts.caller_of(tx.session, token)
        if context.caller is not None:
            context.tx = ShortTransactions(self.runtime.database, context.caller)
            if context.language == DEFAULT:
                context.language = context.caller.language
