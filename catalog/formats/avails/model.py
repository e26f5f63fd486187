"""One avail: a title known by its ALID, and the windows in which it is offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOVIES, TV, BONUS = "Movies", "TV", "Bonus"
"""The kinds of sheets. Their columns differ; what they share has one name in all of them."""

IDENTITY = ("ALID", "ContentID", "EpisodeContentID", "SeasonContentID", "SeriesContentID")
"""Columns that name a title where the ALID is missing, which is a fault that has to be shown somewhere."""


@dataclass(slots=True)
class Line:
    """One window: `cells` by column name, none of them empty. Days are `YYYY-MM-DD`, instants ISO 8601, truth `TRUE` and `FALSE`.

    `row`: row of the sheet, or line of the XML. `xml`: the Transaction as it came, where it came as XML.
    """

    sheet: str
    row: int
    cells: dict[str, str]
    xml: str | None = None

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def first(self, *columns: str) -> str:
        """The first of some columns that says something."""
        return next((self.cells[column] for column in columns if column in self.cells), "")


@dataclass(slots=True)
class Avail:
    """`version`: of the workbook or schema that it came in. `head`: the XML Avail without its Transactions, where it came as XML.

    `titles`: display titles in languages for which there is no line of their own (XML says them beside the windows).
    `credits`: people by the job that they did, from XML.
    """

    version: str
    lines: list[Line]
    head: str | None = None
    titles: list[tuple[str, str]] = field(default_factory=list)
    people: list[tuple[str, str]] = field(default_factory=list)

    @property
    def alid(self) -> str:
        return self.lines[0]["ALID"]

    @property
    def sheet(self) -> str:
        return self.lines[0].sheet

    def stored(self) -> dict[str, Any]:
        """The avail as plain data, to be kept beside its work and written out again."""
        return {
            "version": self.version,
            "head": self.head,
            "titles": [list(title) for title in self.titles],
            "people": [list(person) for person in self.people],
            "lines": [
                {"sheet": line.sheet, "cells": line.cells} | ({"xml": line.xml} if line.xml else {})
                for line in self.lines
            ],
        }

    @classmethod
    def restored(cls, data: dict[str, Any]) -> Avail:
        lines = [Line(item["sheet"], 0, dict(item["cells"]), item.get("xml")) for item in data["lines"]]
        pairs = [(text, language) for text, language in data["titles"]]
        return cls(data["version"], lines, data["head"], pairs, [(job, name) for job, name in data["people"]])

    def each(self, column: str) -> Iterator[tuple[Line, str]]:
        """Every line that has something in a column, with it."""
        return ((line, line.cells[column]) for line in self.lines if column in line.cells)
