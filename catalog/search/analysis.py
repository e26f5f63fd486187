"""How words are cut, for the index and for queries alike.

Words come from ICU's dictionaries and rules, which go by script: one text may mix several. Beside them: Latin letters without
their marks (`truyen` for `truyện`), Chinese in simplified characters whatever it was written in, and pairs of neighbouring Han
characters, which find what the dictionary cuts differently inside a sentence. Nothing here is shown to anybody.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from icu4py.breakers import WordBreaker
from opencc import OpenCC

LONGEST_TOKEN = 80
MOST_WORDS = 16
MOST_KNOWN = 100_000
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
_GLUED = re.compile(rf"[0-9]|{HAN.pattern}")
_PIECES = re.compile(rf"{HAN.pattern}|[0-9]+|[^0-9{HAN.pattern[1:-2]}]+")
_LATIN = re.compile(r"[\u0000-\u024f\u1e00-\u1eff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Scripts written without spaces and without Han: Thai, Lao, Burmese, Khmer."""
_UNSPACED_RUN = re.compile(f"{_UNSPACED.pattern}+")
_TONES = re.compile(r"[\u0e47-\u0e4e\u0ec8-\u0ecd\u1037-\u103a\u17c6-\u17d3]")
_QUOTED = re.compile(
    r"\"([^\"]+)\"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』|《([^》]+)》|〈([^〉]+)〉"
)
_QUOTE = re.compile(r"[\"“„«「『《〈]")
_HAN_SPACES = re.compile(rf"(?<={HAN.pattern[:-1]})\s+(?={HAN.pattern[:-1]})")
_LEVEL = (
    {code: unicodedata.decimal(chr(code)) + 0x30 for code in range(0x20000) if chr(code).isdecimal()}
    | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {0x3000: 0x20}
    | dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
)
"""Digits of every script, full-width signs and the ideographic space as ASCII; invisible characters gone."""
_SPELLINGS = (
    ("\u0e4d\u0e32", "\u0e33"),
    ("\u0ecd\u0eb2", "\u0eb3"),
    ("\u0eab\u0e99", "\u0edc"),
    ("\u0eab\u0ea1", "\u0edd"),
    ("\u17d2\u178a", "\u17d2\u178f"),
    ("\u1025\u103a", "\u1009\u103a"),
)
"""The same letters written in two ways: Thai and Lao am, Lao ho with no or mo, Khmer da and ta below, Burmese nya."""
_LETTERS = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_simplifier = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query. It is met as a whole or, where `parts` is not empty, by most of its parts."""

    text: str
    parts: tuple[str, ...] = ()

    @property
    def han(self) -> bool:
        return HAN.fullmatch(self.text) is not None

    @property
    def unspaced(self) -> bool:
        return _UNSPACED.match(self.text) is not None

    @property
    def bare(self) -> str:
        return folded(self.text)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed: words in any order, all of it in order, and phrases whose words stand side by side.

    A phrase is the sequence that the index has of it, and beside it its words as they were written where they have marks.
    """

    words: tuple[Word, ...]
    sequence: tuple[str, ...]
    phrases: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as the index takes it.

    `level`: the text itself, see `plain`. `tokens`: everything under which it is found, marks and all. `sequence`: its words
    without marks, in order, Han characters in overlapping pairs: where a phrase stands.
    """

    level: str
    tokens: list[str]
    sequence: list[str]


def plain(text: str) -> str:
    """Case, width, digits, invisible characters and Chinese script levelled."""
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFC", text.translate(_LEVEL)).casefold()
    for spelling, usual in _SPELLINGS:
        text = text.replace(spelling, usual)
    text = unicodedata.normalize("NFC", text)
    return _simplified(text) if HAN.search(text) else text


@lru_cache(maxsize=200_000)
def folded(token: str) -> str:
    """Latin letters without marks; other scripts, in which marks are letters, as they are."""
    if token.isascii() or not _LATIN.match(token):
        return token
    bare = "".join(char for char in unicodedata.normalize("NFD", token) if not unicodedata.combining(char))
    return bare.translate(_LETTERS)


@lru_cache(maxsize=100_000)
def common_form(bare: str) -> str:
    """One form for an English word and its plural; other languages of the hub do not mind."""
    if len(bare) < 4 or not bare.isascii() or not bare.endswith("s") or bare.endswith(("ss", "us", "is")):
        return bare
    return f"{bare[:-3]}y" if bare.endswith("ies") and len(bare) > 5 else bare[:-1]


def cut(text: str, *, title: bool = False) -> Cut:
    """`title`: every single Han character is a token too."""
    level = plain(text)
    tokens: list[str] = []
    sequence: list[str] = []
    run = ""
    for piece in WordBreaker(level, "en"):
        known = _known.get(piece) or _learnt(piece)
        if known.han:
            run += known.sequence[0]
            tokens.extend(known.tokens)
            continue
        if run:
            _close(run, tokens, sequence, title)
            run = ""
        if known.sequence:
            tokens.extend(known.tokens)
            sequence.extend(known.sequence)
        elif known.mixed:
            _mixed(piece, tokens, sequence, title)
    if run:
        _close(run, tokens, sequence, title)
    return Cut(level, tokens, sequence)


@dataclass(frozen=True, slots=True)
class _Known:
    """What becomes of something that ICU cut. `han`: part of a run; `mixed`: Han glued to something else."""

    tokens: tuple[str, ...] = ()
    sequence: tuple[str, ...] = ()
    han: bool = False
    mixed: bool = False


_known: dict[str, _Known] = {}


def _learnt(piece: str) -> _Known:
    """The same words come again and again: what becomes of them is looked up. Threads may learn the same word twice."""
    if len(_known) > MOST_KNOWN:
        _known.clear()
    parts = [part for part in _pieces(piece) if part[0]]
    if len(parts) == 1 and parts[0][2]:
        found = _Known(parts[0][:1] if len(parts[0][0]) > 2 else (), parts[0][:1], han=True)
    elif any(han for _token, _bare, han in parts):
        found = _Known(mixed=True)
    else:
        tokens = tuple(form for token, bare, _han in parts for form in dict.fromkeys((token, bare)))
        found = _Known(tokens, tuple(common_form(bare) for _token, bare, _han in parts))
    _known[piece] = found
    return found


def _mixed(piece: str, tokens: list[str], sequence: list[str], title: bool) -> None:
    for token, bare, han in _pieces(piece):
        if han:
            tokens.extend((token,) if len(token) > 2 else ())
            _close(token, tokens, sequence, title)
        else:
            tokens.extend(dict.fromkeys((token, bare)))
            sequence.append(common_form(bare))


def _close(run: str, tokens: list[str], sequence: list[str], title: bool) -> None:
    """Take in a run of Han characters."""
    pairs = _pairs(run)
    tokens.extend(pairs)
    sequence.extend(pairs or (run,))
    if title or not pairs:
        tokens.extend(run)


@lru_cache(maxsize=1_000)
def asked(text: str) -> Asked:
    """A query, read. A quotation mark without its other half means nothing."""
    phrases = []
    for match in _QUOTED.finditer(text) if _QUOTE.search(text) else ():
        inside = _HAN_SPACES.sub("", next(group for group in match.groups() if group is not None))
        found = cut(inside)
        if found.sequence:
            marked = tuple(token for token in found.tokens if folded(token) != token)
            phrases.append((tuple(found.sequence[:MOST_WORDS]), marked[:MOST_WORDS]))
    pieces = [piece for token in WordBreaker(plain(text), "en") for piece in _pieces(token)]
    return Asked(tuple(_words(pieces)[:MOST_WORDS]), tuple(_sequence(pieces)), tuple(phrases[:MOST_WORDS]))


def words(text: str) -> list[Word]:
    """A query's words. A Han character that stands alone between longer words is mostly grammar and left out."""
    return _words([piece for token in WordBreaker(plain(text), "en") for piece in _pieces(token)])


def _words(pieces: Sequence[tuple[str, str, bool]]) -> list[Word]:
    found: list[Word] = []
    alone = ""
    for token, _bare, han in (*pieces, ("", "", False)):
        if han and len(token) == 1:
            alone += token
            continue
        for whole in (alone, token):
            word = Word(whole, _pairs(whole) if len(whole) > 2 and HAN.fullmatch(whole) else ())
            if whole and word not in found:
                found.append(word)
        alone = ""
    longer = [word for word in found if len(word.text) > 1 or not word.han]
    return longer or found


def _sequence(pieces: Sequence[tuple[str, str, bool]]) -> list[str]:
    """The same as `Cut.sequence`."""
    found: list[str] = []
    run = ""
    for token, bare, han in (*pieces, ("", "", False)):
        if han:
            run += token
            continue
        if run:
            found.extend(_pairs(run) or (run,))
            run = ""
        if token:
            found.append(common_form(bare))
    return found


def grams(level: str) -> list[str]:
    """Pairs of neighbouring letters of what is written without spaces, tone marks aside: they forgive a wrong letter.

    ICU's dictionaries cut a misspelt word into others than it was meant to be; pairs of letters do not depend on them.
    """
    return list(dict.fromkeys(pair for run in _UNSPACED_RUN.findall(_TONES.sub("", level)) for pair in _pairs(run)))


def whole(sequence: Sequence[str]) -> str:
    """A title or a name by which it is known that all of it was typed."""
    return " ".join(sequence)[:LONGEST_TOKEN]


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(run[start : start + 2] for start in range(len(run) - 1))


@lru_cache(maxsize=10_000)
def _pieces(token: str) -> tuple[tuple[str, str, bool], ...]:
    """What ICU cut, as a word, the same without marks, and whether it is Han; an empty word where words are parted.

    ICU keeps a number and the letters after it together, and Han with what is glued to it; each is wanted by itself.
    """
    if not any(char.isalnum() for char in token):
        return (("", "", False),)
    short = token[:LONGEST_TOKEN]
    whole = short.isascii() or not _GLUED.search(short) or _KANA.search(short)
    return tuple(
        (piece, folded(piece), HAN.fullmatch(piece) is not None)
        for piece in ([short] if whole else _PIECES.findall(short))
    )


def _simplified(text: str) -> str:
    converter = getattr(_simplifier, "converter", None)
    if converter is None:
        converter = _simplifier.converter = OpenCC("t2s")
    return str(converter.convert(text))
