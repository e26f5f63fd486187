"""Audio and covers that came with a label's feed, taken out of its archive: one file at a time, each in a transaction of its own.

A killed job goes on with what is still waiting. A file that is not what its message means is not taken, and the release says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.formats import zips
from catalog.formats.ern.model import restored_file
from catalog.formats.ern.package import MAX_INSIDE, entries_of, matches
from catalog.formats.problems import FileRefused
from catalog.imports import queries as imports_of
from distribution import queries, service
from distribution.awaited import ISRC_RANGE, ISRC_TAKEN, NOT_AUDIO, NOT_WHOLE, of_releases
from distribution.errors import AlreadyOnRelease, AlreadySent, InvalidIsrc, IsrcTaken, NotAnImage, NotAudio
from distribution.models import AwaitedTrack, Release
from hub.errors import HubError, NotFound, TooLarge
from hub.runtime import Runtime

_FAULTS: tuple[tuple[type[HubError], str], ...] = (
    (NotAudio, NOT_AUDIO),
    (TooLarge, NOT_AUDIO),
    (IsrcTaken, ISRC_TAKEN),
    (InvalidIsrc, ISRC_RANGE),
)


class _Entry:
    """A file in an archive, read as an upload is."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content

    async def read(self, size: int = -1, /) -> bytes:
        return await asyncio.to_thread(self.content.read, size)


async def take_files(runtime: Runtime, organization_id: UUID, release_id: UUID) -> None:
    """Everything of one release that is waiting in archives."""
    async with _acting(runtime, organization_id) as session:
        release = await queries.release(session, release_id)
        if release is None:
            return
        waiting = [row for row in (await of_releases(session, [release_id]))[release_id] if row.entry]
        feed = release.feed or {}
        imports = {row.import_id for row in waiting} | ({UUID(feed["import_id"])} if feed.get("cover_entry") else set())
        files = {one: await imports_of.catalog_import(session, one) for one in imports if one is not None}
    for import_id in imports:
        source = files.get(import_id) if import_id else None
        async with _archive(runtime, source.storage_key if source else None) as archive:
            for row in waiting:
                if row.import_id == import_id:
                    await _take_audio(runtime, organization_id, release_id, row.isrc, archive)
            if feed.get("cover_entry") and UUID(feed["import_id"]) == import_id:
                await _take_cover(runtime, organization_id, release_id, archive)


@asynccontextmanager
async def _acting(runtime: Runtime, organization_id: UUID) -> AsyncIterator[AsyncSession]:
    async with runtime.database.transaction(organization=organization_id) as tx, tx.use() as session:
        yield session


@asynccontextmanager
async def _archive(runtime: Runtime, key: str | None) -> AsyncIterator[ZipFile | None]:
    """The archive of an import on local disk; None when it is gone."""
    with runtime.scratch.folder("feed") as folder:
        path = Path(folder) / "archive"
        try:
            if key is None:
                raise NotFound
            await runtime.storage.fetch(key, path)
        except NotFound:
            yield None
            return
        with path.open("rb") as file:
            try:
                archive = await asyncio.to_thread(zips.opened, file, MAX_INSIDE)
            except FileRefused:
                yield None
                return
            with archive:
                yield archive


async def _take_audio(
    runtime: Runtime, organization_id: UUID, release_id: UUID, code: str, archive: ZipFile | None
) -> None:
    try:
        async with _acting(runtime, organization_id) as session:
            release, row = await _waiting(session, release_id, code)
            if release is None or row is None or row.entry is None:
                return
            if archive is None or not await asyncio.to_thread(_is_whole, archive, row.entry, row.file):
                row.entry, row.problem = None, NOT_WHOLE
                return
            with archive.open(entries_of(archive)[row.entry]) as content:
                await service.fulfil(session, runtime, release, row, _Entry(content))
    except (NotAudio, TooLarge, IsrcTaken, InvalidIsrc, AlreadyOnRelease, AlreadySent) as error:
        await _give_up(runtime, organization_id, release_id, code, error)


async def _waiting(session: AsyncSession, release_id: UUID, code: str) -> tuple[Release | None, AwaitedTrack | None]:
    release = await queries.release(session, release_id, lock=True)
    rows = (await of_releases(session, [release_id]))[release_id]
    return release, next((row for row in rows if row.isrc == code), None)


async def _give_up(runtime: Runtime, organization_id: UUID, release_id: UUID, code: str, error: HubError) -> None:
    """The track goes on waiting, for a person; what is wrong with its file is said."""
    async with _acting(runtime, organization_id) as session:
        _release, row = await _waiting(session, release_id, code)
        if row is not None:
            row.entry = None
            row.problem = next((fault for kind, fault in _FAULTS if isinstance(error, kind)), None)


async def _take_cover(runtime: Runtime, organization_id: UUID, release_id: UUID, archive: ZipFile | None) -> None:
    try:
        async with _acting(runtime, organization_id) as session:
            release = await queries.release(session, release_id, lock=True)
            entry = (release.feed or {}).get("cover_entry") if release else None
            if release is None or entry is None:
                return
            release.feed = (release.feed or {}) | {"cover_entry": None, "import_id": None}
            picture = entries_of(archive).get(entry) if archive is not None else None
            if release.cover is None and archive is not None and picture is not None:
                with archive.open(picture) as content:
                    release.cover = await service.take_cover(runtime, organization_id, _Entry(content))
    except (NotAnImage, TooLarge, BadZipFile):
        async with _acting(runtime, organization_id) as session:
            release = await queries.release(session, release_id, lock=True)
            if release is not None:
                release.feed = (release.feed or {}) | {"cover_entry": None, "import_id": None}


def _is_whole(archive: ZipFile, entry: str, file: dict[str, Any] | None) -> bool:
    """Is the file there, unbroken, and the one that the message means?"""
    meant = restored_file(file)
    there = entries_of(archive).get(entry)
    if meant is None or there is None:
        return False
    with archive.open(there) as content:
        return matches(meant, content)
