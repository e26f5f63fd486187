"""ZIP archives, looked at before anything is unfolded: sizes, names, overlaps, locks."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from catalog.assets.files.findings import Refused, broken

MOST_ENTRIES = 5_000
MOST_UNFOLDED = 1024**3
SMALL = 32 * 1024 * 1024
"""Bytes unfolded up to which it does not matter how tightly an archive is packed."""
TIGHTEST = 120
LOCKED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ARCHIVES = (".zip", ".cbz", ".epub", ".rar", ".7z", ".gz", ".tar", ".xz", ".bz2", ".jar")
NOT_READ = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def opened(path: Path, form: str) -> zipfile.ZipFile:
    """The archive, found harmless to unfold. Refused otherwise."""
    try:
        archive = zipfile.ZipFile(path)
    except NOT_READ as error:
        raise broken(form) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise Refused("TOO_MANY_FILES", most=str(MOST_ENTRIES))
    unfolded = sum(entry.file_size for entry in entries)
    if unfolded > MOST_UNFOLDED or unfolded > max(SMALL, TIGHTEST * path.stat().st_size):
        raise Refused("BOMB")
    _refuse_overlaps(entries)
    seen: set[str] = set()
    for entry in entries:
        _refuse_name(entry)
        if entry.flag_bits & LOCKED:
            raise Refused("LOCKED", format=form)
        if entry.compress_type not in METHODS or entry.filename in seen:
            raise broken(form)
        if entry.filename.lower().endswith(ARCHIVES):
            raise Refused("NESTED", name=entry.filename[:80])
        seen.add(entry.filename)
    return archive


def _refuse_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    """Entries that share their bytes unfold to more than the archive seems to hold (David Fifield, WOOT 2019)."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Refused("BOMB")
        end = entry.header_offset + 30 + len(entry.filename.encode()) + entry.compress_size


def _refuse_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    symbolic = (entry.external_attr >> 16) & 0o170000 == 0o120000
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in path.parts[0:1] or symbolic:
        raise Refused("LEADS_OUTSIDE", name=name[:80])


def read(archive: zipfile.ZipFile, name: str, form: str, most: int) -> bytes:
    """One entry of at most `most` bytes, whatever its head claims."""
    try:
        with archive.open(name) as file:
            content = file.read(most + 1)
    except KeyError as error:
        raise broken(form) from error
    except NOT_READ as error:
        raise broken(form) from error
    if len(content) > most:
        raise Refused("BOMB")
    return content
