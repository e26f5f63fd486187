"""A Product as nodes in reference names, whatever dialect it came in; every element is looked at once.

Everything behind this module asks nodes. They also give the record's digest, which is the same for the same record in
reference and in short tags, with and without namespaces and white space, in ONIX 3.0 and 3.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from lxml import etree

from catalog.formats.onix.tags import XHTML, known_references, line_of, local, reference_names
from catalog.formats.onix.words import one_line

_NAMES_OF_TAGS: Final = frozenset({"refname", "shortname"})
"""Attributes that the DTDs fix on every element: they say again what the tag says."""
_NONE: Final[Sequence[Node]] = ()
_LEAF: Final[dict[str, list[Node]]] = {}
"""The parts of every element that has none. Nothing is ever put into it."""


class Node:
    """One element. `tag`: its reference name. Long texts keep their markup in `element`, of which no nodes are made."""

    __slots__ = ("element", "parts", "tag")
    parts: dict[str, list[Node]]

    def __init__(self, tag: str, element: etree._Element) -> None:
        self.tag = tag
        self.element = element
        self.parts = _LEAF

    def each(self, *path: str) -> Sequence[Node]:
        """The children at the end of a path; every step but the last is taken through the first child of the name."""
        parts = self.parts
        for step in path[:-1]:
            found = parts.get(step)
            if found is None:
                return _NONE
            parts = found[0].parts
        return parts.get(path[-1], _NONE)

    def first(self, *path: str) -> Node | None:
        found = self.each(*path)
        return found[0] if found else None

    def said(self, *path: str) -> str:
        """The text at the end of a path, in one line; empty when there is none."""
        found = self.each(*path)
        return found[0].text if found else ""

    @property
    def text(self) -> str:
        return one_line(self.element.text)

    @property
    def line(self) -> int | None:
        return line_of(self.element)

    def get(self, attribute: str) -> str | None:
        return self.element.get(attribute)


class Strange(dict[str, tuple[str, int | None]]):
    """The first tag of each kind that has no place in the message: problem code → tag, line."""

    def note(self, code: str, tag: str, element: etree._Element) -> None:
        self.setdefault(code, (tag[:100], line_of(element)))


class Tags(dict[str, str]):
    """Tags as they stand in a message, with their namespaces → reference names. XHTML is marked by a leading `<`."""

    def __init__(self, short: bool) -> None:
        self.short = short
        self.strange: dict[str, str] = {}

    def __missing__(self, tag: str) -> str:
        names, references = reference_names(), known_references()
        name = tag.rpartition("}")[2]
        if name in XHTML:
            self[tag] = f"<{name}"
            return self[tag]
        other = name in references and name not in names if self.short else name in names and name not in references
        if other:
            self.strange[tag] = "ONIX_MIXED_TAGS"
        elif name not in names and name not in references:
            self.strange[tag] = "ONIX_UNKNOWN_TAG"
        self[tag] = names.get(name, name)
        return self[tag]


def read(product: etree._Element, tags: Tags) -> tuple[Node, str, Strange]:
    """The nodes of a Product, its digest (SHA-256, hexadecimal), and what is strange about its tags."""
    strange = Strange()
    said: list[str] = []
    root = Node("Product", product)
    _attributes(product.items(), said)
    _collect(product, root, tags, said, strange)
    return root, hashlib.sha256("\x1f".join(said).encode()).hexdigest(), strange


def _collect(element: etree._Element, node: Node, tags: Tags, said: list[str], strange: Strange) -> None:
    parts = node.parts = {}
    for child in element:
        tag = child.tag
        if tag.__class__ is not str:
            strange.note("XML_ENTITIES", str(child.text or "")[:50], child)
            continue
        name = tags[tag]
        if tags.strange and tag in tags.strange:
            strange.note(tags.strange[tag], local(child), child)
        said.append(name)
        if attributes := child.items():
            _attributes(attributes, said)
        if name[0] == "<":
            _marked_up(child, said)
            continue
        made = Node(name, child)
        if name in parts:
            parts[name].append(made)
        else:
            parts[name] = [made]
        text = child.text
        if text is not None and not text.isspace():
            said.append(text.strip())
        if len(child):
            _collect(child, made, tags, said, strange)
        said.append("")


def _marked_up(element: etree._Element, said: list[str]) -> None:
    """Markup in a text, with everything in it and the words after it."""
    said.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            said.append(f"<{local(child)}")
            _attributes(child.items(), said)
            _marked_up(child, said)
    said.append(f">{element.tail or ''}")


def _attributes(attributes: Sequence[tuple[object, object]], said: list[str]) -> None:
    for name, value in attributes:
        if name not in _NAMES_OF_TAGS:
            said.append(f"@{name!s}={value!s}")
