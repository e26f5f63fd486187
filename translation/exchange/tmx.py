"""TMX 1.4b (LISA OSCAR, 2005): translation memory in as many languages as wanted.

Placeholders and tags are `<ph>` with their own words inside (native code, as TMX wants it), so that programs that know nothing of
them keep them. What the hub needs to find a text again are `<prop>`s of types beginning with `x-banmao-`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from hub.characters import only_text
from hub.i18n import _, supported
from translation.exchange.units import Of, State, Target, Unit, unit_id
from translation.exchange.xml import XML_LANG, FileRefused, add_text, each, line_of, local, pieces, root_of

DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
MEDIA_TYPE = "application/x-tmx+xml"
SUFFIX = ".tmx"
OF, PURPOSE, STATE, MADE = "x-banmao-of", "x-banmao-purpose", "x-banmao-state", "x-banmao-made"


def write(file: BinaryIO, units: Iterable[Unit]) -> int:
    """Write units one after the other; how many there were."""
    count = 0
    with etree.xmlfile(file, encoding="UTF-8") as out:
        out.write_declaration()
        out.write_doctype(DOCTYPE)
        with out.element("tmx", version="1.4"):
            header = {
                "creationtool": "Banmao",
                "creationtoolversion": "1",
                "segtype": "block",
                "o-tmf": "Banmao",
                "adminlang": "en",
                "srclang": "*all*",
                "datatype": "plaintext",
            }
            out.write(etree.Element("header", header), "\n")
            with out.element("body"):
                for unit in units:
                    out.write(_element(unit), "\n")
                    count += 1
    return count


def _element(unit: Unit) -> etree._Element:
    attributes = {"srclang": unit.source_language} | ({"tuid": f"u-{unit.id}"} if unit.id else {})
    if unit.uses:
        attributes["usagecount"] = str(unit.uses)
    made = etree.Element("tu", attributes)
    for note in unit.notes:
        etree.SubElement(made, "note").text = only_text(note)
    for kind, value in ((OF, unit.of.value), (PURPOSE, unit.purpose)):
        if value:
            etree.SubElement(made, "prop", type=kind).text = value
    _variant(made, unit.source_language, unit.source)
    for target in unit.targets:
        if target.words:
            _variant(made, target.language, target.words, target)
    return made


def _variant(parent: etree._Element, language: str, words: str, target: Target | None = None) -> None:
    variant = etree.SubElement(parent, "tuv", {XML_LANG: language})
    if target is not None:
        etree.SubElement(variant, "prop", type=STATE).text = target.state.value
        if target.made:
            etree.SubElement(variant, "prop", type=MADE).text = target.made
    segment = etree.SubElement(variant, "seg")
    for number, piece in enumerate(pieces(only_text(words)), start=1):
        if isinstance(piece, str):
            add_text(segment, piece)
        else:
            etree.SubElement(segment, "ph", x=str(number), type=piece.kind.value.lower()).text = piece.words


def read(path: Path) -> Iterator[Unit]:
    """The units of a file, one by one. FileRefused for what is no TMX 1.x, at the first thing that shows it."""
    root = root_of(path)
    if local(root) != "tmx":
        raise FileRefused(_("This is not a TMX file."))
    source = None
    for element in each(path, "header", "tu"):
        if local(element) == "header":
            source = element.get("srclang")
            continue
        unit = _unit(element, element.get("srclang") or source)
        if unit is not None:
            yield unit


def _unit(element: etree._Element, source_language: str | None) -> Unit | None:
    """None for a unit without two languages of the hub."""
    said: dict[str, Target] = {}
    for variant in element.iterchildren("{*}tuv"):
        language = supported(variant.get(XML_LANG) or variant.get("lang") or "")
        segment = variant.find("{*}seg")
        if language is None or segment is None:
            continue
        properties = {one.get("type"): (one.text or "").strip() for one in variant.iterchildren("{*}prop")}
        state = properties.get(STATE)
        words = _words(segment)
        if words.strip():
            said.setdefault(
                language,
                Target(
                    language,
                    words,
                    State(state) if state in set(State) else State.TRANSLATED,
                    properties.get(MADE),
                ),
            )
    source = supported(source_language or "") or next(iter(said), None)
    if source not in said or len(said) < 2:
        return None
    properties = {one.get("type"): (one.text or "").strip() for one in element.iterchildren("{*}prop")}
    return Unit(
        of=Of.TEXT if properties.get(OF) == Of.TEXT else Of.MEMORY,
        source_language=source,
        source=said[source].words,
        targets=tuple(target for language, target in said.items() if language != source),
        id=unit_id(element.get("tuid")),
        purpose=properties.get(PURPOSE),
        notes=tuple((note.text or "").strip() for note in element.iterchildren("{*}note")),
        line=line_of(element),
    )


def _words(segment: etree._Element) -> str:
    """All text, native code of inline elements included; text of footnotes (`<sub>`) is of another flow."""
    parts = [segment.text or ""]
    for child in segment:
        if local(child) not in ("sub", "ut"):
            parts.append(_words(child))
        parts.append(child.tail or "")
    return "".join(parts)
