"""A person's own list handed back: wrong cells marked, what to do beside each row, set right where one reading is possible.

Of a workbook nothing else changes: rows without a problem, formats, other sheets and all around them are copied as they are.
A workbook's cells are marked red where they are wrong, and yellow where they were set right and want a look.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final

from lxml import etree

from catalog.formats.problems import FileRefused, Problem
from catalog.formats.sheets.columns import REMARK, Layout, layout_of
from catalog.formats.sheets.delimited import Delimited
from catalog.formats.sheets.grid import column_of, letters
from catalog.formats.sheets.text import inert
from catalog.formats.sheets.workbook import MAX_FRAME, MAX_PART, MAX_ROW, Workbook

CHUNK: Final = 1024 * 1024
_ROW: Final = re.compile(rb"<((?:\w+:)?)row\b[^>]*?(?:/>|>.*?</(?:\w+:)?row>)", re.DOTALL)
_WRONG, _SET_RIGHT = "FFF8D7D3", "FFFFF1C2"
_SAFE: Final = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong in the column that the file calls `column` (None: in the row): the sentence, and what to put for what."""

    column: str | None
    sentence: str
    value: str | None = None
    fix: str | None = None

    def corrected(self, text: str) -> str | None:
        """The cell set right; None where that is not certain."""
        if self.fix is None or not self.value:
            return None
        if text.count(self.value) == 1:
            return text.replace(self.value, self.fix)
        return self.fix if text.strip() == self.value.strip() else None


Remarks = Callable[[int], list[Remark]]
"""The remarks on a row, by its number; rows are asked for in the order of the file, each once."""


def words(remarks: list[Remark]) -> str:
    """All that is wrong in a row, a line each."""
    return "\n".join(f"{one.column}: {one.sentence}" if one.column else one.sentence for one in remarks)


def delimited(source: BinaryIO, target: IO[bytes], remarks: Remarks, heading: str) -> None:
    """The same records in UTF-8, with a column of remarks at their end. FileRefused where the source cannot be read."""
    with Delimited(source) as file:
        layout = layout_of(file)
        place = _remark_column(layout)
        text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text, delimiter=file.delimiter)
        for number, fields in file.lines():
            if number == layout.row:
                writer.writerow(_at(fields, place, heading))
            elif number < layout.row:
                writer.writerow(fields)
            else:
                found = remarks(number)
                for one in found:
                    column = _column(layout, one.column)
                    if column is not None and column < len(fields):
                        fields[column] = one.corrected(fields[column]) or fields[column]
                writer.writerow(_at(fields, place, inert(words(found))))
        text.detach()


def _at(fields: list[str], place: int, text: str) -> list[str]:
    return [*fields[:place], *[""] * (place - len(fields)), text, *fields[place + 1 :]]


def _remark_column(layout: Layout) -> int:
    own = layout.column(REMARK)
    return own if own is not None else max(layout.names, default=-1) + 1


def _column(layout: Layout, name: str | None) -> int | None:
    """The first column that is called so: of two, the first is the one that is read."""
    return next((column for column, each in sorted(layout.names.items()) if each == name), None)


def workbook(source: BinaryIO, target: IO[bytes], remarks: Remarks, heading: str) -> None:
    """The same workbook with marks and a column of remarks. FileRefused where its sheet is written in an unusual way."""
    with Workbook(source) as book, zipfile.ZipFile(source) as old:
        layout = layout_of(book)
        part, styles_part = book.part_of(layout.table).lower(), book.styles_part.lower()
        styles = next((name for name in old.namelist() if name.lower() == styles_part), None)
        if styles is None or old.getinfo(styles).file_size > MAX_FRAME:
            raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": "styles"}))
        marking = _Marking(layout, remarks, heading, book.shared, _style_count(old.read(styles)))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                if info.filename == styles:
                    continue
                with old.open(info) as before, new.open(info.filename, "w", force_zip64=True) as after:
                    if info.filename.lower() == part:
                        marking.copy(before, after)
                    else:
                        _copy(before, after)
            new.writestr(styles, marking.styles(old.read(styles)))


def _copy(before: IO[bytes], after: IO[bytes]) -> None:
    left = MAX_PART
    while piece := before.read(CHUNK):
        left -= len(piece)
        if left < 0:
            raise FileRefused(Problem("SHEET_TOO_LARGE"))
        after.write(piece)


def _style_count(styles: bytes) -> int:
    return len(_parsed(styles).findall("{*}cellXfs/{*}xf"))


def _parsed(content: bytes) -> etree._Element:
    try:
        return etree.fromstring(content, etree.XMLParser(**_SAFE))  # type: ignore[arg-type]
    except etree.XMLSyntaxError as error:
        raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": (error.msg or "–")[:100]})) from error


@dataclass(slots=True)
class _Marking:
    """Marks on one sheet. `made`: the styles that marks need beside the `count` old ones, by old style and colour."""

    layout: Layout
    remarks: Remarks
    heading: str
    shared: Callable[[int], str]
    count: int
    made: dict[tuple[int, str], int] = field(default_factory=dict)

    def copy(self, before: IO[bytes], after: IO[bytes]) -> None:
        """The sheet's XML, row by row; only rows with something to say are taken apart."""
        held = b""
        number, found = 0, 0
        while piece := before.read(CHUNK):
            held += piece
            end = 0
            for match in _ROW.finditer(held):
                after.write(held[end : match.start()])
                number = _number(match.group(), number + 1)
                after.write(self._row(match.group(), match.group(1), number))
                end = match.end()
                found += 1
            held = held[end:]
            if len(held) > 2 * MAX_ROW:
                raise FileRefused(Problem("SHEET_TOO_LARGE"))
        after.write(held)
        if not found:
            raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": "row"}))

    def _row(self, raw: bytes, prefix: bytes, number: int) -> bytes:
        place = _remark_column(self.layout)
        if number == self.layout.row:
            return self._changed(raw, prefix, number, [], place, self.heading)
        if number < self.layout.row:
            return raw
        found = self.remarks(number)
        stale = self.layout.column(REMARK) is not None
        return self._changed(raw, prefix, number, found, place, words(found)) if found or stale else raw

    def _changed(self, raw: bytes, prefix: bytes, number: int, found: list[Remark], place: int, text: str) -> bytes:
        name = prefix.decode().rstrip(":")
        namespaces = b' xmlns="urn:s"' if not name else f' xmlns:{name}="urn:s"'.encode()
        for other in sorted(
            set(re.findall(rb"[\s</]([A-Za-z_][\w.-]*):[A-Za-z]", raw)) - {prefix.rstrip(b":"), b"xml", b"xmlns"}
        ):
            namespaces += b' xmlns:%s="urn:%s"' % (other, other)
        root = _parsed(b"<w%s>%s</w>" % (namespaces, raw))
        row = root[0]
        row.attrib.pop("spans", "")
        cells: dict[int, etree._Element] = {}
        column = -1
        for cell in row:
            column = column_of(cell.get("r", "").rstrip("0123456789")) if cell.get("r") else column + 1
            cells[column] = cell
        for one in found:
            at = _column(self.layout, one.column)
            if at is not None:
                cell = _cell(row, cells, at, number)
                self._mark(cell, one)
        remark = _cell(row, cells, place, number)
        _write(remark, text)
        inside = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
        return inside[inside.index(b">") + 1 : inside.rindex(b"</")]

    def _mark(self, cell: etree._Element, remark: Remark) -> None:
        right = None if cell.find("{*}f") is not None else remark.corrected(self._shown(cell))
        if right is not None:
            _write(cell, right)
        style = (int(cell.get("s", "0")), _SET_RIGHT if right is not None else _WRONG)
        if style[0] < self.count:
            cell.set("s", str(self.made.setdefault(style, self.count + len(self.made))))

    def _shown(self, cell: etree._Element) -> str:
        if cell.get("t") == "inlineStr":
            return "".join(text.text or "" for text in cell.iterfind(".//{*}t"))
        value = cell.findtext("{*}v") or ""
        return self.shared(int(value)) if cell.get("t") == "s" and value.isdigit() else value

    def styles(self, content: bytes) -> bytes:
        """The workbook's styles with those that the marks need."""
        root = _parsed(content)
        fills, formats = root.find("{*}fills"), root.find("{*}cellXfs")
        if fills is None or formats is None:
            raise FileRefused(Problem("SHEET_DAMAGED", params={"detail": "styles"}))
        namespace = etree.QName(root).namespace
        places: dict[str, int] = {}
        for colour in (_WRONG, _SET_RIGHT):
            places[colour] = len(fills)
            pattern = etree.SubElement(etree.SubElement(fills, f"{{{namespace}}}fill"), f"{{{namespace}}}patternFill")
            pattern.set("patternType", "solid")
            etree.SubElement(pattern, f"{{{namespace}}}fgColor").set("rgb", colour)
        fills.set("count", str(len(fills)))
        old = list(formats)
        for (base, colour), _place in sorted(self.made.items(), key=lambda each: each[1]):
            style = etree.fromstring(etree.tostring(old[base]))
            style.set("fillId", str(places[colour]))
            style.set("applyFill", "1")
            formats.append(style)
        formats.set("count", str(len(formats)))
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _number(raw: bytes, otherwise: int) -> int:
    found = re.match(rb'<(?:\w+:)?row\b[^>]*?\br="([0-9]{1,7})"', raw)
    return int(found[1]) if found else otherwise


def _cell(row: etree._Element, cells: dict[int, etree._Element], column: int, number: int) -> etree._Element:
    """The cell of a column, made in its place where there is none."""
    if column not in cells:
        cell = etree.Element(f"{{{etree.QName(row).namespace}}}c", {"r": f"{letters(column)}{number}"})
        row.insert(sum(other < column for other in cells), cell)
        cells[column] = cell
    return cells[column]


def _write(cell: etree._Element, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", "")
    if text:
        cell.set("t", "inlineStr")
        name = etree.QName(cell).namespace
        etree.SubElement(etree.SubElement(cell, f"{{{name}}}is"), f"{{{name}}}t").text = text
        cell[0][0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def asked_in_order(found: Iterator[tuple[int, list[Remark]]]) -> Remarks:
    """`found`, rows ascending, as an answer to questions that ascend too: nothing is held but the next."""
    waiting = next(found, None)

    def remarks(row: int) -> list[Remark]:
        nonlocal waiting
        while waiting is not None and waiting[0] < row:
            waiting = next(found, None)
        if waiting is None or waiting[0] != row:
            return []
        own, waiting = waiting[1], next(found, None)
        return own

    return remarks
