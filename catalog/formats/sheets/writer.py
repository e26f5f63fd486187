"""Works written as a list that the hub reads back: the template's columns, named in the language of the one who asked.

Everything is text. A workbook says so of each cell; delimited text puts an apostrophe before what a spreadsheet program would
compute, and the reader takes it off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from catalog.facts import Credit
from catalog.formats.exported import ExportedText, ExportedWork, Order
from catalog.formats.problems import Problem, WriteRefused
from catalog.formats.sheets.columns import STATUS, TEMPLATE, header
from catalog.formats.sheets.template import SHEET
from catalog.formats.sheets.text import inert
from catalog.grammar.clauses import LONGEST
from catalog.grammar.writing import of_scope, write
from hub.formats import language_name, territory
from hub.vocabulary import KINDS, ROLES, STATES

_SAID_WITH_RIGHTS: Final = {"rights_from", "rights_until", "exclusive"}
FILLED: Final = (
    *(key for key in TEMPLATE if not key.startswith("right:") and key not in _SAID_WITH_RIGHTS),
    STATUS,
)
"""Columns that are written: a clause of the column of rights says which right, for how long, and whether exclusively."""


def workbook(works: Iterator[ExportedWork], target: BinaryIO, order: Order) -> None:
    """A workbook of one sheet. WriteRefused where a cell cannot hold the rights of a title."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET.render(order.language)[:31])
    sheet.freeze_panes = "B2"
    heads = [WriteOnlyCell(sheet, header(key).render(order.language)) for key in FILLED]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for work in works:
        row = []
        for text in cells(work, order.language):
            cell = WriteOnlyCell(sheet, text)
            cell.data_type, cell.number_format = "s", "@"
            row.append(cell)
        sheet.append(row)
    book.save(target)


def delimited(works: Iterator[ExportedWork], target: BinaryIO, order: Order) -> None:
    """Comma-separated text in UTF-8 with its mark, so that spreadsheet programs know the letters. WriteRefused as a workbook."""
    text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([header(key).render(order.language) for key in FILLED])
    for work in works:
        writer.writerow(map(inert, cells(work, order.language)))
    text.detach()


def cells(work: ExportedWork, language: str) -> list[str]:
    """What stands in each of `FILLED`."""
    return [_cell(work, key, language) for key in FILLED]


def _cell(work: ExportedWork, key: str, language: str) -> str:
    what, _colon, which = key.partition(":")
    match what:
        case "reference":
            return work.record_reference or ""
        case "kind":
            return KINDS[work.kind].render(language)
        case "original_language":
            return _language(work.original_language, language)
        case "title":
            return _words(work.title, which, work.original_language)
        case "description":
            return _words(work.description, which, work.original_language)
        case "contributors":
            return "; ".join(_credit(one, language) for one in work.contributors)
        case "identifier":
            return "; ".join(one.value for one in work.identifiers if one.scheme == which)
        case "subjects":
            return "; ".join(work.subjects)
        case "year":
            return "" if work.publication_year is None else str(work.publication_year)
        case "country":
            return territory(work.country_of_origin, language) if work.country_of_origin else ""
        case "status":
            return STATES[work.status].render(language)
    clauses = [of_scope(granted.scope) for granted in work.mandates]
    if what == "held_back":
        clauses = [replace(of_scope(scope), exclusive=None) for scope in work.holdbacks]
    written = write(clauses)
    if len(written) > LONGEST:
        raise WriteRefused(Problem("SHEET_NO_ROOM", params={"value": work.title.words[:60]}))
    return written


def _language(tag: str, language: str) -> str:
    """The name of a language; of a script or a region of one, its tag, which says more than a name that is read back."""
    return tag if "-" in tag else language_name(tag, language)


def _words(text: ExportedText | None, tag: str, original: str) -> str:
    """Without `tag`, the words in the work's original language; with it, those in another."""
    if text is None:
        return ""
    if not tag:
        return text.words if text.language == original else ""
    if tag == text.language:
        return "" if tag == original else text.words
    rendered = text.renderings.get(tag)
    return rendered.words if rendered else ""


def _credit(one: Credit, language: str) -> str:
    own = f" [{one.name_original}]" if one.name_original else ""
    role = ROLES[one.role].render(language) if one.role in ROLES else one.role
    return f"{one.name}{own} ({role})"
