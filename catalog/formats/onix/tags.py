"""ONIX has two dialects that differ only in the names of tags: reference (`RecordReference`) and short (`a001`).

Everything behind this module reads reference names. The map comes from the RELAX NG schemas that `onixcheck` carries,
where each short element states its reference name in the fixed value of `refname`.
"""

from functools import cache
from typing import cast

from lxml import etree
from onixcheck import schema

_RNG = {"r": "http://relaxng.org/ns/structure/1.0"}
_XHTML = """
    a abbr acronym address b bdo big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4
    h5 h6 hr i img ins kbd li ol p pre q rb rp rt ruby samp small span strong sub sup table tbody td tfoot th thead tr tt ul var
"""
XHTML = frozenset(_XHTML.split())
"""Tags that ONIX admits inside long texts, the same in both dialects."""


@cache
def reference_names() -> dict[str, str]:
    """Short tag → reference tag, of ONIX 3.0 and 3.1 together."""
    names: dict[str, str] = {}
    for path in (schema.O30_RNG_SHORT, schema.O31_RNG_SHORT):
        for element in etree.parse(path).iterfind(".//r:element", _RNG):
            refname = element.find("r:optional/r:attribute[@name='refname']/r:value", _RNG)
            if refname is not None and refname.text:
                names[element.get("name", "")] = refname.text
    return names


@cache
def known_references() -> frozenset[str]:
    """Every reference tag of ONIX 3.0 and 3.1."""
    return frozenset(reference_names().values())


def local(element: etree._Element) -> str:
    """Tag without namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(element: etree._Element) -> int | None:
    """Line in the file, from 1."""
    return cast("int | None", element.sourceline)
