"""Avails read as records, whichever form the file has.

A workbook has a row for every window, and the windows of a title need not stand together: a title is given when its last row has
been read, so that what is held at a time is what a file leaves open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from catalog.formats import zips
from catalog.formats.avails import mapping, windows, xml_in
from catalog.formats.avails.model import Avail, Line
from catalog.formats.avails.workbook import Workbook
from catalog.formats.problems import FileRefused, Problem
from catalog.formats.record import Original, Record


def count(file: BinaryIO) -> int:
    """How many titles the file holds. Raises `FileRefused` for what `records` could not read to the end."""
    if not zips.is_zip(file):
        return sum(1 for _avail in xml_in.avails(file))
    return len(_last_rows(Workbook(file)))


def recognises(file: BinaryIO) -> bool:
    """Is the content Avails, as a workbook or as XML?"""
    try:
        if zips.is_zip(file):
            return any(sheet.kind is not None for sheet in Workbook(file).sheets)
        return next(iter(xml_in.avails(file)), None) is not None
    except FileRefused:
        return False
    finally:
        file.seek(0)


def records(file: BinaryIO, received: date) -> Iterator[Record]:
    """Each title of the file. Raises `FileRefused` where the file cannot be read on.

    An identifier names one title: where editions of one film share it, the first of them has it.
    """
    taken: set[tuple[str, str]] = set()
    references: set[str] = set()
    sheets = zips.is_zip(file)
    for avail, notes in _from_workbook(file) if sheets else ((avail, []) for avail in xml_in.avails(file)):
        record = mapping.record(avail, received, sheets=sheets)
        record.problems[:0] = notes
        if record.reference in references:
            where = {"reference": record.reference[:255]}
            record.problems.append(Problem("AVAILS_ALID_TWICE", record.line, "ALID", where, skips=True))
        references.add(record.reference)
        record.identifiers = [found for found in record.identifiers if (found.scheme, found.value) not in taken]
        taken |= {(found.scheme, found.value) for found in record.identifiers}
        yield record


def updated(before: Original, update: Original) -> Original:
    """An avail after entries that create, update and delete lines. A line is known by its AvailID, else by what it offers."""
    old, new = (Avail.restored(json.loads(one.content)) for one in (before, update))
    said = {_key(line): line for line in new.lines}
    lines = [said.pop(_key(line), line) for line in old.lines] + list(said.values())
    lines = [line for line in lines if not mapping.deleted(line)]
    return mapping.original(replace(old, lines=lines, head=new.head or old.head)) if lines else before


def _key(line: Line) -> tuple[str, ...]:
    """Territories and languages in whatever order they are written."""
    if line["AvailID"]:
        return (line["AvailID"],)
    several = (" ".join(sorted(windows.parts(line[column]))) for column in ("Territory", "AssetLanguage"))
    return (*several, line["LicenseType"], line["FormatProfile"], line["Start"])


def _from_workbook(file: BinaryIO) -> Iterator[tuple[Avail, list[Problem]]]:
    """Titles with what the first of them has to tell of the file as a whole."""
    book = Workbook(file)
    last = _last_rows(book)
    notes = [
        *(
            Problem("AVAILS_SHEET", None, sheet.name[:100], {"value": sheet.name[:100]})
            for sheet in book.sheets
            if sheet.kind is None
        ),
        *(
            Problem("AVAILS_COLUMN", sheet.first_row - 1, f"{sheet.name[:50]}!{name}", {"value": name})
            for sheet in book.sheets
            for name in sheet.unknown
        ),
    ]
    open_: dict[str, Avail] = {}
    for place, line in enumerate(book.lines()):
        key = line["ALID"] or f"\0{place}"
        avail = open_.setdefault(key, Avail(book.version, []))
        avail.lines.append(line)
        if last[key] == place:
            del open_[key]
            yield avail, notes
            notes = []


def _last_rows(book: Workbook) -> dict[str, int]:
    """By ALID, the place of its last line. A line without one is a title of its own, and a faulty one."""
    return {line["ALID"] or f"\0{place}": place for place, line in enumerate(book.lines())}
