"""What every table of cells is read into, whether it came as a workbook or as delimited text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 400
"""Columns to the right of these are not looked at."""
LONGEST_CELL: Final = 32_767
"""Excel's own limit."""


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """`text`: as the file holds it; of a DATE its ISO 8601 day, of an ERROR its name (`#REF!`).

    `formula`: a formula stands there, and `text` is its last result, empty where the file has none.
    """

    text: str
    kind: Kind = Kind.TEXT
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`number` from 1, as a spreadsheet program counts; `cells` by column from 0, without the empty ones."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, all ends included, rows from 1 and columns from 0. Its value stands in the first cell."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Table:
    """One sheet. `rows` may be asked for again; each time they stream from the file."""

    name: str
    merges: list[Merge] = field(default_factory=list)


class Grid(Protocol):
    """A file of one or several tables."""

    def tables(self) -> list[Table]:
        """The sheets that people see, in their order."""

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a sheet that hold anything, in their order. FileRefused where the file cannot be read on."""

    def merges(self, table: Table) -> Iterator[Merge]:
        """The merged ranges of a sheet."""


def letters(column: int) -> str:
    """The letters of a column from 0: A … Z, AA …"""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(name: str) -> int:
    """The column that capital letters name, from 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1
