"""Composites of a Product as the hub writes them: reference names, no namespace, children in the schema's order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from catalog import languages
from catalog.formats.onix.codelists import BISAC, THEMA_QUALIFIERS, code_of_role
from catalog.formats.onix.product import KIND_SCHEME, MACHINE, OWN_SCHEME
from catalog.identifiers import Identified
from catalog.territories import WORLD
from translation.models import Origin

_BISAC = re.compile(r"[A-Z]{3}\d{6}")
_LONGEST_LIST: Final = 125
"""Territories that are named one by one; more are written as the world without the rest."""
TYPES: Final = {"ISBN": "15", "GTIN": "03", "ISMN": "25", "DOI": "06"}
"""Scheme → List 5 (ProductIDType). Codes of other schemes are no codes of books."""


def element(tag: str, *content: str | etree._Element | None, **attributes: str) -> etree._Element:
    """An element with a text or with children; None is no child."""
    made = etree.Element(tag, attributes)
    for part in content:
        if isinstance(part, str):
            made.text = part
        elif part is not None:
            made.append(part)
    return made


def spoken(tag: str) -> dict[str, str]:
    """The attributes that say in which language and script words are."""
    script = {"textscript": "Hant"} if tag.startswith("zh-Hant") or tag in {"zh-TW", "zh-HK", "zh-MO"} else {}
    return {"language": languages.to_iso639_2b(tag), **script}


def drafted(origin: str) -> dict[str, str]:
    """What marks words that nobody has checked."""
    return {"sourcename": MACHINE} if origin == Origin.MACHINE else {}


def title(kind: str, words: str, language: str, origin: str = "") -> etree._Element:
    """`kind`: List 15."""
    text = element("TitleText", words, **spoken(language))
    level = element("TitleElementLevel", "01")
    return element("TitleDetail", element("TitleType", kind), element("TitleElement", level, text), **drafted(origin))


def description(words: str, language: str, origin: str = "") -> etree._Element:
    """Paragraphs and line breaks as XHTML."""
    text = element("Text", textformat="05", **spoken(language), **drafted(origin))
    for paragraph in re.split(r"\n{2,}", words.strip("\n")):
        first, *lines = paragraph.split("\n")
        p = element("p", first)
        for line in lines:
            br = etree.SubElement(p, "br")
            br.tail = line
        text.append(p)
    return element("TextContent", element("TextType", "03"), element("ContentAudience", "00"), text)


def contributor(name: str, name_original: str | None, roles: Sequence[str]) -> etree._Element:
    """`roles`: MARC relators. The name in its own script is the primary one (List 18: 05 is its form in another)."""
    other = (
        element("AlternativeName", element("NameType", "05"), element("PersonName", name)) if name_original else None
    )
    return element("Contributor", *map(role, roles), element("PersonName", name_original or name), other)


def role(relator: str) -> etree._Element:
    return element("ContributorRole", code_of_role(relator))


def language(kind: str, tag: str) -> etree._Element:
    """`kind`: List 22."""
    said = spoken(tag)
    script = element("ScriptCode", "Hant") if "textscript" in said else None
    return element("Language", element("LanguageRole", kind), element("LanguageCode", said["language"]), script)


def identifier(identified: Identified) -> etree._Element:
    kind = element("ProductIDType", TYPES[identified.scheme])
    return element("ProductIdentifier", kind, element("IDValue", identified.value))


def own_identifier(value: str) -> etree._Element:
    """A work without any code of the trade still needs one: List 5, 01 proprietary."""
    name = element("IDTypeName", "Banmao")
    return element("ProductIdentifier", element("ProductIDType", "01"), name, element("IDValue", value))


def subject(code: str, *, main: bool) -> etree._Element:
    scheme = BISAC if _BISAC.fullmatch(code) else THEMA_QUALIFIERS.get(code[:1], "93")
    marked = element("MainSubject") if main and scheme in {"93", BISAC} else None
    return element("Subject", marked, element("SubjectSchemeIdentifier", scheme), element("SubjectCode", code))


def kind_of_work(kind: str) -> etree._Element:
    """Said in a scheme of the hub's own where the other subjects say otherwise."""
    scheme = element("SubjectSchemeIdentifier", OWN_SCHEME)
    return element("Subject", scheme, element("SubjectSchemeName", KIND_SCHEME), element("SubjectCode", kind))


def first_published(year: int) -> etree._Element:
    """List 163, 11: date of first publication."""
    date = element("Date", f"{year:04}", dateformat="05")
    return element("PublishingDate", element("PublishingDateRole", "11"), date)


def sales_rights(exclusive: frozenset[str], others: frozenset[str]) -> list[etree._Element]:
    """SalesRights composites and ROWSalesRightsType: of the rest of the world nothing is stated."""
    made = [
        element("SalesRights", element("SalesRightsType", kind), territory(held))
        for kind, held in (("01", exclusive), ("02", others))
        if held
    ]
    if made and exclusive | others != WORLD:
        made.append(element("ROWSalesRightsType", "00"))
    return made


def territory(codes: frozenset[str]) -> etree._Element:
    if len(codes) <= _LONGEST_LIST:
        return element("Territory", element("CountriesIncluded", _listed(codes)))
    rest = WORLD - codes
    excluded = element("CountriesExcluded", _listed(rest)) if rest else None
    return element("Territory", element("RegionsIncluded", "WORLD"), excluded)


def _listed(codes: Iterable[str]) -> str:
    return " ".join(sorted(codes))
