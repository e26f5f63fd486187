"""Files that browsers fetch by a path: covers."""

from __future__ import annotations

import re
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from catalog import covers
from hub.errors import HubError, NotFound
from hub.i18n import negotiate

_COVER = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9]{1,4})\.jpg")
FOREVER = "public, max-age=31536000, immutable"


async def cover(request: Request) -> Response:
    """A work's cover; its path changes with its content."""
    runtime = request.app.state.runtime
    try:
        match = _COVER.fullmatch(request.path_params["name"])
        if match is None:
            raise NotFound
        async with runtime.database.transaction(read_only=True) as tx, tx.use() as session:
            content = await covers.read(session, runtime, UUID(match[1]), int(match[2]))
    except HubError as error:
        sentence = error.sentence(negotiate(request.headers.get("accept-language")))
        return PlainTextResponse(sentence, status_code=error.status)
    headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=covers.MEDIA_TYPE, headers=headers)
