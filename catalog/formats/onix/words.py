"""Words out of ONIX texts: XHTML as elements, HTML as escaped text, or plain, all become plain paragraphs."""

import re
import unicodedata

from lxml import etree, html

from catalog.formats.onix.tags import local
from hub.characters import only_text

_BLOCKS = re.compile("p|div|li|br|dd|dt|h[1-6]|tr|blockquote|ul|ol|dl|table|pre|hr", re.IGNORECASE)
_HTML = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--)>")


def one_line(text: str | None) -> str:
    """`text` in NFC with every run of white space as one space, without what is no text."""
    return " ".join(only_text(unicodedata.normalize("NFC", text or "")).split())


def plain(element: etree._Element) -> str:
    """The words of a text element, paragraphs parted by an empty line.

    Markup is taken as written: as elements (textformat 05), or escaped (02 and many senders' 05).
    """
    if len(element) == 0 and _MARKUP.search(element.text or ""):
        element = etree.fromstring(f"<div>{element.text}</div>", _HTML)
    pieces: list[str] = []
    _collect(element, pieces)
    paragraphs = (one_line(paragraph) for paragraph in "".join(pieces).split("\0"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _collect(element: etree._Element, pieces: list[str]) -> None:
    if not isinstance(element.tag, str) or local(element).lower() in {"head", "script", "style", "title"}:
        return
    pieces.append(element.text or "")
    for child in element:
        block = isinstance(child.tag, str) and _BLOCKS.fullmatch(local(child)) is not None
        if block:
            pieces.append("\0")
        _collect(child, pieces)
        if block:
            pieces.append("\0")
        pieces.append(child.tail or "")
