"""A kept Product in reference names, with what a release of ONIX has no place for taken out."""

from __future__ import annotations

from lxml import etree

from catalog.formats.exported import Kept
from catalog.formats.onix.parts import element
from catalog.formats.onix.product import TEXT_LANGUAGE
from catalog.formats.onix.reader import Message
from catalog.formats.onix.schema import content, place
from catalog.formats.onix.tags import XHTML
from catalog.formats.record import Original

_BLOCKS = frozenset(
    {
        "DescriptiveDetail",
        "CollateralDetail",
        "PromotionDetail",
        "ContentDetail",
        "PublishingDetail",
        "RelatedMaterial",
        "ProductionDetail",
        "ProductSupply",
    }
)
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
)


def ground(kept: Kept, release: str) -> etree._Element:
    """The Product as it came. What the header of its message said of it is said by itself."""
    message = Message.of(kept.dialect)
    product = etree.fromstring(kept.content, _PARSER)
    for each in product.iter():
        if isinstance(each.tag, str):
            each.tag = message.tags[each.tag].lstrip("<")
            for name in ("refname", "shortname"):
                if name in each.attrib:
                    del each.attrib[name]
    product.tail = None
    etree.cleanup_namespaces(product)
    _fit(product, release)
    _say_defaults(product, message.defaults, release)
    return product


def updated(before: Original, update: Original) -> Original:
    """A record after a block update (List 1, 04): every block that the update brings takes the place of the one before it."""
    release = max(before.dialect[:3], update.dialect[:3])
    product, brought = (ground(Kept(one.dialect, one.content), release) for one in (before, update))
    blocks = [child for child in brought if child.tag in _BLOCKS]
    for tag in {block.tag for block in blocks}:
        for old in product.findall(str(tag)):
            product.remove(old)
    for block in blocks:
        place(product, block, release)
    return Original.of(f"{release} reference", etree.tostring(product, encoding="UTF-8"), update.digest)


def _fit(parent: etree._Element, release: str) -> None:
    """Take out what has no place here, and white space that says nothing. Long texts are left as they are."""
    admitted = content(release).get(str(parent.tag))
    for child in list(parent):
        name = str(child.tag)
        if name in XHTML:
            return
        child.tail = None
        if admitted is not None and name not in admitted:
            _move(parent, child, release)
            parent.remove(child)
        else:
            _fit(child, release)
    if len(parent) and parent.text is not None and not parent.text.strip():
        parent.text = None


def _move(parent: etree._Element, child: etree._Element, release: str) -> None:
    """What ONIX 3.1 says elsewhere than 3.0: the layout of a date, and the audience."""
    if child.tag == "DateFormat":
        for date in parent.iterfind("Date"):
            date.set("dateformat", (child.text or "").strip())
    elif child.tag == "AudienceCode":
        kind, value = element("AudienceCodeType", "01"), element("AudienceCodeValue", (child.text or "").strip())
        place(parent, element("Audience", kind, value), release)


def _say_defaults(product: etree._Element, defaults: dict[str, str], release: str) -> None:
    """Header, group H.9: languages and prices that every Product of the message is meant to have."""
    spoken = defaults.get("DefaultLanguageOfText")
    detail = product.find("DescriptiveDetail")
    roles = {(role.text or "").strip() for role in product.iterfind("DescriptiveDetail/Language/LanguageRole")}
    if spoken and detail is not None and roles.isdisjoint(TEXT_LANGUAGE):
        place(detail, element("Language", element("LanguageRole", "01"), element("LanguageCode", spoken)), release)
    for tag, default in (("PriceType", "DefaultPriceType"), ("CurrencyCode", "DefaultCurrencyCode")):
        for price in product.iter("Price") if default in defaults else ():
            if price.find(tag) is None and price.find("UnpricedItemType") is None:
                place(price, element(tag, defaults[default]), release)
