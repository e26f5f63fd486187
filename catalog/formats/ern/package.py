"""A message, or an archive of deliveries: each message with the files beside it (`ReleaseId.xml` and `resources/`)."""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Final

from catalog.formats import zips
from catalog.formats.ern import message as messages
from catalog.formats.ern.model import File, Message
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.xmlstream import Counted

MAX_INSIDE: Final = 8 * 1024 * 1024 * 1024
"""Bytes that the files of an archive may have together."""

_HASHES: Final[Mapping[str, Callable[[], Any]]] = {
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA384": hashlib.sha384,
    "SHA512": hashlib.sha512,
    "SHA3256": hashlib.sha3_256,
}
"""AVS HashSumAlgorithmType without its hyphens, as senders write it both ways."""

_NOT_MESSAGES: Final = ("ack_", "batchcomplete_", "manifest")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with what came beside it. `name`: of its file in the archive, empty for a message by itself."""

    name: str
    message: Message
    archive: zipfile.ZipFile | None = None
    entries: Mapping[str, zipfile.ZipInfo] = field(default_factory=dict)

    def entry(self, file: File | None) -> str | None:
        """Where a file is in the archive: beside the message, where its URI points; None where it did not come."""
        if file is None or self.archive is None:
            return None
        beside = posixpath.dirname(self.name)
        name = file.uri.removeprefix("file://").lstrip("/")
        for place in (name, f"resources/{name}", posixpath.basename(name), f"resources/{posixpath.basename(name)}"):
            path = posixpath.normpath(posixpath.join(beside, place))
            if path in self.entries:
                return path
        return None

    @property
    def digest(self) -> str:
        """SHA-256 of what the message says and of the files that came beside it: recordings may come after their message."""
        said = hashlib.sha256(self.message.digest.encode())
        for reference, resource in sorted(self.message.resources.items()):
            if (entry := self.entry(resource.file)) is not None:
                found = self.entries[entry]
                said.update(f"{reference} {found.CRC} {found.file_size}".encode())
        return said.hexdigest()

    def is_whole(self, file: File, entry: str) -> bool:
        """Has the file the HashSum that the message gives? Without one, or with one of an unknown kind, it is taken as it is."""
        assert self.archive is not None
        with self.archive.open(self.entries[entry]) as content:
            return matches(file, content)


def matches(file: File, content: IO[bytes]) -> bool:
    """Is this the content that a message means? Reads it to its end, and so checks the archive's own sum too."""
    kind = _HASHES.get(file.algorithm.upper().replace("-", "").replace("_", ""))
    found = kind() if kind else None
    try:
        while chunk := content.read(1 << 20):
            if found is not None:
                found.update(chunk)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        return False
    return found is None or found.hexdigest().casefold() == file.value.casefold().replace(" ", "")


def deliveries(file: BinaryIO) -> Iterator[Delivery]:
    """Each message, in the order of the archive's names. Raises `FileRefused`, in an archive with the name of what is wrong."""
    if not zips.is_zip(file):
        yield Delivery("", messages.read(Counted(file, messages.MAX_MESSAGE)))
        return
    archive = zips.opened(file, MAX_INSIDE)
    entries = entries_of(archive)
    found = False
    for name in sorted(entries):
        if not _may_be_message(name):
            continue
        try:
            with archive.open(entries[name]) as content:
                message = messages.read(Counted(content, messages.MAX_MESSAGE))  # type: ignore[arg-type]
        except FileRefused as refused:
            problem = refused.problem
            raise FileRefused(Problem(problem.code, problem.line, name[:200], problem.params)) from None
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError):
            raise FileRefused(Problem("ZIP_BROKEN", field=name[:200])) from None
        found = True
        yield Delivery(name, message, archive, entries)
    if not found:
        raise FileRefused(Problem("ERN_NO_MESSAGE"))


def entries_of(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """The files of an archive by their paths in it, whichever way its maker wrote them."""
    files = (entry for entry in archive.infolist() if not entry.is_dir())
    return {posixpath.normpath(entry.filename.replace("\\", "/")): entry for entry in files}


def _may_be_message(name: str) -> bool:
    """XML that is not in a folder of resources, nor an answer or a closing note of the choreography."""
    base = posixpath.basename(name).casefold()
    folder = posixpath.basename(posixpath.dirname(name)).casefold()
    own = folder != "resources" and "__macosx" not in name.casefold() and not base.startswith(_NOT_MESSAGES)
    return own and base.endswith(".xml")
