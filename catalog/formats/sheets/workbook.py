"""Office Open XML workbooks (ECMA-376 part 1, chapter 18), transitional and strict, read as a stream.

Nothing is held but one row: shared strings wait in a temporary file, and each part is let through a gate that ends what was
packed smaller than it can honestly be. Formulas are never computed: their last result is read, and said to be one.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import IO, Any, BinaryIO, Final

from lxml import etree

from catalog.formats.problems import FileRefused, Problem
from catalog.formats.sheets.grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Cell, Kind, Merge, Row, Table, column_of

MAX_PART: Final = 2 * 1024**3
"""Bytes of one part, unpacked: a million rows of thirty filled cells."""
MAX_ROW: Final = 16 * 1024 * 1024
MAX_FRAME: Final = 32 * 1024 * 1024
"""Bytes of the small parts that are read whole: the list of sheets, relations, styles."""
MOST_PARTS: Final = 5_000
_RELATION: Final = re.compile(
    r"\{http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument/.*relationships\}id"
)
_RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)})
"""Number formats that are dates in some locale (18.8.30)."""
_DATE_SIGNS: Final = re.compile(r"[dmyhsegb]", re.IGNORECASE)
_NOT_SIGNS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARSER: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def is_workbook(file: BinaryIO) -> bool:
    """Does the file hold a workbook of this kind, by its content?"""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return "xl/workbook.xml" in archive.namelist() or any("workbook" in name for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    finally:
        file.seek(0)


@dataclass(slots=True)
class _Sheet(Table):
    part: str = ""


class _Gate:
    """A part as it is unpacked. FileRefused when it grows past its limit, or one row of it past its own."""

    def __init__(self, part: IO[bytes], limit: int) -> None:
        self.part = part
        self.limit = limit
        self.total = 0
        self.held = 0

    def read(self, size: int = 65_536) -> bytes:
        try:
            data = self.part.read(min(size, 65_536) if size > 0 else 65_536)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
            raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": str(error)[:100]})) from error
        except Exception as error:
            if type(error).__module__ != "zlib":
                raise
            raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": str(error)[:100]})) from error
        self.total += len(data)
        self.held += len(data)
        if self.total > self.limit or self.held > MAX_ROW:
            raise FileRefused(Problem("SHEET_TOO_LARGE"))
        return data


class _Strings:
    """The shared strings, by number, kept in a file."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._starts = array("Q", [0])
        self.text = lru_cache(maxsize=2_048)(self._text)

    def add(self, text: str) -> None:
        self._file.write(text[:LONGEST_CELL].encode())
        self._starts.append(self._file.tell())

    def _text(self, number: int) -> str:
        if not 0 <= number < len(self._starts) - 1:
            return ""
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def close(self) -> None:
        self._file.close()


class Workbook:
    """An open workbook. `close` it, or leave its `with` block."""

    def __init__(self, file: BinaryIO) -> None:
        """FileRefused for what is no workbook, is locked with a password, or has no sheet."""
        self._archive = _opened(file)
        self._strings: _Strings | None = None
        try:
            self._names = {name.lower(): name for name in self._archive.namelist()}
            self._read_frame()
        except BaseException:
            self._archive.close()
            raise

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._archive.close()
        if self._strings is not None:
            self._strings.close()

    def tables(self) -> list[Table]:
        return list(self._sheets)

    def part_of(self, table: Table) -> str:
        """The name of the part that holds a sheet."""
        assert isinstance(table, _Sheet)
        return table.part

    def _read_frame(self) -> None:
        main = self._relations("").get("officeDocument", {}).get("", "xl/workbook.xml")
        relations = self._relations(main)
        book = self._whole(main)
        sheets = {target_id: path for found in relations.values() for target_id, path in found.items()}
        self._base = date(1904, 1, 1) if _true(book.find("{*}workbookPr"), "date1904") else date(1899, 12, 30)
        self._sheets = [
            _Sheet(name=sheet.get("name", ""), part=sheets.get(_relation_id(sheet), ""))
            for sheet in book.iterfind("{*}sheets/{*}sheet")
            if sheet.get("state", "visible") == "visible"
        ]
        self._sheets = [sheet for sheet in self._sheets if "worksheets/" in sheet.part and self._has(sheet.part)]
        if not self._sheets:
            raise FileRefused(Problem("SHEET_NO_SHEET"))
        self._strings_part = next(iter(relations.get("sharedStrings", {}).values()), "")
        self.styles_part = next(iter(relations.get("styles", {}).values()), "")
        self._date_styles = self._read_styles(self.styles_part)

    def _has(self, part: str) -> bool:
        return part.lower() in self._names

    def _relations(self, part: str) -> dict[str, dict[str, str]]:
        """Kind of relation → id → part. The root's main document also under the empty id."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, dict[str, str]] = {}
        if not self._has(path):
            return found
        for relation in self._whole(path):
            if relation.get("TargetMode") == "External" or not isinstance(relation.tag, str):
                continue
            target = relation.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            kind = relation.get("Type", "").rpartition("/")[2]
            found.setdefault(kind, {})[relation.get("Id", "")] = full
            found[kind].setdefault("" if not part else relation.get("Id", ""), full)
        return found

    @contextmanager
    def _part(self, part: str, limit: int = MAX_PART) -> Iterator[_Gate]:
        try:
            with self._archive.open(self._names[part.lower()]) as opened:
                yield _Gate(opened, limit)
        except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
            raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": str(error)[:100]})) from error

    def _whole(self, part: str) -> etree._Element:
        if not self._has(part):
            raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": part[:100]}))
        content = bytearray()
        with self._part(part, MAX_FRAME) as gate:
            while piece := gate.read():
                content += piece
                gate.held = 0
        try:
            return etree.fromstring(bytes(content), etree.XMLParser(**_PARSER))
        except etree.XMLSyntaxError as error:
            raise _malformed(error) from error

    def _read_styles(self, part: str) -> frozenset[int]:
        """The cell styles whose numbers are dates."""
        if not self._has(part):
            return frozenset()
        styles = self._whole(part)
        own = {found.get("numFmtId"): found.get("formatCode", "") for found in styles.iterfind("{*}numFmts/{*}numFmt")}
        formats = [style.get("numFmtId", "0") for style in styles.iterfind("{*}cellXfs/{*}xf")]
        return frozenset(place for place, number in enumerate(formats) if _is_date(number, own))

    def rows(self, table: Table) -> Iterator[Row]:
        strings = self._shared()
        number = 0
        for element in self._elements(self.part_of(table), "row"):
            number = _whole_number(element.get("r"), number + 1)
            if number > MOST_ROWS:
                raise FileRefused(Problem("SHEET_TOO_LARGE"))
            cells: dict[int, Cell] = {}
            column = -1
            for node in element:
                column = _column(node.get("r"), column + 1)
                if column < MOST_COLUMNS and (cell := self._cell(node, strings)) is not None:
                    cells[column] = cell
            if cells:
                yield Row(number, cells)

    def merges(self, table: Table) -> Iterator[Merge]:
        for element in self._elements(self.part_of(table), "row", "mergeCell"):
            if (found := _RANGE.fullmatch(element.get("ref") or "")) is not None:
                left, top, right, bottom = found.groups()
                yield Merge(int(top), column_of(left), int(bottom), column_of(right))

    def _elements(self, part: str, *names: str) -> Iterator[etree._Element]:
        """Elements of these names as they close; what was given is forgotten."""
        with self._part(part) as gate:
            try:
                for _event, element in etree.iterparse(gate, tag=[f"{{*}}{name}" for name in names], **_PARSER):
                    yield element
                    gate.held = 0
                    element.clear()
                    while (before := element.getprevious()) is not None and (parent := element.getparent()) is not None:
                        parent.remove(before)
            except etree.XMLSyntaxError as error:
                raise _malformed(error) from error

    def shared(self, number: int) -> str:
        """A shared string; empty where there is none of this number."""
        return self._shared().text(number)

    def _shared(self) -> _Strings:
        if self._strings is None:
            self._strings = _Strings()
            if self._has(self._strings_part):
                for element in self._elements(self._strings_part, "si"):
                    self._strings.add(_rich(element))
        return self._strings

    def _cell(self, node: etree._Element, strings: _Strings) -> Cell | None:
        value: str | None = None
        formula = False
        for child in node:
            sign = str(child.tag)[-2:]
            if sign == "}v":
                value = child.text
            elif sign == "}f":
                formula = True
            elif sign == "is":
                value = _rich(child)
        if value is None or not value.strip():
            return Cell("", formula=True) if formula else None
        match node.get("t", "n"):
            case "s":
                text = strings.text(_whole_number(value, -1))
                return Cell(text, formula=formula) if text.strip() else None
            case "n":
                return self._number(node, value, formula)
            case "d":
                return Cell(value[:10], Kind.DATE, formula)
            case "b":
                return Cell("1" if value == "1" else "0", Kind.NUMBER, formula)
            case "e":
                return Cell(value[:20], Kind.ERROR, formula)
        return Cell(_unescaped(value)[:LONGEST_CELL], formula=formula)

    def _number(self, node: etree._Element, value: str, formula: bool) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return Cell(value[:LONGEST_CELL], formula=formula)
        if _whole_number(node.get("s"), 0) in self._date_styles and 0 < number < 2_958_466:
            return Cell((self._base + timedelta(days=int(number))).isoformat(), Kind.DATE, formula)
        text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else value
        return Cell(text, Kind.NUMBER, formula)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    file.seek(0)
    if file.read(8) == _OLE:
        raise FileRefused(Problem("SHEET_OLD_OR_LOCKED"))
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused(Problem("SHEET_NOT_XLSX")) from error
    names = archive.namelist()
    if not any("workbook" in name for name in names):
        raise FileRefused(Problem("SHEET_NOT_XLSX"))
    if len(names) > MOST_PARTS:
        raise FileRefused(Problem("SHEET_TOO_LARGE"))
    return archive


def _column(reference: str | None, otherwise: int) -> int:
    """The column of a reference such as AB12, from 0."""
    name = reference.rstrip("0123456789") if reference else ""
    return _named(name) if 0 < len(name) < 4 else otherwise


_named = lru_cache(maxsize=1_024)(column_of)


def _relation_id(sheet: etree._Element) -> str:
    return next((str(value) for name, value in sheet.attrib.items() if _RELATION.match(str(name))), "")


def _malformed(error: etree.XMLSyntaxError) -> FileRefused:
    return FileRefused(Problem("SHEET_DAMAGED", params={"detail": (error.msg or "–")[:100]}))


def _true(element: etree._Element | None, name: str) -> bool:
    return element is not None and element.get(name) in {"1", "true"}


def _whole_number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _rich(element: etree._Element) -> str:
    """The text of a string with runs (18.4.8), without the readings above its letters."""
    parts = [child.text or "" for child in element.iterfind("{*}t")]
    parts += [child.text or "" for child in element.iterfind("{*}r/{*}t")]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """ST_Xstring: `_x000D_` is a character that XML could not hold."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _is_date(number: str, own: dict[str | None, str]) -> bool:
    if number in own:
        return _DATE_SIGNS.search(_NOT_SIGNS.sub("", own[number].split(";")[0])) is not None
    return number.isdigit() and int(number) in _DATE_FORMATS
