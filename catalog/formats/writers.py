"""The formats that are written, each behind one question: these works, into this file.

A writer streams: it takes works one by one as `works` yields them, holds no more than one, and writes the whole of a file.
A format may have variants (versions, dialects, containers); the first is the one that nobody asked for otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from catalog.formats.exported import ExportedWork, Order
from catalog.formats.problems import Problem


class WriteRefused(Exception):
    """The format cannot hold what was ordered (too many rows for a sheet); `problem` says why. No file comes of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Writer:
    """`kinds`: of work that the format can tell of; works of other kinds are left out before `write` sees them."""

    suffix: str
    media_type: str
    kinds: frozenset[str]
    write: Callable[[Iterator[ExportedWork], BinaryIO, Order], None]


WRITERS: Mapping[str, Mapping[str, Writer]] = {}
"""By `CatalogFormat` of the contract, then by variant."""
