"""Subscriptions by graphql-transport-ws, on the same path as POST /graphql. Nothing else is served over WebSocket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from graphql import GraphQLFormattedError, OperationDefinitionNode, OperationType
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request as HttpRequest
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    CompleteMessage,
    ErrorMessage,
    NextMessage,
    NextMessagePayload,
)
from strawberry.types import ExecutionResult
from strawberry.utils.aio import aclosing

from accounts import queries as accounts
from banmao.http import bearer, client_of
from banmao.operations import Operations, Request, as_json, asked_language, error_of, refusal
from hub.context import Context
from hub.database import Database, ShortTransactions
from hub.door import Answer, Refusal
from hub.errors import HubError, Invalid, Unauthenticated
from hub.i18n import DEFAULT, _, language
from hub.security import Caller

MOST_AT_ONCE = 50
TIME_TO_SAY_HELLO = timedelta(seconds=10)


@dataclass
class _Connection(Context):
    """What a handshake said: the language asked for, and the Authorization header."""

    asked: str | None = None
    handshake: str | None = None


class _WhileSignedIn(ShortTransactions):
    """Every transaction asks again whether the token still stands: a subscription ends with the session that opened it."""

    def __init__(self, database: Database, caller: Caller, token: str) -> None:
        super().__init__(database, caller)
        self._token = token

    @asynccontextmanager
    async def use(self) -> AsyncIterator[AsyncSession]:
        async with super().use() as session:
            if await accounts.caller_of(session, self._token) is None:
                raise Unauthenticated
            yield session


def _well_formed(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("id", ""), str):
        return False
    payload = message.get("payload", {})
    if message.get("type") == "subscribe":
        return "id" in message and isinstance(payload, dict) and isinstance(payload.get("query"), str)
    return isinstance(payload, dict)


class _Handler(BaseGraphQLTransportWSHandler[Context, None]):
    view: Subscriptions

    async def handle_message(self, message: Any) -> None:
        """One message of the client, whose shape is not to be relied on."""
        if _well_formed(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("Failed to parse message")

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Tell what is subscribed to until it ends; refusals are as over HTTP."""
        spoken = self.context.language
        try:
            with language(spoken):
                request, asked = self._admit(operation)
                stream = await self.schema.stream(
                    operation.query,
                    variable_values=operation.variables,
                    context_value=self.context,
                    operation_name=operation.operation_name,
                )
                async with aclosing(stream):
                    async for result in stream:
                        assert isinstance(result, ExecutionResult)
                        refusals = self.view.operations.refusals(result, request, asked, spoken)
                        if result.data is None and refusals:
                            await self._refuse(operation, refusals)
                            return
                        told = as_json(Answer(result.data, refusals))
                        await operation.send_operation_message(
                            NextMessage(id=operation.id, type="next", payload=cast(NextMessagePayload, told))
                        )
            await operation.send_operation_message(CompleteMessage(id=operation.id, type="complete"))
        except HubError as error:
            await self._refuse(operation, (refusal(error, spoken),))
        except WebSocketDisconnected:
            return

    def _admit(self, operation: Operation[Context, None]) -> tuple[Request, OperationDefinitionNode]:
        variables, name = operation.variables or {}, operation.operation_name
        if not isinstance(variables, Mapping) or not isinstance(name, str | None):
            raise Invalid(_("The variables of a request are an object by name."), field="variables")
        request = Request(operation.query, variables, name)
        asked = self.view.operations.admit(request)
        if asked.operation is not OperationType.SUBSCRIPTION:
            raise Invalid(_("Only subscriptions are served over WebSocket. Send everything else by POST."))
        return request, asked

    async def _refuse(self, operation: Operation[Context, None], refusals: tuple[Refusal, ...]) -> None:
        errors = cast(list[GraphQLFormattedError], [error_of(item) for item in refusals])
        await operation.send_operation_message(ErrorMessage(id=operation.id, type="error", payload=errors))


class Subscriptions(GraphQL[Context, None]):
    """The token comes in the handshake's header or in `connectionParams.Authorization`; one that is unknown is refused."""

    graphql_transport_ws_handler_class = _Handler

    def __init__(self, operations: Operations) -> None:
        super().__init__(
            operations.schema,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            graphql_ide=None,
            connection_init_wait_timeout=TIME_TO_SAY_HELLO,
            max_subscriptions_per_connection=MOST_AT_ONCE,
        )
        self.operations = operations
        self.runtime = operations.runtime

    def decode_json(self, data: str | bytes) -> object:
        try:
            return super().decode_json(data)
        except RecursionError as error:
            raise json.JSONDecodeError("nested too deep", "", 0) from error

    async def get_context(self, request: HttpRequest | WebSocket, response: Any) -> Context:
        asked = asked_language(request.headers.get("accept-language"))
        nobody = ShortTransactions(self.runtime.database, None)
        return _Connection(
            self.runtime,
            nobody,
            None,
            asked or DEFAULT,
            client=client_of(request),
            asked=asked,
            handshake=request.headers.get("authorization"),
        )

    async def on_ws_connect(self, context: Context) -> Any:
        assert isinstance(context, _Connection)
        params = context.connection_params or {}
        header = params.get("Authorization") or params.get("authorization") or context.handshake
        token = bearer(header if isinstance(header, str) else None)
        if token is not None:
            async with self.runtime.database.transaction(read_only=True) as tx:
                context.caller = await accounts.caller_of(tx.session, token)
            if context.caller is None:
                raise ConnectionRejectionError
            context.tx = _WhileSignedIn(self.runtime.database, context.caller, token)
            context.language = context.asked or context.caller.language
        return await super().on_ws_connect(context)
