"""Lists of titles in workbooks and delimited text, row by row.

The key of a row is the publisher's own where there is such a column; else it is made of what names the title, and the row is
known again by it. A row without a title changes a title that is listed. An empty cell says nothing and changes nothing.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import BinaryIO, Final, TypeVar

from catalog import naming
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.record import PARTIAL, Credit, Record, Words
from catalog.formats.sheets import values
from catalog.formats.sheets.columns import COMMENT, UNREAD, Layout, layout_of
from catalog.formats.sheets.delimited import Delimited
from catalog.formats.sheets.grid import Cell, Grid, Kind, Row
from catalog.formats.sheets.values import Fault, Person
from catalog.formats.sheets.workbook import Workbook
from catalog.grammar.clauses import Clause, Expected, Mistake, NotUnderstood
from catalog.grammar.reading import parse
from catalog.limits import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TITLE
from catalog.rights import RIGHTS_BY_KIND, RightType, Scope
from hub.characters import only_text

T = TypeVar("T")
CONFIRMED: Final = "03"
"""ONIX list 1, which `Record.notification` is in."""
MOST_PROBLEMS: Final = 20
"""Of one row."""
LONGEST_KEY: Final = 255
_NEEDED: Final = frozenset({"reference", "kind", "original_language", "title", "identifier"})
"""Where a wrong cell leaves the whole row out: without them it cannot be told what the row is."""
_RIGHTS: Final = frozenset({"rights", "right", "rights_from", "rights_until", "exclusive", "held_back"})


def count_workbook(file: BinaryIO) -> int:
    return _count(Workbook(file))


def workbook_records(file: BinaryIO, received: date) -> Iterator[Record]:
    return _records(Workbook(file), received)


def count_delimited(file: BinaryIO) -> int:
    return _count(Delimited(file))


def delimited_records(file: BinaryIO, received: date) -> Iterator[Record]:
    return _records(Delimited(file), received)


def _count(grid: Workbook | Delimited) -> int:
    """Rows that tell of a title. FileRefused as `records`."""
    with grid:
        layout = layout_of(grid)
        total = sum(1 for _row in titles(grid, layout))
    if not total:
        raise FileRefused(Problem("SHEET_EMPTY", layout.row))
    return total


def _records(grid: Workbook | Delimited, received: date) -> Iterator[Record]:
    with grid:
        layout = layout_of(grid)
        merged = Merged(grid, layout)
        seen: dict[str, int] = {}
        for row in titles(grid, layout):
            record = _Reading(layout, row, merged, received).record()
            if not seen:
                record.problems += layout.problems
            if record.reference in seen:
                first = {"reference": record.reference, "line": str(seen[record.reference])}
                where = record.places.get("reference")
                record.problems.append(Problem("SHEET_KEY_TWICE", row.number, where, first, skips=True))
            seen.setdefault(record.reference, row.number)
            yield record


def titles(grid: Grid, layout: Layout) -> Iterator[Row]:
    """The rows below the names that tell of a title: not empty where it matters, and no comment."""
    wanted = [column for column, key in sorted(layout.keys.items()) if key not in UNREAD]
    for row in grid.rows(layout.table):
        if row.number <= layout.row:
            continue
        filled = [column for column in wanted if column in row.cells]
        first = row.cells.get(min(row.cells))
        if filled and not (first is not None and first.text.lstrip().startswith(COMMENT)):
            yield row


class Merged:
    """Which cells have no value of their own, since they are merged with one before them."""

    def __init__(self, grid: Grid, layout: Layout) -> None:
        spans: dict[int, list[tuple[int, int]]] = {}
        for merge in grid.merges(layout.table):
            if merge.last_row <= layout.row:
                continue
            for column in layout.keys:
                if merge.first_column <= column <= merge.last_column:
                    first = merge.first_row + (column == merge.first_column)
                    if first <= merge.last_row:
                        spans.setdefault(column, []).append((first, merge.last_row))
        self._spans = {column: sorted(found) for column, found in spans.items()}

    def covers(self, row: int, column: int) -> bool:
        spans = self._spans.get(column)
        if not spans:
            return False
        place = bisect_right(spans, (row, 1 << 30)) - 1
        return place >= 0 and spans[place][1] >= row


class _Reading:
    """One row on its way to a record."""

    def __init__(self, layout: Layout, row: Row, merged: Merged, received: date) -> None:
        self.layout = layout
        self.row = row
        self.received = received
        self.problems: list[Problem] = []
        self.unclear: set[str] = set()
        self.cells: list[tuple[str, int, Cell]] = []
        for column, key in sorted(layout.keys.items()):
            if key in UNREAD:
                continue
            if merged.covers(row.number, column):
                self.note("SHEET_MERGED", column, key)
            elif (cell := row.cells.get(column)) is not None and self._holds(cell, column, key):
                self.cells.append((key, column, cell))

    def _holds(self, cell: Cell, column: int, key: str) -> bool:
        if cell.kind is Kind.ERROR:
            self.note("SHEET_CELL_ERROR", column, key, {"value": cell.text})
        elif cell.formula and not cell.text.strip():
            self.note("SHEET_FORMULA_EMPTY", column, key)
        else:
            if cell.formula:
                self.note("SHEET_FORMULA", column, key, {"value": cell.text[:60]})
            return True
        return False

    def note(self, code: str, column: int, key: str, params: Mapping[str, str] = MappingProxyType({})) -> None:
        what = key.partition(":")[0]
        if code != "SHEET_FORMULA":
            self.unclear.add(what)
        if len(self.problems) < MOST_PROBLEMS:
            skips = code != "SHEET_FORMULA" and what in _NEEDED
            self.problems.append(Problem(code, self.row.number, self.layout.names[column], dict(params), skips=skips))

    def fault(self, fault: Fault, column: int, key: str) -> None:
        params = {"value": fault.value, **dict(fault.params)} | ({"fix": fault.fix} if fault.fix else {})
        code = f"{fault.code}_NEAR" if fault.fix and fault.code == "SHEET_NOT_KNOWN" else fault.code
        self.note(code, column, key, params)

    def of(self, what: str) -> Iterator[tuple[str, int, Cell]]:
        """The cells of columns `what` or `what:…`, with what stands after the colon."""
        for key, column, cell in self.cells:
            name, _colon, which = key.partition(":")
            if name == what:
                yield which, column, cell

    def one(self, what: str, read: Callable[[Cell], T]) -> T | None:
        for which, column, cell in self.of(what):
            try:
                return read(cell)
            except Fault as fault:
                self.fault(fault, column, f"{what}:{which}")
        return None

    def record(self) -> Record:
        key = self.one("reference", lambda cell: " ".join(values.plain(cell.text).split())[:LONGEST_KEY])
        kind = self.one("kind", lambda cell: values.named(naming.kinds(), cell.text))
        original = self.one("original_language", lambda cell: values.language(cell.text))
        record = Record(key or "", self.row.number, CONFIRMED, original_language=original)
        record.titles = self._words("title", original, LONGEST_TITLE)
        record.descriptions = self._words("description", original, LONGEST_DESCRIPTION)
        record.credits = list(self._credits())
        for scheme, column, cell in self.of("identifier"):
            for found in values.codes(scheme, cell):
                if isinstance(found, Fault):
                    self.fault(found, column, "identifier")
                elif found not in record.identifiers:
                    record.identifiers.append(found)
        record.subjects = list(self._subjects())
        record.publication_year = self.one("year", values.year)
        record.country = self.one("country", lambda cell: values.country(cell.text))
        record.kind = kind or ("COMIC" if any(code[:1] == "X" for code in record.subjects) else "BOOK")
        record.says_kind = kind is not None
        record.places = {key.partition(":")[2] or key: self.layout.names[column] for key, column, _cell in self.cells}
        record.problems = self.problems
        self._name(record)
        record.mandates, record.holdbacks = self._rights(record.kind)
        return record

    def _name(self, record: Record) -> None:
        """What the row is known by, and whether it says enough to be taken."""
        if not record.titles:
            record.notification = PARTIAL
            if record.descriptions and not record.original_language:
                self._missing("SHEET_LANGUAGE_MISSING", "original_language")
            if not record.reference and not record.identifiers:
                self._missing("SHEET_TITLE_MISSING", "title")
        if not record.reference:
            record.keyed = False
            first = next((f"{one.scheme}:{one.value}" for one in record.identifiers), None)
            said = [words.text for words in record.titles[:1]] + [credit.name for credit in record.credits[:1]]
            digest = hashlib.sha256("\x1f".join(map(naming.level, said)).encode()).hexdigest()[:24]
            record.reference = first or (f"title:{digest}" if said else f"row:{record.line}")

    def _missing(self, code: str, key: str) -> None:
        if any(problem.skips for problem in self.problems):
            return
        column = self.layout.column(key)
        name = self.layout.names[column] if column is not None else None
        self.problems.append(Problem(code, self.row.number, name, skips=True))

    def _words(self, what: str, original: str | None, longest: int) -> list[Words]:
        """The text in its original language first. Two texts in one language: the column without a language wins."""
        found: dict[str, str] = {}
        unnamed: str | None = None
        for tag, column, cell in self.of(what):
            text = only_text(cell.text).strip()
            text = " ".join(text.split()) if what == "title" else text.replace("\r\n", "\n")
            if len(text) > longest:
                self.note("SHEET_TOO_LONG", column, "" if tag else what, {"longest": str(longest)})
            elif text and tag:
                found[tag] = text
            elif text:
                unnamed = text
        own = original or (next(iter(found)) if len(found) == 1 and unnamed is None else None)
        if (unnamed or (found and what == "title")) and own is None:
            self._missing("SHEET_LANGUAGE_MISSING", "original_language")
            return []
        if unnamed is not None and own is not None:
            found[own] = unnamed
        if found and what == "title" and own not in found:
            self._missing("SHEET_TITLE_MISSING", "title")
            return []
        return [Words(text, tag) for tag, text in sorted(found.items(), key=lambda each: each[0] != own)]

    def _credits(self) -> Iterator[Credit]:
        seen: set[tuple[str, str]] = set()
        cells = [("aut", "contributors", *rest[1:]) for rest in self.of("contributors")]
        cells += [(role, "role", column, cell) for role, column, cell in self.of("role")]
        for role, key, column, cell in cells:
            for found in values.people(only_text(cell.text), role):
                if isinstance(found, Person):
                    if len(found.name) <= LONGEST_NAME and (found.name, found.role) not in seen:
                        seen.add((found.name, found.role))
                        yield Credit(found.name, found.role, found.name_original)
                else:
                    self.fault(found, column, key)

    def _subjects(self) -> Iterator[str]:
        seen: set[str] = set()
        for _which, column, cell in self.of("subjects"):
            for found in values.subjects(cell.text):
                if isinstance(found, Fault):
                    self.fault(found, column, "subjects")
                elif found not in seen:
                    seen.add(found)
                    yield found

    def _rights(self, kind: str) -> tuple[list[Scope], list[Scope]]:
        """What the row grants, and what it holds back; neither where any is wrong: half of what may be sold is another statement.

        Where a clause that holds back names no right, it holds back what the row grants and what is usual for the kind.
        """
        start, last = self.one("rights_from", values.day) or self.received, self.one("rights_until", values.day)
        exclusive = self.one("exclusive", lambda cell: values.yes(cell.text))
        end = last + timedelta(days=1) if last else None
        usual = frozenset(RIGHTS_BY_KIND[kind])
        cells = [(usual, *rest[1:]) for rest in self.of("rights")]
        cells += [(frozenset({RightType(right)}), column, cell) for right, column, cell in self.of("right")]
        granted = list(self._scopes(cells, start, end, exclusive=exclusive is not False))
        every = usual.union(*(scope.rights for scope in granted))
        cells = [(every, *rest[1:]) for rest in self.of("held_back")]
        held = [replace(scope, exclusive=False) for scope in self._scopes(cells, start, end, exclusive=False)]
        if self.unclear & _RIGHTS:
            return [], []
        return list(dict.fromkeys(granted)), list(dict.fromkeys(held))

    def _scopes(
        self, cells: Iterable[tuple[frozenset[RightType], int, Cell]], start: date, end: date | None, *, exclusive: bool
    ) -> Iterator[Scope]:
        for rights, column, cell in cells:
            for clause in self._clauses(cell, column):
                try:
                    yield clause.scope(rights, start, end, exclusive=exclusive)
                except ValueError:
                    self._mistake(Mistake(1, cell.text[:60], Expected.ORDER), column)

    def _clauses(self, cell: Cell, column: int) -> list[Clause]:
        if naming.yes_or_no(cell.text) is False or cell.text.strip() in {"-", "–", "—"}:
            return []
        try:
            return parse(cell.text)
        except NotUnderstood as refused:
            for mistake in refused.mistakes[:5]:
                self._mistake(mistake, column)
            return []

    def _mistake(self, mistake: Mistake, column: int) -> None:
        near = {"fix": mistake.near} if mistake.near else {}
        where = {"position": str(mistake.position), "value": mistake.found[:60]}
        self.note("SHEET_RIGHTS", column, "rights", {"expected": mistake.expected.value, **where, **near})
