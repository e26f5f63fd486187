"""ONIX group P.21, SalesRights, into mandates: what the owner of the record may sell, and where.

SalesRights speak of one product, in its form and its language: a printed book in Chinese gives print rights in Chinese.
They say nothing about translation rights, so none are read into them.

List 46: 01 and 02 are for sale, on exclusive and on non-exclusive rights; 00 and 03–06 are not for sale or unknown; 07 and 08 are
for sale under a restriction that ONIX words freely, so they are reported and left for a person. ROWSalesRightsType applies to
the rest of the world, which is every territory that no SalesRights composite names.
"""

from collections.abc import Iterable
from datetime import date

from lxml import etree

from catalog import languages
from catalog.formats.onix.codelists import REGIONS, is_code
from catalog.formats.onix.tags import line_of
from catalog.formats.onix.words import one_line
from catalog.formats.problems import Problem
from catalog.formats.record import Record
from catalog.rights import RightType, Scope, join
from catalog.territories import WORLD, UnknownTerritory, expand

_FOR_SALE = {"01": True, "02": False}
_RESTRICTED = {"07", "08"}
_FORMS = {"B": RightType.PRINT, "E": RightType.EBOOK, "D": RightType.EBOOK, "A": RightType.AUDIOBOOK}
_COMIC_FORMS = {RightType.PRINT: RightType.COMIC_PRINT, RightType.EBOOK: RightType.COMIC_DIGITAL}


class _Unread(Exception):
    """A Territory composite that names something other than territories of ISO 3166-1."""

    def __init__(self, code: str, element: etree._Element) -> None:
        self.code = code
        self.element = element


def mandates(product: etree._Element, record: Record, language: str, start: date) -> list[Scope]:
    """The scopes that SalesRights and ROWSalesRightsType give, without end, from `start` on.

    A composite that cannot be read gives nothing, and then the rest of the world is not known either.
    """
    composites = product.findall("PublishingDetail/SalesRights")
    rest_type = one_line(product.findtext("PublishingDetail/ROWSalesRightsType"))
    if not composites and not rest_type:
        return []
    rights = _rights(product, record)
    try:
        spoken = languages.rights_language(language)
    except languages.UnknownLanguage:
        _report(record, product, "ONIX_RIGHTS_LANGUAGE", "DescriptiveDetail/Language", language)
        return []
    if not rights:
        return []
    named: set[str] = set()
    scopes: list[Scope] = []
    whole = True
    for composite in composites:
        kind = one_line(composite.findtext("SalesRightsType"))
        try:
            territories = _territories(composite)
        except _Unread as unread:
            _report(record, unread.element, "ONIX_TERRITORY", "SalesRights/Territory", unread.code)
            whole = False
            continue
        named |= territories
        if _usable(record, composite, kind, "SalesRights/SalesRightsType") and territories:
            scopes.append(Scope(rights, territories, spoken, start, exclusive=_FOR_SALE[kind]))
    rest = WORLD - named
    if rest_type and rest and whole and _usable(record, product, rest_type, "PublishingDetail/ROWSalesRightsType"):
        scopes.append(Scope(rights, rest, spoken, start, exclusive=_FOR_SALE[rest_type]))
    return join(_disjoint(scopes))


def _rights(product: etree._Element, record: Record) -> frozenset[RightType]:
    """Right types of ProductForm (List 150) and of the forms of its parts; large print by EditionType LTE (List 21)."""
    forms = [product.findtext("DescriptiveDetail/ProductForm") or ""]
    forms += [part.findtext("ProductForm") or "" for part in product.iterfind("DescriptiveDetail/ProductPart")]
    large = any(one_line(item.text) == "LTE" for item in product.iterfind("DescriptiveDetail/EditionType"))
    rights: set[RightType] = set()
    for form in forms:
        right = _FORMS.get(one_line(form)[:1])
        if right is None:
            continue
        if record.kind == "COMIC":
            right = _COMIC_FORMS.get(right, right)
        elif right is RightType.PRINT and large:
            right = RightType.LARGE_PRINT
        rights.add(right)
    if not rights:
        _report(record, product, "ONIX_FORM", "DescriptiveDetail/ProductForm", one_line(forms[0]) or "–")
    return frozenset(rights)


def _territories(composite: etree._Element) -> frozenset[str]:
    """Territory composite: (CountriesIncluded ∪ RegionsIncluded) − (CountriesExcluded ∪ RegionsExcluded)."""
    territory = composite.find("Territory")
    if territory is None:
        raise _Unread("–", composite)
    parts = {
        tag: _expanded(territory, tag)
        for tag in ("CountriesIncluded", "RegionsIncluded", "CountriesExcluded", "RegionsExcluded")
    }
    included = parts["CountriesIncluded"] | parts["RegionsIncluded"]
    return included - parts["CountriesExcluded"] - parts["RegionsExcluded"]


def _expanded(territory: etree._Element, tag: str) -> frozenset[str]:
    element = territory.find(tag)
    if element is None:
        return frozenset()
    codes = one_line(element.text).split()
    unread = next((code for code in codes if tag.startswith("Regions") and code not in REGIONS), None)
    if unread is not None:
        raise _Unread(unread, element)
    try:
        return expand(REGIONS[code] if tag.startswith("Regions") else _country(code) for code in codes)
    except UnknownTerritory as unknown:
        raise _Unread(unknown.code, element) from None


def _country(code: str) -> str:
    """List 91 holds two-letter codes only: a group's name is no country."""
    if len(code) != 2:
        raise UnknownTerritory(code)
    return code


def _usable(record: Record, element: etree._Element, kind: str, field: str) -> bool:
    if not is_code(46, kind):
        _report(record, element, "ONIX_CODE", field, kind or "–", list="46")
    elif kind in _RESTRICTED:
        _report(record, element, "ONIX_RIGHTS_RESTRICTED", field, kind)
    return kind in _FOR_SALE


def _disjoint(scopes: Iterable[Scope]) -> list[Scope]:
    """What several composites say of the same territory counts once, for the first of them."""
    kept: list[Scope] = []
    for scope in scopes:
        kept.extend(scope.minus(kept))
    return kept


def _report(record: Record, element: etree._Element, code: str, field: str, value: str, **params: str) -> None:
    place = {"reference": record.reference, "value": value[:200], **params}
    record.problems.append(Problem(code, line_of(element), field, place))
