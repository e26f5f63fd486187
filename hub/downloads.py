"""Finished files on their way to whoever holds a link (`hub.links`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from hub.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Opened:
    """A finished file on local disk that nobody else can find any more: it goes when `file` is closed. `size`: bytes."""

    file: BinaryIO
    size: int
    media_type: str
    name: str


async def opened(runtime: Runtime, storage_key: str, name: str, media_type: str) -> Opened:
    """A stored file, fetched. NOT_FOUND when it has been removed."""
    with runtime.scratch.folder("download") as folder:
        path = folder / "file"
        await runtime.storage.fetch(storage_key, path)
        file, size = path.open("rb"), path.stat().st_size
    return Opened(file, size, media_type, name)
