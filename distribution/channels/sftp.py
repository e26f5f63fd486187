"""SFTP: the partner's host key is pinned, files are gone on with where a broken sending stopped, and appear by rename."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

import asyncssh

from distribution.channels.base import (
    UNDER_WAY,
    PartnerError,
    Refused,
    Remote,
    SftpSettings,
    Unreachable,
    host_key_changed,
    sign_in_refused,
    write_refused,
)

CONNECT_SECONDS: Final = 15
SILENT_SECONDS: Final = 30
BLOCK: Final = 256 * 1024


class Sftp:
    """An open SFTP session."""

    def __init__(self, client: asyncssh.SFTPClient) -> None:
        self._client = client

    async def size(self, path: str) -> int | None:
        try:
            return (await self._client.stat(path)).size
        except asyncssh.SFTPNoSuchFile:
            return None

    async def upload(self, source: Path, path: str) -> None:
        folder = str(PurePosixPath(path).parent)
        await self._client.makedirs(folder, exist_ok=True)
        part = path + UNDER_WAY
        length = (await asyncio.to_thread(source.stat)).st_size
        sent = await self.size(part) or 0
        if sent > length:
            await self._client.remove(part)
            sent = 0
        async with self._client.open(part, "ab" if sent else "wb") as remote:
            with source.open("rb") as local:
                local.seek(sent)
                while block := await asyncio.to_thread(local.read, BLOCK):
                    await remote.write(block, sent)
                    sent += len(block)
        await self._replace(part, path)

    async def _replace(self, part: str, path: str) -> None:
        try:
            await self._client.posix_rename(part, path)
        except asyncssh.SFTPOpUnsupported:
            if await self.size(path) is not None:
                await self._client.remove(path)
            await self._client.rename(part, path)

    async def files(self, folder: str) -> list[Remote]:
        try:
            entries = await self._client.readdir(folder)
        except asyncssh.SFTPNoSuchFile:
            return []
        found = [
            Remote(str(entry.filename), entry.attrs.size or 0)
            for entry in entries
            if entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR
        ]
        return sorted(
            (file for file in found if not file.name.startswith(".") and not file.name.endswith(UNDER_WAY)),
            key=lambda file: file.name,
        )

    async def read(self, path: str, limit: int) -> bytes:
        async with self._client.open(path, "rb") as remote:
            content: Any = await remote.read(limit + 1)
        if len(content) > limit:
            raise _too_long(path)
        return bytes(content)

    async def fetch(self, path: str, target: Path, limit: int) -> None:
        length = await self.size(path)
        if length is None or length > limit:
            raise _too_long(path)
        await self._client.get(path, target)


def _too_long(path: str) -> Refused:
    return write_refused(f"{path} is missing or too long")


@asynccontextmanager
async def connect(settings: SftpSettings) -> AsyncIterator[Sftp]:
    """An SFTP session with a server whose key is the agreed one. Raises `PartnerError` now, or for whatever breaks in it."""
    known = asyncssh.import_known_hosts(f"[{settings.host}]:{settings.port} {settings.host_key}\n")
    key, password = settings.private_key, settings.password
    try:
        async with (
            asyncssh.connect(
                settings.host,
                settings.port,
                username=settings.username,
                password=password.get_secret_value() if password else None,
                client_keys=[asyncssh.import_private_key(key.get_secret_value())] if key else None,
                known_hosts=known,
                agent_path=None,
                config=None,
                connect_timeout=CONNECT_SECONDS,
                login_timeout=CONNECT_SECONDS,
                keepalive_interval=SILENT_SECONDS,
                keepalive_count_max=2,
            ) as connection,
            connection.start_sftp_client() as client,
        ):
            yield Sftp(client)
    except PartnerError:
        raise
    except asyncssh.HostKeyNotVerifiable as error:
        raise host_key_changed(str(error)) from error
    except asyncssh.PermissionDenied as error:
        raise sign_in_refused(str(error)) from error
    except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded) as error:
        raise write_refused(str(error)) from error
    except (OSError, TimeoutError, asyncssh.Error) as error:
        raise Unreachable(str(error)) from error
