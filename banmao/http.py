"""GraphQL over HTTP: POST /graphql with JSON, or with the multipart request spec for uploads."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.file_uploads.utils import replace_placeholders_with_files

from banmao.operations import Operations, Request, as_json, refusal
from hub.bodies import limited
from hub.door import Answer
from hub.errors import HubError, Invalid, TooLarge
from hub.i18n import _, negotiate

log = logging.getLogger("banmao.graphql")
MOST_FILES = 20
MULTIPART = "multipart/form-data"


def bearer(header: str | None) -> str | None:
    scheme, _space, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def client_of(request: HttpRequest | WebSocket) -> str:
    return request.client.host if request.client else ""


async def graphql(request: HttpRequest, operations: Operations) -> Response:
    """One GraphQL request. What is not even a request answers with its HTTP status; all else is 200 with errors."""
    accepted = request.headers.get("accept-language")
    token = bearer(request.headers.get("authorization"))
    settings = operations.runtime.settings
    files = _kind(request) == MULTIPART and await operations.knows(token)
    most = settings.max_upload_bytes if files else settings.max_request_bytes
    sent = HttpRequest(request.scope, limited(request.receive, most=most, pause=settings.longest_pause))
    try:
        body = await _body(sent, most)
        answer = await operations.execute(
            Request(
                query=body["query"],
                variables=body.get("variables") or {},
                operation_name=body.get("operationName"),
                token=token,
                accept_language=accepted,
                idempotency_key=request.headers.get("idempotency-key"),
                client=client_of(request),
                device=request.headers.get("user-agent", ""),
            )
        )
        return _said(answer, 200)
    except HubError as error:
        status = error.status if error.status in (408, 413) else 400
        return _said(Answer(None, (refusal(error, negotiate(accepted)),)), status)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except Exception:
        log.exception("a request failed")
        return _said(Answer(None, (refusal(HubError(), negotiate(accepted)),)), 500)
    finally:
        await sent.close()  # the uploads' temporary files go with it


def _said(answer: Answer, status: int) -> Response:
    """Answers hold tokens and confidences: nobody on the way may keep them."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(to_json(as_json(answer)), status, headers, "application/json")


def _kind(request: HttpRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _body(request: HttpRequest, limit: int) -> Mapping[str, Any]:
    kind = _kind(request)
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > limit):
        raise TooLarge(limit=limit)
    if kind == MULTIPART:
        body = await _multipart(request)
    elif kind == "application/json":
        body = _json(await request.body())
    else:
        raise Invalid(_("Send this as application/json or multipart/form-data."), field="Content-Type")
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise Invalid(_("A request needs a query."), field="query")
    if not isinstance(body.get("variables") or {}, dict) or not isinstance(body.get("operationName") or "", str):
        raise Invalid(_("The variables of a request are an object by name."), field="variables")
    return body


def _json(content: bytes | str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("This is not JSON."), field="body") from error


async def _multipart(request: HttpRequest) -> Any:
    """https://github.com/jaydenseric/graphql-multipart-request-spec: `operations`, `map`, then the files."""
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FILES)
    except HTTPException as error:
        raise Invalid(_("This upload is not multipart/form-data, or breaks off."), field="body") from error
    operations, where = form.get("operations"), form.get("map")
    if not isinstance(operations, str) or not isinstance(where, str):
        raise Invalid(_("An upload needs the fields operations and map."), field="map")
    files = {name: item for name, item in form.items() if isinstance(item, UploadFile)}
    try:
        return replace_placeholders_with_files(_json(operations), _json(where), files)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Invalid(_("The map of an upload names a file or variable that is not there."), field="map") from error
