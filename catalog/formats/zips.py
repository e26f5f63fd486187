"""Zip archives from strangers: opened only when they are no larger inside than they may be.

`zipfile` gives no more of an entry than its directory says, so what the directory says is what has to be bounded.
"""

from __future__ import annotations

import zipfile
from typing import BinaryIO, Final

from catalog.formats.problems import FileRefused, Problem

MAGIC: Final = b"PK\x03\x04"
MOST_ENTRIES: Final = 20_000
MAX_RATIO: Final = 200
"""Times that an archive may grow; text that says the same again and again comes near, only bombs pass it."""

SMALL: Final = 64 * 1024 * 1024
"""Bytes up to which nobody asks how much an archive grows."""


def is_zip(file: BinaryIO) -> bool:
    """Does the file start as an archive? It is left at its start."""
    file.seek(0)
    start = file.read(len(MAGIC))
    file.seek(0)
    return start == MAGIC


def opened(file: BinaryIO, most: int) -> zipfile.ZipFile:
    """The archive, of at most `most` bytes inside. Raises `FileRefused` for a bomb, an encrypted or a broken one."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, OverflowError):
        raise FileRefused(Problem("ZIP_BROKEN")) from None
    inside = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or inside > most or (inside > SMALL and inside > MAX_RATIO * max(size, 1)):
        raise FileRefused(Problem("ZIP_BOMB", params={"limit": str(most // 1024 // 1024)}))
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(Problem("ZIP_ENCRYPTED"))
    return archive
