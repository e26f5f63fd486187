"""Glossaries as files: tables (TSV, CSV) and TBX (ISO 30042:2019, dialect TBX-Basic; older TBX is read too).

A table has a line per term and a column per language; `|` joins words of one language, the preferred first:

    key  kind  domain  part_of_speech  definition  source_url  case_sensitive  zh  en  …  km  any  forbidden

`definition_zh` … `definition_km`: what the term means, said in that language, where somebody has.
`any`: names that are written the same everywhere. `forbidden`: `language:word`, joined by `|`. Only `key` and one word are
needed, so the hub's own `book_trade.tsv` is such a table.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from hub.characters import is_text
from hub.i18n import LANGUAGES, Message, _, supported
from translation.glossary.models import ANY_LANGUAGE, TermKind, WordStatus

COLUMNS = ("key", "kind", "domain", "part_of_speech", "definition", "source_url", "case_sensitive")
ANY, FORBIDDEN = "any", "forbidden"
DEFINITION_IN = "definition_"
LONGEST_WORDS = 200
LONGEST_DEFINITION = 2_000
MOST_TERMS = 20_000
TBX = "urn:iso:std:iso:30042:ed-2"
NAMESPACES: dict[str, str] = {None: TBX}  # type: ignore[dict-item]
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STATUS_TO_TBX = {
    WordStatus.PREFERRED: "preferredTerm-admn-sts",
    WordStatus.ADMITTED: "admittedTerm-admn-sts",
    WordStatus.FORBIDDEN: "deprecatedTerm-admn-sts",
}
TBX_TO_STATUS = {name: status for status, name in STATUS_TO_TBX.items()} | {
    "supersededTerm-admn-sts": WordStatus.FORBIDDEN,
    "preferredTerm": WordStatus.PREFERRED,
    "admittedTerm": WordStatus.ADMITTED,
    "deprecatedTerm": WordStatus.FORBIDDEN,
}


@dataclass(frozen=True, slots=True)
class Word:
    language: str
    words: str
    status: WordStatus


@dataclass(frozen=True, slots=True)
class FileTerm:
    """A term as a file says it. `definitions`: by language; None: the file has no place for them. `line`: where it stands."""

    key: str
    words: tuple[Word, ...]
    kind: TermKind = TermKind.TERM
    domain: str | None = None
    part_of_speech: str | None = None
    definition: str | None = None
    definitions: Mapping[str, str] | None = None
    source_url: str | None = None
    case_sensitive: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line; the term there is left out."""

    line: int
    message: Message
    column: str | None = None


@dataclass(slots=True)
class Read:
    terms: list[FileTerm] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


class NotRead(Exception):
    """The file as a whole is not a glossary."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__()


def read(content: bytes) -> Read:
    """A glossary from a file; what it is, the content says. NotRead."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe<", b"\xfe\xff")):
        return _checked(_tbx(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotRead(_("This file is not in UTF-8. Save it as UTF-8 and send it again.")) from error
    return _checked(_table(text))


def _checked(found: Read) -> Read:
    """Without terms that say nothing, say it twice, or are no text."""
    checked = Read(troubles=list(found.troubles))
    keys: set[str] = set()
    for term in found.terms:
        trouble = _trouble(term, keys)
        if trouble:
            checked.troubles.append(trouble)
        else:
            keys.add(term.key)
            checked.terms.append(term)
    if len(checked.terms) > MOST_TERMS:
        raise NotRead(_("A glossary has at most %(most)s terms. Send it in parts.", most=MOST_TERMS))
    if not checked.terms and not checked.troubles:
        raise NotRead(_("There is no term in this file."))
    return checked


def _trouble(term: FileTerm, keys: set[str]) -> Trouble | None:
    if term.key in keys:
        return Trouble(term.line, _("This key stands in the file twice. Give each term a key of its own."), "key")
    if not any(word.status is not WordStatus.ADMITTED for word in term.words):
        return Trouble(term.line, _("This term has no word in any language."))
    defined = [term.definition or "", *(term.definitions or {}).values()]
    everything = [term.key, *defined, term.domain, term.part_of_speech, *(word.words for word in term.words)]
    if not all(is_text(words or "") for words in everything):
        return Trouble(term.line, _("This contains characters that are not text. Type it again."))
    if any(len(word.words) > LONGEST_WORDS for word in term.words) or any(
        len(one) > LONGEST_DEFINITION for one in defined
    ):
        return Trouble(term.line, _("This is longer than %(longest)s characters. Shorten it.", longest=LONGEST_WORDS))
    if term.source_url and not re.match(r"https?://\S+$", term.source_url):
        return Trouble(term.line, _("The source is an address that begins with https://."), "source_url")
    return None


def _table(text: str) -> Read:
    head = text.split("\n", 1)[0]
    rows = csv.reader(
        io.StringIO(text), delimiter="\t" if "\t" in head else ";" if head.count(";") > head.count(",") else ","
    )
    found = Read()
    try:
        columns = [name.strip().casefold() for name in next(rows, [])]
        if not set(columns) & {*LANGUAGES, ANY}:
            raise NotRead(_("The first line must name the columns: key, and a column for each language."))
        defines = any(name.startswith(DEFINITION_IN) for name in columns)
        for row in rows:
            cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if cell.strip()}
            if cells:
                _row(found, cells, rows.line_num, defines)
    except csv.Error as error:
        raise NotRead(_("This table cannot be read. Save it again as CSV or TSV.")) from error
    return found


def _row(found: Read, cells: Mapping[str, str], line: int, defines: bool) -> None:
    words = [
        Word(language, one, status)
        for column in (*LANGUAGES, ANY)
        for language in [ANY_LANGUAGE if column == ANY else column]
        for one, status in _joined(cells.get(column, ""))
    ]
    for one in filter(None, (each.strip() for each in cells.get(FORBIDDEN, "").split("|"))):
        language, _colon, forbidden = one.partition(":")
        if language not in LANGUAGES or not forbidden.strip():
            found.troubles.append(
                Trouble(
                    line, _("Forbidden words are written language:word, joined by “|”, such as zh:预支."), FORBIDDEN
                )
            )
            return
        words.append(Word(language, _plain(forbidden), WordStatus.FORBIDDEN))
    kind = cells.get("kind", TermKind.TERM).upper().replace("-", "_").replace(" ", "_")
    if kind not in set(TermKind):
        found.troubles.append(Trouble(line, _("The kind is TERM or DO_NOT_TRANSLATE."), "kind"))
        return
    first = next((word.words for word in words), "")
    found.terms.append(
        FileTerm(
            key=cells.get("key") or first,
            words=_unique(words),
            kind=TermKind(kind) if "kind" in cells or not _only_any(words) else TermKind.DO_NOT_TRANSLATE,
            domain=cells.get("domain"),
            part_of_speech=cells.get("part_of_speech"),
            definition=cells.get("definition"),
            definitions=_defined(cells) if defines else None,
            source_url=cells.get("source_url"),
            case_sensitive=cells.get("case_sensitive", "").casefold() in ("yes", "true", "1", "x"),
            line=line,
        )
    )


def _defined(cells: Mapping[str, str]) -> dict[str, str]:
    return {
        language: _plain(cells[DEFINITION_IN + language]) for language in LANGUAGES if DEFINITION_IN + language in cells
    }


def _joined(cell: str) -> Iterator[tuple[str, WordStatus]]:
    for place, one in enumerate(filter(None, (_plain(each) for each in cell.split("|")))):
        yield one, WordStatus.ADMITTED if place else WordStatus.PREFERRED


def _plain(words: str) -> str:
    return unicodedata.normalize("NFC", " ".join(words.split()))


def _unique(words: list[Word]) -> tuple[Word, ...]:
    """Each word once per language, and one preferred in each."""
    found: dict[tuple[str, str], Word] = {}
    preferred: set[str] = set()
    for word in words:
        if (word.language, word.words) in found:
            continue
        status = word.status
        if status is WordStatus.PREFERRED and word.language in preferred:
            status = WordStatus.ADMITTED
        if status is WordStatus.PREFERRED:
            preferred.add(word.language)
        found[word.language, word.words] = Word(word.language, word.words, status)
    return tuple(found.values())


def _only_any(words: list[Word]) -> bool:
    return bool(words) and all(word.language == ANY_LANGUAGE for word in words)


def _tbx(content: bytes) -> Read:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotRead(_("This is no well-formed XML: line %(line)s.", line=error.lineno)) from error
    if etree.QName(root).localname not in ("tbx", "martif"):
        raise NotRead(_("This is not a TBX file."))
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(declared.iterentities()):
        raise NotRead(_("This file declares entities, which the hub does not read. Save it without them."))
    found = Read()
    for concept in root.iter("{*}conceptEntry", "{*}termEntry"):
        _concept(found, concept)
    return found


def _concept(found: Read, concept: etree._Element) -> None:
    words: list[Word] = []
    definitions: dict[str, str] = {}
    part_of_speech = None
    for section in concept.iter("{*}langSec", "{*}langSet"):
        tag = section.get(XML_LANG) or ""
        language = ANY_LANGUAGE if tag == ANY_LANGUAGE else supported(tag)
        if language is None:
            continue
        meaning = _described(section).get("definition")
        if meaning and language in LANGUAGES:
            definitions[language] = meaning
        for entry in section.iter("{*}termSec", "{*}tig", "{*}ntig"):
            term = entry.find(".//{*}term")
            said = _plain(_text(term)) if term is not None else ""
            if not said:
                continue
            notes = {
                note.get("type") or etree.QName(note).localname: (note.text or "").strip()
                for note in entry.iter("{*}termNote", "{*}administrativeStatus", "{*}partOfSpeech")
            }
            status = TBX_TO_STATUS.get(notes.get("administrativeStatus", ""), WordStatus.PREFERRED)
            part_of_speech = part_of_speech or notes.get("partOfSpeech")
            words.append(Word(language, said, status))
    described = _described(concept)
    source = concept.find(".//{*}xref")
    found.terms.append(
        FileTerm(
            key=concept.get("id") or next((word.words for word in words), ""),
            words=_unique(words),
            kind=TermKind.DO_NOT_TRANSLATE if _only_any(words) else TermKind.TERM,
            domain=described.get("subjectField"),
            part_of_speech=part_of_speech,
            definition=described.get("definition"),
            definitions=definitions,
            source_url=source.get("target") if source is not None else None,
            line=concept.sourceline if isinstance(concept.sourceline, int) else 0,
        )
    )


def _described(element: etree._Element) -> dict[str, str]:
    """What is said of a concept, or of it in one language; not what stands deeper."""
    return {
        (one.get("type") or etree.QName(one).localname): " ".join(_text(one).split())
        for group in (element, *element.iterchildren("{*}descripGrp"))
        for one in group.iterchildren("{*}descrip", "{*}definition", "{*}subjectField")
    }


def _text(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def write_table(terms: list[FileTerm], delimiter: str) -> bytes:
    """A table with all columns; with a byte order mark, so that spreadsheet programs see UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    defined = [language for language in LANGUAGES if any(language in (term.definitions or {}) for term in terms)]
    writer.writerow([*COLUMNS, *LANGUAGES, ANY, FORBIDDEN, *(DEFINITION_IN + language for language in defined)])
    for term in terms:
        used = {
            language: "|".join(
                word.words
                for status in (WordStatus.PREFERRED, WordStatus.ADMITTED)
                for word in term.words
                if word.language == language and word.status is status
            )
            for language in (*LANGUAGES, ANY_LANGUAGE)
        }
        forbidden = "|".join(
            f"{word.language}:{word.words}" for word in term.words if word.status is WordStatus.FORBIDDEN
        )
        head = (term.key, term.kind.value, term.domain, term.part_of_speech, term.definition, term.source_url)
        cells = [*head, "yes" if term.case_sensitive else "", *used.values(), forbidden]
        cells += [(term.definitions or {}).get(language) for language in defined]
        writer.writerow([_harmless(cell or "") for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A spreadsheet program must not take words for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "@") or re.match(r"-\D", cell) else cell


def write_tbx(terms: list[FileTerm], title: str) -> bytes:
    """TBX-Basic in the DCT style's older sibling DCA, which more programs read."""
    root = etree.Element(f"{{{TBX}}}tbx", {"type": "TBX-Basic", "style": "dca", XML_LANG: "en"}, nsmap=NAMESPACES)
    header = _under(_under(root, "tbxHeader"), "fileDesc")
    _under(_under(header, "titleStmt"), "title").text = title
    _under(_under(header, "sourceDesc"), "p").text = "Banmao"
    body = _under(_under(root, "text"), "body")
    for number, term in enumerate(terms, start=1):
        concept = _under(
            body, "conceptEntry", id=term.key if re.fullmatch(r"[A-Za-z_][\w.-]*", term.key) else f"c{number}"
        )
        for kind, words in (("subjectField", term.domain), ("definition", term.definition)):
            if words:
                _under(concept, "descrip", type=kind).text = words
        if term.source_url:
            _under(concept, "xref", type="externalCrossReference", target=term.source_url).text = term.source_url
        defined = term.definitions or {}
        for language in dict.fromkeys((*(word.language for word in term.words), *defined)):
            section = etree.SubElement(concept, f"{{{TBX}}}langSec", {XML_LANG: language})
            if language in defined:
                _under(section, "descrip", type="definition").text = defined[language]
            for word in term.words:
                if word.language == language:
                    entry = _under(section, "termSec")
                    _under(entry, "term").text = word.words
                    if term.part_of_speech:
                        _under(entry, "termNote", type="partOfSpeech").text = term.part_of_speech
                    _under(entry, "termNote", type="administrativeStatus").text = STATUS_TO_TBX[word.status]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _under(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{TBX}}}{name}", attributes)
