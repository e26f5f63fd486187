"""Parts of files over HTTP (RFC 9110 §14): players ask for the seconds that they are about to play."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hub.runtime import Runtime
from hub.storage import CHUNK

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


async def stored(request: Request, runtime: Runtime, key: str, media_type: str, headers: Mapping[str, str]) -> Response:
    """The stored object, whole or the one range that was asked for. Several ranges at once are answered with the whole."""
    size = await runtime.storage.length(key)
    said = {"Accept-Ranges": "bytes", **headers}
    wanted = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if wanted is None or wanted[1] == wanted[2] == "" or "if-range" in request.headers:
        said["Content-Length"] = str(size)
        return StreamingResponse(_pieces(runtime, key, 0, size), media_type=media_type, headers=said)
    first, last = _span(wanted[1], wanted[2], size)
    if first > last:
        return Response(status_code=416, headers={**said, "Content-Range": f"bytes */{size}"})
    said |= {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    pieces = _pieces(runtime, key, first, last + 1)
    return StreamingResponse(pieces, status_code=206, media_type=media_type, headers=said)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; `-500` are the last 500. An empty span when it starts behind the end."""
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last), size - 1) if last else size - 1


async def _pieces(runtime: Runtime, key: str, start: int, end: int) -> AsyncIterator[bytes]:
    while start < end:
        piece = await runtime.storage.piece(key, start, min(CHUNK, end - start))
        if not piece:
            return
        start += len(piece)
        yield piece
