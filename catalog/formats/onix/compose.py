"""A work as a Product: the record that it came from with what the hub knows better written over it, or one from scratch.

Everything here works on trees in reference names without namespace. What a tree says is always asked of the reader that the hub
imports with, so that what goes out unchanged comes back unchanged.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from lxml import etree

from catalog.formats.exported import ExportedWork
from catalog.formats.onix import parts
from catalog.formats.onix.ground import ground
from catalog.formats.onix.overlay import Overlay
from catalog.formats.onix.reader import Message, read_product
from catalog.formats.onix.schema import block, place
from catalog.formats.references import reference_of

_FORMS: Final = (({"PRINT", "COMIC_PRINT"}, "BA"), ({"EBOOK", "COMIC_DIGITAL"}, "EA"), ({"AUDIOBOOK"}, "AA"))
"""List 150 for the rights that are held, the first that fits."""


def compose(work: ExportedWork, release: str, sender: str) -> etree._Element:
    """A work with all that can be said of it in this release of ONIX; a work that was withdrawn as a deletion."""
    if work.kept is None or work.status == "WITHDRAWN":
        return from_scratch(work, release, sender)
    product = ground(work.kept, release)
    if (product.findtext("NotificationType") or "").strip() == "04":
        block(product, "NotificationType", release).text = "03"
    detail = block(product, "DescriptiveDetail", release)
    for tag, unknown in (("ProductComposition", "00"), ("ProductForm", "00")):
        if detail.find(tag) is None:
            place(detail, parts.element(tag, unknown), release)
    Overlay(product, work, release).write()
    _publish(product, release, sender)
    return product


def from_scratch(work: ExportedWork, release: str, sender: str) -> etree._Element:
    """A work as if it had never come from a file."""
    gone = work.status == "WITHDRAWN"
    codes = [parts.identifier(one) for one in work.identifiers if one.scheme in parts.TYPES]
    product = parts.element(
        "Product",
        parts.element("RecordReference", work.record_reference or reference_of(work.id)),
        parts.element("NotificationType", "05" if gone else "03"),
        *(codes or [parts.own_identifier(str(work.id))]),
    )
    if not gone:
        composition, form = parts.element("ProductComposition", "00"), parts.element("ProductForm", _form(work))
        product.append(parts.element("DescriptiveDetail", composition, form))
        Overlay(product, work, release).write()
        _publish(product, release, sender)
    return product


def _publish(product: etree._Element, release: str, sender: str) -> None:
    """Group P.19 wants an imprint or a publisher (List 45, 01) wherever anything is said of publishing."""
    detail = product.find("PublishingDetail")
    if detail is not None and detail.find("Imprint") is None and detail.find("Publisher") is None:
        role, name = parts.element("PublishingRole", "01"), parts.element("PublisherName", sender)
        place(detail, parts.element("Publisher", role, name), release)


def tells(product: etree._Element, work: ExportedWork, release: str, short: bool) -> bool:
    """Would whoever reads this Product find the work's title, codes and contributors in it?"""
    record = read_product(product, Message(release, short), date.min)
    codes = {(one.scheme, one.value) for one in work.identifiers if one.scheme in parts.TYPES}
    return (
        record.usable
        and (work.status == "WITHDRAWN" or {words.text for words in record.titles} >= {work.title.words})
        and codes <= {(one.scheme, one.value) for one in record.identifiers}
        and len(record.credits) == len(work.contributors)
    )


def _form(work: ExportedWork) -> str:
    held = {right.value for granted in work.mandates for right in granted.scope.rights}
    return next((form for rights, form in _FORMS if rights & held), "00")
