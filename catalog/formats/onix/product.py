"""An ONIX `<Product>`, in reference names without namespace, into a `Record`. Group numbers are those of ONIX 3.0/3.1."""

import re
import unicodedata
from datetime import date
from typing import Final

from catalog import identifiers, languages
from catalog.formats.onix.codelists import BISAC, SCHEMES, THEMA, is_code, relators
from catalog.formats.onix.nodes import Node
from catalog.formats.onix.salesrights import mandates
from catalog.formats.onix.words import plain
from catalog.formats.problems import Problem
from catalog.formats.record import Credit, Record, Words
from catalog.territories import ALPHA2_TO_NUMERIC

GONE: Final = frozenset({"01", "05"})
"""List 64, PublishingStatus: cancelled; no longer our product."""
TEXT_LANGUAGE: Final = ("01", "06", "08", "10")
"""List 22, LanguageRole: those that tell the language of the product's own words, the plainest first."""
OWN_SCHEME, KIND_SCHEME = "24", "Banmao kind of work"
"""List 27: a proprietary scheme, and its name."""
MACHINE: Final = "Machine translation, not reviewed"
"""`sourcename` of words that a machine made."""
_MAX_TITLE = 1_000
_MAX_DESCRIPTION = 20_000
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_DATE = re.compile(r"^(\d{4})(\d{2})?(\d{2})?")
_SEQUENCE = re.compile(r"[0-9]{1,6}")
_GREGORIAN = {"00", "01", "02", "03", "04", "05", "06", "13", "14"}


def read(product: Node, default_language: str | None, received: date) -> Record:
    """Everything the catalogue keeps of one Product.

    `default_language`: the header's DefaultLanguageOfText. `received`: the day from which the owner's rights count when
    the record names no publication day.
    """
    record = Record(
        reference=product.said("RecordReference"),
        line=product.line or 1,
        notification=product.said("NotificationType"),
    )
    if not record.reference or len(record.reference) > 255:
        _problem(record, "ONIX_REFERENCE_MISSING", product, "RecordReference", skips=True)
    if not is_code(1, record.notification):
        _problem(
            record, "ONIX_CODE", product, "NotificationType", skips=True, list="1", value=record.notification or "–"
        )
    if record.notification == "05" or not record.usable:
        return record
    _identifiers(product, record)
    text_language = _languages(product, record, default_language)
    _titles(product, record, text_language)
    _descriptions(product, record, text_language)
    _credits(product, record)
    _subjects(product, record)
    published = _dates(product, record)
    _country(product, record)
    record.gone = product.said("PublishingDetail", "PublishingStatus") in GONE
    if text_language is not None:
        record.mandates = mandates(product, record, text_language, published or received)
    return record


def _problem(record: Record, code: str, element: Node, field: str, *, skips: bool = False, **params: str) -> None:
    line = (element.first(*field.split("/")) or element).line
    params = {name: value[:200] for name, value in params.items()}
    record.problems.append(Problem(code, line, field, {"reference": record.reference[:255], **params}, skips))


def _identifiers(product: Node, record: Record) -> None:
    """Group P.2."""
    for composite in product.each("ProductIdentifier"):
        scheme = SCHEMES.get(composite.said("ProductIDType"))
        if scheme is None:
            continue
        value = composite.said("IDValue")
        try:
            identified = identifiers.identify(scheme, value)
        except identifiers.BadIdentifier as bad:
            _problem(
                record,
                "ONIX_IDENTIFIER",
                composite,
                "IDValue",
                skips=True,
                scheme=scheme,
                value=value,
                fault=bad.fault,
            )
            continue
        if identified not in record.identifiers:
            record.identifiers.append(identified)
    numbers = {found.value for found in record.identifiers if found.scheme in {"ISBN", "ISMN"}}
    record.identifiers = [
        found for found in record.identifiers if found.scheme != "GTIN" or found.value.zfill(13)[-13:] not in numbers
    ]


def _languages(product: Node, record: Record, default: str | None) -> str | None:
    """Group P.10: the language of the product's own words; sets the work's original language."""
    roles: dict[str, str] = {}
    for composite in product.each("DescriptiveDetail", "Language"):
        code = composite.said("LanguageCode")
        try:
            tag = _scripted(languages.from_iso639_2b(code), composite.said("ScriptCode"))
        except languages.UnknownLanguage:
            _problem(record, "ONIX_CODE", composite, "LanguageCode", skips=True, list="74", value=code or "–")
            continue
        roles.setdefault(composite.said("LanguageRole"), tag)
    text = next((roles[role] for role in TEXT_LANGUAGE if role in roles), default)
    if text is None and record.usable:
        _problem(record, "ONIX_LANGUAGE_MISSING", product, "DescriptiveDetail/Language", skips=True)
    record.original_language = roles.get("02") or text
    return text


def worded(element: Node, fallback: str) -> str:
    """Language of an element's words: its `language` attribute (ISO 639-2/B) with its `textscript`, else `fallback`."""
    try:
        return _scripted(languages.from_iso639_2b(element.get("language") or ""), element.get("textscript") or "")
    except languages.UnknownLanguage:
        return fallback


def _scripted(tag: str, script: str) -> str:
    """Chinese is the one language whose script is told apart."""
    return "zh-Hant" if tag == "zh" and script == "Hant" else tag


def _titles(product: Node, record: Record, text_language: str | None) -> None:
    """Group P.6. List 15: 01 the product's own title, 03 in the original language, 06 in another language."""
    found: dict[str, Words] = {}
    for wanted in ("01", "03", "06"):
        for detail in product.each("DescriptiveDetail", "TitleDetail"):
            if detail.said("TitleType") != wanted or is_draft(detail):
                continue
            own = record.original_language if wanted == "03" else text_language if wanted == "01" else None
            words = title_of(detail, own)
            if words is not None:
                found.setdefault(words.language, words)
    record.titles = list(found.values())
    if not record.titles and record.notification not in {"04", "88"} and record.usable:
        _problem(record, "ONIX_TITLE_MISSING", product, "DescriptiveDetail/TitleDetail", skips=True)


def title_of(detail: Node, fallback: str | None) -> Words | None:
    """One TitleDetail: the product's level (List 149, 01), led by the collection's where it is only a part number."""
    levels: dict[str, str] = {}
    language = fallback
    for element in detail.each("TitleElement"):
        words = element.first("TitleText") or element.first("TitleWithoutPrefix")
        title = words.text if words is not None else ""
        if prefix := element.said("TitlePrefix"):
            title = prefix + ("" if prefix.endswith(("’", "'")) else " ") + title
        if words is not None:
            language = worded(words, language or "") or None
        if subtitle := element.said("Subtitle"):
            title += ("：" if _CJK.search(title) else ": ") + subtitle
        if part := element.said("PartNumber"):
            title = f"{title} {part}".strip()
        levels.setdefault(element.said("TitleElementLevel"), title)
    own = levels.get("01", "")
    if not re.search(r"[^\W\d_]", own) and (above := levels.get("06") or levels.get("03") or levels.get("02")):
        own = f"{above} {own}".strip()
    own = own or detail.said("TitleStatement")
    return Words(own[:_MAX_TITLE], language) if own and language else None


def _descriptions(product: Node, record: Record, text_language: str | None) -> None:
    """Group P.14. List 153: 03 description, else 02 short description."""
    found: dict[str, Words] = {}
    for wanted in ("03", "02"):
        for content in product.each("CollateralDetail", "TextContent"):
            if content.said("TextType") != wanted:
                continue
            for element in content.each("Text"):
                if is_draft(element):
                    continue
                language = worded(element, text_language or "")
                words = plain(element.element)[:_MAX_DESCRIPTION]
                if language and words:
                    found.setdefault(language, Words(words, language))
    record.descriptions = sorted(found.values(), key=lambda words: words.language != text_language)


def _credits(product: Node, record: Record) -> None:
    """Group P.7, in the order of SequenceNumber. Anonymous and unnamed contributors are left out."""
    numbered: list[tuple[int, list[Credit]]] = []
    for place, composite in enumerate(product.each("DescriptiveDetail", "Contributor")):
        sequence = composite.said("SequenceNumber")
        named = credits_of(composite)
        if not named:
            continue
        for role in composite.each("ContributorRole"):
            if not is_code(17, role.text):
                _problem(record, "ONIX_CODE", composite, "ContributorRole", list="17", value=role.text or "–")
        numbered.append((int(sequence) if _SEQUENCE.fullmatch(sequence) else place + 1, named))
    credits = [credit for _sequence, named in sorted(numbered, key=lambda item: item[0]) for credit in named]
    record.credits = list(dict.fromkeys(credits))


def credits_of(composite: Node) -> list[Credit]:
    """What one Contributor says: nothing when it names nobody."""
    name, original = _names(composite)
    roles = [relator for role in composite.each("ContributorRole") for relator in relators(role.text)]
    return [Credit(name[:500], relator, original) for relator in dict.fromkeys(roles)] if name else []


def _names(composite: Node) -> tuple[str, str | None]:
    """The name as a reader would know it, and the same in its own script where the record gives both (List 18, 05)."""
    name = _name(composite)
    for other in composite.each("AlternativeName"):
        if other.said("NameType") == "05" and (known_as := _name(other)) and known_as != name:
            return known_as, name[:500]
    return name, None


def _name(composite: Node) -> str:
    if name := composite.said("PersonName") or composite.said("CorporateName"):
        return name
    parts = [
        composite.said(tag) for tag in ("NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey", "SuffixToKey")
    ]
    parts = [part for part in parts if part]
    if parts:
        return ("" if all(_CJK.search(part) for part in parts) else " ").join(parts)
    family, _comma, given = composite.said("PersonNameInverted").partition(",")
    return f"{given.strip()} {family}".strip()


def _subjects(product: Node, record: Record) -> None:
    """Group P.12: Thema categories and qualifiers, and BISAC headings; the main subject first. A comic is known by them, or by
    the hub's own scheme, which is written where none of them says it.
    """
    codes: list[tuple[bool, str]] = []
    comic = False
    said = ""
    for composite in product.each("DescriptiveDetail", "Subject"):
        scheme, code = composite.said("SubjectSchemeIdentifier"), composite.said("SubjectCode").upper()
        if scheme in THEMA and re.fullmatch(r"[0-9A-Z]{1,10}(-[A-Z0-9-]{1,12})?", code):
            codes.append((composite.first("MainSubject") is None, code))
            comic = comic or code.startswith(("XA", "XQ"))
        elif scheme == BISAC and re.fullmatch(r"[A-Z]{3}\d{6}", code):
            codes.append((composite.first("MainSubject") is None, code))
            comic = comic or code.startswith("CGN")
        elif scheme == OWN_SCHEME and composite.said("SubjectSchemeName") == KIND_SCHEME:
            said = code
        elif scheme in THEMA or scheme == BISAC:
            _problem(record, "ONIX_SUBJECT", composite, "SubjectCode", value=code or "–")
    record.subjects = list(dict.fromkeys(code for _rest, code in sorted(codes, key=lambda item: item[0])))[:50]
    record.kind = said if said in {"COMIC", "BOOK"} else "COMIC" if comic else "BOOK"


def _dates(product: Node, record: Record) -> date | None:
    """Group P.20, List 163: the year of first publication (11, 20, else 01); returns the publication day if it is given."""
    years: list[int] = []
    published: date | None = None
    for composite in product.each("PublishingDetail", "PublishingDate"):
        role, element = composite.said("PublishingDateRole"), composite.first("Date")
        if role not in {"01", "11", "20"} or element is None:
            continue
        layout = element.get("dateformat") or composite.said("DateFormat") or "00"
        if layout not in _GREGORIAN:
            continue
        value = unicodedata.normalize("NFKC", element.text)
        match = _DATE.match(value) if value.isascii() else None
        if match is None or not 1000 <= int(match[1]) <= 2200:
            _problem(record, "ONIX_DATE", composite, "Date", value=value or "–")
            continue
        years.append(int(match[1]))
        if role == "01" and match[3] and layout in {"00", "13", "14"}:
            try:
                published = date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                _problem(record, "ONIX_DATE", composite, "Date", value=value)
    record.publication_year = min(years, default=None)
    return published


def _country(product: Node, record: Record) -> None:
    """Group P.19: CountryOfPublication is the country of origin, unless the product is a translation."""
    code = product.said("PublishingDetail", "CountryOfPublication")
    if code and code not in ALPHA2_TO_NUMERIC:
        _problem(record, "ONIX_CODE", product, "PublishingDetail/CountryOfPublication", list="91", value=code)
    elif code and all(item.said("LanguageRole") != "02" for item in product.each("DescriptiveDetail", "Language")):
        record.country = code


def is_draft(element: Node) -> bool:
    """Words that a hub such as this one had a machine make, and that nobody has checked: they are not the sender's own."""
    return element.get("sourcename") == MACHINE
