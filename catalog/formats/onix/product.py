"""An ONIX `<Product>`, in reference names without namespace, into a `Record`. Group numbers are those of ONIX 3.0/3.1."""

import re
import unicodedata
from datetime import date

from lxml import etree

from catalog import identifiers, languages
from catalog.formats.onix.codelists import BISAC, SCHEMES, THEMA, is_code, relators
from catalog.formats.onix.salesrights import mandates
from catalog.formats.onix.tags import line_of
from catalog.formats.onix.words import one_line, plain
from catalog.formats.problems import Problem
from catalog.formats.record import Credit, Record, Words
from catalog.territories import ALPHA2_TO_NUMERIC

_MAX_TITLE = 1_000
_MAX_DESCRIPTION = 20_000
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_DATE = re.compile(r"^(\d{4})(\d{2})?(\d{2})?")
_SEQUENCE = re.compile(r"[0-9]{1,6}")
_GREGORIAN = {"00", "01", "02", "03", "04", "05", "06", "13", "14"}


def read(product: etree._Element, default_language: str | None, received: date) -> Record:
    """Everything the catalogue keeps of one Product.

    `default_language`: the header's DefaultLanguageOfText. `received`: the day from which the owner's rights count when
    the record names no publication day.
    """
    record = Record(
        reference=_text(product, "RecordReference"),
        line=line_of(product) or 1,
        notification=_text(product, "NotificationType"),
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
    if text_language is not None:
        record.mandates = mandates(product, record, text_language, published or received)
    return record


def _text(element: etree._Element, path: str) -> str:
    return one_line(element.findtext(path))


def _problem(
    record: Record, code: str, element: etree._Element, field: str, *, skips: bool = False, **params: str
) -> None:
    found = element.find(field)
    line = line_of(element if found is None else found)
    params = {name: value[:200] for name, value in params.items()}
    record.problems.append(Problem(code, line, field, {"reference": record.reference[:255], **params}, skips))


def _identifiers(product: etree._Element, record: Record) -> None:
    """Group P.2."""
    for composite in product.iterfind("ProductIdentifier"):
        scheme = SCHEMES.get(_text(composite, "ProductIDType"))
        if scheme is None:
            continue
        value = _text(composite, "IDValue")
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


def _languages(product: etree._Element, record: Record, default: str | None) -> str | None:
    """Group P.10: the language of the product's own words; sets the work's original language."""
    roles: dict[str, str] = {}
    for composite in product.iterfind("DescriptiveDetail/Language"):
        code = _text(composite, "LanguageCode")
        try:
            tag = languages.from_iso639_2b(code)
        except languages.UnknownLanguage:
            _problem(record, "ONIX_CODE", composite, "LanguageCode", skips=True, list="74", value=code or "–")
            continue
        if _text(composite, "ScriptCode") == "Hant" and tag == "zh":
            tag = "zh-Hant"
        roles.setdefault(_text(composite, "LanguageRole"), tag)
    text = next((roles[role] for role in ("01", "06", "08", "10") if role in roles), default)
    if text is None and record.usable:
        _problem(record, "ONIX_LANGUAGE_MISSING", product, "DescriptiveDetail/Language", skips=True)
    record.original_language = roles.get("02") or text
    return text


def _worded(element: etree._Element, fallback: str) -> str:
    """Language of an element's words: its `language` attribute (ISO 639-2/B), else `fallback`."""
    try:
        return languages.from_iso639_2b(element.get("language") or "")
    except languages.UnknownLanguage:
        return fallback


def _titles(product: etree._Element, record: Record, text_language: str | None) -> None:
    """Group P.6. List 15: 01 the product's own title, 03 in the original language, 06 in another language."""
    found: dict[str, Words] = {}
    for wanted in ("01", "03", "06"):
        for detail in product.iterfind("DescriptiveDetail/TitleDetail"):
            if _text(detail, "TitleType") != wanted:
                continue
            own = record.original_language if wanted == "03" else text_language if wanted == "01" else None
            words = _title(detail, own)
            if words is not None:
                found.setdefault(words.language, words)
    record.titles = list(found.values())
    if not record.titles and record.notification not in {"04", "88"} and record.usable:
        _problem(record, "ONIX_TITLE_MISSING", product, "DescriptiveDetail/TitleDetail", skips=True)


def _title(detail: etree._Element, fallback: str | None) -> Words | None:
    """One TitleDetail: the product's level (List 149, 01), led by the collection's where it is only a part number."""
    levels: dict[str, str] = {}
    language = fallback
    for element in detail.iterfind("TitleElement"):
        words = element.find("TitleText")
        if words is None:
            words = element.find("TitleWithoutPrefix")
        title = one_line(words.text if words is not None else "")
        if prefix := _text(element, "TitlePrefix"):
            title = prefix + ("" if prefix.endswith(("’", "'")) else " ") + title
        if words is not None:
            language = _worded(words, language or "") or None
        if subtitle := _text(element, "Subtitle"):
            title += ("：" if _CJK.search(title) else ": ") + subtitle
        if part := _text(element, "PartNumber"):
            title = f"{title} {part}".strip()
        levels.setdefault(_text(element, "TitleElementLevel"), title)
    own = levels.get("01", "")
    if not re.search(r"[^\W\d_]", own) and (above := levels.get("06") or levels.get("03") or levels.get("02")):
        own = f"{above} {own}".strip()
    own = own or _text(detail, "TitleStatement")
    return Words(own[:_MAX_TITLE], language) if own and language else None


def _descriptions(product: etree._Element, record: Record, text_language: str | None) -> None:
    """Group P.14. List 153: 03 description, else 02 short description."""
    found: dict[str, Words] = {}
    for wanted in ("03", "02"):
        for content in product.iterfind("CollateralDetail/TextContent"):
            if _text(content, "TextType") != wanted:
                continue
            for element in content.iterfind("Text"):
                language = _worded(element, text_language or "")
                words = plain(element)[:_MAX_DESCRIPTION]
                if language and words:
                    found.setdefault(language, Words(words, language))
    record.descriptions = sorted(found.values(), key=lambda words: words.language != text_language)


def _credits(product: etree._Element, record: Record) -> None:
    """Group P.7, in the order of SequenceNumber. Anonymous and unnamed contributors are left out."""
    numbered: list[tuple[int, list[Credit]]] = []
    for place, composite in enumerate(product.iterfind("DescriptiveDetail/Contributor")):
        sequence = _text(composite, "SequenceNumber")
        name = _name(composite)
        if not name:
            continue
        named: list[Credit] = []
        for role in composite.iterfind("ContributorRole"):
            code = one_line(role.text)
            if not is_code(17, code):
                _problem(record, "ONIX_CODE", composite, "ContributorRole", list="17", value=code or "–")
            named.extend(Credit(name[:500], relator) for relator in relators(code))
        numbered.append((int(sequence) if _SEQUENCE.fullmatch(sequence) else place + 1, named))
    credits = [credit for _sequence, named in sorted(numbered, key=lambda item: item[0]) for credit in named]
    record.credits = list(dict.fromkeys(credits))


def _name(composite: etree._Element) -> str:
    if name := _text(composite, "PersonName") or _text(composite, "CorporateName"):
        return name
    parts = [
        _text(composite, tag) for tag in ("NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey", "SuffixToKey")
    ]
    parts = [part for part in parts if part]
    if parts:
        return ("" if all(_CJK.search(part) for part in parts) else " ").join(parts)
    family, _comma, given = _text(composite, "PersonNameInverted").partition(",")
    return f"{given.strip()} {family}".strip()


def _subjects(product: etree._Element, record: Record) -> None:
    """Group P.12: Thema categories and qualifiers, and BISAC headings; the main subject first."""
    codes: list[tuple[bool, str]] = []
    comic = False
    for composite in product.iterfind("DescriptiveDetail/Subject"):
        scheme, code = _text(composite, "SubjectSchemeIdentifier"), _text(composite, "SubjectCode").upper()
        if scheme in THEMA and re.fullmatch(r"[0-9A-Z]{1,10}(-[A-Z0-9-]{1,12})?", code):
            codes.append((composite.find("MainSubject") is None, code))
            comic = comic or code.startswith(("XA", "XQ"))
        elif scheme == BISAC and re.fullmatch(r"[A-Z]{3}\d{6}", code):
            codes.append((composite.find("MainSubject") is None, code))
            comic = comic or code.startswith("CGN")
        elif scheme in THEMA or scheme == BISAC:
            _problem(record, "ONIX_SUBJECT", composite, "SubjectCode", value=code or "–")
    record.subjects = list(dict.fromkeys(code for _rest, code in sorted(codes, key=lambda item: item[0])))[:50]
    record.kind = "COMIC" if comic else "BOOK"


def _dates(product: etree._Element, record: Record) -> date | None:
    """Group P.20, List 163: the year of first publication (11, 20, else 01); returns the publication day if it is given."""
    years: list[int] = []
    published: date | None = None
    for composite in product.iterfind("PublishingDetail/PublishingDate"):
        role, element = _text(composite, "PublishingDateRole"), composite.find("Date")
        if role not in {"01", "11", "20"} or element is None:
            continue
        layout = element.get("dateformat") or _text(composite, "DateFormat") or "00"
        if layout not in _GREGORIAN:
            continue
        value = unicodedata.normalize("NFKC", one_line(element.text))
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


def _country(product: etree._Element, record: Record) -> None:
    """Group P.19: CountryOfPublication is the country of origin, unless the product is a translation."""
    code = _text(product, "PublishingDetail/CountryOfPublication")
    if code and code not in ALPHA2_TO_NUMERIC:
        _problem(record, "ONIX_CODE", product, "PublishingDetail/CountryOfPublication", list="91", value=code)
    elif code and all(_text(item, "LanguageRole") != "02" for item in product.iterfind("DescriptiveDetail/Language")):
        record.country = code
