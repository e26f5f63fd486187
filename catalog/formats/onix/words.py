"""Words out of ONIX texts: XHTML as elements, HTML as escaped text, or plain, all become plain paragraphs."""

import re
import unicodedata

from lxml import etree, html

from catalog.formats.onix.tags import local
from hub.characters import only_text

_BLOCKS = re.compile("p|div|li|dd|dt|h[1-6]|tr|blockquote|ul|ol|dl|table|pre|hr")
_PARAGRAPH, _LINE = "\0", "\1"
_GAP = re.compile(rf"{_PARAGRAPH}|{_LINE}\s*{_LINE}")
"""Two line breaks in a row are meant as a new paragraph."""
_HTML = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--)>")


def one_line(text: str | None) -> str:
    """`text` in NFC with every run of white space as one space, without what is no text."""
    if text is None or (text.isascii() and text.isalnum()):
        return text or ""
    return " ".join(only_text(unicodedata.normalize("NFC", text)).split())


def plain(element: etree._Element) -> str:
    """The words of a text element, paragraphs parted by an empty line, lines of a paragraph by a line break.

    Markup is taken as written: as elements (textformat 05), or escaped (02 and many senders' 05).
    """
    if len(element) == 0 and _MARKUP.search(element.text or ""):
        element = etree.fromstring(f"<div>{element.text}</div>", _HTML)
    pieces: list[str] = []
    _collect(element, pieces)
    paragraphs = _GAP.split("".join(pieces))
    told = ("\n".join(filter(None, map(one_line, paragraph.split(_LINE)))) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in told if paragraph)


def _collect(element: etree._Element, pieces: list[str]) -> None:
    if not isinstance(element.tag, str) or local(element).lower() in {"head", "script", "style", "title"}:
        return
    pieces.append(element.text or "")
    for child in element:
        name = local(child).lower() if isinstance(child.tag, str) else ""
        mark = _LINE if name == "br" else _PARAGRAPH if _BLOCKS.fullmatch(name) else ""
        pieces.append(mark)
        _collect(child, pieces)
        pieces.append("" if mark == _LINE else mark)
        pieces.append(child.tail or "")
