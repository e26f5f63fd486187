"""XLIFF 2.0 and 2.1 (OASIS; ISO 21720): texts from one language into one other, for translators' programs.

A text is a `<unit>` of one `<segment>`. Placeholders and tags are `<ph>`, their words in `<originalData>`. States are the
standard's; a machine's draft is `translated` with the sub-state `banmao:machine`. 2.0 and 2.1 have the same core.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from lxml import etree

from hub.characters import only_text
from hub.i18n import _, supported
from translation.exchange.units import Of, State, Target, Unit, unit_id
from translation.exchange.xml import SAFE, XML_SPACE, FileRefused, add_text, each, line_of, local, pieces, root_of

CORE: Final = "urn:oasis:names:tc:xliff:document:2.0"
BANMAO: Final = "urn:banmao:exchange:1"
NAMESPACES: Final[dict[str, str]] = {None: CORE, "banmao": BANMAO}  # type: ignore[dict-item]
VERSIONS: Final = ("2.0", "2.1")
MEDIA_TYPE = "application/xliff+xml"
SUFFIX = ".xlf"
MACHINE = "banmao:machine"
PARTS: Final = ("segment", "ignorable")


def write(file: BinaryIO, units: Iterable[Unit], source: str, target: str, of: Of, *, version: str = "2.1") -> int:
    """Write units from `source` into `target`, one after the other; how many there were."""
    count = 0
    with etree.xmlfile(file, encoding="UTF-8") as out:
        out.write_declaration()
        root = {"version": version, "srcLang": source, "trgLang": target}
        with (
            out.element(f"{{{CORE}}}xliff", root, nsmap=NAMESPACES),
            out.element(f"{{{CORE}}}file", id="banmao", original=of.value.lower()),
        ):
            for unit in units:
                out.write(_element(unit, count + 1), "\n")
                count += 1
    return count


def _element(unit: Unit, number: int) -> etree._Element:
    target = unit.targets[0] if unit.targets else None
    made = etree.Element(f"{{{CORE}}}unit", {"id": f"u-{unit.id}" if unit.id else f"u{number}"}, nsmap=NAMESPACES)
    made.set(XML_SPACE, "preserve")
    if unit.purpose:
        made.set("name", unit.purpose)
    if target is not None and target.made:
        made.set(f"{{{BANMAO}}}made", target.made)
    if unit.notes:
        notes = _under(made, "notes")
        for note in unit.notes:
            _under(notes, "note").text = only_text(note)
    data = _Data(made)
    segment = _under(made, "segment")
    if target is not None:
        segment.set("state", target.state.value)
        if target.machine:
            segment.set("subState", MACHINE)
    data.fill(_under(segment, "source"), unit.source)
    if target is not None and target.words:
        data.fill(_under(segment, "target"), target.words)
    return made


def _under(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{CORE}}}{name}", attributes)


class _Data:
    """The words of inline elements, each kept once; a placeholder has the same number in source and target."""

    def __init__(self, unit: etree._Element) -> None:
        self.unit = unit
        self.kept: dict[str, str] = {}
        self.element: etree._Element | None = None

    def fill(self, parent: etree._Element, words: str) -> None:
        """Put words into a source or target, their placeholders as `<ph>`; ids are unique within each of the two."""
        used: dict[str, int] = {}
        for piece in pieces(only_text(words)):
            if isinstance(piece, str):
                add_text(parent, piece)
                continue
            key = self._key(piece.words)
            used[key] = used.get(key, 0) + 1
            number = key[1:] if used[key] == 1 else f"{key[1:]}-{used[key]}"
            _under(parent, "ph", id=number, dataRef=key, equiv=piece.words, disp=piece.words)

    def _key(self, words: str) -> str:
        if words not in self.kept:
            if self.element is None:
                self.element = etree.Element(f"{{{CORE}}}originalData")
                self.unit.insert(1 if len(self.unit) and local(self.unit[0]) == "notes" else 0, self.element)
            self.kept[words] = f"d{len(self.kept) + 1}"
            _under(self.element, "data", id=self.kept[words]).text = words
        return self.kept[words]


def read(path: Path) -> Iterator[Unit]:
    """The units of a file, one by one. FileRefused for what is no XLIFF 2, or is in languages that the hub has not."""
    root = root_of(path)
    if local(root) != "xliff":
        raise FileRefused(_("This is not an XLIFF file."))
    if not (root.get("version") or "").startswith("2."):
        raise FileRefused(_("This is XLIFF 1. Save it as XLIFF 2.0 or 2.1."))
    source, target = supported(root.get("srcLang") or ""), supported(root.get("trgLang") or "")
    if source is None or target is None or source == target:
        raise FileRefused(_("The file must name two of the hub's ten languages: srcLang and trgLang."))
    of = _of(path)
    for element in each(path, "unit"):
        if element.get("translate") != "no":
            unit = _unit(element, source, target, of)
            if unit is not None:
                yield unit


def _of(path: Path) -> Of:
    with path.open("rb") as file:
        for _event, element in etree.iterparse(file, events=("start",), tag="{*}file", **SAFE):
            return Of.MEMORY if element.get("original") == Of.MEMORY.lower() else Of.TEXT
    return Of.TEXT


def _unit(element: etree._Element, source: str, target: str, of: Of) -> Unit | None:
    data = {one.get("id"): one.text or "" for one in element.iter("{*}data")}
    said: dict[str, list[str]] = {"source": [], "target": []}
    states: list[State] = []
    whole = True
    parts = [part for part in element.iterchildren() if local(part) in PARTS]
    for part in parts:
        original, rendered = part.find("{*}source"), part.find("{*}target")
        said["source"].append(_words(original, data) if original is not None else "")
        said["target"].append(_words(rendered, data) if rendered is not None else said["source"][-1])
        if local(part) == "segment":
            whole &= rendered is not None and bool(said["target"][-1].strip())
            state = part.get("state")
            states.append(State(state) if state in set(State) else State.TRANSLATED)
    words = "".join(said["source"])
    if not words.strip():
        return None
    least = min(states, key=list(State).index, default=State.INITIAL)
    given = Target(target, "".join(said["target"]) if whole else "", least, element.get(f"{{{BANMAO}}}made"))
    return Unit(
        of=of,
        source_language=source,
        source=words,
        targets=(given,),
        id=unit_id((element.get("id") or "").partition("::")[0]),
        purpose=element.get("name"),
        notes=tuple((note.text or "").strip() for note in element.iter("{*}note")),
        line=line_of(element),
    )


def _words(element: etree._Element, data: dict[str | None, str]) -> str:
    """Text with the words of inline elements (4.7.2.1): their original data, else what they are equivalent to."""
    parts = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "cp":
            parts.append(_character(child.get("hex") or ""))
        elif name == "pc":
            parts += [_data(child, "Start", data), _words(child, data), _data(child, "End", data)]
        elif name == "mrk":
            parts.append(_words(child, data))
        elif name in ("ph", "sc", "ec"):
            parts.append(_data(child, "", data))
        parts.append(child.tail or "")
    return "".join(parts)


def _data(element: etree._Element, side: str, data: dict[str | None, str]) -> str:
    reference = element.get(f"dataRef{side}")
    return data.get(reference, "") if reference else element.get(f"equiv{side}") or ""


def _character(code: str) -> str:
    """A code point that XML cannot hold (`<cp hex>`): a mark for what is no text."""
    try:
        return only_text(chr(int(code, 16))) or "\ufffd"
    except (ValueError, OverflowError):
        return "\ufffd"
