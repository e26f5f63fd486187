"""Our own styles, scripts and fonts: addressed by content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
A_YEAR = "public, max-age=31536000, immutable"


@cache
def asset(path: str) -> str:
    """The address of a file of `web/static`, with a mark that changes when its content does."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


class Assets(StaticFiles):
    """Serves a folder of `web/static`; fonts and marked addresses never change."""

    def __init__(self, folder: str = "") -> None:
        super().__init__(directory=STATIC / folder)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v=") or path.endswith(".woff2"):
            response.headers["Cache-Control"] = A_YEAR
        return response
