"""Files of every kind that a sample may be, and their hostile siblings, made byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import pypdf
import soundfile
from PIL import Image
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

CONTAINER = b"""<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
OPF = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier><dc:title>山海经</dc:title>
<dc:language>zh</dc:language></metadata><manifest><item id="c" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
<item id="t" href="text.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="t"/></spine></package>"""
XHTML = b"<html xmlns='http://www.w3.org/1999/xhtml'><head><title>t</title></head><body><p>p</p></body></html>"
MIMETYPE = b"application/epub+zip"


def picture(width: int = 60, height: int = 80, form: str = "JPEG", colour: str = "#bd2f1b") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form)
    return out.getvalue()


def wide_png(width: int, height: int) -> bytes:
    """A PNG whose head claims a size; what follows it is never to be read."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def archive(entries: Sequence[tuple[str, bytes]], *, stored: Sequence[str] = (), comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.comment = comment
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            made.writestr(info, content)
    return out.getvalue()


def epub(changed: Mapping[str, bytes | None] | None = None, *, stored: bool = True) -> bytes:
    """A small EPUB 3; `changed` replaces or (None) leaves out its parts, and adds others."""
    parts: dict[str, bytes | None] = {
        "mimetype": MIMETYPE,
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": OPF.encode(),
        "OPS/text.xhtml": XHTML,
        "OPS/cover.jpg": picture(),
    }
    kept = [(name, content) for name, content in (parts | dict(changed or {})).items() if content is not None]
    return archive(kept, stored=["mimetype"] if stored else [])


def comic(pages: int = 3, *besides: tuple[str, bytes]) -> bytes:
    colours = ("#bd2f1b", "#2b6777", "#d6a419")
    drawn = [picture(300, 420, colour=colour) for colour in colours]
    names = [(f"page {number}.jpg", drawn[number % 3]) for number in range(1, pages + 1)]
    return archive([*names, *besides])


def paper(
    pages: int = 2,
    *,
    size: tuple[float, float] = (300, 420),
    rotated: int = 0,
    text: str = "Sample page",
    ballast: int = 0,
) -> bytes:
    """A PDF whose pages each say `text` and their number; `ballast` bytes more that nobody reads."""
    writer = pypdf.PdfWriter()
    for number in range(1, pages + 1):
        page = writer.add_blank_page(*size)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F"): font})}
        )
        content = DecodedStreamObject()
        content.set_data(f"BT /F 12 Tf 40 200 Td ({text} {number}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        if rotated:
            page.rotate(rotated)
    if ballast:
        unread = DecodedStreamObject()
        unread.set_data(bytes(ballast))
        writer.pages[0][NameObject("/Ballast")] = writer._add_object(unread)
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _changed_paper() -> pypdf.PdfWriter:
    return pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(paper(1))))


def locked_paper() -> bytes:
    writer = _changed_paper()
    writer.encrypt("secret")
    return _written(writer)


def scripted_paper() -> bytes:
    writer = _changed_paper()
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): writer._add_object(script)})
    return _written(writer)


def launching_paper() -> bytes:
    """Starts a program when its page is opened; the action hangs on the page, in an object of its own."""
    writer = _changed_paper()
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("/bin/sh")})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
    return _written(writer)


def attaching_paper() -> bytes:
    writer = _changed_paper()
    writer.add_attachment("evil.exe", b"MZ")
    return _written(writer)


def paper_of_one_huge_picture() -> bytes:
    """A picture of a thousand megapixels, in a few bytes."""
    writer = _changed_paper()
    image = DecodedStreamObject()
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(32_000),
            NameObject("/Height"): NumberObject(32_000),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )
    image.set_data(b"\0")
    name = NameObject("/XObject")
    writer.pages[0]["/Resources"][name] = DictionaryObject({NameObject("/I"): writer._add_object(image)})  # type: ignore[index]
    return _written(writer)


def paper_in_a_bomb() -> bytes:
    """Its objects lie in an object stream that unfolds to 120 MB."""
    body = b"1 0 " + b"<< /Type /Catalog /Pages 2 0 R >> "
    packed = zlib.compress(body + b" " * 120_000_000, 1)
    head = b"%PDF-1.7\n"
    stream = (
        b"3 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >> stream\n" % len(packed)
        + packed
        + b"\nendstream endobj\n"
    )
    at = len(head) + len(stream)
    table = b"".join(
        struct.pack(">BIB", *row) for row in ((0, 0, 0), (2, 3, 0), (0, 0, 0), (1, len(head), 0), (1, at, 0))
    )
    cross = (
        b"4 0 obj << /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length %d >> stream\n" % len(table)
        + table
        + b"\nendstream endobj\n"
    )
    return head + stream + cross + b"startxref\n%d\n%%%%EOF" % at


def deep_paper() -> bytes:
    """A page tree that is its own grandchild."""
    writer = _changed_paper()
    pages = writer.root_object["/Pages"]
    pages[NameObject("/Kids")] = ArrayObject([writer.root_object.raw_get("/Pages")])  # type: ignore[index]
    return _written(writer)


def mp3(seconds: float = 1.0) -> bytes:
    """MPEG-1 layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes that hold silence."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * max(4, round(seconds * 44_100 / 1152))


def sound(form: str = "FLAC", seconds: float = 1.0, rate: int = 8_000) -> bytes:
    out = io.BytesIO()
    wave = np.sin(np.arange(round(seconds * rate)) / 9) / 4
    soundfile.write(out, wave, rate, format=form)
    return out.getvalue()


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside)) + kind + inside


def mp4(seconds: int = 2, handler: bytes = b"vide", *, reference: bytes = b"\0\0\0\1", brand: bytes = b"isom") -> bytes:
    """The boxes of a film with one track and no frames worth the name."""
    movie = box(b"mvhd", bytes(12), struct.pack(">II", 1000, seconds * 1000), bytes(80))
    track = box(
        b"trak",
        box(b"tkhd", bytes(76), struct.pack(">II", 320 << 16, 180 << 16)),
        box(
            b"mdia",
            box(b"mdhd", bytes(12), struct.pack(">II", 1000, seconds * 1000), bytes(4)),
            box(b"hdlr", bytes(8), handler, bytes(13)),
            box(b"minf", box(b"dinf", box(b"dref", bytes(4), struct.pack(">I", 1), box(b"url ", reference)))),
        ),
    )
    return box(b"ftyp", brand, bytes(4), brand) + box(b"moov", movie, track) + box(b"mdat", bytes(64))


def element(identifier: int, *content: bytes) -> bytes:
    inside = b"".join(content)
    raw = identifier.to_bytes((identifier.bit_length() + 7) // 8, "big")
    return raw + struct.pack(">Q", len(inside) | 1 << 56) + inside


def webm(seconds: float = 2.0, codec: bytes = b"V_VP9", doc_type: bytes = b"webm") -> bytes:
    video = element(0xE0, element(0xB0, b"\x01\x40"), element(0xBA, b"\xb4"))
    return element(0x1A45DFA3, element(0x4282, doc_type)) + element(
        0x18538067,
        element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40"), element(0x4489, struct.pack(">d", seconds * 1000))),
        element(0x1654AE6B, element(0xAE, element(0x86, codec), video)),
        element(0x1F43B675, b"\xe7\x81\x00"),
    )


def zip_bomb(name: str = "page.jpg", size: int = 60_000_000) -> bytes:
    return archive([(name, bytes(size))])


def overlapping() -> bytes:
    """Two entries of the directory that share one entry's bytes."""
    content = archive([("1.jpg", picture()), ("2.jpg", picture())])
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x01\x02"))
    second = content.index(b"PK\x01\x02", directory + 4)
    return content[: second + 42] + struct.pack("<I", 0) + content[second + 46 :]


def locked_archive() -> bytes:
    """Every entry says that it is encrypted."""
    content = bytearray(comic(2))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)
