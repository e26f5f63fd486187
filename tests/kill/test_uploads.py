"""An upload in pieces when the web process dies in the middle of one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from hub.uploads import service
from tests.factories.accounts import Actor, actor
from tests.kill.watched import Remote, Watched

pytestmark = pytest.mark.kill
BODY = os.urandom(service.PART + 3 * 1024 * 1024)


def headers(someone: Actor) -> dict[str, str]:
    return {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {someone.token}"}


async def offset(http: httpx.AsyncClient, someone: Actor, place: str) -> int:
    """How far the upload is, asked until the hub answers."""
    async with asyncio.timeout(120):
        while True:
            try:
                answer = await http.head(place, headers=headers(someone))
                if answer.status_code == 200:
                    return int(answer.headers["upload-offset"])
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def test_what_was_recorded_survives_and_the_rest_is_sent_again(hub: Watched, api: Remote) -> None:
    someone = await actor(api.runtime, f"house-{uuid4().hex[:8]}")
    async with httpx.AsyncClient(base_url=hub.hub.settings.address, timeout=60) as http:
        made = await http.post("/uploads", headers=headers(someone) | {"Upload-Length": str(len(BODY))})
        place = made.headers["location"]

        async def pieces() -> AsyncIterator[bytes]:
            """All but the end; then the process dies while it waits for more."""
            for start in range(0, len(BODY) - 1024 * 1024, 65536):
                yield BODY[start : start + 65536]
            parts = "SELECT count(*) FROM upload_parts WHERE upload_id = %s"
            await hub.when(parts, lambda count: count > 0, place.rsplit("/", 1)[1])
            hub.kill("web")
            yield b"x"

        sent = headers(someone) | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        with pytest.raises(httpx.TransportError):
            await http.patch(place, content=pieces(), headers=sent)
        stood = await offset(http, someone, place)
        assert service.PART <= stood < len(BODY), "what was recorded is there, what was not is not claimed"
        rest = await http.patch(place, content=BODY[stood:], headers=sent | {"Upload-Offset": str(stood)})
        assert rest.status_code == 204
        assert await offset(http, someone, place) == len(BODY)
    path = api.runtime.scratch.path / "whole"
    async with api.runtime.database.transaction(someone.caller) as tx:
        upload = await service.take(tx.session, someone.caller, UUID(place.rsplit("/", 1)[1]))
        await service.assemble(tx.session, api.runtime, upload.id, path)
    assert path.read_bytes() == BODY
