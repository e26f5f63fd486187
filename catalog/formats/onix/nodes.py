"""A Product as nodes in reference names, whatever dialect it came in; only what is asked for is looked at.

Everything behind this module asks nodes. It also tells what a record says apart from how it is written: the same for the same
record in reference and in short tags, with and without namespaces and white space, in ONIX 3.0 and 3.1.
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
MARKUP: Final = "<"
"""Before the reference name of what is no element of ONIX."""
_NONE: Final[Sequence[Node]] = ()


class Node:
    """One element. `tag`: its reference name. Long texts keep their markup in `element`, of which no nodes are made."""

    __slots__ = ("_parts", "element", "tag", "tags")

    def __init__(self, tag: str, element: etree._Element, tags: Tags) -> None:
        self.tag = tag
        self.element = element
        self.tags = tags
        self._parts: dict[str, list[Node]] | None = None

    @property
    def parts(self) -> dict[str, list[Node]]:
        """The children by name."""
        if self._parts is None:
            parts: dict[str, list[Node]] = {}
            tags = self.tags
            for child in self.element:
                name = tags[child.tag]
                if name in parts:
                    parts[name].append(Node(name, child, tags))
                elif name[0] != MARKUP:
                    parts[name] = [Node(name, child, tags)]
            self._parts = parts
        return self._parts

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


class Tags(dict[object, str]):
    """Tags as they stand in a message, with their namespaces → reference names. XHTML is marked, and so is what is no element."""

    def __init__(self, short: bool) -> None:
        self.short = short
        self.strange: dict[object, str] = {}

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):
            self.strange[tag] = "XML_ENTITIES"
            self[tag] = MARKUP
            return MARKUP
        names, references = reference_names(), known_references()
        name = tag.rpartition("}")[2]
        if name in XHTML:
            self[tag] = f"{MARKUP}{name}"
            return self[tag]
        other = name in references and name not in names if self.short else name in names and name not in references
        if other:
            self.strange[tag] = "ONIX_MIXED_TAGS"
        elif name not in names and name not in references:
            self.strange[tag] = "ONIX_UNKNOWN_TAG"
        self[tag] = names.get(name, name)
        return self[tag]


def as_it_is(product: etree._Element, tags: Tags) -> Node:
    """A Product that is about to be changed, every node looked at before."""
    root = Node("Product", product, tags)
    waiting = [root]
    while waiting:
        waiting += (each for found in waiting.pop().parts.values() for each in found)
    return root


def strange(product: etree._Element, tags: Tags) -> Strange:
    """What is strange about the tags of a Product."""
    found = Strange()
    for tag in {element.tag for element in product.iter()}:
        _ = tags[tag]
    if tags.strange:
        _note(product, tags, found)
    return found


def _note(element: etree._Element, tags: Tags, found: Strange) -> None:
    for child in element:
        if (code := tags.strange.get(child.tag)) is not None:
            found.note(code, str(child.text or "")[:50] if code == "XML_ENTITIES" else local(child), child)
        if tags[child.tag][0] != MARKUP:
            _note(child, tags, found)


def said(product: etree._Element, tags: Tags) -> str:
    """What a Product says apart from how it is written, as a SHA-256 (hexadecimal)."""
    words: list[str] = []
    _attributes(product.items(), words)
    _collect(product, tags, words)
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def _collect(element: etree._Element, tags: Tags, words: list[str]) -> None:
    for child in element:
        name = tags[child.tag]
        words.append(name)
        _attributes(child.items(), words)
        if name[0] == MARKUP:
            _marked_up(child, words)
            continue
        if child.text is not None and not child.text.isspace():
            words.append(child.text.strip())
        _collect(child, tags, words)
        words.append("")


def _marked_up(element: etree._Element, words: list[str]) -> None:
    """Markup in a text, with everything in it and the words after it."""
    words.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            words.append(f"<{local(child)}")
            _attributes(child.items(), words)
            _marked_up(child, words)
    words.append(f">{element.tail or ''}")


def _attributes(attributes: Sequence[tuple[object, object]], words: list[str]) -> None:
    for name, value in attributes:
        if name not in _NAMES_OF_TAGS:
            words.append(f"@{name!s}={value!s}")
