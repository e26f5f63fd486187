"""EPUB (OCF 3.3 §4): `mimetype` first and unpacked, a container that names a package, a package whose spine is there."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from urllib.parse import unquote

from lxml import etree
from PIL import Image

from catalog.assets.files import archives, pictures
from catalog.assets.files.findings import Facts, Refused, broken

MEDIA_TYPE = "application/epub+zip"
CONTAINER = "META-INF/container.xml"
LONGEST_XML = 8 * 1024 * 1024
LONGEST_PICTURE = 40 * 1024 * 1024
NS = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
    "d": "http://purl.org/dc/elements/1.1/",
    "e": "http://www.w3.org/2001/04/xmlenc#",
}
OBFUSCATED_FONTS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}


def says_so(path: Path) -> bool:
    """Whether the first entry is `mimetype`, stored, without extra field, holding the media type to the letter."""
    with path.open("rb") as file:
        head = file.read(58)
    return head[8:10] == b"\0\0" and head[28:30] == b"\0\0" and head[30:58] == b"mimetype" + MEDIA_TYPE.encode()


def examine(path: Path) -> tuple[Facts, Image.Image | None]:
    if not says_so(path):
        raise Refused("POSES_AS_EPUB", part="mimetype")
    with archives.opened(path, "EPUB") as archive:
        _refuse_locked(archive)
        place, package = opf(archive)
        items = {item.get("id"): item for item in package.iterfind("o:manifest/o:item", NS)}
        spine = [items.get(ref.get("idref")) for ref in package.iterfind("o:spine/o:itemref", NS)]
        names = set(archive.namelist())
        if not spine or any(item is None or resolved(place, item) not in names for item in spine):
            raise Refused("POSES_AS_EPUB", part="spine")
        title = package.findtext("o:metadata/d:title", namespaces=NS)
        facts = Facts("EPUB", MEDIA_TYPE, pages=len(spine), title=" ".join(title.split())[:200] if title else None)
        return facts, _front(archive, place, package, items)


def opf(archive: zipfile.ZipFile) -> tuple[str, etree._Element]:
    """Where the package document is, and its root."""
    place = None
    if CONTAINER in archive.namelist():
        roots = _xml(archive, CONTAINER, CONTAINER).iterfind("c:rootfiles/c:rootfile", NS)
        place = next((root.get("full-path") for root in roots), None)
    if place is None:
        raise Refused("POSES_AS_EPUB", part=CONTAINER)
    if place not in archive.namelist():
        raise Refused("POSES_AS_EPUB", part=place[:80])
    root = _xml(archive, place, place[:80])
    if root.tag != f"{{{NS['o']}}}package":
        raise Refused("POSES_AS_EPUB", part=place[:80])
    return place, root


def _xml(archive: zipfile.ZipFile, name: str, said: str) -> etree._Element:
    content = archives.read(archive, name, "EPUB", LONGEST_XML)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("POSES_AS_EPUB", part=said) from error


def _refuse_locked(archive: zipfile.ZipFile) -> None:
    """Fonts may be obfuscated; anything else that is encrypted cannot be read by whom it is shown to."""
    names = archive.namelist()
    if "META-INF/encryption.xml" in names:
        root = _xml(archive, "META-INF/encryption.xml", "META-INF/encryption.xml")
        methods = {method.get("Algorithm") for method in root.iter(f"{{{NS['e']}}}EncryptionMethod")}
        if not methods <= OBFUSCATED_FONTS:
            raise Refused("LOCKED", format="EPUB")
    if "META-INF/license.lcpl" in names:
        raise Refused("LOCKED", format="EPUB")


def resolved(place: str, item: etree._Element) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(item.get("href") or "")))


def _front(
    archive: zipfile.ZipFile, place: str, package: etree._Element, items: dict[str | None, etree._Element]
) -> Image.Image | None:
    """The cover: EPUB 3's `cover-image`, else EPUB 2's meta. A cover that cannot be drawn is none."""
    found = next((item for item in items.values() if "cover-image" in (item.get("properties") or "").split()), None)
    if found is None:
        named = package.find("o:metadata/o:meta[@name='cover']", NS)
        found = items.get(named.get("content")) if named is not None else None
    if found is None or resolved(place, found) not in archive.namelist():
        return None
    content = archives.read(archive, resolved(place, found), "EPUB", LONGEST_PICTURE)
    try:
        return pictures.upright(pictures.measured(content))
    except Refused as refused:
        if refused.code == "PICTURE_TOO_LARGE":
            raise
        return None


def tag(source: Path, out: Path, code: str) -> None:
    """A copy whose package document carries the trace code; everything else as it was, `mimetype` first."""
    with archives.opened(source, "EPUB") as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as marked:
        place, package = opf(archive)
        metadata = package.find("o:metadata", NS)
        if metadata is None:
            raise broken("EPUB")
        meta = etree.SubElement(metadata, f"{{{NS['o']}}}meta")
        meta.set("name", "banmao:trace")
        meta.set("content", code)
        for entry in archive.infolist():
            content = archives.read(archive, entry.filename, "EPUB", archives.MOST_UNFOLDED)
            if entry.filename == place:
                content = etree.tostring(package, xml_declaration=True, encoding="utf-8")
            marked.writestr(entry.filename, content, compress_type=entry.compress_type)
