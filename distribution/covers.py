"""What a cover is: a picture of a known kind and size, and not a bomb."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from distribution.errors import NotAnImage
from distribution.problems import Problem
from hub.i18n import _

CODECS: Final = {"JPEG": "JPEG", "PNG": "PNG"}
"""Pillow's format → AVS ImageCodecType."""

SUFFIXES: Final = {"JPEG": "jpg", "PNG": "png"}
LEAST_PIXELS: Final = 1400
MOST_PIXELS: Final = 10_000
THUMBNAIL: Final = 600
MAX_BYTES: Final = 30 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cover:
    """Sizes in pixels."""

    format: str
    width: int
    height: int

    @property
    def codec(self) -> str:
        return CODECS[self.format]

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.format]

    @property
    def problems(self) -> list[Problem]:
        """What platforms refuse, though it is a picture."""
        found = []
        if self.width != self.height:
            found.append(Problem("COVER_NOT_SQUARE", _("The cover is not square. Send a square picture."), "cover"))
        if min(self.width, self.height) < LEAST_PIXELS:
            found.append(
                Problem(
                    "COVER_SMALL",
                    _(
                        "The cover has %(width)s × %(height)s pixels. Send at least 1400 × 1400.",
                        width=self.width,
                        height=self.height,
                    ),
                    "cover",
                )
            )
        return found


def thumbnail(path: Path) -> bytes:
    """A JPEG of at most 600 pixels a side, for pages. Blocking; the picture has been probed."""
    with Image.open(path, formats=tuple(CODECS)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
        out = BytesIO()
        small.save(out, "JPEG", quality=86, optimize=True)
        return out.getvalue()


def probe(path: Path) -> Cover:
    """Decode a whole picture and say what it is. Blocking: call it in a thread.

    Raises `NotAnImage` with `reason` for what is no JPEG or PNG, cannot be decoded to its end, or unfolds to more than
    10,000 × 10,000 pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=tuple(CODECS)) as picture:
                width, height = picture.size
                if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
                    raise NotAnImage(field="cover", reason="size", width=width, height=height)
                if getattr(picture, "n_frames", 1) != 1:
                    raise NotAnImage(field="cover", reason="animated")
                picture.load()
                return Cover(str(picture.format), width, height)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NotAnImage(field="cover", reason="size") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotAnImage(field="cover", reason="unreadable") from error
