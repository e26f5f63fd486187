"""XML from strangers: parsed without entities, DTDs or a network, and of a bounded size."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from hub.errors import Invalid, TooLarge
from hub.i18n import _

MAX_BYTES: Final = 8 * 1024 * 1024


def parse(content: bytes, limit: int = MAX_BYTES) -> etree._Element:
    """The root of a document. Raises `TooLarge`, or `Invalid` with the line for what is not well-formed XML."""
    if len(content) > limit:
        raise TooLarge(_("This file is larger than the hub reads."), field="file")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise Invalid(
            _("This is not well-formed XML. The first mistake is in line %(line)s.", line=line or 1),
            field="file",
            line=line or 1,
        ) from error
    document: Any = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise Invalid(_("XML with a document type is not accepted."), field="file", line=1)
    return root


def line_of(element: Any) -> int | None:
    """The line on which an element starts."""
    line: int | None = element.sourceline
    return line
