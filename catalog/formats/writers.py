"""The formats that are written, each behind one question: these works, into this file.

A writer streams: it takes works one by one as `works` yields them, holds no more than one, and writes the whole of a file.
A format may have variants (versions, dialects, containers); the first is the one that nobody asked for otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from catalog.formats.avails import xlsx_out, xml_out
from catalog.formats.exported import ExportedWork, Order
from catalog.formats.onix import writer as onix
from catalog.formats.sheets import writer as sheets


@dataclass(frozen=True, slots=True)
class Writer:
    """`kinds`: of work that the format can tell of; works of other kinds are left out before `write` sees them."""

    suffix: str
    media_type: str
    kinds: frozenset[str]
    write: Callable[[Iterator[ExportedWork], BinaryIO, Order], None]


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOOKS = frozenset({"BOOK", "COMIC"})
_FILMS = frozenset({"ANIMATION"})
_EVERY = frozenset({"BOOK", "COMIC", "MUSIC", "ANIMATION"})


def _avails(version: str, *, workbook: bool) -> Writer:
    if workbook:
        return Writer(".xlsx", _XLSX, _FILMS, partial(xlsx_out.write, version=version))
    return Writer(".xml", "application/xml", _FILMS, partial(xml_out.write, version=version))


WRITERS: Mapping[str, Mapping[str, Writer]] = {
    "ONIX": {variant: Writer(".xml", "application/xml", _BOOKS, write) for variant, write in onix.WRITE.items()},
    "XLSX": {"LIST": Writer(".xlsx", _XLSX, _EVERY, sheets.workbook)},
    "CSV": {"LIST": Writer(".csv", "text/csv; charset=utf-8", _EVERY, sheets.delimited)},
    "AVAILS": {
        "XLSX_1_9": _avails("1.9", workbook=True),
        "XLSX_1_8": _avails("1.8", workbook=True),
        "XML_2_7": _avails("2.7", workbook=False),
        "XML_2_6": _avails("2.6", workbook=False),
    },
}
"""By `CatalogFormat` of the contract, then by variant."""
