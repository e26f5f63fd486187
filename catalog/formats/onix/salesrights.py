"""ONIX group P.21, SalesRights, into mandates: what the owner of the record may sell, and where.

SalesRights speak of one product, in its form and its language: a printed book in Chinese gives print rights in Chinese.
They say nothing about translation rights, so none are read into them.

List 46: with 01 and 02 the product is for sale, on exclusive and on non-exclusive rights; with 04 and 05 it is not, and the
publisher holds such rights all the same: they may be licensed. 00, 03 and 06 give nothing. 07 and 08 are for sale under a
restriction that ONIX words freely, so they are reported and left for a person. ROWSalesRightsType applies to the rest of the
world, which is every territory that no SalesRights composite names.
"""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from catalog import languages
from catalog.formats.onix.codelists import REGIONS, is_code
from catalog.formats.onix.nodes import Node
from catalog.formats.problems import Problem
from catalog.formats.record import Record
from catalog.rights import RightType, Scope, join
from catalog.territories import WORLD, UnknownTerritory, expand

HELD: Final = {"01": True, "02": False, "04": True, "05": False}
"""List 46: types that say that the publisher holds the rights → whether it alone does."""
_RESTRICTED = {"07", "08"}
_FORMS = {"B": RightType.PRINT, "E": RightType.EBOOK, "D": RightType.EBOOK, "A": RightType.AUDIOBOOK}
_PARTS = ("CountriesIncluded", "RegionsIncluded", "CountriesExcluded", "RegionsExcluded")
_COMIC_FORMS = {RightType.PRINT: RightType.COMIC_PRINT, RightType.EBOOK: RightType.COMIC_DIGITAL}


class _Unread(Exception):
    """A Territory composite that names something other than territories of ISO 3166-1."""

    def __init__(self, code: str, tag: str = "") -> None:
        self.code = code
        self.tag = tag


def mandates(product: Node, record: Record, language: str, start: date) -> list[Scope]:
    """The scopes that SalesRights and ROWSalesRightsType give, without end, from `start` on.

    A composite that cannot be read gives nothing, and then the rest of the world is not known either.
    """
    composites = product.each("PublishingDetail", "SalesRights")
    rest_type = product.said("PublishingDetail", "ROWSalesRightsType")
    if not composites and not rest_type:
        return []
    rights = form_rights(product, record.kind)
    try:
        spoken = languages.rights_language(language)
    except languages.UnknownLanguage:
        _report(record, product, "ONIX_RIGHTS_LANGUAGE", "DescriptiveDetail/Language", language)
        return []
    if not rights:
        form = product.said("DescriptiveDetail", "ProductForm") or "–"
        _report(record, product, "ONIX_FORM", "DescriptiveDetail/ProductForm", form)
        return []
    held: list[tuple[frozenset[str], bool]] = []
    named: list[frozenset[str]] = []
    whole = True
    for composite in composites:
        kind = composite.said("SalesRightsType")
        try:
            territories = _territories(composite)
        except _Unread as unread:
            wrong = composite.first("Territory", unread.tag) or composite
            _report(record, wrong, "ONIX_TERRITORY", "SalesRights/Territory", unread.code)
            whole = False
            continue
        named.append(territories)
        if _usable(record, composite, kind, "SalesRights/SalesRightsType") and territories:
            held.append((territories, HELD[kind]))
    if rest_type and whole and _usable(record, product, rest_type, "PublishingDetail/ROWSalesRightsType"):
        held.append((rest_of_world(tuple(named)), HELD[rest_type]))
    return [replace(scope, start=start) for scope in _scopes(rights, spoken, tuple(held))]


@lru_cache(maxsize=1024)
def rest_of_world(named: tuple[frozenset[str], ...]) -> frozenset[str]:
    """The territories that no composite names."""
    return WORLD.difference(*named)


@lru_cache(maxsize=1024)
def _scopes(
    rights: frozenset[RightType], spoken: frozenset[str], held: tuple[tuple[frozenset[str], bool], ...]
) -> list[Scope]:
    """Rights held, territories by territories; the same in thousands of products of one house. What several composites say of
    the same territory counts once, for the first of them.
    """
    kept: list[Scope] = []
    for territories, exclusive in held:
        if territories:
            kept.extend(Scope(rights, territories, spoken, date.min, exclusive=exclusive).minus(kept))
    return join(kept)


def form_rights(product: Node, kind: str) -> frozenset[RightType]:
    """Right types of ProductForm (List 150) and of the forms of its parts; large print by EditionType LTE (List 21)."""
    forms = [product.said("DescriptiveDetail", "ProductForm")]
    forms += [part.said("ProductForm") for part in product.each("DescriptiveDetail", "ProductPart")]
    large = any(item.text == "LTE" for item in product.each("DescriptiveDetail", "EditionType"))
    rights: set[RightType] = set()
    for form in forms:
        right = _FORMS.get(form[:1])
        if right is None:
            continue
        if kind == "COMIC":
            right = _COMIC_FORMS.get(right, right)
        elif right is RightType.PRINT and large:
            right = RightType.LARGE_PRINT
        rights.add(right)
    return frozenset(rights)


def _territories(composite: Node) -> frozenset[str]:
    """Territory composite: (CountriesIncluded ∪ RegionsIncluded) − (CountriesExcluded ∪ RegionsExcluded)."""
    territory = composite.first("Territory")
    if territory is None:
        raise _Unread("–")
    included, regions, excluded, regions_excluded = (_expanded(tag, territory.said(tag)) for tag in _PARTS)
    return (included | regions) - excluded - regions_excluded


@lru_cache(maxsize=4096)
def _expanded(tag: str, said: str) -> frozenset[str]:
    codes = said.split()
    regions = tag.startswith("Regions")
    unread = next((code for code in codes if regions and code not in REGIONS), None)
    if unread is not None:
        raise _Unread(unread, tag)
    try:
        return expand(REGIONS[code] if regions else _country(code) for code in codes)
    except UnknownTerritory as unknown:
        raise _Unread(unknown.code, tag) from None


def _country(code: str) -> str:
    """List 91 holds two-letter codes only: a group's name is no country."""
    if len(code) != 2:
        raise UnknownTerritory(code)
    return code


def _usable(record: Record, element: Node, kind: str, field: str) -> bool:
    if not is_code(46, kind):
        _report(record, element, "ONIX_CODE", field, kind or "–", list="46")
    elif kind in _RESTRICTED:
        _report(record, element, "ONIX_RIGHTS_RESTRICTED", field, kind)
    return kind in HELD


def _report(record: Record, element: Node, code: str, field: str, value: str, **params: str) -> None:
    place = {"reference": record.reference, "value": value[:200], **params}
    record.problems.append(Problem(code, element.line, field, place))
