"""Working files of a process: uploads and reports while they are looked into, packages while they are sent.

    with runtime.scratch.folder("delivery") as folder:
        …

They have a home in the data folder, where a process that is killed leaves them behind. Every process keeps its own under a
lock that ends with it, however it ends; a worker that starts sweeps away what nobody holds any more.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

log = logging.getLogger("banmao.scratch")
LOCK = ".lock"


class Scratch:
    """The folder of one process in `home`; what is in it goes when the process does, or with the next `sweep`."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        while True:
            self.path = home / f"{os.getpid()}-{secrets.token_hex(6)}"
            held = _hold(self.path.with_suffix(LOCK), create=True)
            if held is not None:
                self._held = held
                break
        self.path.mkdir(mode=0o700)

    @contextmanager
    def folder(self, purpose: str) -> Iterator[Path]:
        """A folder of its own for one piece of work. It goes when the block ends."""
        with tempfile.TemporaryDirectory(prefix=f"{purpose}-", dir=self.path) as name:
            yield Path(name)

    def sweep(self) -> int:
        """Remove what dead processes left; how many there were. What a living one uses is left alone."""
        swept = 0
        for lock in self.home.glob(f"*{LOCK}"):
            held = _hold(lock)
            if held is None:
                continue
            try:
                _clear(lock, held)
                swept += 1
            except OSError:
                log.warning("what a dead process left in %s cannot be removed", lock.with_suffix(""), exc_info=True)
        return swept

    def close(self) -> None:
        _clear(self.path.with_suffix(LOCK), self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def _hold(lock: Path, *, create: bool = False) -> int | None:
    """The lock file, open and locked; None while somebody else holds it, or when it has been swept away meanwhile."""
    try:
        held = os.open(lock, os.O_RDWR | (os.O_CREAT | os.O_EXCL if create else 0), 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.stat(lock).st_ino == os.fstat(held).st_ino:
            return held
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(held)
    return None


def _clear(lock: Path, held: int) -> None:
    """The lock goes last: what cannot be removed now is found by the next sweep."""
    folder = lock.with_suffix("")
    try:
        if folder.exists():
            shutil.rmtree(folder)
        lock.unlink(missing_ok=True)
    finally:
        os.close(held)
