"""XML from strangers, element by element: nothing outside is opened, entities are refused, memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree

from hub.i18n import Message, _
from translation.protect import Kind, Span, spans_of

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
LARGEST_HEAD: Final = 256 * 1024
INLINE: Final = (Kind.PLACEHOLDER, Kind.TAG)
SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class FileRefused(Exception):
    """The file as a whole cannot be read; nothing of it is taken."""

    def __init__(self, message: Message, line: int | None = None) -> None:
        self.message = message
        self.line = line
        super().__init__()


def root_of(path: Path) -> etree._Element:
    """The root of a document as it opens. FileRefused for what is no XML, or declares entities."""
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    with path.open("rb") as file:
        head = file.read(LARGEST_HEAD)
    try:
        parser.feed(head)
        _event, root = next(iter(parser.read_events()), (None, None))
    except etree.XMLSyntaxError as error:
        raise _broken(error) from None
    if not isinstance(root, etree._Element):
        raise FileRefused(_("This is no XML. Send a TMX or XLIFF file."))
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(declared.iterentities()):
        raise FileRefused(_("This file declares entities, which the hub does not read. Save it without them."))
    return root


def each(path: Path, *names: str) -> Iterator[etree._Element]:
    """Every element of one of these local names, whole; forgotten when the next is asked for. FileRefused where it breaks."""
    with path.open("rb") as file:
        try:
            for _event, element in etree.iterparse(
                file, events=("end",), tag=[f"{{*}}{name}" for name in names], **SAFE
            ):
                yield element
                element.clear()
                while (before := element.getprevious()) is not None and (parent := before.getparent()) is not None:
                    parent.remove(before)
        except etree.XMLSyntaxError as error:
            raise _broken(error) from None


def _broken(error: etree.XMLSyntaxError) -> FileRefused:
    return FileRefused(_("This is no well-formed XML: line %(line)s.", line=error.lineno or 1), error.lineno)


def line_of(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def pieces(words: str) -> Iterator[str | Span]:
    """Words cut at the placeholders and tags that go into files as inline elements."""
    at = 0
    for span in spans_of(words, kinds=INLINE):
        if span.start > at:
            yield words[at : span.start]
        yield span
        at = span.end
    if at < len(words):
        yield words[at:]


def add_text(parent: etree._Element, words: str) -> None:
    """Append words after whatever `parent` holds already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + words
    else:
        parent.text = (parent.text or "") + words
