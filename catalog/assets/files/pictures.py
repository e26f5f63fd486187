"""Pictures: measured before anything is unfolded, then turned upright and drawn small, as JPEG."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.assets.files.findings import Facts, Refused, broken

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
FORMATS = tuple(MEDIA_TYPES)
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 12_000
LONGEST_SHOWN = 2_400
"""Pixels on the longer side of a picture that is shown with a mark."""
NOT_READ = (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, EOFError, Warning)
"""What Pillow raises for broken files; struct.error for the Exif of a picture."""
QUALITY = 86


def measured(picture: Path | bytes, formats: tuple[str, ...] = FORMATS) -> Image.Image:
    """The picture, opened: its head is read, its pixels are not. Refused when it is none, or has too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(picture) if isinstance(picture, bytes) else picture, formats=formats)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except NOT_READ as error:
        raise broken("picture") from error
    if opened.width * opened.height > MOST_PIXELS or max(opened.size) > LONGEST_SIDE:
        opened.close()
        raise _too_large()
    if getattr(opened, "n_frames", 1) > 1 and opened.format != "TIFF":
        opened.close()
        raise Refused("ANIMATED")
    return opened


def _too_large() -> Refused:
    return Refused("PICTURE_TOO_LARGE", side=str(LONGEST_SIDE), pixels=str(MOST_PIXELS // 1_000_000))


def upright(opened: Image.Image) -> Image.Image:
    """Unfolded, turned as its Exif says, on white, without anything but the picture."""
    try:
        with warnings.catch_warnings(), opened:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            turned = ImageOps.exif_transpose(opened).convert("RGBA")
    except NOT_READ as error:
        raise broken(str(opened.format or "picture")) from error
    paper = Image.new("RGB", turned.size, "white")
    paper.paste(turned, mask=turned.getchannel("A"))
    return paper


def examine(path: Path) -> tuple[Facts, Image.Image]:
    opened = measured(path)
    form = str(opened.format)  # a picture that has been turned has forgotten it
    paper = upright(opened)
    facts = Facts(form, MEDIA_TYPES[form], pages=1, width=paper.width, height=paper.height)
    facts.sizes = [list(map(float, fitted(paper.size)))]
    return facts, paper


def fitted(size: tuple[int, int], longest: int = LONGEST_SHOWN) -> tuple[int, int]:
    """The size at which a picture is shown: its own, or smaller in proportion."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def narrowed(paper: Image.Image, width: int) -> Image.Image:
    """At most `width` pixels across, in proportion."""
    if paper.width <= width:
        return paper
    return paper.resize((width, max(1, round(paper.height * width / paper.width))), Image.Resampling.LANCZOS)


def jpeg(paper: Image.Image, note: str = "") -> bytes:
    """As JPEG; `note` goes into its Exif as description and copyright line."""
    exif = Image.Exif()
    if note:
        exif[0x010E] = exif[0x8298] = note
    out = BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True, exif=exif)
    return out.getvalue()
