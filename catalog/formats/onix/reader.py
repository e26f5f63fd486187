"""ONIX for Books 3.0 and 3.1, reference and short tags, read as a stream.

Memory stays flat: one Product is held at a time. Nothing outside the file is ever opened, entities are refused, and
a single Product may not be larger than `MAX_PRODUCT` bytes.
"""

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, Final

from lxml import etree

from catalog import languages
from catalog.formats.onix import product as products
from catalog.formats.onix.tags import XHTML, known_references, line_of, local, reference_names
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.record import Record
from catalog.formats.xmlstream import Counted, elements, forget

MAX_PRODUCT: Final = 8 * 1024 * 1024
_NAMESPACES: Final = {
    "": None,
    "http://ns.editeur.org/onix/3.0/reference": False,
    "http://ns.editeur.org/onix/3.0/short": True,
    "http://ns.editeur.org/onix/3.1/reference": False,
    "http://ns.editeur.org/onix/3.1/short": True,
}
_PRODUCTS: Final = frozenset({"Product", "product"})
_WANTED: Final = _PRODUCTS | {"Header", "header"}


def records(file: BinaryIO, received: date) -> Iterator[Record]:
    """Each Product of the message in order. Raises `FileRefused` where the file cannot be read on.

    A RecordReference that comes a second time makes its record unusable: which of the two is right is for the sender to say.
    """
    counted = Counted(file, MAX_PRODUCT)
    seen: set[str] = set()
    default_language: str | None = None
    short: bool | None = None
    for element in elements(counted, _WANTED):
        name = local(element)
        if short is None:
            short = _dialect(element)
            continue
        if name in {"Header", "header"}:
            default_language = _default_language(element)
        else:
            record = _record(element, short, default_language, received)
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
            _dialect(element)
            continue
        if local(element) in _PRODUCTS:
            products_seen += 1
            counted.restart()
        forget(element)
    return products_seen


def _dialect(root: etree._Element) -> bool:
    """Are the message's tags short? Raises `FileRefused` for what is no ONIX 3 message."""
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
    return short


def _default_language(header: etree._Element) -> str | None:
    """Header: DefaultLanguageOfText (m184), removed from ONIX 3.1."""
    for child in header:
        if isinstance(child.tag, str) and local(child) in {"DefaultLanguageOfText", "m184"}:
            try:
                return languages.from_iso639_2b(child.text or "")
            except languages.UnknownLanguage:
                return None
    return None


def _record(element: etree._Element, short: bool, default_language: str | None, received: date) -> Record:
    strange = _to_reference(element, short)
    record = products.read(element, default_language, received)
    record.problems.extend(
        Problem(code, line, name, {"reference": record.reference[:255], "value": name}, code != "ONIX_UNKNOWN_TAG")
        for code, name, line in strange
    )
    return record


def _to_reference(product: etree._Element, short: bool) -> list[tuple[str, str, int | None]]:
    """Rename every tag to its reference name without namespace; tell the first tag of each kind that has no place here."""
    names, references = reference_names(), known_references()
    strange: dict[str, tuple[str, str, int | None]] = {}
    for element in product.iter():
        if not isinstance(element.tag, str):
            strange.setdefault("XML_ENTITIES", ("XML_ENTITIES", str(element.text or "")[:50], line_of(element)))
            continue
        name = local(element)
        if name in XHTML:
            element.tag = name
            continue
        other = name in references and name not in names if short else name in names and name not in references
        if other:
            strange.setdefault("ONIX_MIXED_TAGS", ("ONIX_MIXED_TAGS", name, line_of(element)))
        elif name not in names and name not in references:
            strange.setdefault("ONIX_UNKNOWN_TAG", ("ONIX_UNKNOWN_TAG", name[:100], line_of(element)))
        element.tag = names.get(name, name)
    return list(strange.values())
