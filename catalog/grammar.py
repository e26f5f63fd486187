"""The trade's shorthand for rights, as rights lists write it: `World ex US,CA; L || US,CA; L ex spa`.

    cell        = clause *( "||" clause )
    clause      = territories *( ";" part )              ; each part at most once, in any order
    territories = names [ ex names ]                     ; ROW: what no other clause of the cell names
    part        = languages | rights | exclusivity | period
    languages   = [ "L:" ] ( every [ ex names ] | names )
    rights      = [ "R:" ] names
    exclusivity = "excl" | "non-excl"
    period      = [ day ] ".." [ day | length ] | length ; the last day belongs to the period
    length      = 1*DIGIT ( "y" | "m" )                  ; from the first day, or from the day on which the cell is read
    every       = "L"
    ex          = "ex" | "except" | "excluding" | …      ; in ten languages
    names       = name *( "," name )

Names are codes, or what the thing is called in the hub's ten languages (`catalog.naming`): territories ISO 3166-1 alpha-2 or
alpha-3 and named groups, languages BCP 47 or ISO 639-2/B, rights the names of the contract. A cell grants what any of its
clauses does. Full-width signs are read as their plain ones.

`parse(write(clauses)) == clauses` for whatever clauses there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Final

from catalog import naming
from catalog.languages import RIGHTS_LANGUAGES, rights_language, to_iso639_2b
from catalog.limits import EARLIEST, LATEST
from catalog.rights import RightType, Scope
from catalog.territories import GROUPS, WORLD, fold
from hub.formats import last_day

LONGEST: Final = 20_000
"""Letters of one cell."""
MOST_MONTHS: Final = 1_200


class Expected(Enum):
    """What should have stood where the reading of a cell stopped."""

    TERRITORY = "territory"
    LANGUAGE = "language"
    RIGHT = "right"
    PART = "part"
    DAY = "day"
    CLEAR = "clear"
    ONCE = "once"
    LEFT = "left"
    ORDER = "order"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where (`position` from 1, in letters of the cell), what stands there, what was expected, the name that may be meant."""

    position: int
    found: str
    expected: Expected
    near: str | None = None


class NotUnderstood(ValueError):
    """The cell cannot be read; `mistakes` in the order of the cell, at least one."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(f"{one.found!r} at {one.position}: {one.expected.value}" for one in mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Clause:
    """What is granted together. None leaves it to where the cell stands: its column's right, the sheet's first day.

    `languages` None is every language. `end` is the first day after; `months` counts from the first day, in place of `end`.
    """

    territories: frozenset[str]
    languages: frozenset[str] | None = None
    rights: frozenset[RightType] | None = None
    exclusive: bool | None = None
    start: date | None = None
    end: date | None = None
    months: int | None = None

    def scope(self, rights: frozenset[RightType], start: date, end: date | None = None, *, exclusive: bool) -> Scope:
        """The scope, with what the clause leaves out. ValueError when the period would end before it starts."""
        first = self.start or start
        over = _after(first, self.months) if self.months else self.end or end
        return Scope(
            self.rights or rights,
            self.territories,
            self.languages,
            first,
            over,
            exclusive if self.exclusive is None else self.exclusive,
        )


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
    spoken, granted = _reading(part, _language), _reading(part, _right)
    if spoken and granted:
        mistakes.append(part.mistake(Expected.CLEAR))
    elif granted:
        return "rights", replace(clause, rights=_rights(part, mistakes))
    elif spoken or _every(_around_ex(part)[0]) or any(_language(one.text) for one in part.split(_NAMES)):
        return "languages", replace(clause, languages=_languages(part, mistakes))
    elif any(_right(one.text) for one in part.split(_NAMES)):
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
    found: set[str] = set()
    for one in _listed(piece):
        if one == but:
            continue
        codes = _territory(one.text)
        if codes is None:
            mistakes.append(one.mistake(Expected.TERRITORY, naming.territories().near(one.text)))
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
    found: set[str] = set()
    for one in _listed(piece):
        tags = _language(one.text)
        if tags is None:
            mistakes.append(one.mistake(Expected.LANGUAGE, naming.languages().near(one.text)))
        else:
            found |= tags
    return frozenset(found)


def _language(name: str) -> frozenset[str] | None:
    tag = naming.languages().find(name)
    return rights_language(tag) if tag else None


def _rights(piece: _Piece, mistakes: list[Mistake]) -> frozenset[RightType] | None:
    found: set[RightType] = set()
    for one in _listed(piece):
        right = _right(one.text)
        if right is None:
            mistakes.append(one.mistake(Expected.RIGHT, naming.rights().near(one.text)))
        else:
            found.add(right)
    if not found and not mistakes:
        mistakes.append(piece.mistake(Expected.RIGHT))
    return frozenset(found) or None


def _right(name: str) -> RightType | None:
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


def _after(start: date, months: int) -> date:
    """The day `months` later; the last of the month where that month is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), following - timedelta(days=1))


def write(clauses: Sequence[Clause]) -> str:
    """Clauses in the trade's codes, which read the same in every language."""
    return " || ".join(_written(clause) for clause in clauses)


def _written(clause: Clause) -> str:
    parts = [_written_territories(clause.territories), _written_languages(clause.languages)]
    if clause.rights is not None:
        rights = ",".join(right.value for right in RightType if right in clause.rights)
        parts.append(f"R: {rights}" if _language(rights) else rights)
    if clause.exclusive is not None:
        parts.append("excl" if clause.exclusive else "non-excl")
    if clause.start or clause.end or clause.months:
        parts.append(_written_period(clause))
    return "; ".join(parts)


def _written_territories(codes: frozenset[str]) -> str:
    folded = fold(codes)
    names = ",".join({"WORLD": "World"}.get(name, name) for name, _missing in folded)
    missing = ",".join(sorted(frozenset[str]().union(*(left_out for _name, left_out in folded))))
    return f"{names} ex {missing}" if missing else names


def _written_languages(spoken: frozenset[str] | None) -> str:
    if spoken is None:
        return "L"
    missing = RIGHTS_LANGUAGES - spoken
    if len(missing) < len(spoken):
        return f"L ex {_codes(missing)}"
    return f"L: {_codes(spoken)}" if all(_right(code) for code in _codes(spoken).split(",")) else _codes(spoken)


def _codes(spoken: frozenset[str]) -> str:
    """ISO 639-2/B, as rights lists do; BCP 47 for one script of Chinese, and where the code also names another language."""
    chinese = rights_language("zh")
    codes = {to_iso639_2b(tag): tag for tag in spoken - chinese}
    written = {code if _language(code) == frozenset({tag}) else tag for code, tag in codes.items()}
    return ",".join(sorted(written | ({"chi"} if spoken >= chinese else spoken & chinese)))


def _written_period(clause: Clause) -> str:
    start = clause.start.isoformat() if clause.start else ""
    if clause.months is not None:
        length = f"{clause.months // 12}y" if clause.months % 12 == 0 else f"{clause.months}m"
        return f"{start}..{length}" if start else length
    return f"{start}..{last_day(clause.end).isoformat() if clause.end else ''}"


def of_scope(scope: Scope) -> Clause:
    """A clause that says everything that a scope does."""
    return Clause(scope.territories, scope.languages, scope.rights, scope.exclusive, scope.start, scope.end)
