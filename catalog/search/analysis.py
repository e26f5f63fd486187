"""How words are cut, for the index and for queries alike.

Words come from ICU's dictionaries and rules for each language. Beside them: Latin letters without their marks (`truyen`
for `truyện`), Chinese in simplified characters whatever it was written in, and pairs of neighbouring Han characters,
which find what the dictionary cuts differently inside a sentence. Nothing here is shown to anybody.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from icu4py.breakers import WordBreaker
from opencc import OpenCC

LONGEST_TOKEN = 80
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
_GLUED = re.compile(rf"[0-9]|{_HAN.pattern}")
_PIECES = re.compile(rf"{_HAN.pattern}|[0-9]+|[^0-9{_HAN.pattern[1:-2]}]+")
_LATIN = re.compile(r"[\u0000-\u024f\u1e00-\u1eff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LEVEL = (
    {code: unicodedata.decimal(chr(code)) + 0x30 for code in range(0x20000) if chr(code).isdecimal()}
    | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {0x3000: 0x20}
    | dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
)
"""Digits of every script, full-width signs and the ideographic space as ASCII; invisible characters gone."""
_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_simplifier = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query. It is met as a whole or, where `parts` is not empty, by most of its parts."""

    text: str
    parts: tuple[str, ...] = ()

    @property
    def han(self) -> bool:
        return _HAN.fullmatch(self.text) is not None

    @property
    def latin(self) -> bool:
        return self.text.isascii()


def plain(text: str) -> str:
    """Case, width, digits, invisible characters and Chinese script levelled."""
    text = unicodedata.normalize("NFC", text if text.isascii() else text.translate(_LEVEL)).casefold()
    text = unicodedata.normalize("NFC", text.replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3"))
    return _simplified(text) if _HAN.search(text) else text


def folded(token: str) -> str:
    """Latin letters without marks; other scripts, in which marks are letters, as they are."""
    if token.isascii() or not _LATIN.match(token):
        return token
    bare = "".join(char for char in unicodedata.normalize("NFD", token) if not unicodedata.combining(char))
    return bare.translate(_LETTERS)


def tokens(text: str, language: str, *, title: bool = False) -> list[str]:
    """Everything under which `text` is found. `title`: every single Han character too."""
    found: list[str] = []
    level = plain(text)
    han = _HAN.search(level) is not None
    for token in filter(None, _cut(level, language)):
        if han and _HAN.fullmatch(token):
            if len(token) > 2:
                found.append(token)
            continue
        found.append(token)
        if (bare := folded(token)) != token:
            found.append(bare)
    for run in _HAN.findall(level) if han else ():
        found.extend(_pairs(run))
        if title or len(run) == 1:
            found.extend(run)
    return found


def words(text: str, language: str) -> list[Word]:
    """A query's words. A Han character that stands alone between longer words is mostly grammar and left out."""
    found: list[Word] = []
    alone = ""
    for token in [*_cut(plain(text), language), ""]:
        if len(token) == 1 and _HAN.fullmatch(token):
            alone += token
            continue
        for whole in (alone, token):
            word = Word(whole, _pairs(whole) if _HAN.fullmatch(whole) and len(whole) > 2 else ())
            if whole and word not in found:
                found.append(word)
        alone = ""
    longer = [word for word in found if not word.han or len(word.text) > 1]
    return longer or found


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(run[start : start + 2] for start in range(len(run) - 1))


def _cut(text: str, language: str) -> Iterator[str]:
    """Words in order; an empty one stands for whatever parts them, a space or a sign.

    ICU keeps a number and the letters after it together, and Han with what is glued to it; each is wanted by itself.
    """
    for token in WordBreaker(text, language):
        if not (token[0].isalnum() or any(char.isalnum() for char in token)):
            yield ""
        elif token.isascii() or not _GLUED.search(token) or _KANA.search(token):
            yield token[:LONGEST_TOKEN]
        else:
            yield from _PIECES.findall(token[:LONGEST_TOKEN])


def _simplified(text: str) -> str:
    converter = getattr(_simplifier, "converter", None)
    if converter is None:
        converter = _simplifier.converter = OpenCC("t2s")
    return str(converter.convert(text))
