"""A small server with LibreTranslate's API in front of our own Argos engine, in a process of its own.

`python -m tests.translation.libretranslate PORT KEY`. How it misbehaves is told to `/behave`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hub.settings import ROOT
from tests.translation.packages import MODELS
from translation.engines.argos import ArgosEngine

CHARACTER_LIMIT = 1000
CODES = {"zh": "zh-Hans", "en": "en", "th": "th"}


def application(key: str) -> Starlette:
    """LibreTranslate's `/languages` and `/translate`, with its messages; an empty `key` asks for none."""
    engine = ArgosEngine(MODELS, beam_size=1, threads=1)
    behaviour: dict[str, Any] = {"mode": "well"}
    seen: list[dict[str, Any]] = []

    async def misbehave() -> Response | None:
        mode = behaviour["mode"]
        if mode == "slow":
            await asyncio.sleep(30)
        return {
            "junk": PlainTextResponse("<html>Welcome to the captive portal</html>"),
            "short": JSONResponse({"translatedText": ["only one"]}),
            "numbers": JSONResponse({"translatedText": [1, 2, 3]}),
            "down": JSONResponse({"error": "Internal error"}, 500),
            "busy": JSONResponse({"error": "Slowdown: too many requests"}, 429, headers={"Retry-After": "7"}),
        }.get(mode)

    async def languages(_request: Request) -> Response:
        if bad := await misbehave():
            return bad
        targets = {tag: [CODES[other] for other in CODES if engine.reaches(tag, other)] for tag in CODES}
        return JSONResponse([{"code": CODES[tag], "name": tag, "targets": targets[tag]} for tag in CODES])

    async def translate(request: Request) -> Response:
        asked = await request.json()
        seen.append({name: value for name, value in asked.items() if name != "api_key"})
        if bad := await misbehave():
            return bad
        if key and asked.get("api_key") != key:
            return JSONResponse({"error": "Invalid API key"}, 403)
        texts = asked["q"] if isinstance(asked["q"], list) else [asked["q"]]
        if sum(map(len, texts)) > CHARACTER_LIMIT:
            return JSONResponse({"error": f"Request exceeds character limit ({CHARACTER_LIMIT})"}, 400)
        tags = {code: tag for tag, code in CODES.items()}
        drafts = await engine.draft(texts, tags[asked["source"]], tags[asked["target"]])
        return JSONResponse({"translatedText": [draft.text for draft in drafts]})

    async def behave(request: Request) -> Response:
        behaviour.update(await request.json())
        answer = JSONResponse(list(seen))
        seen.clear()
        return answer

    return Starlette(
        routes=[
            Route("/languages", languages),
            Route("/translate", translate, methods=["POST"]),
            Route("/behave", behave, methods=["POST"]),
        ]
    )


@dataclass
class Server:
    """The running process, seen from a test."""

    address: str
    key: str
    process: subprocess.Popen[bytes]

    def behave(self, mode: str = "well") -> list[dict[str, Any]]:
        """From now on misbehave like this. Answers what it was asked to translate before."""
        seen: list[dict[str, Any]] = httpx.post(f"{self.address}/behave", json={"mode": mode}, timeout=10).json()
        return seen

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(port: int, key: str = "") -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.translation.libretranslate", str(port), key]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Server(f"http://127.0.0.1:{port}", key, process)
    try:
        for _attempt in range(300):
            try:
                server.behave()
                break
            except httpx.TransportError:
                assert process.poll() is None, "the server does not start"
                time.sleep(0.1)
        yield server
    finally:
        if process.poll() is None:
            server.kill()


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[2]), port=int(sys.argv[1]), log_level="warning")
