"""The formats that are read, each behind the same two questions: how many records, and which.

A reader streams: it holds one record at a time, and raises `FileRefused` where the file cannot be read on. It is asked twice,
first for the count, so that a file that breaks off changes nothing. Where a format writes no record keys of its own, the
reader makes them of what names the record, so that the same file read twice says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from catalog.formats.avails import reader as avails
from catalog.formats.onix import reader as onix
from catalog.formats.record import Record


@dataclass(frozen=True, slots=True)
class Reader:
    """`count(file)`: records in the file. `records(file, received)`: each; rights without a start count from `received`."""

    suffix: str
    media_type: str
    count: Callable[[BinaryIO], int]
    records: Callable[[BinaryIO, date], Iterator[Record]]


READERS: Mapping[str, Reader] = {
    "ONIX": Reader(".xml", "application/xml", onix.count, onix.records),
    "AVAILS": Reader(".avails", "application/octet-stream", avails.count, avails.records),
}
"""By `CatalogFormat` of the contract; those that are not here are not read yet."""
