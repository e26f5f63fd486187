"""Cells of rights, read. Whatever is not understood is told by its letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from catalog import naming
from catalog.grammar.clauses import LONGEST, MOST_MONTHS, Clause, Expected, Mistake, NotUnderstood
from catalog.languages import RIGHTS_LANGUAGES, rights_language
from catalog.limits import EARLIEST, LATEST
from catalog.rights import RightType
from catalog.territories import GROUPS, WORLD


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a cell and where it starts, from 0."""

    text: str
    at: int

    def split(self, pattern: re.Pattern[str]) -> Iterator[_Piece]:
        place = 0
        for match in pattern.finditer(self.text):
            yield _Piece(self.text[place : match.start()], self.at + place).trimmed()
            place = match.end()
        yield _Piece(self.text[place:], self.at + place).trimmed()

    def trimmed(self) -> _Piece:
        left = len(self.text) - len(self.text.lstrip())
        return _Piece(self.text.strip(), self.at + left)

    def after(self, length: int) -> _Piece:
        return _Piece(self.text[length:], self.at + length).trimmed()

    def mistake(self, expected: Expected, near: str | None = None) -> Mistake:
        return Mistake(self.at + 1, self.text, expected, near)


_CLAUSES: Final = re.compile(r"\|\||｜｜|‖|\n+")
_PARTS: Final = re.compile(r"[;；]")
_NAMES: Final = re.compile(r"[,，、]")
_EX: Final = re.compile(
    r"(?:(?:^|(?<=[\s,，、)）]))(?:ex|exc|except|excluding|excl\.|without|minus|trừ|ngoại\s+trừ|kecuali|maliban(?:\s+sa)?)(?=\s|$|[:：]))"
    r"|除了|除外|不包括|不含|除|ยกเว้น|ຍົກເວັ້ນ|លើកលែងតែ|លើកលែង|မှလွဲ၍|မှအပ",
    re.IGNORECASE,
)
_PREFIX: Final = re.compile(r"([LR])\s*[:：=]", re.IGNORECASE)
_ROW: Final = frozenset({"row", "restofworld", "restoftheworld"})
_LENGTH: Final = re.compile(
    r"\+?\s*([0-9]{1,4})\s*(y|yr|yrs|years?|年|ปี|năm|tahun|နှစ်|ປີ|taon|ឆ្នាំ|m|mo|months?)", re.IGNORECASE
)
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_PERIOD: Final = re.compile(r"\.\.+|…")


def parse(text: str) -> list[Clause]:
    """The clauses of a cell; none for an empty one. NotUnderstood, with every mistake."""
    if len(text) > LONGEST:
        raise NotUnderstood([Mistake(LONGEST + 1, text[LONGEST : LONGEST + 20], Expected.SHORT)])
    mistakes: list[Mistake] = []
    found: list[tuple[Clause, _Piece | None]] = []
    if text.strip():
        for piece in _Piece(text, 0).split(_CLAUSES):
            found.append(_clause(piece, mistakes))
    clauses = [clause for clause, _rest in found]
    named = frozenset[str]().union(*(clause.territories for clause, rest in found if rest is None))
    for place, (clause, rest) in enumerate(found):
        if rest is not None:
            clauses[place] = replace(clause, territories=(WORLD - named) | clause.territories)
            if not WORLD - named:
                mistakes.append(rest.mistake(Expected.LEFT))
    if mistakes:
        raise NotUnderstood(sorted(mistakes, key=lambda one: one.position))
    return clauses


def _clause(piece: _Piece, mistakes: list[Mistake]) -> tuple[Clause, _Piece | None]:
    """A clause, and where it says “rest of the world”. Once there are `mistakes`, the clause is not to be used."""
    first, *parts = piece.split(_PARTS)
    included, left_out = _around_ex(first)
    rest = next((one for one in included.split(_NAMES) if naming.level(one.text) in _ROW), None)
    places = _territories(included, mistakes, but=rest) - _territories(left_out, mistakes)
    if not places and rest is None and not mistakes:
        mistakes.append(first.mistake(Expected.LEFT if first.text else Expected.TERRITORY))
    clause = Clause(places)
    said: set[str] = set()
    for part in parts:
        if not part.text:
            continue
        what, clause = _part(part, clause, mistakes)
        if what in said:
            mistakes.append(part.mistake(Expected.ONCE))
        said.add(what)
    return clause, rest


def _part(part: _Piece, clause: Clause, mistakes: list[Mistake]) -> tuple[str, Clause]:
    """Which part it is, and the clause with it."""
    prefix = _PREFIX.match(part.text)
    if prefix is not None and prefix[1].upper() == "R":
        return "rights", replace(clause, rights=_rights(part.after(prefix.end()), mistakes))
    if prefix is not None:
        return "languages", replace(clause, languages=_languages(part.after(prefix.end()), mistakes))
    exclusive = naming.exclusive(part.text)
    if exclusive is not None:
        return "exclusivity", replace(clause, exclusive=exclusive)
    if _PERIOD.search(part.text) or _LENGTH.fullmatch(part.text):
        return "period", _period(part, clause, mistakes)
    spoken, granted = _reading(part, language_named), _reading(part, right_named)
    if spoken and granted:
        mistakes.append(part.mistake(Expected.CLEAR))
    elif granted:
        return "rights", replace(clause, rights=_rights(part, mistakes))
    elif spoken or _every(_around_ex(part)[0]) or any(language_named(one.text) for one in part.split(_NAMES)):
        return "languages", replace(clause, languages=_languages(part, mistakes))
    elif any(right_named(one.text) for one in part.split(_NAMES)):
        return "rights", replace(clause, rights=_rights(part, mistakes))
    else:
        near = naming.languages().near(part.text) or naming.rights().near(part.text)
        mistakes.append(part.mistake(Expected.PART, near))
    return part.text, clause


def _reading(part: _Piece, find: Callable[[str], object | None]) -> bool:
    """Is every name of the part one that `find` knows?"""
    return all(find(one.text) is not None for one in part.split(_NAMES))


def _around_ex(piece: _Piece) -> tuple[_Piece, _Piece]:
    match = _EX.search(piece.text)
    if match is None:
        return piece, _Piece("", piece.at + len(piece.text))
    left_out = piece.after(match.end())
    if left_out.text.startswith((":", "：")):
        left_out = left_out.after(1)
    before = piece.text[: match.start()].rstrip().rstrip(",，、(（").rstrip()
    return _Piece(before, piece.at), _Piece(left_out.text.rstrip(")）"), left_out.at)


def _territories(piece: _Piece, mistakes: list[Mistake], but: _Piece | None = None) -> frozenset[str]:
    named = [one for one in _listed(piece) if one != but]
    return _understood(named, _territory, Expected.TERRITORY, naming.territories().near, mistakes)


def _understood(
    named: Iterable[_Piece],
    find: Callable[[str], frozenset[str] | None],
    expected: Expected,
    near: Callable[[str], str | None],
    mistakes: list[Mistake],
) -> frozenset[str]:
    """All that the names stand for; those that stand for nothing are mistakes, with what they are near to."""
    found: set[str] = set()
    for one in named:
        codes = find(one.text)
        if codes is None:
            mistakes.append(one.mistake(expected, near(one.text)))
        else:
            found |= codes
    return frozenset(found)


def _territory(name: str) -> frozenset[str] | None:
    """A territory or group; several codes that only spaces part."""
    code = naming.territories().find(name)
    if code is not None:
        return GROUPS.get(code) or frozenset({code})
    words = name.split()
    if len(words) > 1 and all(re.fullmatch("[A-Z]{2}", word) and word in WORLD for word in words):
        return frozenset(words)
    return None


def _languages(piece: _Piece, mistakes: list[Mistake]) -> frozenset[str] | None:
    included, left_out = _around_ex(piece)
    without = _spoken(left_out, mistakes)
    if _every(included):
        if not without:
            return None
        left = RIGHTS_LANGUAGES - without
    else:
        left = _spoken(included, mistakes) - without
    if not left and not mistakes:
        mistakes.append(piece.mistake(Expected.LEFT if piece.text else Expected.LANGUAGE))
    return None if left == RIGHTS_LANGUAGES else left


def _every(piece: _Piece) -> bool:
    return naming.level(piece.text) in naming.every_language()


def _spoken(piece: _Piece, mistakes: list[Mistake]) -> frozenset[str]:
    return _understood(_listed(piece), language_named, Expected.LANGUAGE, naming.languages().near, mistakes)


def language_named(name: str) -> frozenset[str] | None:
    tag = naming.languages().find(name)
    return rights_language(tag) if tag else None


def _rights(piece: _Piece, mistakes: list[Mistake]) -> frozenset[RightType] | None:
    found: set[RightType] = set()
    for one in _listed(piece):
        right = right_named(one.text)
        if right is None:
            mistakes.append(one.mistake(Expected.RIGHT, naming.rights().near(one.text)))
        else:
            found.add(right)
    if not found and not mistakes:
        mistakes.append(piece.mistake(Expected.RIGHT))
    return frozenset(found) or None


def right_named(name: str) -> RightType | None:
    code = naming.rights().find(name)
    return RightType(code) if code else None


def _listed(piece: _Piece) -> Iterator[_Piece]:
    if piece.text:
        yield from (one for one in piece.split(_NAMES) if one.text)


def _period(part: _Piece, clause: Clause, mistakes: list[Mistake]) -> Clause:
    if (length := _LENGTH.fullmatch(part.text)) is not None:
        return replace(clause, months=_months(part, length, mistakes))
    first, *rest = part.split(_PERIOD)
    if len(rest) != 1:
        mistakes.append(part.mistake(Expected.DAY))
        return clause
    [last] = rest
    start = _day(first, mistakes) if first.text else None
    if (length := _LENGTH.fullmatch(last.text)) is not None:
        return replace(clause, start=start, months=_months(last, length, mistakes))
    final = _day(last, mistakes) if last.text else None
    if not first.text and not last.text:
        mistakes.append(part.mistake(Expected.DAY))
    if start is not None and final is not None and final < start:
        mistakes.append(last.mistake(Expected.ORDER))
    return replace(clause, start=start, end=final + timedelta(days=1) if final else None)


def _months(piece: _Piece, length: re.Match[str], mistakes: list[Mistake]) -> int | None:
    months = int(length[1]) * (1 if length[2].lower().startswith("m") else 12)
    if 1 <= months <= MOST_MONTHS:
        return months
    mistakes.append(piece.mistake(Expected.DAY))
    return None


def _day(piece: _Piece, mistakes: list[Mistake]) -> date | None:
    match = _DAY.fullmatch(piece.text)
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found < LATEST:
        mistakes.append(piece.mistake(Expected.DAY))
        return None
    return found
