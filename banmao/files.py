"""Files that browsers fetch by a path: covers for everybody, documents for whoever may read them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from accounts import queries as accounts
from banmao.http import bearer
from catalog.assets import covers
from catalog.exports import service as exports
from catalog.formats.sheets import template as templates
from catalog.imports import correcting
from distribution import service as releases
from distribution.revenue import documents as statements
from hub.downloads import Opened
from hub.errors import HubError, NotFound
from hub.i18n import LANGUAGES, negotiate
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import CHUNK
from marketplace import documents
from translation.exchange import writing
from web.page import SESSION

_COVER = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{16})-([0-9]{1,4})\.jpg")
_SHA256 = re.compile(r"([0-9a-f]{64})\.jpg")
_TEMPLATE = re.compile(r"titles-([a-z]{2,3})\.(xlsx|csv)")
FOREVER = "public, max-age=31536000, immutable"
PRIVATE = "private, no-store"

Reader = Callable[[AsyncSession, Runtime, Caller, UUID], Awaitable[bytes]]
"""Reads a document for somebody; NOT_FOUND for whoever may not. Row-level security applies."""


async def cover(request: Request) -> Response:
    """A work's cover; its path changes with its content."""
    runtime: Runtime = request.app.state.runtime
    try:
        match = _COVER.fullmatch(request.path_params["name"])
        if match is None:
            raise NotFound
        async with runtime.database.transaction(read_only=True) as tx:
            content = await covers.read(tx.session, runtime, UUID(match[1]), match[2], int(match[3]))
    except HubError as error:
        return _refused(request, error)
    return _file(content, covers.MEDIA_TYPE, FOREVER)


async def release_cover(request: Request) -> Response:
    """The small picture of a release's cover. Whoever was told its SHA-256 may see it: nobody can guess one."""
    runtime: Runtime = request.app.state.runtime
    try:
        match = _SHA256.fullmatch(request.path_params["name"])
        if match is None:
            raise NotFound
        content = await runtime.storage.get(releases.thumbnail_key(_id(request), match[1]))
    except HubError as error:
        return _refused(request, error)
    return _file(content, covers.MEDIA_TYPE, FOREVER)


def pdf(read: Reader) -> Callable[[Request], Awaitable[Response]]:
    """A route `…/{id}/…` that serves the PDF that `read` finds, to a token or a signed-in browser."""

    async def serve(request: Request) -> Response:
        runtime: Runtime = request.app.state.runtime
        token = bearer(request.headers.get("authorization")) or request.cookies.get(SESSION)
        try:
            async with runtime.database.transaction(read_only=True) as tx:
                caller = await accounts.caller_of(tx.session, token, act=True) if token else None
                if caller is None:
                    raise NotFound
                content = await read(tx.session, runtime, caller, _id(request))
        except HubError as error:
            return _refused(request, error)
        return _file(content, "application/pdf", PRIVATE)

    return serve


contract = pdf(documents.read)
statement = pdf(statements.read)


Link = Callable[[Runtime, UUID, str], Awaitable[Opened]]
"""Opens the file behind a link that ends; NOT_FOUND when the link is none of ours, or over."""


def linked(open_link: Link) -> Callable[[Request], Awaitable[Response]]:
    """A route `…/{id}/…/{ticket}/{name}` that serves a file to whoever holds its link while that is good."""

    async def serve(request: Request) -> Response:
        runtime: Runtime = request.app.state.runtime
        try:
            found = await open_link(runtime, _id(request), request.path_params["ticket"])
        except HubError as error:
            return _refused(request, error)
        headers = {
            "Cache-Control": PRIVATE,
            "X-Content-Type-Options": "nosniff",
            "Content-Length": str(found.size),
            "Content-Disposition": f'attachment; filename="{found.name}"',
        }
        return StreamingResponse(_pieces(found.file), media_type=found.media_type, headers=headers)

    return serve


export = linked(exports.open_link)
correction = linked(correcting.open_link)
exchange = linked(writing.open_link)


async def template(request: Request) -> Response:
    """The empty list of titles, in one of the hub's languages."""
    match = _TEMPLATE.fullmatch(request.path_params["name"])
    if match is None or match[1] not in LANGUAGES:
        return _refused(request, NotFound())
    content = await asyncio.to_thread(templates.made, match[1], match[2])
    response = _file(content, templates.MEDIA_TYPES[match[2]], "public, max-age=3600")
    response.headers["Content-Disposition"] = f'attachment; filename="banmao-titles-{match[1]}.{match[2]}"'
    return response


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


def _id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["id"])
    except ValueError:
        raise NotFound from None


def _refused(request: Request, error: HubError) -> Response:
    return PlainTextResponse(
        error.sentence(negotiate(request.headers.get("accept-language"))), status_code=error.status
    )


def _file(content: bytes, media_type: str, cache: str) -> Response:
    return Response(
        content, media_type=media_type, headers={"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    )
