"""ONIX for Books 3.0 and 3.1, reference and short tags, read as a stream.

Memory stays flat: one Product is held at a time. Nothing outside the file is ever opened, entities are refused, and
a single Product may not be larger than `MAX_PRODUCT` bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, Final

from lxml import etree

from catalog import languages
from catalog.formats.onix import nodes
from catalog.formats.onix import product as products
from catalog.formats.onix.nodes import Node, Tags
from catalog.formats.onix.tags import line_of, local, reference_names
from catalog.formats.onix.words import one_line
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.record import Original, Record
from catalog.formats.references import id_of_reference
from catalog.formats.xmlstream import SAFE, Counted, elements, forget

MAX_PRODUCT: Final = 8 * 1024 * 1024
_NAMESPACES: Final = {
    "": None,
    "http://ns.editeur.org/onix/3.0/reference": False,
    "http://ns.editeur.org/onix/3.0/short": True,
    "http://ns.editeur.org/onix/3.1/reference": False,
    "http://ns.editeur.org/onix/3.1/short": True,
}
_HEADERS: Final = frozenset({"Header", "header"})
_WANTED: Final = _HEADERS | {"Product", "product"}
DEFAULTS: Final = frozenset({"DefaultLanguageOfText", "DefaultPriceType", "DefaultCurrencyCode"})


def records(file: BinaryIO, received: date) -> Iterator[Record]:
    """Each Product of the message in order. Raises `FileRefused` where the file cannot be read on.

    A RecordReference that comes a second time makes its record unusable: which of the two is right is for the sender to say.
    """
    counted = Counted(file, MAX_PRODUCT)
    seen: set[str] = set()
    message: Message | None = None
    for element in elements(counted, _WANTED):
        if message is None:
            message = _message(element)
            continue
        if local(element) in _HEADERS:
            message.defaults = _defaults(element)
        else:
            record = read_product(element, message, received)
            if record.reference in seen:
                twice = {"reference": record.reference}
                record.problems.append(Problem("ONIX_REFERENCE_TWICE", record.line, "RecordReference", twice, True))
            seen.add(record.reference)
            yield record
            counted.restart()
        forget(element)


def count(file: BinaryIO) -> int:
    """How many Products the message holds. Raises `FileRefused` for what `records` could not read to the end."""
    products_seen = 0
    counted = Counted(file, MAX_PRODUCT)
    for position, element in enumerate(elements(counted, _WANTED)):
        if position == 0:
            _message(element)
            continue
        if local(element) not in _HEADERS:
            products_seen += 1
            counted.restart()
        forget(element)
    return products_seen


class Message:
    """What the root and the header say of every Product: the dialect, and values of what it does not say itself."""

    def __init__(self, release: str, short: bool) -> None:
        self.release = release
        self.short = short
        self.tags = Tags(short)
        self.defaults: dict[str, str] = {}

    @property
    def dialect(self) -> str:
        """`3.0 short`; with the header's defaults, if there are any: `3.0 reference DefaultLanguageOfText=chi`."""
        said = [f"{name}={value}" for name, value in sorted(self.defaults.items())]
        return " ".join([self.release, "short" if self.short else "reference", *said])

    @classmethod
    def of(cls, dialect: str) -> Message:
        """The message that a dialect tells of."""
        release, style, *said = dialect.split(" ")
        message = cls(release, style == "short")
        message.defaults = dict(one.split("=", 1) for one in said)
        return message


def _message(root: etree._Element) -> Message:
    """Raises `FileRefused` for what is no ONIX 3 message."""
    namespace = etree.QName(root).namespace or ""
    name = local(root)
    release = root.get("release", "")
    if name not in {"ONIXMessage", "ONIXmessage"}:
        raise FileRefused(Problem("ONIX_NOT_ONIX", line_of(root), name[:100]))
    if namespace not in _NAMESPACES or not release.startswith("3."):
        version = release or namespace.rpartition("onix/")[2] or "2.1"
        raise FileRefused(Problem("ONIX_VERSION", line_of(root), "release", {"value": version[:100]}))
    short = name == "ONIXmessage"
    if _NAMESPACES[namespace] not in {None, short}:
        raise FileRefused(Problem("ONIX_MIXED_TAGS", line_of(root), name, {"value": name, "reference": ""}))
    return Message("3.0" if release.startswith("3.0") else "3.1", short)


def _defaults(header: etree._Element) -> dict[str, str]:
    """Header, group H.9: what counts for every Product that says nothing else; removed from ONIX 3.1."""
    names = reference_names()
    found: dict[str, str] = {}
    for child in header:
        if isinstance(child.tag, str):
            name = names.get(local(child), local(child))
            value = one_line(child.text)
            if name in DEFAULTS and re.fullmatch("[A-Za-z0-9]{1,10}", value):
                found[name] = value
    return found


def read_product(element: etree._Element, message: Message, received: date) -> Record:
    """A Product of the message, in whatever dialect."""
    node = Node("Product", element, message.tags)
    record = products.read(node, _language(message.defaults.get("DefaultLanguageOfText")), received)
    record.keyed = id_of_reference(record.reference) is None
    record.original = _original(message.dialect, etree.tostring(element, encoding="UTF-8", with_tail=False))
    for code, (name, line) in nodes.strange(element, message.tags).items():
        place = {"reference": record.reference[:255], "value": name}
        record.problems.append(Problem(code, line, name, place, code != "ONIX_UNKNOWN_TAG"))
    return record


def _original(dialect: str, content: bytes) -> Original:
    """Known again by its very bytes; whether other bytes say the same is seen when they come (`same`)."""
    return Original.of(dialect, content, hashlib.sha256(dialect.encode() + content).hexdigest())


def same(first: Original, second: Original) -> bool:
    """Do two records say the same, each in the dialect of its message?"""
    one, other = Message.of(first.dialect), Message.of(second.dialect)
    if one.defaults != other.defaults:
        return False
    return nodes.said(_kept(first), one.tags) == nodes.said(_kept(second), other.tags)


def _kept(original: Original) -> etree._Element:
    return etree.fromstring(original.content, etree.XMLParser(remove_pis=True, **SAFE))


def _language(code: str | None) -> str | None:
    try:
        return languages.from_iso639_2b(code) if code else None
    except languages.UnknownLanguage:
        return None
