"""ONIX's own schemas, from the copies that `onixcheck` carries: which element stands where, and whether a message is valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from lxml import etree
from onixcheck import schema

from catalog.formats.onix.tags import XHTML

_X = "{http://www.w3.org/2001/XMLSchema}"
_FILES: Final = {
    ("3.0", False): schema.O30_XSD_REFERENCE,
    ("3.0", True): schema.O30_XSD_SHORT,
    ("3.1", False): schema.O31_XSD_REFERENCE,
    ("3.1", True): schema.O31_XSD_SHORT,
}
RELEASES: Final = ("3.1", "3.0")


def namespace(release: str, short: bool) -> str:
    return f"http://ns.editeur.org/onix/{release}/{'short' if short else 'reference'}"


@cache
def validator(release: str, short: bool) -> etree.XMLSchema:
    """The XSD of a whole message. Not to be used by two threads at once: see `errors`."""
    return etree.XMLSchema(etree.parse(str(_FILES[release, short])))


@cache
def content(release: str) -> Mapping[str, Mapping[str, int]]:
    """Reference names: element → the elements that it may hold, and their order."""
    root = etree.parse(str(_FILES[release, False])).getroot()
    named = {(str(child.tag), child.get("name") or ""): child for child in root}
    found: dict[str, dict[str, int]] = {}
    for element in root.iter(f"{_X}element"):
        name = element.get("name")
        if name is None:
            continue
        kind = element.find(f"{_X}complexType")
        if kind is None:
            kind = named.get((f"{_X}complexType", element.get("type") or ""))
        if kind is not None:
            places = found.setdefault(name, {})
            for child in _children(kind, named):
                places.setdefault(child, len(places))
    return found


def _children(node: etree._Element, named: Mapping[tuple[str, str], etree._Element]) -> Iterator[str]:
    for child in node:
        if child.tag == f"{_X}element":
            yield child.get("ref") or child.get("name") or ""
        elif child.tag == f"{_X}group" and child.get("ref"):
            yield from _children(named[f"{_X}group", child.get("ref") or ""], named)
        elif child.tag == f"{_X}extension":
            base = named.get((f"{_X}complexType", child.get("base") or ""))
            if base is not None:
                yield from _children(base, named)
            yield from _children(child, named)
        elif isinstance(child.tag, str):
            yield from _children(child, named)


def place(parent: etree._Element, element: etree._Element, release: str) -> None:
    """Put an element into its parent where the schema wants it: after others of its name, before those that follow it."""
    order = content(release).get(str(parent.tag), {})
    own = order.get(str(element.tag), len(order))
    for at, child in enumerate(parent):
        if order.get(str(child.tag), len(order)) > own:
            parent.insert(at, element)
            return
    parent.append(element)


def block(product: etree._Element, name: str, release: str) -> etree._Element:
    """A block of the Product, made where there is none."""
    found = product.find(name)
    if found is None:
        found = etree.Element(name)
        place(product, found, release)
    return found


def put_in_order(parent: etree._Element, release: str) -> None:
    """Bring the children of an element into the schema's order, those of one name in their own, all the way down."""
    order = {} if any(str(child.tag) in XHTML for child in parent) else content(release).get(str(parent.tag), {})
    places = [order.get(str(child.tag)) for child in parent]
    if None not in places:
        parent[:] = [child for _place, child in sorted(zip(places, parent, strict=True), key=lambda each: each[0] or 0)]
    for child in parent:
        put_in_order(child, release)
