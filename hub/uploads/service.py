"""Uploads in pieces: what has arrived stays, through lost connections and killed processes.

Bytes are kept as objects in storage, `PART` bytes or `PART_SECONDS` each, whichever comes first, and counted in the table in the
transaction that records them: a process that is killed loses no more than its last piece. Of two who append at one
place one wins, since the count moves only from where both started.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from hub import jobs
from hub.characters import only_text
from hub.database import broken_constraint
from hub.errors import NotFound, TooLarge, TooSlow
from hub.runtime import Runtime
from hub.security import Caller
from hub.storage import CHUNK, Readable, receive
from hub.uploads.errors import (
    FileEmpty,
    NotAtOffset,
    TooManyParts,
    TooManyUploads,
    UploadIncomplete,
    UploadUnknown,
    WrongChecksum,
)
from hub.uploads.models import Upload, UploadPart

EXPIRE = "hub.uploads.expire"
KEPT_FOR = timedelta(days=2)
MOST_OPEN = 20
PART = 8 * 1024 * 1024
PART_SECONDS = 5.0
LONGEST_NAME = 255
ALGORITHMS = ("sha256", "sha1")


class Broken(Exception):
    """The sender went away in the middle of a piece."""


async def begin(
    session: AsyncSession, runtime: Runtime, caller: Caller, length: int, name: str | None, media_type: str | None
) -> Upload:
    """A place for a file of `length` bytes. FileEmpty, TOO_LARGE, TooManyUploads: before anything is sent."""
    most = runtime.settings.max_upload_bytes
    if length < 1:
        raise FileEmpty(field="Upload-Length")
    if length > most:
        raise TooLarge(field="Upload-Length", limit=most)
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 11))")
    await session.execute(lock, {"person": str(caller.person_id)})
    waiting = select(func.count()).where(Upload.person_id == caller.person_id, *_open())
    if (await session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooManyUploads
    return await _add(session, caller.organization_id, caller.person_id, length, name, media_type)


async def keep(session: AsyncSession, runtime: Runtime, caller: Caller, upload: Readable) -> Upload:
    """An upload that comes in one piece, with a form, and is taken at once. TOO_LARGE, FileEmpty."""
    async with receive(upload, runtime.settings.max_upload_bytes, runtime.scratch.path) as received:
        if received.size == 0:
            raise FileEmpty(field="file")
        name, media_type = getattr(upload, "filename", None), getattr(upload, "content_type", None)
        row = await _add(session, caller.organization_id, caller.person_id, received.size, name, media_type)
        await _fill(session, runtime, row, received.path)
    return row


async def put(
    session: AsyncSession, runtime: Runtime, organization_id: UUID, person_id: UUID, content: bytes, name: str
) -> Upload:
    """A file of the hub's own making, as if it had been uploaded, and taken."""
    row = await _add(session, organization_id, person_id, len(content), name, None)
    await _fill(session, runtime, row, content)
    return row


async def _fill(session: AsyncSession, runtime: Runtime, row: Upload, content: Path | bytes) -> None:
    """All of an upload as one part. What is recorded in this transaction is taken in it."""
    key = _part_key(row.id, 0)
    await runtime.storage.put(key, content)
    session.add(UploadPart(upload_id=row.id, start=0, length=row.length, storage_key=key))
    row.received, row.parts, row.taken_at = row.length, 1, datetime.now(UTC)
    await session.flush()


async def _add(
    session: AsyncSession,
    organization_id: UUID,
    person_id: UUID,
    length: int,
    name: str | None,
    media_type: str | None,
) -> Upload:
    row = Upload(
        organization_id=organization_id,
        person_id=person_id,
        name=only_text(Path((name or "").replace("\\", "/")).name)[:LONGEST_NAME] or None,
        media_type=only_text(media_type or "")[:LONGEST_NAME] or None,
        length=length,
        expires_at=datetime.now(UTC) + KEPT_FOR,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    organization = str(organization_id)
    await jobs.enqueue(session, EXPIRE, at=row.expires_at, upload_id=str(row.id), organization_id=organization)
    return row


async def find(session: AsyncSession, caller: Caller, upload_id: UUID, *, lock: bool = False) -> Upload:
    """An upload that this person has begun, for this organization, and that is still open. UploadUnknown."""
    query = select(Upload).where(
        Upload.id == upload_id,
        Upload.person_id == caller.person_id,
        Upload.organization_id == caller.organization_id,
        *_open(),
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        raise UploadUnknown(field="uploadId")
    return row


async def append(
    runtime: Runtime,
    caller: Caller,
    upload_id: UUID,
    offset: int,
    sent: AsyncIterator[bytes],
    checksum: tuple[str, bytes] | None = None,
) -> int:
    """Take one piece that starts at `offset`; where the next one starts.

    `checksum`: one of ALGORITHMS and the digest of the whole piece, which is then kept whole or not at all. Without it,
    whatever arrived before the sender went away (Broken) or stopped (TOO_SLOW) stays. NotAtOffset, TOO_LARGE, WrongChecksum.
    """
    async with runtime.database.transaction(caller, read_only=True) as tx:
        row = await find(tx.session, caller, upload_id)
    if offset != row.received:
        raise NotAtOffset(offset=row.received)
    digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
    file: IO[bytes]
    with tempfile.NamedTemporaryFile(prefix="piece-", dir=runtime.scratch.path) as file:
        held, since = 0, time.monotonic()
        try:
            async for chunk in sent:
                if offset + held + len(chunk) > row.length:
                    raise TooLarge(limit=row.length)
                await asyncio.to_thread(file.write, chunk)
                held += len(chunk)
                if digest:
                    digest.update(chunk)
                elif held >= PART or time.monotonic() - since > PART_SECONDS:
                    offset = await _record(runtime, caller, upload_id, offset, file, held)
                    held, since = 0, time.monotonic()
        except (Broken, TooSlow):
            if held and digest is None:
                await _record(runtime, caller, upload_id, offset, file, held)
            raise
        if digest and checksum and digest.digest() != checksum[1]:
            raise WrongChecksum
        return await _record(runtime, caller, upload_id, offset, file, held) if held else offset


async def _record(runtime: Runtime, caller: Caller, upload_id: UUID, start: int, file: IO[bytes], size: int) -> int:
    """Store what the file holds as the part at `start`, and empty the file. NotAtOffset when somebody else was faster."""
    await asyncio.to_thread(file.flush)
    key = _part_key(upload_id, start)
    await runtime.storage.put(key, Path(file.name))
    moved = (
        update(Upload)
        .where(Upload.id == upload_id, Upload.received == start, *_open())
        .values(received=start + size, parts=Upload.parts + 1)
        .returning(Upload.received)
    )
    try:
        async with runtime.database.transaction(caller) as tx:
            if await tx.session.scalar(moved) is None:
                row = await find(tx.session, caller, upload_id)
                raise NotAtOffset(offset=row.received)
            tx.session.add(UploadPart(upload_id=upload_id, start=start, length=size, storage_key=key))
    except IntegrityError as error:
        await runtime.storage.delete(key)
        if broken_constraint(error) == "uploads_parts_check":
            raise TooManyParts from error
        raise
    except (NotAtOffset, UploadUnknown):
        await runtime.storage.delete(key)
        raise
    await asyncio.to_thread(_empty, file)
    return start + size


def _empty(file: IO[bytes]) -> None:
    file.seek(0)
    file.truncate()


async def take(session: AsyncSession, caller: Caller, upload_id: UUID) -> Upload:
    """The whole file, to make something of it in this transaction; nobody else can. UploadUnknown, UploadIncomplete."""
    row = await find(session, caller, upload_id, lock=True)
    if row.received != row.length:
        raise UploadIncomplete(field="uploadId")
    row.taken_at = datetime.now(UTC)
    await session.flush()
    return row


async def assemble(session: AsyncSession, runtime: Runtime, upload_id: UUID, path: Path) -> tuple[int, str]:
    """Put a taken upload together at `path`; its length and SHA-256 in hexadecimal. NOT_FOUND when it has expired."""
    query = select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    parts = (await session.scalars(query)).all()
    if not parts:
        raise NotFound
    digest, size = hashlib.sha256(), 0
    piece = path.with_suffix(".piece")
    with path.open("wb") as whole:
        for part in parts:
            await runtime.storage.fetch(part.storage_key, piece)
            size += await asyncio.to_thread(_join, piece, whole, digest)
    await asyncio.to_thread(piece.unlink)
    return size, digest.hexdigest()


def _join(piece: Path, whole: IO[bytes], digest: hashlib._Hash) -> int:
    size = 0
    with piece.open("rb") as file:
        while chunk := file.read(CHUNK):
            whole.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size


async def discard(session: AsyncSession, runtime: Runtime, upload_id: UUID) -> None:
    """Forget an upload and its bytes; nothing happens when there is none. Objects go first: a run cut short is run again."""
    row = (await session.scalars(select(Upload).where(Upload.id == upload_id).with_for_update())).one_or_none()
    if row is None:
        return
    for key in await session.scalars(select(UploadPart.storage_key).where(UploadPart.upload_id == upload_id)):
        await runtime.storage.delete(key)
    await session.execute(delete(Upload).where(Upload.id == upload_id))


def _open() -> tuple[ColumnElement[bool], ...]:
    return Upload.taken_at.is_(None), Upload.expires_at > func.now()


def _part_key(upload_id: UUID, start: int) -> str:
    return f"uploads/{upload_id}/{start}-{secrets.token_hex(6)}"
