"""What a client sends, taken within limits: so many bytes in all, no long pauses, not drop by drop."""

from __future__ import annotations

import asyncio
from time import monotonic

from starlette.types import Message, Receive

from hub.errors import TooLarge, TooSlow

SLOWEST = 4096
"""Bytes a second that a sender must reach on the whole, once its first pause is over."""


def limited(receive: Receive, *, most: int, pause: float) -> Receive:
    """`receive`, raising TOO_LARGE past `most` bytes whatever Content-Length said, and TOO_SLOW for a sender that stops for
    `pause` seconds or trickles."""
    taken, begun = 0, monotonic()

    async def part() -> Message:
        nonlocal taken
        left = begun + pause + taken / SLOWEST - monotonic()
        try:
            async with asyncio.timeout(max(0.0, min(pause, left))):
                message = await receive()
        except TimeoutError as error:
            raise TooSlow from error
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge(limit=most)
        return message

    return part
