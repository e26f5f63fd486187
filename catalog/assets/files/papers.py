"""PDF (ISO 32000-2): readable to its end, unlocked, and doing nothing but being read."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
from PIL import Image
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from catalog.assets.files.findings import Facts, Refused, broken, distinct

MEDIA_TYPE = "application/pdf"
MOST_PAGES = 400
MOST_OBJECTS = 300_000
MOST_PIXELS = 100_000_000
"""Of a picture inside a page."""
ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/RichMediaExecute",
}
"""§12.6.4: actions that run, send, start or open something else than this document."""
ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/XFA", "/AA"}
ACTIVE_ANNOTATIONS = {"/RichMedia", "/3D", "/Movie", "/Screen", "/FileAttachment", "/Sound"}
NOT_READ = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    OSError,
)
"""What pypdf raises for files that are not what they say; `AttributeError` where another type of object was expected."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def examine(path: Path) -> tuple[Facts, Image.Image]:
    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted:
            raise Refused("LOCKED", format="PDF")
        if not reader.pages or len(reader.pages) > MOST_PAGES:
            raise Refused("TOO_MANY_PAGES", most=str(MOST_PAGES)) if reader.pages else broken("PDF")
        _refuse_active(reader)
        sizes = [shown(page) for page in reader.pages]
    except LimitReachedError as error:
        raise Refused("BOMB") from error
    except NOT_READ as error:
        raise broken("PDF") from error
    facts = Facts("PDF", MEDIA_TYPE, pages=len(sizes), sizes=distinct(sizes))
    facts.width, facts.height = (round(side) for side in facts.sizes[0])
    return facts, next(iter(drawn(path, [1], 1200)))[1]


def shown(page: pypdf.PageObject) -> tuple[float, float]:
    """Width and height in points as the page is read, turned as it says."""
    box = page.cropbox
    size = (float(box.width), float(box.height))
    if not 1 <= min(size) <= max(size) <= 14_400:  # §C.2
        raise broken("PDF")
    return (size[1], size[0]) if page.rotation % 180 else size


def _refuse_active(reader: pypdf.PdfReader) -> None:
    """Every object of the file is looked at, wherever it hangs."""
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise Refused("BOMB")
    for number in sorted(numbers):
        try:
            found = reader.get_object(IndirectObject(number, 0, reader))
        except LimitReachedError:
            raise
        except NOT_READ:
            continue  # an object that nobody can read does nothing
        _refuse_inside(found)
    _refuse_inside(reader.trailer)


def _refuse_inside(found: Any) -> None:
    waiting: list[Any] = [found]
    while waiting:
        item = waiting.pop()
        if isinstance(item, DictionaryObject):
            _refuse_dictionary(item)
            waiting.extend(dict.values(item))
        elif isinstance(item, ArrayObject):
            waiting.extend(list.__iter__(item))


def _refuse_dictionary(item: DictionaryObject) -> None:
    values = {key: value for key, value in dict.items(item) if not isinstance(value, IndirectObject)}
    if values.get("/S") in ACTIONS or ACTIVE_KEYS & dict.keys(item) or values.get("/Subtype") in ACTIVE_ANNOTATIONS:
        raise Refused("ACTIVE")
    if values.get("/Type") == "/EmbeddedFile":
        raise Refused("ACTIVE")
    if values.get("/Subtype") == "/Image":
        width, height = values.get("/Width", 0), values.get("/Height", 0)
        if isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS:
            raise Refused("BOMB")


def drawn(path: Path, numbers: Iterable[int], width: int) -> Iterable[tuple[int, Image.Image]]:
    """Pages (counted from 1) as pictures, `width` pixels across."""
    try:
        document = pypdfium2.PdfDocument(path)
        try:
            for number in numbers:
                page = document[number - 1]
                scale = min(width / max(1.0, page.get_width()), 4 * width / max(1.0, page.get_height()))
                yield number, page.render(scale=scale).to_pil().convert("RGB")
                page.close()
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise broken("PDF") from error


def mark(source: Path, out: Path, overlays: list[dict[str, Any]], code: str) -> None:
    """A copy with an overlay on every page. `overlays`: `width` and `height` in points, and the `path` of a one-page PDF.

    A page takes the overlay whose size is nearest, stretched to its own.
    """
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(source, strict=False))
    sheets = [(item["width"], item["height"], pypdf.PdfReader(item["path"]).pages[0]) for item in overlays]
    for page in writer.pages:
        if page.rotation:
            page.transfer_rotation_to_content()
        box = page.cropbox
        width, height = float(box.width), float(box.height)
        ours, tall, sheet = min(sheets, key=lambda item: abs(item[0] - width) + abs(item[1] - height))
        fit = pypdf.Transformation().scale(width / ours, height / tall).translate(float(box.left), float(box.bottom))
        page.merge_transformed_page(sheet, fit)
    writer.add_metadata({"/Keywords": f"banmao:{code}", "/BanmaoTrace": code})
    writer.write(out)
