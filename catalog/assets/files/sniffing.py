"""Which kind of file it is. What it is named and what its sender calls it is compared afterwards, never believed."""

from __future__ import annotations

from pathlib import Path

import puremagic
from PIL import Image

from catalog.assets.files import archives, comics, epub, media, papers, pictures
from catalog.assets.files.findings import Facts, Refused

SUFFIXES = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "TIFF": (".tif", ".tiff"),
    "AVIF": (".avif",),
    "PDF": (".pdf",),
    "EPUB": (".epub",),
    "CBZ": (".cbz", ".zip"),
    "MP3": (".mp3",),
    "FLAC": (".flac",),
    "WAV": (".wav", ".wave"),
    "OGG": (".ogg", ".oga", ".opus"),
    "M4A": (".m4a", ".mp4", ".m4b"),
    "MP4": (".mp4", ".m4v", ".mov"),
    "WEBM": (".webm",),
}
"""How files of each kind are named."""
HEAD = 64
UNKNOWN = "?"


def examine(path: Path, named: str) -> tuple[Facts, Image.Image | None]:
    """What the file is, and a picture that stands for it. Refused."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    suffix = Path(named.lower()).suffix
    if head.startswith(b"%PDF-"):
        return papers.examine(path)
    if head.startswith(b"PK\x03\x04"):
        return _zip(path, suffix)
    if sound := _sound(head):
        return media.sound(path, sound), None
    if head[4:8] == b"ftyp" and head[8:12] not in (b"avif", b"avis"):
        return media.mp4(path), None
    if head.startswith(b"\x1aE\xdf\xa3"):
        return media.webm(path), None
    if _picture(head):
        return pictures.examine(path)
    raise Refused("NO_SAMPLE", found=_called(head, named))


def _picture(head: bytes) -> bool:
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or head[4:12] in (b"ftypavif", b"ftypavis")
    )


def _sound(head: bytes) -> str | None:
    if head.startswith(b"fLaC"):
        return "FLAC"
    if head.startswith(b"OggS"):
        return "OGG"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "WAV"
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 == 0xE2):
        return "MP3"
    return None


def _zip(path: Path, suffix: str) -> tuple[Facts, Image.Image | None]:
    """An archive is what it holds. One that calls itself an EPUB is judged as one."""
    if epub.says_so(path) or suffix == ".epub":
        return epub.examine(path)
    with archives.opened(path, "ZIP") as archive:
        if epub.CONTAINER in archive.namelist():
            raise Refused("POSES_AS_EPUB", part="mimetype")
        comic = suffix == ".cbz" or comics.looks_like(archive)
    if not comic:
        raise Refused("NO_SAMPLE", found="ZIP")
    return comics.examine(path)


def _called(head: bytes, named: str) -> str:
    """What puremagic takes it for, for the sentence that refuses it."""
    try:
        return str(puremagic.from_string(head, filename=None)).lstrip(".").upper() or UNKNOWN
    except (puremagic.PureError, ValueError):
        return Path(named).suffix.lstrip(".").upper()[:10] or UNKNOWN


def misnamed(facts: Facts, named: str) -> bool:
    """Whether the file is named as something else than it is."""
    suffix = Path(named.lower()).suffix
    return bool(suffix) and suffix not in SUFFIXES[facts.format]
