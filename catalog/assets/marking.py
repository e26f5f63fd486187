"""Copies that say who has them: each viewer's own, made when first asked for, kept for two days.

The words are set by Typst, which shapes all ten scripts, on transparent sheets of the sizes that the sample has; a confined
process lays them on. What cannot carry words (EPUB, sound, film) carries the trace code among its tags; WebM carries nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from catalog.assets.covers import CHILD
from catalog.assets.errors import NotDrawn, SampleUnknown
from catalog.assets.models import Sample
from hub import confined
from hub.errors import NotFound
from hub.formats import moment
from hub.i18n import _
from hub.runtime import Runtime
from hub.typesetting import draw, families, typeset

TEMPLATE = Path(__file__).with_name("mark.typ")
PAGES_AT_ONCE = 6
PAGE_WIDTH = 1_200
"""Pixels across a page of a PDF as pages show it."""
AT_ONCE = 2
SECONDS = 120


class Marking(Enum):
    """What of the viewer a copy carries."""

    VISIBLE = "VISIBLE"
    METADATA = "METADATA"
    NONE = "NONE"


PICTURES = frozenset({"JPEG", "PNG", "WEBP", "TIFF", "AVIF"})
DRAWN = PICTURES | {"PDF", "CBZ"}
SUFFIXES = {"CBZ": "cbz", "EPUB": "epub", "PDF": "pdf"} | {
    name: name.lower() for name in ("MP3", "FLAC", "WAV", "OGG", "M4A", "MP4", "WEBM")
}
IMAGE = "image/jpeg"


def marking_of(form: str) -> Marking:
    if form in DRAWN:
        return Marking.VISIBLE
    return Marking.NONE if form == "WEBM" else Marking.METADATA


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, since when, and the code that leads back to them. Names are in their own scripts."""

    copy_id: UUID
    person: str
    organization: str
    language: str
    since: datetime
    code: str

    @property
    def note(self) -> str:
        """For metadata."""
        return f"banmao:{self.code}"


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over: where it is kept, what it is, what it is called."""

    key: str
    media_type: str
    name: str


@dataclass
class _Desk:
    """So many copies are made at a time in one process, and no copy twice at once."""

    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    locks: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)


@asynccontextmanager
async def _turn(runtime: Runtime, copy_id: UUID) -> AsyncIterator[None]:
    desk: _Desk = runtime.parts.setdefault("marking", _Desk())
    lock = desk.locks.setdefault(copy_id, asyncio.Lock())
    async with lock, desk.turns:
        yield


def name_of(sample: Sample) -> str:
    """What a downloaded file is called: as it came, with the ending of what it is."""
    assert sample.format is not None
    suffix = SUFFIXES.get(sample.format, "jpg")
    return f"{Path(sample.name).stem or 'sample'}.{suffix}"


async def whole(runtime: Runtime, sample: Sample, viewer: Viewer) -> File:
    """The viewer's own copy of the whole sample. NotDrawn."""
    assert sample.format is not None
    assert sample.media_type is not None
    if sample.format in PICTURES:
        await page(runtime, sample, viewer, 1)
        return File(_page_key(viewer.copy_id, 1), IMAGE, name_of(sample))
    if marking_of(sample.format) is Marking.NONE:
        assert sample.storage_key is not None
        return File(sample.storage_key, sample.media_type, name_of(sample))
    key = _file_key(viewer.copy_id)
    if not await _kept(runtime, key):
        async with _turn(runtime, viewer.copy_id):
            if not await _kept(runtime, key):
                await _make_whole(runtime, sample, viewer)
    return File(key, sample.media_type, name_of(sample))


async def page(runtime: Runtime, sample: Sample, viewer: Viewer, number: int) -> bytes:
    """One page as a marked JPEG. SampleUnknown for a page that it does not have, NotDrawn."""
    if sample.format not in DRAWN or not 1 <= number <= (sample.pages or 0):
        raise SampleUnknown
    key = _page_key(viewer.copy_id, number)
    try:
        return await runtime.storage.get(key)
    except NotFound:
        if sample.format == "PDF":
            await whole(runtime, sample, viewer)
    async with _turn(runtime, viewer.copy_id):
        if not await _kept(runtime, key):
            await _draw_pages(runtime, sample, viewer, _around(number, sample.pages or 0))
    return await runtime.storage.get(key)


async def plain_page(runtime: Runtime, sample: Sample, number: int) -> bytes:
    """A page as the owner's people see it, without a mark; drawn anew each time."""
    if sample.format not in DRAWN or not 1 <= number <= (sample.pages or 0):
        raise SampleUnknown
    async with _turn(runtime, sample.id), _source(runtime, sample) as (source, folder):
        task = {"source": str(source), "folder": str(folder), "numbers": [number], "note": "", "width": PAGE_WIDTH}
        if sample.format == "PDF":
            await _ask(task | {"do": "draw_paper"})
        else:
            await _ask(task | {"do": "mark_pictures", "parts": sample.details["parts"], "overlays": []})
        return await asyncio.to_thread((folder / f"{number}.jpg").read_bytes)


def _around(number: int, pages: int) -> list[int]:
    """The pages that are drawn together with one: whoever looks at it looks at the next ones too."""
    first = number - (number - 1) % PAGES_AT_ONCE
    return list(range(first, min(pages, first + PAGES_AT_ONCE - 1) + 1))


async def _make_whole(runtime: Runtime, sample: Sample, viewer: Viewer) -> None:
    async with _source(runtime, sample) as (source, folder):
        out = folder / "out"
        task = {"source": str(source), "out": str(out), "code": viewer.code, "note": viewer.note}
        if sample.format == "PDF":
            await _ask(task | {"do": "mark_paper", "overlays": await _sheets(sample, viewer, folder)})
        elif sample.format == "CBZ":
            overlays = await _sheets(sample, viewer, folder)
            parts = sample.details["parts"]
            await _ask(task | {"do": "bind_comic", "overlays": overlays, "parts": parts, "folder": str(folder)})
        else:
            await _ask(task | {"do": "tag", "format": sample.format})
        assert sample.media_type is not None
        await runtime.storage.put(_file_key(viewer.copy_id), out, sample.media_type)


async def _draw_pages(runtime: Runtime, sample: Sample, viewer: Viewer, numbers: list[int]) -> None:
    async with _source(runtime, sample) as (source, folder):
        task = {"source": str(source), "folder": str(folder), "numbers": numbers, "note": viewer.note}
        if sample.format == "PDF":
            await runtime.storage.fetch(_file_key(viewer.copy_id), source)
            await _ask(task | {"do": "draw_paper", "width": PAGE_WIDTH})
        else:
            overlays = await _sheets(sample, viewer, folder)
            await _ask(task | {"do": "mark_pictures", "overlays": overlays, "parts": sample.details["parts"]})
        for number in numbers:
            await runtime.storage.put(_page_key(viewer.copy_id, number), folder / f"{number}.jpg", IMAGE)


@asynccontextmanager
async def _source(runtime: Runtime, sample: Sample) -> AsyncIterator[tuple[Path, Path]]:
    assert sample.storage_key is not None
    with runtime.scratch.folder("mark") as folder:
        source = folder / "source"
        await runtime.storage.fetch(sample.storage_key, source)
        yield source, folder


async def _ask(task: dict[str, Any]) -> None:
    try:
        answer = await confined.run(CHILD, task, seconds=SECONDS)
    except confined.GaveOut as error:
        raise NotDrawn from error
    if "refused" in answer:
        raise NotDrawn


async def _sheets(sample: Sample, viewer: Viewer, folder: Path) -> list[dict[str, Any]]:
    """One sheet for each size of page: PDF for a PDF, PNG for pictures."""
    paper = sample.format == "PDF"
    made = []
    for number, (width, height) in enumerate(sample.details["sizes"]):
        data = words_on(viewer) | {"width": width, "height": height}
        content = await (typeset(TEMPLATE, data) if paper else draw(TEMPLATE, data, ppi=72))
        path = folder / f"sheet-{number}"
        await asyncio.to_thread(path.write_bytes, content)
        made.append({"width": width, "height": height, "path": str(path)})
    return made


def words_on(viewer: Viewer) -> dict[str, Any]:
    """What the mark says, in the viewer's language; names stay in their own scripts."""
    said = _(
        "For %(person)s, %(organization)s · %(moment)s UTC · %(code)s",
        person=viewer.person,
        organization=viewer.organization,
        moment=moment(viewer.since.astimezone(UTC), viewer.language, "medium"),
        code=viewer.code,
    )
    return {
        "fonts": families(viewer.language),
        "language": viewer.language,
        "across": f"{viewer.person} · {viewer.organization}",
        "code": viewer.code,
        "foot": said.render(viewer.language),
    }


async def forget(runtime: Runtime, copy_id: UUID, pages: int) -> None:
    """Delete the files of a copy."""
    await runtime.storage.delete(_file_key(copy_id))
    for number in range(1, pages + 1):
        await runtime.storage.delete(_page_key(copy_id, number))


async def _kept(runtime: Runtime, key: str) -> bool:
    try:
        await runtime.storage.length(key)
    except NotFound:
        return False
    return True


def _file_key(copy_id: UUID) -> str:
    return f"marked/{copy_id}/file"


def _page_key(copy_id: UUID, number: int) -> str:
    return f"marked/{copy_id}/{number}.jpg"
