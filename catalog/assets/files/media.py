"""Sound and film: the container walked by its own rules, the length read, nothing decoded."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import mutagen
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TXXX, ID3NoHeaderError
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from catalog.assets.files.findings import Facts, Refused, broken

LONGEST_MINUTES = 60
MEDIA_TYPES = {
    "MP3": "audio/mpeg",
    "FLAC": "audio/flac",
    "WAV": "audio/wav",
    "OGG": "audio/ogg",
    "M4A": "audio/mp4",
    "MP4": "video/mp4",
    "WEBM": "video/webm",
}
TRACE = "banmao_trace"
MOST_BOXES = 100_000


def sound(path: Path, form: str) -> Facts:
    """MP3, FLAC, WAV or Ogg (Vorbis, Opus)."""
    try:
        if form == "MP3":
            found: Any = MP3(path)
            if found.info.sketchy:
                raise broken(form)
        elif form == "FLAC":
            found = FLAC(path)
        elif form == "WAV":
            _walk_riff(path)
            found = WAVE(path)
        else:
            found = _ogg(path)
    except (mutagen.MutagenError, EOFError, ValueError, KeyError, IndexError, ZeroDivisionError) as error:
        raise broken(form) from error
    return _timed(form, float(found.info.length))


def _ogg(path: Path) -> Any:
    try:
        return OggVorbis(path)
    except mutagen.MutagenError:
        return OggOpus(path)


def _timed(form: str, seconds: float, width: int | None = None, height: int | None = None) -> Facts:
    if not seconds > 0:
        raise broken(form)
    if seconds > LONGEST_MINUTES * 60:
        raise Refused("TOO_LONG", minutes=str(LONGEST_MINUTES))
    return Facts(form, MEDIA_TYPES[form], duration_ms=round(seconds * 1000), width=width, height=height)


def _walk_riff(path: Path) -> None:
    """RIFF (IBM and Microsoft, 1991): chunks of stated sizes, `fmt ` before `data`, nothing past the end."""
    whole = path.stat().st_size
    with path.open("rb") as file:
        file.seek(12)
        names = []
        while len(head := file.read(8)) == 8:
            names.append(head[:4])
            size = int.from_bytes(head[4:], "little")
            if file.tell() + size > whole or len(names) > MOST_BOXES:
                raise broken("WAV")
            file.seek(size + size % 2, 1)
    if b"fmt " not in names or b"data" not in names or names.index(b"fmt ") > names.index(b"data"):
        raise broken("WAV")


# ------------------------------------------------------------------ MP4 (ISO/IEC 14496-12)


def boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int]]:
    """Boxes from here to `end`: type and end of each, the file standing at its content. §4.2"""
    count = 0
    while file.tell() + 8 <= end:
        count += 1
        start = file.tell()
        size, kind = int.from_bytes(file.read(4), "big"), file.read(4)
        if size == 1:
            size = int.from_bytes(file.read(8), "big")
        elif size == 0:
            size = end - start
        if size < file.tell() - start or start + size > end or count > MOST_BOXES:
            raise broken("MP4")
        yield kind, start + size
        file.seek(start + size)


def mp4(path: Path) -> Facts:
    whole = path.stat().st_size
    kinds: list[bytes] = []
    seconds, handlers, size = 0.0, set(), (0, 0)
    with path.open("rb") as file:
        for kind, end in boxes(file, whole):
            kinds.append(kind)
            if kind == b"moov":
                for inner, stop in boxes(file, end):
                    if inner == b"mvhd":
                        seconds = _movie_length(file.read(min(stop - file.tell(), 40)))
                    elif inner == b"trak":
                        handler, track = _track(file, stop)
                        handlers.add(handler)
                        size = max(size, track)
    if kinds[:1] != [b"ftyp"] or b"moov" not in kinds or not {b"mdat", b"moof"} & set(kinds):
        raise broken("MP4")
    if b"vide" in handlers:
        return _timed("MP4", seconds, *size)
    if b"soun" in handlers:
        return _timed("M4A", seconds)
    raise broken("MP4")


def _movie_length(head: bytes) -> float:
    """§8.2.2: version 1 has 64-bit times."""
    long = head[:1] == b"\1"
    scale = int.from_bytes(head[20:24] if long else head[12:16], "big")
    units = int.from_bytes(head[24:32] if long else head[16:20], "big")
    return units / scale if scale else 0.0


def _track(file: BinaryIO, end: int) -> tuple[bytes, tuple[int, int]]:
    """The handler (`vide`, `soun`) and the size in pixels. BROKEN when its samples are in another file (§8.7.2)."""
    handler, size = b"", (0, 0)
    for kind, stop in boxes(file, end):
        if kind == b"tkhd":
            content = file.read(min(stop - file.tell(), 120))
            size = (int.from_bytes(content[-8:-6], "big"), int.from_bytes(content[-4:-2], "big"))
        elif kind == b"mdia":
            for inner, last in boxes(file, stop):
                if inner == b"hdlr":
                    handler = file.read(min(last - file.tell(), 12))[8:12]
                elif inner == b"minf":
                    _refuse_elsewhere(file, last)
    return handler, size


def _refuse_elsewhere(file: BinaryIO, end: int) -> None:
    for kind, stop in boxes(file, end):
        if kind == b"dinf":
            for inner, last in boxes(file, stop):
                if inner == b"dref":
                    file.read(8)
                    for _reference, _end in boxes(file, last):
                        if not file.read(4).endswith(b"\1"):
                            raise Refused("LEADS_OUTSIDE", name="dref")


# ------------------------------------------------------------------ WebM (RFC 9559, RFC 8794)

EBML, SEGMENT, INFO, TRACKS, ENTRY = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE
DOC_TYPE, SCALE, DURATION, CODEC, VIDEO, WIDE, HIGH = 0x4282, 0x2AD7B1, 0x4489, 0x86, 0xE0, 0xB0, 0xBA
CLUSTER, ATTACHMENTS = 0x1F43B675, 0x1941A469
CODECS = {b"V_VP8", b"V_VP9", b"V_AV1", b"A_VORBIS", b"A_OPUS"}
LONGEST_VALUE = 4096


def webm(path: Path) -> Facts:
    whole = path.stat().st_size
    scale, units, codecs, size, clusters = 1_000_000, 0.0, set(), (0, 0), 0
    with path.open("rb") as file:
        head = {kind: file.read(min(end - file.tell(), LONGEST_VALUE)) for kind, end in _first(file, EBML, whole)}
        if head.get(DOC_TYPE, b"").rstrip(b"\0") != b"webm":
            raise broken("WEBM")
        for kind, end in _first(file, SEGMENT, whole):
            if kind == INFO:
                values = {inner: file.read(min(stop - file.tell(), 8)) for inner, stop in elements(file, end)}
                scale = int.from_bytes(values.get(SCALE, b"\x0f\x42\x40"), "big")
                units = _float(values.get(DURATION, b""))
            elif kind == TRACKS:
                for _entry, stop in elements(file, end):
                    codec, track = _entry_of(file, stop)
                    codecs.add(codec)
                    size = max(size, track)
            elif kind == CLUSTER:
                clusters += 1
            elif kind == ATTACHMENTS:
                raise Refused("ACTIVE")
    if not clusters or not codecs or not codecs <= CODECS:
        raise broken("WEBM")
    return _timed("WEBM", units * scale / 1e9, *size)


def _first(file: BinaryIO, wanted: int, end: int) -> Iterator[tuple[int, int]]:
    """The elements inside the next element, which must be `wanted`."""
    kind, size = _number(file, keep=True), _number(file)
    if kind != wanted:
        raise broken("WEBM")
    yield from elements(file, end if size is None else min(end, file.tell() + size))


def elements(file: BinaryIO, end: int) -> Iterator[tuple[int, int]]:
    """Elements from here to `end`: identifier and end of each, the file standing at its content."""
    count = 0
    while file.tell() < end:
        count += 1
        kind, size = _number(file, keep=True), _number(file)
        stop = end if size is None else file.tell() + size
        if kind is None or stop > end or count > MOST_BOXES:
            raise broken("WEBM")
        yield kind, stop
        file.seek(stop)


def _number(file: BinaryIO, *, keep: bool = False) -> int | None:
    """A variable-size integer (RFC 8794 §4); identifiers keep their marker. None: the size is not known."""
    first = file.read(1)
    if not first or first == b"\0":
        raise broken("WEBM")
    length = 9 - first[0].bit_length()
    raw = first + file.read(length - 1)
    if len(raw) < length:
        raise broken("WEBM")
    value = int.from_bytes(raw, "big")
    if keep:
        return value
    value &= (1 << 7 * length) - 1
    return None if value == (1 << 7 * length) - 1 else value


def _entry_of(file: BinaryIO, end: int) -> tuple[bytes, tuple[int, int]]:
    codec, size = b"", {}
    for kind, stop in elements(file, end):
        if kind == CODEC:
            codec = file.read(min(stop - file.tell(), LONGEST_VALUE)).rstrip(b"\0")
        elif kind == VIDEO:
            size = {
                inner: int.from_bytes(file.read(min(last - file.tell(), 8)), "big")
                for inner, last in elements(file, stop)
            }
    return codec, (size.get(WIDE, 0), size.get(HIGH, 0))


def _float(raw: bytes) -> float:
    return float(struct.unpack(">f" if len(raw) == 4 else ">d", raw)[0]) if len(raw) in (4, 8) else 0.0


# ------------------------------------------------------------------ the trace


def tag(source: Path, out: Path, form: str, code: str) -> None:
    """A copy that carries the trace code among its tags."""
    shutil.copyfile(source, out)
    if form == "MP3":
        try:
            tags = ID3(out)
        except ID3NoHeaderError:
            tags = ID3()
        tags.add(TXXX(encoding=3, desc=TRACE, text=[code]))
        tags.save(out)
        return
    found: Any = {"FLAC": FLAC, "WAV": WAVE, "M4A": MP4, "MP4": MP4, "OGG": _ogg}[form](out)
    if found.tags is None:
        found.add_tags()
    if form == "WAV":
        found.tags.add(TXXX(encoding=3, desc=TRACE, text=[code]))
    elif form in ("M4A", "MP4"):
        found.tags["\xa9cmt"] = [f"banmao:{code}"]
    else:
        found.tags[TRACE] = [code]
    found.save()
