"""tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, expiration, checksum and termination, at `/uploads`.

An upload belongs to the person who began it, acting for one organization. A session's cookie is not enough: pages send their form
token along as `X-CSRF-Token`; programs come with a bearer token.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import format_datetime
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from accounts import queries as accounts
from banmao.http import bearer
from hub.bodies import limited
from hub.errors import Forbidden, HubError, Invalid, NotFound, TooLarge, Unauthenticated
from hub.i18n import _, negotiate
from hub.runtime import Runtime
from hub.security import Caller, csrf_token
from hub.uploads import service
from hub.uploads.errors import NotAtOffset, WrongChecksum
from hub.uploads.models import Upload
from web.page import LANGUAGE, SESSION

VERSION = "1.0.0"
OFFSET_STREAM = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
METHODS = ("OPTIONS", "POST", "HEAD", "PATCH", "DELETE")
NOT_UNDERSTOOD = _("This upload is not understood: %(header)s is missing or wrong.")
Door = Callable[[Request], Awaitable[Response]]
STALE = _("This form is no longer valid. Load the page again and repeat.")


async def collection(request: Request) -> Response:
    """`/uploads`: what the hub can do, and a new upload."""
    return await _answered(request, {"OPTIONS": _abilities, "POST": _create})


async def one(request: Request) -> Response:
    """`/uploads/{id}`: how far it is, the next piece, the end of it."""
    return await _answered(request, {"OPTIONS": _abilities, "HEAD": _tell, "PATCH": _append, "DELETE": _end})


async def _answered(request: Request, doors: Mapping[str, Door]) -> Response:
    method = request.headers.get("x-http-method-override", request.method).upper()
    door = doors.get(method)
    headers = {"Tus-Resumable": VERSION, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if door is None:
        return Response(status_code=405, headers=headers | {"Allow": ", ".join(doors)})
    if method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
        return Response(status_code=412, headers=headers | {"Tus-Version": VERSION})
    try:
        response = await door(request)
    except HubError as error:
        response = _refused(request, error)
    except ClientDisconnect:
        response = Response(status_code=400)  # nobody is there to read it
    response.headers.update(headers)
    return response


async def _abilities(request: Request) -> Response:
    runtime: Runtime = request.app.state.runtime
    return Response(
        status_code=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,expiration,checksum,termination",
            "Tus-Max-Size": str(runtime.settings.max_upload_bytes),
            "Tus-Checksum-Algorithm": ",".join(service.ALGORITHMS),
        },
    )


async def _create(request: Request) -> Response:
    runtime: Runtime = request.app.state.runtime
    caller = await _caller(request)
    length = _number(request, "Upload-Length")
    said = _metadata(request.headers.get("upload-metadata", ""))
    async with runtime.database.transaction(caller) as tx:
        row = await service.begin(tx.session, runtime, caller, length, said.get("filename"), said.get("filetype"))
    headers = {"Location": f"/uploads/{row.id}", "Upload-Expires": _date(row)}
    return Response(status_code=201, headers=headers)


async def _tell(request: Request) -> Response:
    runtime: Runtime = request.app.state.runtime
    caller = await _caller(request)
    async with runtime.database.transaction(caller, read_only=True) as tx:
        row = await service.find(tx.session, caller, _id(request))
    return Response(
        status_code=200,
        headers={
            "Upload-Offset": str(row.received),
            "Upload-Length": str(row.length),
            "Upload-Expires": _date(row),
        },
    )


async def _append(request: Request) -> Response:
    runtime: Runtime = request.app.state.runtime
    caller = await _caller(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != OFFSET_STREAM:
        return Response(status_code=415)
    offset = _number(request, "Upload-Offset")
    async with runtime.database.transaction(caller, read_only=True) as tx:
        row = await service.find(tx.session, caller, _id(request))
    left = row.length - row.received
    if request.headers.get("content-length") and _number(request, "Content-Length") > left:
        raise TooLarge(limit=left)
    receive = limited(request.receive, most=left, pause=runtime.settings.longest_pause)
    sent = _pieces(Request(request.scope, receive))
    try:
        offset = await service.append(runtime, caller, row.id, offset, sent, _checksum(request))
    except service.Broken as error:
        raise ClientDisconnect from error
    return Response(status_code=204, headers={"Upload-Offset": str(offset), "Upload-Expires": _date(row)})


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except ClientDisconnect as error:
        raise service.Broken from error


async def _end(request: Request) -> Response:
    runtime: Runtime = request.app.state.runtime
    caller = await _caller(request)
    async with runtime.database.transaction(caller) as tx:
        row = await service.find(tx.session, caller, _id(request))
        await service.discard(tx.session, runtime, row.id)
    return Response(status_code=204)


async def _caller(request: Request) -> Caller:
    """Who sends. A cookie comes along by itself with whatever a browser sends, so it needs the page's token beside it."""
    runtime: Runtime = request.app.state.runtime
    token, session = bearer(request.headers.get("authorization")), request.cookies.get(SESSION)
    if token is None and session is not None:
        expected = csrf_token(runtime.settings.key, session).encode()
        if not hmac.compare_digest(request.headers.get("x-csrf-token", "").encode(), expected):
            raise Forbidden(STALE)
        token = session
    if token is None:
        raise Unauthenticated
    async with runtime.database.transaction(read_only=True) as tx:
        caller = await accounts.caller_of(tx.session, token)
    if caller is None:
        raise Unauthenticated
    return caller


def _id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["id"])
    except ValueError:
        raise NotFound from None


def _number(request: Request, header: str) -> int:
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Invalid(NOT_UNDERSTOOD.filled(header=header), field=header)
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64`; what is not text in UTF-8 is left out: these are only claims."""
    found = {}
    for pair in header.split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            continue
    return found


def _checksum(request: Request) -> tuple[str, bytes] | None:
    header = request.headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _space, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in service.ALGORITHMS or not digest:
        raise Invalid(NOT_UNDERSTOOD.filled(header="Upload-Checksum"), field="Upload-Checksum")
    return algorithm, digest


def _date(row: Upload) -> str:
    return format_datetime(row.expires_at, usegmt=True)


def _refused(request: Request, error: HubError) -> Response:
    language = negotiate(request.headers.get("accept-language"), request.cookies.get(LANGUAGE))
    status = CHECKSUM_MISMATCH if isinstance(error, WrongChecksum) else error.status
    response = PlainTextResponse(error.sentence(language), status_code=status)
    if isinstance(error, NotAtOffset):
        response.headers["Upload-Offset"] = str(error.params["offset"])
    return response
