"""XML from strangers, element by element: nothing outside the file is opened, entities are refused, and memory stays flat."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final

from lxml import etree

from catalog.formats.problems import FileRefused, Problem

_ENCODING_ERRORS: Final = {
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    etree.ErrorTypes.ERR_INVALID_CHAR,
}
_ENTITY_ERRORS: Final = {
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY,
    etree.ErrorTypes.ERR_ENTITY_LOOP,
    etree.ErrorTypes.ERR_ENTITY_PROCESSING,
    etree.ErrorTypes.WAR_UNDECLARED_ENTITY,
}
SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
}


class Counted:
    """A binary file that may give no more than `limit` bytes between two calls of `restart`."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self.file = file
        self.limit = limit
        self.held = 0

    def read(self, size: int = 65_536) -> bytes:
        data = self.file.read(min(size, 65_536) if size > 0 else 65_536)
        self.held += len(data)
        if self.held > self.limit:
            raise FileRefused(_too_large(self.limit))
        return data

    def restart(self) -> None:
        """An element has been dealt with: the next one counts from nothing."""
        self.held = 0


def elements(file: Counted, names: Collection[str]) -> Iterator[etree._Element]:
    """The root as it opens, then each child of it with one of these local names as it closes. Raises `FileRefused`.

    The root comes from a look at the head of the file, so that the parser itself stops at nothing but the elements that are
    wanted: half of the time of reading would go into handing out all the others.
    """
    head, root = _head(file)
    if root is not None:
        _refuse_entities(root)
        yield root
    events = etree.iterparse(
        _Rewound(head, file), events=("end",), tag=[f"{{*}}{name}" for name in names], remove_pis=True, **SAFE
    )
    try:
        for _event, element in events:
            above = element.getparent()
            if above is not None and above.getparent() is None:
                yield element
    except etree.XMLSyntaxError as error:
        raise FileRefused(_syntax_problem(error, events, file.limit)) from None


class _Rewound:
    """A file whose head has been looked at."""

    def __init__(self, head: bytes, file: Counted) -> None:
        self.head = head
        self.file = file

    def read(self, size: int = -1) -> bytes:
        head, self.head = self.head, b""
        return head or self.file.read(size)


def _head(file: Counted) -> tuple[bytes, etree._Element | None]:
    """As much of the file as shows its root, and the root; None where the file breaks before it."""
    parser = etree.XMLPullParser(events=("start",), remove_pis=True, **SAFE)
    head = b""
    while data := file.read():
        head += data
        with suppress(etree.XMLSyntaxError):
            parser.feed(data)
        for _event, element in parser.read_events():
            assert isinstance(element, etree._Element)
            return head, element
    return head, None


def forget(element: etree._Element) -> None:
    """Free what has been read, with everything before it."""
    element.clear()
    while (before := element.getprevious()) is not None and (parent := before.getparent()) is not None:
        parent.remove(before)


def _too_large(limit: int, line: int | None = None) -> Problem:
    return Problem("XML_TOO_LARGE", line, params={"limit": str(limit // 1024 // 1024)})


def _syntax_problem(error: etree.XMLSyntaxError, events: etree.iterparse[object], limit: int) -> Problem:
    first = next(iter(events.error_log), None)
    kinds = {first.type} if first is not None else set()
    line = first.line if first is not None else error.lineno
    if kinds & _ENTITY_ERRORS:
        return Problem("XML_ENTITIES", line)
    if kinds & _ENCODING_ERRORS:
        return Problem("XML_ENCODING", line)
    if etree.ErrorTypes.ERR_RESOURCE_LIMIT in kinds:
        return _too_large(limit, line)
    detail = first.message if first is not None else error.msg or "–"
    return Problem("XML_MALFORMED", line or 1, params={"detail": detail[:200]})


def _refuse_entities(root: etree._Element) -> None:
    """A document type may name a DTD, which is not opened; it may not declare entities."""
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise FileRefused(Problem("XML_ENTITIES", 1))
