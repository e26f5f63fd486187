"""Covers: checked, turned upright, freed of everything but the picture, and kept in two sizes as JPEG."""

from __future__ import annotations

import asyncio
import hashlib
import struct
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, service
from catalog.errors import PictureNotRead
from catalog.models import Asset, Work
from hub import audit
from hub.errors import NotFound
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import Readable
from hub.storage import receive as receive_upload

LONGEST_FILE = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 30_000
"""Pixels. Drawn at any width of ours it fits a JPEG, which is at most 65,500 high."""
WIDTHS = (400, 1200)
"""Pixels across; the larger may be narrower where the picture is."""
NOT_READ = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    struct.error,
    Image.DecompressionBombError,
    Warning,
)
"""What Pillow raises for broken files; struct.error for the Exif of a picture."""
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cover in its sizes: width wanted → JPEG. `width` and `height` are those of the largest, in pixels."""

    sizes: dict[int, bytes]
    width: int
    height: int


def draw(picture: Path | bytes) -> Drawn:
    """Read a JPEG, PNG or WebP and draw it in every size. PictureNotRead for anything else, or one of too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(picture) if isinstance(picture, bytes) else picture, formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS or max(opened.size) > LONGEST_SIDE:
                    raise PictureNotRead(field="file")
                upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except NOT_READ as error:
        raise PictureNotRead(field="file") from error
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    drawn: dict[int, bytes] = {}
    for width in WIDTHS:
        height = max(1, round(paper.height * width / paper.width))
        fitted = paper if paper.width <= width else paper.resize((width, height), Image.Resampling.LANCZOS)
        out = BytesIO()
        fitted.save(out, "JPEG", quality=86, optimize=True, progressive=True)
        drawn[width] = out.getvalue()
    return Drawn(drawn, fitted.width, fitted.height)


async def receive(session: AsyncSession, runtime: Runtime, caller: Caller, work: Work, upload: Readable) -> Asset:
    """Take an upload as the work's cover. TOO_LARGE, PictureNotRead."""
    async with receive_upload(upload, LONGEST_FILE, runtime.scratch.path) as received, runtime.pictures:
        drawn = await asyncio.to_thread(draw, received.path)
    asset = await store(session, runtime, work, drawn)
    await audit.record(session, caller, "catalog.work.cover", "work", work.id)
    return asset


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
    )
    session.add(asset)
    await session.flush()
    work.cover_id = asset.id
    work.updated_at = datetime.now(UTC)
    await session.flush()
    await service.announce(session, [work.id])
    return asset


def path(asset: Asset, width: int) -> str:
    """Where a browser finds the cover in the smallest size that is at least `width` wide; it never changes its content."""
    size = next((known for known in WIDTHS if known >= width), WIDTHS[-1])
    return f"/covers/{asset.id}-{size}.jpg"


async def read(session: AsyncSession, runtime: Runtime, asset_id: UUID, width: int) -> bytes:
    """The JPEG behind `path`. NOT_FOUND for what is no cover or no size of one."""
    found = await queries.assets(session, [asset_id])
    if not found or found[0].kind != "COVER" or width not in WIDTHS:
        raise NotFound
    return await runtime.storage.get(_sized(found[0].storage_key, width))


def _sized(key: str, width: int) -> str:
    return f"{key}-{width}.jpg"
