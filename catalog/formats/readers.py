"""The formats that are read, each behind the same two questions: how many records, and which.

A reader streams: it holds one record at a time, and raises `FileRefused` where the file cannot be read on. It is asked twice,
first for the count, so that a file that breaks off changes nothing. Where a format writes no record keys of its own, the
reader makes them of what names the record, so that the same file read twice says the same.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from catalog.formats.avails import reader as avails
from catalog.formats.ern import reader as ern
from catalog.formats.onix import reader as onix
from catalog.formats.onix.ground import updated
from catalog.formats.record import Original, Record
from catalog.formats.sheets import delimited, workbook
from catalog.formats.sheets import reader as sheets

HEAD = 8_192
"""Bytes within which an XML file names what it is."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Reader:
    """`count(file)`: records in the file. `records(file, received)`: each; rights without a start count from `received`.

    `recognises(file)`: is the content of this format? It is asked of one format after another, in the order of `READERS`.
    `merged(before, update)`: the record that is kept once a partial update has come, where the format has such.
    `same(before, now)`: do two records say the same, where digests that differ may still tell of one?
    """

    suffix: str
    media_type: str
    count: Callable[[BinaryIO], int]
    records: Callable[[BinaryIO, date], Iterator[Record]]
    recognises: Callable[[BinaryIO], bool]
    merged: Callable[[Original, Original], Original] | None = None
    same: Callable[[Original, Original], bool] | None = None


def xml_root(*names: str) -> Callable[[BinaryIO], bool]:
    """Whether a file is XML whose outermost element has one of these names, whatever its namespace."""
    opened = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(names)})[\s/>]".encode())

    def recognises(file: BinaryIO) -> bool:
        file.seek(0)
        head = file.read(HEAD)
        file.seek(0)
        wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return opened.search(head.decode("utf-16", "replace").encode() if wide else head) is not None

    return recognises


READERS: Mapping[str, Reader] = {
    "ONIX": Reader(
        ".xml",
        "application/xml",
        onix.count,
        onix.records,
        xml_root("ONIXMessage", "ONIXmessage"),
        updated,
        onix.same,
    ),
    "AVAILS": Reader(
        ".avails", "application/octet-stream", avails.count, avails.records, avails.recognises, avails.updated
    ),
    "ERN": Reader(".ern", "application/octet-stream", ern.count, ern.records, ern.recognises),
    "XLSX": Reader(".xlsx", XLSX, sheets.count_workbook, sheets.workbook_records, workbook.is_workbook),
    "CSV": Reader(".csv", "text/csv", sheets.count_delimited, sheets.delimited_records, delimited.is_text),
}
"""By `CatalogFormat` of the contract, the pickiest first; those that are not here are not read yet."""


def recognise(file: BinaryIO) -> str | None:
    """The format that the content is of; None for what nobody reads."""
    return next((name for name, reader in READERS.items() if reader.recognises(file)), None)
