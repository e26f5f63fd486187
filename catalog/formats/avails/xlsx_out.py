"""Avails as a workbook of 1.8 or 1.9: a sheet for each kind, a row for each window.

Columns that the standard does not have come after its own, so that what a retailer asked for in a column of its own comes back
to it. Which there are is known only at the end: lines wait in a file until then.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from catalog.formats.avails import offers, windows
from catalog.formats.avails.columns import DAYS, GROUPS, LAYOUTS, NUMBERS, TRUTHS, Layout
from catalog.formats.avails.model import BONUS, MOVIES, TV, Avail, Line
from catalog.formats.avails.workbook import MOST_ROWS
from catalog.formats.exported import ExportedWork, Order
from catalog.formats.problems import Problem, WriteRefused
from catalog.languages import UnknownLanguage, rights_language
from catalog.limits import EARLIEST

_IN_MEMORY: Final = 4 * 1024 * 1024
_HEADER: Final = 3


def write(works: Iterator[ExportedWork], file: BinaryIO, order: Order, version: str) -> None:
    """A workbook of what the works may be licensed for. Raises `WriteRefused` for more rows than a sheet holds."""
    layouts = LAYOUTS[version]
    extra: dict[str, dict[str, None]] = {}
    counted: dict[str, int] = {}
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="utf-8") as waiting:
        for work in works:
            avail = offers.avail_of(work, order, version)
            for line in lines(avail) if avail is not None else ():
                kind = line.sheet if line.sheet in layouts else MOVIES
                known = {column for _group, column in layouts[kind]}
                extra.setdefault(kind, {}).update(dict.fromkeys(column for column in line.cells if column not in known))
                counted[kind] = counted.get(kind, 0) + 1
                waiting.write(json.dumps([kind, line.cells], ensure_ascii=False) + "\n")
        if max(counted.values(), default=0) > MOST_ROWS - _HEADER:
            raise WriteRefused(Problem("AVAILS_ROWS", params={"count": str(max(counted.values()))}))
        _book(waiting, layouts, extra, version).save(file)


def lines(avail: Avail) -> Iterator[Line]:
    """The windows of an avail, and one more for each title in a further language in which the first that allows it is offered."""
    yield from avail.lines
    for text, language in avail.titles:
        shown = next((line for line in avail.lines if line.sheet != TV and _allows(line, language)), None)
        if shown is not None:
            own = {"AssetLanguage": language, "AllowedLanguages": language, "TitleDisplayUnlimited": text}
            cells = {
                column: said for column, said in shown.cells.items() if column not in {"AvailID", "HoldbackLanguage"}
            }
            yield Line(shown.sheet, shown.row, cells | own)


def _allows(line: Line, language: str) -> bool:
    try:
        wanted = rights_language(language)
    except UnknownLanguage:
        return False
    window = windows.read(line, [line], EARLIEST, windows.silent)
    if window.granted is None:
        return False
    held = (
        window.held is not None and window.held.languages is not None and not wanted.isdisjoint(window.held.languages)
    )
    return not held and (window.granted.languages is None or wanted <= window.granted.languages)


def _book(waiting: IO[str], layouts: dict[str, Layout], extra: dict[str, dict[str, None]], version: str) -> Workbook:
    book = Workbook(write_only=True)
    sheets: dict[str, tuple[Any, list[str]]] = {}
    for kind in (MOVIES, TV, BONUS):
        if kind in extra or (kind == MOVIES and not extra):
            layout = [*layouts[kind], *((GROUPS.get(column, "Avail"), column) for column in extra.get(kind, ()))]
            sheet = book.create_sheet(kind)
            sheet.freeze_panes = "A4"
            sheet.append([group for group, _column in layout])
            sheet.append([_cell(sheet, "", column) for _group, column in layout])
            sheet.append([float(version)])
            sheets[kind] = sheet, [column for _group, column in layout]
    waiting.seek(0)
    for text in waiting:
        kind, cells = json.loads(text)
        sheet, columns = sheets[kind]
        sheet.append([_cell(sheet, column, cells.get(column, "")) for column in columns])
    return book


def _cell(sheet: Any, column: str, text: str) -> Any:
    """A value of the column's kind where the words are one; words are never a formula."""
    if not text:
        return None
    if column in DAYS and len(text) == 10 and windows.moment(text) is not None:
        return date.fromisoformat(text)
    if column in TRUTHS and text in {"TRUE", "FALSE"}:
        return text == "TRUE"
    if column in NUMBERS and text.replace(".", "", 1).isdigit() and len(text) < 15:
        value = Decimal(text)
        if str(value) == text:
            return int(value) if value == value.to_integral_value() and "." not in text else float(value)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
