"""Objects (covers, audio, reports, documents): a local folder, or S3.

Keys are relative, made by us (`covers/<id>/<sha256>.jpg`), and never from a person's file name. Objects are written once:
writing the same key again replaces it whole, never half.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from hub.errors import NotFound, TooLarge, Unavailable
from hub.settings import Settings

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.=-]*(/[A-Za-z0-9][A-Za-z0-9_.=-]*)*")
CHUNK = 1024 * 1024


@runtime_checkable
class Readable(Protocol):
    """An upload: Starlette's UploadFile is one."""

    async def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Received:
    """An upload on local disk: where, how long in bytes, and its SHA-256 in hexadecimal."""

    path: Path
    size: int
    sha256: str


@asynccontextmanager
async def receive(upload: Readable, limit: int, folder: Path) -> AsyncIterator[Received]:
    """Take an upload to a file in `folder`, TOO_LARGE past `limit` bytes. The file goes when the block ends."""
    handle, name = await asyncio.to_thread(tempfile.mkstemp, prefix="upload-", dir=folder)
    path = Path(name)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := await upload.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit=limit)
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
        yield Received(path, size, digest.hexdigest())
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


class Storage(Protocol):
    async def put(self, key: str, content: bytes | Path, media_type: str = "application/octet-stream") -> None:
        """Write the whole object."""

    async def get(self, key: str) -> bytes:
        """The whole object; NOT_FOUND when there is none."""

    async def fetch(self, key: str, path: Path) -> None:
        """Copy the object to a local file."""

    async def length(self, key: str) -> int:
        """Bytes of the object; NOT_FOUND when there is none."""

    async def piece(self, key: str, start: int, length: int) -> bytes:
        """`length` bytes of the object from `start` on, fewer at its end; NOT_FOUND when there is none."""

    async def delete(self, key: str) -> None:
        """Remove the object; nothing happens when there is none."""


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a storage key: {key!r}")
    return key


class LocalStorage:
    """A folder. Objects appear by rename, so nobody reads half of one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, key: str) -> Path:
        return self.root / _checked(key)

    async def put(self, key: str, content: bytes | Path, media_type: str = "application/octet-stream") -> None:
        await asyncio.to_thread(self._put, self._path(key), content)

    def _put(self, path: Path, content: bytes | Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(content, Path):
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file, CHUNK)
                else:
                    file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    async def get(self, key: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except FileNotFoundError as error:
            raise NotFound from error

    async def fetch(self, key: str, path: Path) -> None:
        try:
            await asyncio.to_thread(shutil.copyfile, self._path(key), path)
        except FileNotFoundError as error:
            raise NotFound from error

    async def length(self, key: str) -> int:
        try:
            return (await asyncio.to_thread(self._path(key).stat)).st_size
        except FileNotFoundError as error:
            raise NotFound from error

    async def piece(self, key: str, start: int, length: int) -> bytes:
        def read() -> bytes:
            with self._path(key).open("rb") as file:
                file.seek(start)
                return file.read(length)

        try:
            return await asyncio.to_thread(read)
        except FileNotFoundError as error:
            raise NotFound from error

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)


class S3Storage:
    """A bucket of any S3 server, under a prefix."""

    def __init__(self, bucket: str, prefix: str, settings: Settings) -> None:
        self.bucket = bucket
        self.prefix = prefix
        secret = settings.s3_secret_key
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=settings.s3_endpoint,
            region_name=settings.s3_region,
            aws_access_key_id=settings.s3_access_key,
            aws_secret_access_key=secret.get_secret_value() if secret else None,
            config=Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 4, "mode": "standard"},
                s3={"addressing_style": "path" if settings.s3_endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def _name(self, key: str) -> str:
        return f"{self.prefix}/{_checked(key)}" if self.prefix else _checked(key)

    async def put(self, key: str, content: bytes | Path, media_type: str = "application/octet-stream") -> None:
        name = self._name(key)

        def write(file: IO[bytes] | bytes) -> None:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=file, ContentType=media_type)

        def upload() -> None:
            if isinstance(content, Path):
                self.client.upload_file(str(content), self.bucket, name, ExtraArgs={"ContentType": media_type})
            else:
                write(content)

        await self._call(upload)

    async def get(self, key: str) -> bytes:
        name = self._name(key)

        def read() -> bytes:
            body: bytes = self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read()
            return body

        content: bytes = await self._call(read)
        return content

    async def fetch(self, key: str, path: Path) -> None:
        name = self._name(key)
        await self._call(lambda: self.client.download_file(self.bucket, name, str(path)))

    async def length(self, key: str) -> int:
        name = self._name(key)
        size: int = await self._call(lambda: self.client.head_object(Bucket=self.bucket, Key=name)["ContentLength"])
        return size

    async def piece(self, key: str, start: int, length: int) -> bytes:
        name, wanted = self._name(key), f"bytes={start}-{start + length - 1}"

        def read() -> bytes:
            body: bytes = self.client.get_object(Bucket=self.bucket, Key=name, Range=wanted)["Body"].read()
            return body

        content: bytes = await self._call(read)
        return content

    async def delete(self, key: str) -> None:
        name = self._name(key)
        await self._call(lambda: self.client.delete_object(Bucket=self.bucket, Key=name))

    async def _call(self, work: Any) -> Any:
        try:
            return await asyncio.to_thread(work)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404", "NotFound"):
                raise NotFound from error
            raise Unavailable from error
        except BotoCoreError as error:
            raise Unavailable from error


def open_storage(settings: Settings) -> Storage:
    """The storage that `BANMAO_STORAGE` names."""
    if settings.storage.startswith("s3://"):
        parts = urlsplit(settings.storage)
        return S3Storage(parts.netloc, parts.path.strip("/"), settings)
    return LocalStorage(Path(settings.storage) if settings.storage else settings.path("objects"))
