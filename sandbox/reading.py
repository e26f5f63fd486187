"""Parse what a stranger sent: no entities, no network, no document type, bounded in size and depth."""

import xml.parsers.expat
from pathlib import Path

from lxml import etree

from sandbox.refusals import Refusal

ERN_432 = "http://ddex.net/xml/ern/432"
NEW_RELEASE = f"{{{ERN_432}}}NewReleaseMessage"
PURGE_RELEASE = f"{{{ERN_432}}}PurgeReleaseMessage"


class Unreadable(Exception):
    """The XML cannot be read. ``hopeless``: waiting for the rest of the upload would not help."""

    def __init__(self, refusal: Refusal, *, hopeless: bool) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal
        self.hopeless = hopeless


class _Doctype(Exception):
    pass


class _Root(Exception):
    pass


def read_xml(path: Path, name: str, limit: int) -> etree._ElementTree:
    """Parse one file of at most ``limit`` bytes; ``name`` is what its refusals call it.

    Raises `Unreadable` for what is missing, too large, cut short, malformed or armed with a document type declaration.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise Unreadable(Refusal("XML_MISSING", name, f"{name} is not there."), hopeless=False) from None
    if size > limit:
        sentence = f"{name} has {size} bytes; at most {limit} are read."
        raise Unreadable(Refusal("XML_TOO_LARGE", name, sentence), hopeless=True)
    data = path.read_bytes()
    if _declares_doctype(data):
        sentence = "A message must not declare a document type: no entities, no external files."
        raise Unreadable(Refusal("XML_HOSTILE", name, sentence), hopeless=True)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(_syntax_refusal(name, data, error), hopeless=False) from None
    return root.getroottree()


def read_message(path: Path, name: str, limit: int) -> etree._ElementTree:
    """`read_xml`, and it must be an ERN 4.3.2 message; any other root element is `Unreadable` with code NAMESPACE."""
    tree = read_xml(path, name, limit)
    tag = tree.getroot().tag
    if tag not in (NEW_RELEASE, PURGE_RELEASE):
        sentence = f"This platform reads NewReleaseMessage and PurgeReleaseMessage of {ERN_432}; this is {tag}."
        raise Unreadable(Refusal("NAMESPACE", f"/{etree.QName(tag).localname}", sentence), hopeless=True)
    return tree


def _declares_doctype(data: bytes) -> bool:
    def on_doctype(*_: object) -> None:
        raise _Doctype

    def on_element(*_: object) -> None:
        raise _Root

    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_element
    try:
        parser.Parse(data, False)
    except _Doctype:
        return True
    except (_Root, xml.parsers.expat.ExpatError):
        return False
    return False


def _syntax_refusal(name: str, data: bytes, error: etree.XMLSyntaxError) -> Refusal:
    line = error.lineno or 0
    at_the_end = not data.strip() or line >= data.count(b"\n") + 1
    if at_the_end:
        return Refusal("XML_INCOMPLETE", name, f"{name} breaks off at line {line}: it did not arrive whole.")
    return Refusal("XML_MALFORMED", name, f"{name} is not well-formed: {error.msg}.")
