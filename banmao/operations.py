"""One way in for every request: who asks, one transaction, limits, the answer.

`Operations.execute` serves HTTP and pages alike. A mutation that ends with any error has changed nothing: its transaction is
rolled back whole, and nothing but the errors is answered.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import GraphQLError, OperationDefinitionNode, OperationType
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from strawberry import Schema
from strawberry.types import ExecutionResult

from accounts import queries as accounts
from accounts.service import note_use
from banmao.documents import known
from banmao.misfits import misfit
from hub import idempotency
from hub.context import Context
from hub.database import Transaction, not_a_value
from hub.door import Answer, Refusal
from hub.errors import Conflict, HubError, Invalid, Unauthenticated, Unavailable
from hub.i18n import DEFAULT, _, language, supported
from hub.i18n import negotiate as negotiate_language
from hub.limits import check_variables
from hub.runtime import Runtime
from hub.security import Caller

log = logging.getLogger("banmao.graphql")
LAST_USE_SECONDS = 300.0
MOST_NOTED = 50_000


@dataclass(frozen=True)
class Request:
    """A GraphQL request, wherever it came from. `language` is settled by pages; `accept_language` is what others ask for."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    token: str | None = None
    language: str | None = None
    accept_language: str | None = None
    idempotency_key: str | None = None
    client: str = ""
    device: str = ""


class _Refused(Exception):
    """Unwinds the transaction of a mutation that failed; carries the answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class Operations:
    """Executes operations against the schema of one process."""

    def __init__(self, schema: Schema, runtime: Runtime) -> None:
        self.schema = schema
        self.runtime = runtime
        self._noted: dict[UUID, float] = {}

    async def execute(self, request: Request) -> Answer:
        """Never raises for what the client did or the database refused; those are refusals in the answer."""
        try:
            operation = self.admit(request)
            writes = operation.operation is OperationType.MUTATION
            if operation.operation is OperationType.SUBSCRIPTION:
                raise Invalid(_("Subscriptions are served over WebSocket, on the same path."))
            async with self.runtime.database.transaction(read_only=not writes) as tx:
                return await self._run(request, operation, tx)
        except _Refused as refused:
            return refused.answer
        except HubError as error:
            return Answer(None, (refusal(error, await self._spoken(request)),))
        except (SQLAlchemyError, OSError) as error:
            return Answer(None, (refusal(_of_database(error), await self._spoken(request)),))

    async def _spoken(self, request: Request) -> str:
        """The language for a refusal of the whole request: what is asked for, else the person's."""
        if asked := request.language or asked_language(request.accept_language):
            return asked
        if request.token:
            with suppress(SQLAlchemyError, OSError):
                async with self.runtime.database.transaction(read_only=True) as tx:
                    caller = await accounts.caller_of(tx.session, request.token)
                    return caller.language if caller else DEFAULT
        return DEFAULT

    async def knows(self, token: str | None) -> bool:
        """Whether the token is somebody's, before anything large is taken from them."""
        if token is None:
            return False
        with suppress(SQLAlchemyError, OSError):
            async with self.runtime.database.transaction(read_only=True) as tx:
                return await accounts.caller_of(tx.session, token) is not None
        return False

    def admit(self, request: Request) -> OperationDefinitionNode:
        """The operation that is asked for, if it may be tried at all. INVALID, TOO_COMPLEX."""
        settings = self.runtime.settings
        check_variables(request.variables, settings)
        document = known(request.query, settings)
        operation = document.operation(request.operation_name)
        document.measure(operation, request.variables, self.schema._schema)
        return operation

    def refusals(
        self, result: ExecutionResult, request: Request, operation: OperationDefinitionNode, spoken: str
    ) -> tuple[Refusal, ...]:
        """The errors of an execution, as the contract shows them. A value that does not fit is told by its field."""
        errors = result.errors or []
        if any(not_understood(error) for error in errors):
            document = known(request.query, self.runtime.settings).node
            found = misfit(document, operation, request.variables, self.schema._schema)
            if found is not None:
                return (refusal(found, spoken),)
        return tuple(refusal_of(error, spoken) for error in errors)

    async def _note_use(self, tx: Transaction, caller: Caller) -> None:
        """Keep a token's last use, to five minutes."""
        now = time.monotonic()
        if now - self._noted.get(caller.token_id, -LAST_USE_SECONDS) < LAST_USE_SECONDS:
            return
        if len(self._noted) > MOST_NOTED:
            self._noted.clear()
        self._noted[caller.token_id] = now
        await note_use(tx.session, caller.token_id)

    async def _run(self, request: Request, operation: OperationDefinitionNode, tx: Transaction) -> Answer:
        writes = operation.operation is OperationType.MUTATION
        caller = None
        if request.token:
            caller = await accounts.caller_of(tx.session, request.token, act=True)
            if caller is None:
                raise Unauthenticated
            await self._note_use(tx, caller)
        spoken = request.language or asked_language(request.accept_language) or (caller.language if caller else DEFAULT)
        key = request.idempotency_key if writes else None
        scope = idempotency.scope_of(caller, request.client)
        vault = self.runtime.vault
        if key is not None:
            said = await asyncio.to_thread(idempotency.words_of, request.query, request.variables)
            print_ = vault.fingerprint(said)
            stored = await idempotency.claim(tx.session, vault, scope, key, print_)
            if stored is not None:
                return Answer(stored["data"])
        context = Context(self.runtime, tx, caller, spoken, client=request.client, device=request.device)
        with language(spoken):
            result = await self.schema.execute(
                request.query,
                variable_values=dict(request.variables),
                context_value=context,
                operation_name=request.operation_name,
            )
        assert isinstance(result, ExecutionResult)
        if not result.errors:
            context.close()
        if writes and not result.errors:
            await tx.session.flush()
        answer = Answer(result.data, self.refusals(result, request, operation, spoken))
        if writes and answer.refusals:
            raise _Refused(Answer(None, answer.refusals))
        if key is not None:
            await idempotency.store(tx.session, vault, scope, key, {"data": answer.data})
        return answer


def asked_language(accept_language: str | None) -> str | None:
    """The language that Accept-Language asks for, if the hub speaks one of those."""
    if not accept_language:
        return None
    found = negotiate_language(accept_language)
    named = {supported(item.split(";")[0].strip()) for item in accept_language[:1000].split(",")}
    return found if found in named else None


def _of_database(error: Exception) -> HubError:
    if isinstance(error, DBAPIError) and not_a_value(error):
        log.warning("the database refused a value", exc_info=error)
        return Invalid()
    if isinstance(error, IntegrityError):
        log.warning("a constraint refused a write", exc_info=error)
        return Conflict()
    log.error("the database failed", exc_info=error)
    return Unavailable()


def not_understood(error: GraphQLError) -> bool:
    """Whether the request itself does not fit the schema: nothing has been run."""
    cause = error.original_error
    return cause is None or (isinstance(cause, (GraphQLError, ValueError)) and error.path is None)


def refusal_of(error: GraphQLError, spoken: str) -> Refusal:
    """An error of the executor as the contract shows it. What is our own fault is logged, and told without its details."""
    path = tuple(error.path or ())
    cause = error.original_error
    if isinstance(cause, HubError):
        return refusal(cause, spoken, path)
    if isinstance(cause, SQLAlchemyError | OSError):
        return refusal(_of_database(cause), spoken, path)
    if not_understood(error):
        message = _("This request is not understood: %(detail)s", detail=error.message)
        return refusal(Invalid(message, field=None), spoken, path)
    log.error("a resolver failed", exc_info=cause)
    return refusal(HubError(), spoken, path)


def refusal(error: HubError, spoken: str, path: tuple[str | int, ...] = ()) -> Refusal:
    return Refusal(error.code, error.status, error.sentence(spoken), error.field, error.params, path)


def error_of(item: Refusal) -> dict[str, Any]:
    """A refusal as the GraphQL specification has errors."""
    return {
        "message": item.message,
        "path": list(item.path) or None,
        "extensions": {"code": item.code, "status": item.status, "field": item.field, "params": dict(item.params)},
    }


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as the GraphQL specification has it."""
    body: dict[str, Any] = {"data": answer.data}
    if answer.refusals:
        body["errors"] = [error_of(item) for item in answer.refusals]
    return body
