"""Avails as a workbook: sheets for films, for series and for bonus material, row by row.

The first row that names columns is the header; a row above it may name their groups, a row below it may give the version and say
which columns are required. Values are read, formulas only by the value that the workbook keeps for them.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalog.formats import zips
from catalog.formats.avails.columns import KNOWN, SPELLED, kind_of
from catalog.formats.avails.model import BONUS, MOVIES, Line
from catalog.formats.problems import FileRefused, Problem
from hub.characters import only_text

MAX_INSIDE: Final = 1024 * 1024 * 1024
MAX_STRINGS: Final = 128 * 1024 * 1024
"""Of the table of strings, which is held in memory."""

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 400
_HEADER_WITHIN: Final = 5
_VERSION = re.compile(r"v?(\d+\.\d+)(?:\.\d+)*")
_READ: Final = ("1.7", "1.8", "1.9")
_BROKEN = (
    InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError,
    ParseError, etree.XMLSyntaxError, AssertionError, OverflowError,
)  # fmt: skip
"""What openpyxl raises for workbooks that break off or that nobody's program has written."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`kind` None: no sheet of avails. `columns`: canonical names by position. `unknown`: those that are not the standard's."""

    name: str
    kind: str | None
    version: str | None
    columns: tuple[tuple[int, str], ...]
    unknown: tuple[str, ...]
    first_row: int


class Workbook:
    """A workbook held open for reading. `version` is that of all its sheets. Raises `FileRefused`."""

    def __init__(self, file: BinaryIO) -> None:
        _refuse_doctypes(zips.opened(file, MAX_INSIDE))
        file.seek(0)
        try:
            self._book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN:
            raise FileRefused(Problem("AVAILS_BROKEN")) from None
        self.sheets = [self._sheet(name) for name in self._book.sheetnames]
        listed = [sheet for sheet in self.sheets if sheet.kind is not None]
        if not listed:
            raise FileRefused(Problem("AVAILS_NOT_AVAILS"))
        self.version = _version(listed)

    def lines(self) -> Iterator[Line]:
        """Every row that says something, sheet after sheet. Raises `FileRefused` where the workbook cannot be read on."""
        for sheet in self.sheets:
            if sheet.kind is None:
                continue
            for row, values in self._rows(sheet.name):
                if row < sheet.first_row:
                    continue
                cells = {
                    column: text
                    for place, column in sheet.columns
                    if place < len(values) and (text := said(values[place]))
                }
                if cells and not all(value.startswith("//") for value in cells.values()):
                    bonus = sheet.kind != BONUS or cells.get("WorkType", "").casefold() in {"supplemental", "promotion"}
                    yield Line(sheet.kind if bonus else MOVIES, row, cells)

    def _rows(self, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        sheet: Any = self._book[name]
        try:
            sheet.reset_dimensions()
            for row, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
                if row > MOST_ROWS:
                    raise FileRefused(Problem("AVAILS_BROKEN"))
                yield row, values
        except _BROKEN:
            raise FileRefused(Problem("AVAILS_BROKEN")) from None

    def _sheet(self, name: str) -> Sheet:
        found: tuple[int, list[str]] | None = None
        version = None
        first_row = 0
        if not hasattr(self._book[name], "iter_rows"):
            return Sheet(name, None, None, (), (), 0)
        for row, values in self._rows(name):
            texts = [said(value) for value in values]
            if found is None:
                if kind_of(frozenset(_column(text) for text in texts)) is not None:
                    found, first_row = (row, texts), row + 1
                elif row > _HEADER_WITHIN:
                    break
            elif _is_note(texts):
                match = next((match for text in texts[:3] if (match := _VERSION.fullmatch(text))), None)
                version, first_row = (match.group(1) if match else version), row + 1
            else:
                break
        if found is None:
            return Sheet(name, None, None, (), (), 0)
        named: dict[str, int] = {}
        for place, text in enumerate(found[1]):
            if text:
                named.setdefault(_column(text), place)
        kind = kind_of(frozenset(named))
        columns = tuple((place, column) for column, place in named.items())
        return Sheet(name, kind, version, columns, tuple(column for column in named if column not in KNOWN), first_row)


def said(value: object) -> str:
    """A cell as text: days as `YYYY-MM-DD`, instants and times as ISO 8601 has them, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    text = only_text(unicodedata.normalize("NFC", str(value)))
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def _column(text: str) -> str:
    """The canonical name of a column; what the standard does not have keeps its own."""
    return SPELLED.get(text.casefold().replace(" ", "").replace("-", ""), text)[:100]


def _is_note(texts: list[str]) -> bool:
    """Is this the row under the header that gives the version and says what is required?"""
    filled = [text for text in texts if text]
    notes = [text for text in filled if text.startswith("//")]
    return bool(filled) and (len(notes) * 2 > len(filled) or (len(filled) <= 2 and bool(_VERSION.fullmatch(filled[0]))))


def _version(sheets: list[Sheet]) -> str:
    """The one version that the sheets give. Without any, what only 1.9 has tells it from 1.8."""
    given = {sheet.version: sheet for sheet in sheets if sheet.version is not None}
    if len(given) > 1:
        raise FileRefused(Problem("AVAILS_MIXED_VERSIONS", params={"value": ", ".join(sorted(filter(None, given)))}))
    for version, sheet in given.items():
        if version not in _READ:
            raise FileRefused(Problem("AVAILS_VERSION", sheet.first_row - 1, sheet.name, {"value": str(version)}))
        return str(version)
    newer = {"CampaignID", "TPRType", "RefALID"}
    return "1.9" if any(column in newer for sheet in sheets for _place, column in sheet.columns) else "1.8"


def _refuse_doctypes(archive: zipfile.ZipFile) -> None:
    """The parts of a workbook need no document type; entities come with one."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith("sharedstrings.xml") and entry.file_size > MAX_STRINGS:
            raise FileRefused(Problem("ZIP_BOMB", params={"limit": str(MAX_STRINGS // 1024 // 1024)}))
        if entry.filename.endswith((".xml", ".rels")):
            try:
                with archive.open(entry) as part:
                    start = part.read(4096)
            except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError):
                raise FileRefused(Problem("ZIP_BROKEN")) from None
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start or start.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise FileRefused(Problem("XML_ENTITIES", 1))
