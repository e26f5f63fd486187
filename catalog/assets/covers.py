"""Covers: checked, turned upright, freed of everything but the picture, and kept in several sizes as JPEG.

Strangers' pictures are opened in a confined process. What a page needs first is drawn at once; the other sizes by a job.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, service
from catalog.assets.files import pictures
from catalog.errors import PictureNotRead, PictureTooLarge
from catalog.models import Asset, Work
from hub import audit, confined, jobs
from hub.errors import NotFound
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import Readable
from hub.storage import receive as receive_upload

LONGEST_FILE = 20 * 1024 * 1024
WIDTHS = (200, 400, 800, 1200)
"""Pixels across; the larger may be narrower where the picture is."""
AT_ONCE = (400, 1200)
MEDIA_TYPE = "image/jpeg"
CHILD = "catalog.assets.files"
SIZES = "catalog.cover.sizes"
DIGEST = 16
"""Hexadecimal digits of a cover's SHA-256 in its address."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cover in sizes: width wanted → JPEG. `width` and `height` are those of the largest, in pixels."""

    sizes: Mapping[int, bytes]
    width: int
    height: int


def draw(picture: bytes) -> Drawn:
    """A picture of our own in every size. Blocking, in this process."""
    paper = pictures.upright(pictures.measured(picture))
    largest = pictures.narrowed(paper, WIDTHS[-1])
    sizes = {width: pictures.jpeg(pictures.narrowed(largest, width)) for width in WIDTHS}
    return Drawn(sizes, largest.width, largest.height)


async def receive(session: AsyncSession, runtime: Runtime, caller: Caller, work: Work, upload: Readable) -> Asset:
    """Take an upload as the work's cover. TOO_LARGE, PictureNotRead, PictureTooLarge."""
    async with receive_upload(upload, LONGEST_FILE, runtime.scratch.path) as received:
        drawn = await _drawn(runtime, received.path, AT_ONCE)
    asset = await store(session, runtime, work, drawn)
    await jobs.enqueue(session, SIZES, asset_id=str(asset.id), organization_id=str(work.owner_id))
    await audit.record(session, caller, "catalog.work.cover", "work", work.id)
    return asset


async def _drawn(runtime: Runtime, path: Path, widths: tuple[int, ...]) -> Drawn:
    with runtime.scratch.folder("cover") as folder:
        task = {"do": "cover", "source": str(path), "folder": str(folder), "widths": widths}
        try:
            async with runtime.pictures:
                answer = await confined.run(CHILD, task)
        except confined.GaveOut as error:
            raise _too_large() from error
        if refused := answer.get("refused"):
            if refused["code"] == "PICTURE_TOO_LARGE":
                raise _too_large()
            raise PictureNotRead(field="file")
        sizes = {width: await asyncio.to_thread(_jpeg(folder, width).read_bytes) for width in widths}
    scale = min(1.0, widths[-1] / answer["width"])
    return Drawn(sizes, round(answer["width"] * scale), max(1, round(answer["height"] * scale)))


def _jpeg(folder: Path, width: int) -> Path:
    return folder / f"{width}.jpg"


def _too_large() -> PictureTooLarge:
    return PictureTooLarge(field="file", side=pictures.LONGEST_SIDE, pixels=pictures.MOST_PIXELS)


async def store(session: AsyncSession, runtime: Runtime, work: Work, drawn: Drawn) -> Asset:
    """Keep a drawn cover and make it the work's."""
    largest = drawn.sizes[WIDTHS[-1]]
    digest = hashlib.sha256(largest).hexdigest()
    key = f"covers/{work.id}/{digest}"
    for width, content in drawn.sizes.items():
        await runtime.storage.put(_sized(key, width), content, MEDIA_TYPE)
    asset = Asset(
        organization_id=work.owner_id,
        work_id=work.id,
        kind="COVER",
        storage_key=key,
        media_type=MEDIA_TYPE,
        sha256=digest,
        bytes=len(largest),
        width=drawn.width,
        height=drawn.height,
        widths=sorted(drawn.sizes),
    )
    session.add(asset)
    await session.flush()
    work.cover_id = asset.id
    work.updated_at = datetime.now(UTC)
    await session.flush()
    await service.announce(session, [work.id])
    return asset


async def draw_sizes(runtime: Runtime, asset_id: UUID, organization_id: UUID) -> None:
    """Draw the sizes of a cover that are not there yet, from the largest."""
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx:
        found = await queries.assets(tx.session, [asset_id])
    if not found or set(found[0].widths) == set(WIDTHS):
        return
    key = found[0].storage_key
    missing = tuple(width for width in WIDTHS if width not in found[0].widths)
    with runtime.scratch.folder("cover") as folder:
        largest = folder / "largest"
        await runtime.storage.fetch(_sized(key, WIDTHS[-1]), largest)
        drawn = await _drawn(runtime, largest, missing)
    for width, content in drawn.sizes.items():
        await runtime.storage.put(_sized(key, width), content, MEDIA_TYPE)
    async with runtime.database.transaction(organization=organization_id) as tx:
        asset = (await queries.assets(tx.session, [asset_id]))[0]
        asset.widths = list(WIDTHS)


def path(asset: Asset, width: int) -> str:
    """Where a browser finds the cover in the smallest size that is at least `width` wide; it never changes its content."""
    size = next((known for known in asset.widths if known >= width), asset.widths[-1])
    return f"/covers/{asset.id}-{asset.sha256[:DIGEST]}-{size}.jpg"


async def read(session: AsyncSession, runtime: Runtime, asset_id: UUID, digest: str, width: int) -> bytes:
    """The JPEG behind `path`. NOT_FOUND for what is no cover, not its content, or no size of it."""
    found = await queries.assets(session, [asset_id])
    if not found or found[0].sha256[:DIGEST] != digest or width not in found[0].widths:
        raise NotFound
    return await runtime.storage.get(_sized(found[0].storage_key, width))


def _sized(key: str, width: int) -> str:
    return f"{key}-{width}.jpg"
