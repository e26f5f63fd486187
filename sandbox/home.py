"""The folder that a sandbox lives in: where things lie, its secrets, and the one place where files appear whole."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh

from sandbox.settings import Platform


class HomeInUse(Exception):
    """Another sandbox runs on the same folder."""


@dataclass(frozen=True)
class Paths:
    """A platform's folders. ``root`` is what its door serves; the partner sees ``visible`` as the top.

    ``work`` holds deliveries being judged, ``kept`` those that were judged, ``staging`` files on their way out.
    All are on one file system, so that every move is one rename.
    """

    root: Path
    visible: Path
    inbox: Path
    acknowledgements: Path
    reports: Path
    work: Path
    kept: Path
    staging: Path

    def create(self) -> None:
        for folder in (self.inbox, self.acknowledgements, self.reports, self.work, self.kept, self.staging):
            folder.mkdir(parents=True, exist_ok=True)

    def publish(self, folder: Path, name: str, content: bytes) -> None:
        """Let a file appear whole, or replace it: written beside, flushed to the disk, renamed into place."""
        self.staging.mkdir(parents=True, exist_ok=True)
        staged = self.staging / f"{secrets.token_hex(8)}.part"
        with staged.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        folder.mkdir(parents=True, exist_ok=True)
        staged.rename(folder / name)


class Home:
    """``DIR`` of ``python -m sandbox --home DIR``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "sandbox.sqlite3"
        self.announcement = folder / "sandbox.json"
        self.log = folder / "log"

    def create(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log.mkdir(exist_ok=True)

    def paths(self, platform: Platform) -> Paths:
        base = self.folder / "platforms" / platform.id
        root = base / "root"
        visible = root if platform.protocol == "sftp" else root / platform.id
        inbox = visible / "inbox"
        reports = visible / ("outgoing" if platform.protocol == "sftp" else "reports")
        return Paths(
            root, visible, inbox, inbox / "acknowledgements", reports, base / "work", base / "kept", base / "staging"
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder alone; the lock ends with the process, however it ends. Raises `HomeInUse`."""
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeInUse(f"another sandbox runs in {self.folder}") from None
            yield

    def secret(self, name: str, size: int = 24) -> str:
        """A secret that is made once and stays the same after a restart."""
        path = self.folder / "secrets" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            self._write_private(path, secrets.token_urlsafe(size).encode())
        return path.read_text(encoding="ascii")

    def host_key(self) -> asyncssh.SSHKey:
        path = self.folder / "secrets" / "ssh_host_key"
        if not path.exists():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            self._write_private(path, asyncssh.generate_private_key("ssh-ed25519").export_private_key())
        return asyncssh.read_private_key(path)

    def port(self, name: str, asked: int) -> int:
        """A port to listen on: the one asked for; else (0) that of the last time, if it is free; else any free one."""
        path = self.folder / "ports.json"
        known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        port = asked or _free_port(known.get(name, 0))
        self._write_private(path, json.dumps(known | {name: port}).encode())
        return port

    def announce(self, content: dict[str, Any]) -> None:
        """Write ``sandbox.json``: the sign that everything listens."""
        self._write_private(self.announcement, json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")

    def withdraw(self) -> None:
        self.announcement.unlink(missing_ok=True)

    @staticmethod
    def _write_private(path: Path, content: bytes) -> None:
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)


def _free_port(wanted: int) -> int:
    for candidate in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
            return port
    raise OSError("no port is free on 127.0.0.1")
