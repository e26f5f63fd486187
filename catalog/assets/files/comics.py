"""CBZ: a ZIP of pictures and nothing else (but ComicInfo.xml), read in the order of their names."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from PIL import Image

from catalog.assets.files import archives, pictures
from catalog.assets.files.findings import Facts, Refused, distinct

MEDIA_TYPE = "application/vnd.comicbook+zip"
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".avif")
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
BESIDE = {"comicinfo.xml"}
MOST_PAGES = 200
LONGEST_PAGE = 40 * 1024 * 1024


def in_order(names: list[str]) -> list[str]:
    """As people count: page 10 after page 9."""

    def key(name: str) -> list[tuple[int, int, str]]:
        parts = [part for part in re.split(r"([0-9]+)", name) if part]
        return [(0, int(part), "") if part.isdecimal() else (1, 0, part.lower()) for part in parts]

    return sorted(names, key=key)


def looks_like(archive: zipfile.ZipFile) -> bool:
    """Whether most entries are pictures by name: then it is judged as a comic, and what is wrong in it is said."""
    names = [entry.filename.lower() for entry in archive.infolist() if not entry.is_dir()]
    return sum(name.endswith(SUFFIXES) for name in names) * 2 > len(names)


def examine(path: Path) -> tuple[Facts, Image.Image]:
    """Every page is opened and measured, the first one drawn."""
    with archives.opened(path, "CBZ") as archive:
        pages = []
        for entry in archive.infolist():
            if entry.is_dir() or entry.filename.lower() in BESIDE:
                continue
            if not entry.filename.lower().endswith(SUFFIXES):
                raise Refused("NOT_ONLY_PICTURES", name=entry.filename[:80])
            pages.append(entry.filename)
        if len(pages) > MOST_PAGES:
            raise Refused("TOO_MANY_PAGES", most=str(MOST_PAGES))
        pages = in_order(pages)
        sizes: list[tuple[float, float]] = []
        for name in pages:
            opened = _measured(archive, name)
            sizes.append(pictures.fitted(_upright_size(opened)))
        front = pictures.upright(_measured(archive, pages[0]))
        facts = Facts("CBZ", MEDIA_TYPE, pages=len(pages), width=front.width, height=front.height, parts=pages)
        facts.sizes = distinct(sizes)
        return facts, front


def page(archive: zipfile.ZipFile, name: str) -> Image.Image:
    return pictures.upright(_measured(archive, name))


def _measured(archive: zipfile.ZipFile, name: str) -> Image.Image:
    content = archives.read(archive, name, "CBZ", LONGEST_PAGE)
    try:
        return pictures.measured(content, FORMATS)
    except Refused as refused:
        if refused.code == "BROKEN":
            raise Refused("NOT_ONLY_PICTURES", name=name[:80]) from refused
        raise


def _upright_size(opened: Image.Image) -> tuple[int, int]:
    """Exif orientations 5 to 8 lay a picture on its side."""
    turned = opened.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (opened.height, opened.width) if turned else opened.size
