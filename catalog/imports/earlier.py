"""What the records of one file brought so far, for those that follow: a later record may be an earlier one again.

Lists have hundreds of thousands of records, so this stands in a temporary file, which nobody else sees and which goes with it.
"""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Final

from catalog.formats.record import Record
from catalog.identifiers import Identified
from catalog.merging.alike import Likeness, likeness, score

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8192;
CREATE TABLE records (number INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, packed TEXT NOT NULL);
CREATE TABLE keys (key INTEGER PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE codes (scheme TEXT, value TEXT, number INTEGER NOT NULL, PRIMARY KEY (scheme, value)) WITHOUT ROWID;
BEGIN;
"""
"""The first record with a key or a code is the one that has it. The cache may grow to 8 MiB. One transaction, never committed."""


class Earlier:
    """The same in a preview, in an import, and in one that goes on after a kill. `close` it, or leave its `with` block."""

    def __init__(self) -> None:
        self._tables = sqlite3.connect("", isolation_level=None)
        self._tables.executescript(_TABLES)

    def __enter__(self) -> Earlier:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._tables.close()

    def add(self, record: Record) -> None:
        """Tests, notices and deletions bring nothing."""
        if not record.brings:
            return
        alike = likeness_of_record(record)
        [number] = self._tables.execute(
            "INSERT INTO records (reference, packed) VALUES (?, ?)"
            " ON CONFLICT (reference) DO UPDATE SET reference = excluded.reference RETURNING number",
            (record.reference, alike.packed()),
        ).fetchone()
        self._tables.executemany(
            "INSERT OR IGNORE INTO codes VALUES (?, ?, ?)",
            [(found.scheme, found.value, number) for found in record.identifiers],
        )
        self._tables.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", [(key, number) for key in alike.keys])

    def first_with(self, code: Identified) -> str | None:
        """The key of the first record that had this identifier."""
        row = self._tables.execute(
            "SELECT reference FROM codes JOIN records USING (number) WHERE scheme = ? AND value = ?",
            (code.scheme, code.value),
        ).fetchone()
        return row[0] if row else None

    def nearest(self, record: Record) -> tuple[str, int] | None:
        """The record before this one that it is most like, and the score."""
        alike = likeness_of_record(record)
        found = self._tables.execute(
            "SELECT DISTINCT reference, packed FROM keys JOIN records USING (number)"  # noqa: S608  # question marks alone
            f" WHERE key IN ({','.join('?' * len(alike.keys))}) AND reference <> ?",
            (*alike.keys, record.reference),
        )
        scored = [(score(alike, Likeness.unpacked(packed)), reference) for reference, packed in found]
        top, reference = max(scored, default=(0, ""))
        return (reference, top) if top else None


def likeness_of_record(record: Record) -> Likeness:
    """What a record is compared by."""
    return likeness([words.text for words in record.titles], [credit.name for credit in record.credits], record.kind)
