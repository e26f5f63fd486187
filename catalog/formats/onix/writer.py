"""ONIX messages, written work by work: 3.1 and 3.0, in reference or short tags.

Every Product is held against ONIX's own schema before it is written. Where the record that a work came from was not valid, what
is wrong is taken out; where too much would go with it, the Product is written from scratch. So the message is always valid.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

from lxml import etree

from catalog.formats.exported import ExportedWork, Order
from catalog.formats.onix import schema
from catalog.formats.onix.compose import compose, from_scratch, tells
from catalog.formats.onix.tags import reference_names

Write = Callable[[Iterator[ExportedWork], BinaryIO, Order], None]
_MOST: Final = 40
"""Elements that are taken out of a Product before it is rather written anew."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def write(works: Iterator[ExportedWork], to: BinaryIO, order: Order, *, release: str, short: bool) -> None:
    """The whole message. A Product a line, so that whoever reads it can follow."""
    dress = _Dress(release, short, order)
    to.write(dress.opening)
    for work in works:
        to.write(dress.product(work))
    to.write(dress.closing)


WRITE: Final[Mapping[str, Write]] = {
    f"{'SHORT' if short else 'REFERENCE'}_{release.replace('.', '_')}": partial(write, release=release, short=short)
    for release in schema.RELEASES
    for short in (False, True)
}
"""By variant: the kind of tags and the release."""


class _Dress:
    """Products in the tags, the namespace and the frame of one message."""

    def __init__(self, release: str, short: bool, order: Order) -> None:
        self.release = release
        self.short = short
        self.sender = order.sender
        self.valid = schema.validator(release, short)
        self.names = {name: tag for tag, name in reference_names().items()} if short else {}
        self.namespace = f' xmlns="{schema.namespace(release, short)}"'.encode()
        message = "ONIXmessage" if short else "ONIXMessage"
        sent = order.sent.strftime("%Y%m%dT%H%M%SZ")
        sender = f"<SenderName>{escape(order.sender)}</SenderName>"
        header = f"<Header><Sender>{sender}</Sender><SentDateTime>{sent}</SentDateTime></Header>"
        head = etree.tostring(self._renamed(etree.fromstring(header)), encoding="UTF-8")
        self.opening = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{message} release="{release}"'.encode()
            + self.namespace
            + b">\n"
            + head
            + b"\n"
        )
        self.closing = f"</{message}>\n".encode()

    def product(self, work: ExportedWork) -> bytes:
        """The valid Product of a work."""
        made = self._mended(compose(work, self.release, self.sender), work)
        return made or self._mended(from_scratch(work, self.release, self.sender), None)

    def _renamed(self, tree: etree._Element) -> etree._Element:
        """The tree in this message's tags; in short ones it is another."""
        if not self.names:
            return tree
        tree = copy.deepcopy(tree)
        for element in tree.iter(etree.Element):
            element.tag = self.names.get(str(element.tag), str(element.tag))
        return tree

    def _framed(self, product: etree._Element) -> etree._Element:
        """A message of this Product alone."""
        said = etree.tostring(self._renamed(product), encoding="UTF-8")
        return etree.fromstring(self.opening + said + self.closing, _PARSER)

    def _mended(self, product: etree._Element, work: ExportedWork | None) -> bytes:
        """The Product, in order and without what the schema does not allow; nothing where it no longer tells of `work`."""
        whole = self._framed(product)
        if not self.valid.validate(whole):
            schema.put_in_order(product, self.release)
            whole = self._framed(product)
        removed = 0
        while not self.valid.validate(whole):
            errors = list(self.valid.error_log)  # type: ignore[call-overload]
            wrong = _at(whole, errors[0].path)
            within = wrong.getparent()
            assert within is not None, errors
            within.remove(wrong)
            removed += 1
            if within is whole or removed > _MOST:
                return b""
        mended = whole[1]
        if removed and work is not None and not tells(mended, work, self.release, self.short):
            return b""
        return etree.tostring(mended, encoding="UTF-8", with_tail=False).replace(self.namespace, b"", 1) + b"\n"


def _at(whole: etree._Element, path: str | None) -> etree._Element:
    found = whole.xpath(path or "/*")
    assert isinstance(found, list)
    assert isinstance(found[0], etree._Element)
    return found[0]
