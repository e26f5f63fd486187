"""Delimited text: CSV and TSV as programs of the region write them (RFC 4180, where they follow it), read as a stream.

The encoding is told by a byte order mark, else by whether the bytes can be UTF-8, else it is Thai (windows-874) where every mark
stands on a letter as in Thai words, else GB 18030. What is none of these is refused: guessing would change letters silently.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import BinaryIO, Final

from catalog.formats.problems import FileRefused, Problem
from catalog.formats.sheets.grid import MOST_COLUMNS, MOST_ROWS, Cell, Merge, Row, Table
from catalog.formats.sheets.text import live_again

DELIMITERS: Final = (",", ";", "\t", "|")
SAMPLE: Final = 256 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_THAI_MARKS: Final = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")
_THAI_LETTERS: Final = frozenset(map(chr, range(0x0E01, 0x0E2F)))


def is_text(file: BinaryIO) -> bool:
    """May the file be delimited text, by its content: does a line of it hold several fields?"""
    file.seek(0)
    try:
        encoding = encoding_of(file)
    except FileRefused:
        return False
    finally:
        file.seek(0)
    sample = _sample(file, encoding)
    return not sample.lstrip().startswith("<") and any(sign in sample for sign in DELIMITERS)


def encoding_of(file: BinaryIO) -> str:
    """A codec of Python's that reads the whole file. FileRefused with SHEET_ENCODING."""
    file.seek(0)
    head = file.read(SAMPLE)
    file.seek(0)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            _check(file, encoding)
            return encoding
    if b"\0" in head:
        encoding = _wide(head)
        _check(file, encoding)
        return encoding
    for encoding in ("utf-8", "cp874", "gb18030"):
        if encoding == "cp874" and not _reads_as_thai(head):
            continue
        try:
            _check(file, encoding)
        except FileRefused:
            continue
        return encoding
    raise FileRefused(Problem("SHEET_ENCODING"))


def _check(file: BinaryIO, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(1024 * 1024):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FileRefused(Problem("SHEET_ENCODING")) from None
    finally:
        file.seek(0)


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: which half of each pair is mostly zero. FileRefused for what is no text."""
    high, low = head[0::2].count(0), head[1::2].count(0)
    if max(high, low) < len(head) // 20 or min(high, low) > max(high, low) // 4:
        raise FileRefused(Problem("SHEET_NOT_TEXT"))
    return "utf-16-be" if high > low else "utf-16-le"


def _reads_as_thai(head: bytes) -> bool:
    try:
        text = head.decode("cp874")
    except UnicodeDecodeError:
        return False
    pairs = list(pairwise(text))
    marks = sum(sign in _THAI_MARKS for sign in text)
    standing = sum(sign in _THAI_MARKS and (before in _THAI_LETTERS or before in _THAI_MARKS) for before, sign in pairs)
    foreign = sum(sign > "\x7f" and not "\u0e01" <= sign <= "\u0e5b" and sign not in "\xa0‘’“”–—…•€" for sign in text)
    return marks > 0 and standing >= 0.98 * marks and foreign == 0


def _sample(file: BinaryIO, encoding: str) -> str:
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)().decode(file.read(SAMPLE))
    file.seek(0)
    return text


def delimiter_of(sample: str) -> str:
    """The sign that parts most lines into the same number of fields, more than one; a comma where none does."""
    first = sample.split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]

    def evenness(sign: str) -> tuple[int, int]:
        try:
            widths = Counter(
                len(fields) for fields in islice(csv.reader(io.StringIO(sample), delimiter=sign), 100) if fields
            )
        except csv.Error:
            return 0, 0
        width, lines = max(widths.items(), key=lambda found: (found[0] > 1, found[1]), default=(0, 0))
        return (lines, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=evenness)


class Delimited:
    """A file of delimited text, as one table."""

    def __init__(self, file: BinaryIO) -> None:
        """FileRefused for what is no text, or in an encoding that is not known."""
        self._file = file
        self.encoding = encoding_of(file)
        sample = _sample(file, self.encoding)
        self.delimiter = delimiter_of(sample)
        self.announced = sample.lstrip("\ufeff").lower().startswith("sep=")

    def __enter__(self) -> Delimited:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.seek(0)

    def tables(self) -> list[Table]:
        return [Table("")]

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Each record's number from 1, as a spreadsheet program counts rows, and its fields. FileRefused for endless quotes."""
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, self.encoding, newline="")
        number = 0
        try:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            while True:
                start = reader.line_num + 1
                try:
                    fields = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise FileRefused(Problem("SHEET_QUOTES", start)) from error
                number += 1
                if number > MOST_ROWS:
                    raise FileRefused(Problem("SHEET_TOO_LARGE"))
                yield number, fields
        finally:
            text.detach()

    def rows(self, table: Table) -> Iterator[Row]:
        for number, fields in self.lines():
            if number == 1 and self.announced:
                continue
            cells = {
                place: Cell(live_again(field)) for place, field in enumerate(fields[:MOST_COLUMNS]) if field.strip()
            }
            if cells:
                yield Row(number, cells)

    def merges(self, table: Table) -> Iterator[Merge]:
        yield from ()
