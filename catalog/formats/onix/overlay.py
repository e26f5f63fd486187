"""What the hub knows of a work, written over a Product where the Product says otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import groupby
from typing import Final

from lxml import etree

from catalog import languages
from catalog.facts import Credit
from catalog.formats import record as read
from catalog.formats.exported import ExportedText, ExportedWork, Rendered
from catalog.formats.onix import nodes, parts
from catalog.formats.onix.codelists import BISAC, SCHEMES, THEMA
from catalog.formats.onix.nodes import Node, Tags
from catalog.formats.onix.product import (
    KIND_SCHEME,
    OWN_SCHEME,
    TEXT_LANGUAGE,
    credits_of,
    is_draft,
    title_of,
    worded,
)
from catalog.formats.onix.reader import Message, read_product
from catalog.formats.onix.salesrights import form_rights
from catalog.formats.onix.schema import block, place
from catalog.identifiers import Identified

YEARS: Final = range(1000, 2201)


def heard(tag: str) -> str:
    """The language that a reader of ONIX understands where the hub says `tag`."""
    said = parts.spoken(tag)
    return "zh-Hant" if "textscript" in said else languages.from_iso639_2b(said["language"])


def told(text: ExportedText) -> dict[str, Rendered]:
    """A text and its renderings; the own language first."""
    found = {heard(text.language): Rendered(text.words, "")}
    for tag, words in text.renderings.items():
        found.setdefault(heard(tag), words)
    return found


class Overlay:
    """One Product on its way out. Each method looks at one part, and touches it only where it has to."""

    def __init__(self, product: etree._Element, work: ExportedWork, release: str) -> None:
        self.product = product
        self.work = work
        self.release = release
        self._read()

    def write(self) -> None:
        self.identifiers()
        self.spoken()
        self.titles()
        self.descriptions()
        self.contributors()
        self.subjects()
        self.first_published()
        self.country()
        self.sales_rights()

    def _read(self) -> None:
        self.record = read_product(self.product, Message(self.release, short=False), date.min)
        self.node: Node = nodes.as_it_is(self.product, Tags(short=False))

    def _add(self, within: str, element: etree._Element) -> None:
        parent = block(self.product, within, self.release) if within else self.product
        place(parent, element, self.release)

    def identifiers(self) -> None:
        wanted = {(one.scheme, one.value) for one in self.work.identifiers if one.scheme in parts.TYPES}
        had = {(one.scheme, one.value) for one in self.record.identifiers}
        if wanted == had:
            return
        for composite in self.node.each("ProductIdentifier"):
            if composite.said("ProductIDType") in SCHEMES:
                _remove(composite)
        for scheme, value in sorted(wanted):
            self._add("", parts.identifier(Identified(scheme, value)))
        if self.product.find("ProductIdentifier") is None:
            self._add("", parts.own_identifier(str(self.work.id)))

    def spoken(self) -> None:
        """Languages of the text and of the original."""
        roles = {one.said("LanguageRole"): one for one in self.node.each("DescriptiveDetail", "Language")}
        own, original = heard(self.work.title.language), heard(self.work.original_language)
        if not roles.keys() & set(TEXT_LANGUAGE):
            self._add("DescriptiveDetail", parts.language("01", own))
        elif self.record.original_language == original:
            return
        if "02" in roles:
            _remove(roles["02"])
        self._read()
        if self.record.original_language != original:
            self._add("DescriptiveDetail", parts.language("02", original))
        self._read()

    def titles(self) -> None:
        """Title types (List 15): 01 its own, 03 in the language of the original, 06 in others."""
        wanted = told(self.work.title)
        own, original = next(iter(wanted)), heard(self.work.original_language)
        for detail in self.node.each("DescriptiveDetail", "TitleDetail"):
            kind = detail.said("TitleType")
            if kind not in {"01", "03", "06"}:
                continue
            said = title_of(detail, self._fallback(kind))
            mine = said is not None and (said.language == own) == (kind == "01") and not is_draft(detail)
            if mine and said is not None and said.language in wanted and wanted[said.language].words == said.text:
                del wanted[said.language]
            else:
                _remove(detail)
        for language, words in wanted.items():
            kind = "01" if language == own else "03" if language == original else "06"
            self._add("DescriptiveDetail", parts.title(kind, words.words, language, words.origin))

    def _fallback(self, kind: str) -> str | None:
        if kind == "03":
            return self.record.original_language
        return self._text_language() if kind == "01" else None

    def _text_language(self) -> str | None:
        roles = {one.said("LanguageRole"): one for one in self.node.each("DescriptiveDetail", "Language")}
        found = next((roles[role] for role in TEXT_LANGUAGE if role in roles), None)
        try:
            return languages.from_iso639_2b(found.said("LanguageCode")) if found else None
        except languages.UnknownLanguage:
            return None

    def descriptions(self) -> None:
        wanted = told(self.work.description) if self.work.description else {}
        had = {words.language: words.text for words in self.record.descriptions}
        right = {language for language, words in wanted.items() if had.get(language) == words.words}
        fallback = self._text_language() or ""
        for content in self.node.each("CollateralDetail", "TextContent"):
            kind = content.said("TextType")
            for text in content.each("Text") if kind in {"02", "03"} else ():
                language = worded(text, fallback)
                if is_draft(text) or language not in wanted or (language not in right and kind == "03"):
                    _remove(text)
            if content.element.find("Text") is None:
                _remove(content)
        for language, words in wanted.items():
            if language not in right:
                self._add("CollateralDetail", parts.description(words.words, language, words.origin))

    def contributors(self) -> None:
        """A composite that names the same person in the same roles is kept, with all that it tells of them."""
        wanted = [Credit(one.name, one.role, one.name_original) for one in self.work.contributors]
        if [(one.name, one.role, one.name_original) for one in self.record.credits] == [
            (one.name, one.role, one.name_original) for one in wanted
        ]:
            return
        had: dict[tuple[read.Credit, ...], etree._Element] = {}
        for composite in self.node.each("DescriptiveDetail", "Contributor"):
            if said := credits_of(composite):
                had.setdefault(tuple(said), composite.element)
                _remove(composite)
        for tag in ("ContributorStatement", "NoContributor"):
            for stale in self.node.each("DescriptiveDetail", tag):
                _remove(stale)
        for (name, original), group in groupby(wanted, key=lambda one: (one.name, one.name_original)):
            roles = list(dict.fromkeys(one.role for one in group))
            made = had.pop(tuple(read.Credit(name, role, original) for role in roles), None)
            self._add("DescriptiveDetail", parts.contributor(name, original, roles) if made is None else made)
        for number, element in enumerate(self.product.iterfind("DescriptiveDetail/Contributor"), 1):
            for old in element.findall("SequenceNumber"):
                element.remove(old)
            element.insert(0, parts.element("SequenceNumber", str(number)))

    def subjects(self) -> None:
        if self.record.subjects != list(self.work.subjects):
            had: dict[str, etree._Element] = {}
            for composite in self.node.each("DescriptiveDetail", "Subject"):
                if composite.said("SubjectSchemeIdentifier") in {*THEMA, BISAC}:
                    had.setdefault(composite.said("SubjectCode").upper(), composite.element)
                    _remove(composite)
            for place_, code in enumerate(self.work.subjects):
                made = had.get(code)
                if made is None:
                    made = parts.subject(code, main=place_ == 0)
                elif place_ and (main := made.find("MainSubject")) is not None:
                    made.remove(main)
                self._add("DescriptiveDetail", made)
            self._read()
        if self.record.kind != self.work.kind:
            for composite in self.node.each("DescriptiveDetail", "Subject"):
                scheme = composite.said("SubjectSchemeIdentifier"), composite.said("SubjectSchemeName")
                if scheme == (OWN_SCHEME, KIND_SCHEME):
                    _remove(composite)
            self._add("DescriptiveDetail", parts.kind_of_work(self.work.kind))

    def first_published(self) -> None:
        year = self.work.publication_year
        if year == self.record.publication_year or year is None or year not in YEARS:
            return
        for composite in self.node.each("PublishingDetail", "PublishingDate"):
            if composite.said("PublishingDateRole") in {"11", "20"}:
                _remove(composite)
        self._read()
        if self.record.publication_year != year:
            self._add("PublishingDetail", parts.first_published(year))

    def country(self) -> None:
        """CountryOfPublication is the country of origin, unless the product is a translation."""
        wanted = self.work.country_of_origin
        roles = {one.said("LanguageRole") for one in self.node.each("DescriptiveDetail", "Language")}
        if wanted is None or wanted == self.record.country or "02" in roles:
            return
        for old in self.node.each("PublishingDetail", "CountryOfPublication"):
            _remove(old)
        self._add("PublishingDetail", parts.element("CountryOfPublication", wanted))

    def sales_rights(self) -> None:
        """Mandates for the product's own form in its own language; of others ONIX says nothing."""
        self._read()
        held = self._held()
        had = (
            frozenset[str]().union(*(one.territories for one in self.record.mandates if one.exclusive)),
            frozenset[str]().union(*(one.territories for one in self.record.mandates if not one.exclusive)),
        )
        if held is None or held == had:
            return
        for tag in ("SalesRights", "ROWSalesRightsType"):
            for old in self.node.each("PublishingDetail", tag):
                _remove(old)
        for made in parts.sales_rights(*held):
            self._add("PublishingDetail", made)

    def _held(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """Territories held alone, and together with others; None where the product gives no right that could be held."""
        form = form_rights(self.node, self.record.kind)
        language = self._text_language()
        if not form or language is None:
            return None
        try:
            spoken = languages.rights_language(language)
        except languages.UnknownLanguage:
            return None
        today = datetime.now(UTC).date()
        alone: frozenset[str] = frozenset()
        shared: frozenset[str] = frozenset()
        for scope in (granted.scope for granted in self.work.mandates):
            if not form <= scope.rights or (scope.end is not None and scope.end <= today):
                continue
            if scope.languages is None or spoken <= scope.languages:
                alone, shared = (
                    (alone | scope.territories, shared) if scope.exclusive else (alone, shared | scope.territories)
                )
        return alone, shared - alone


def _remove(node: Node) -> None:
    parent = node.element.getparent()
    if parent is not None:
        parent.remove(node.element)
