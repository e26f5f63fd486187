"""The sandbox's memory: one SQLite file, written ahead and flushed, so that a killed process forgets nothing it has answered."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    delivery TEXT NOT NULL,
    folder TEXT NOT NULL,
    batch_id TEXT,
    sender TEXT NOT NULL,
    message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    release_ids TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'refused', 'repeated')),
    counts INTEGER NOT NULL,
    status TEXT NOT NULL,
    reasons TEXT NOT NULL,
    ack_name TEXT NOT NULL,
    ack BLOB NOT NULL,
    ack_placed INTEGER NOT NULL DEFAULT 0,
    received_at TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    UNIQUE (platform, delivery)
);
CREATE UNIQUE INDEX IF NOT EXISTS one_verdict_per_message ON messages (platform, sender, message_id) WHERE counts = 1;
CREATE TABLE IF NOT EXISTS releases (
    platform TEXT NOT NULL,
    release_key TEXT NOT NULL,
    sender TEXT NOT NULL,
    dsp_release_id TEXT NOT NULL,
    icpn TEXT NOT NULL,
    grid TEXT NOT NULL,
    proprietary_ids TEXT NOT NULL,
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    has_cover INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    message_id TEXT NOT NULL,
    purged_on TEXT,
    PRIMARY KEY (platform, release_key)
);
CREATE TABLE IF NOT EXISTS identifiers (
    platform TEXT NOT NULL,
    identifier TEXT NOT NULL,
    release_key TEXT NOT NULL,
    PRIMARY KEY (platform, identifier)
);
CREATE TABLE IF NOT EXISTS recordings (
    platform TEXT NOT NULL,
    isrc TEXT NOT NULL,
    dsp_resource_id TEXT NOT NULL,
    seconds REAL NOT NULL,
    fingerprint BLOB NOT NULL,
    PRIMARY KEY (platform, isrc)
);
CREATE TABLE IF NOT EXISTS tracks (
    platform TEXT NOT NULL,
    release_key TEXT NOT NULL,
    isrc TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    artist TEXT NOT NULL,
    proprietary_ids TEXT NOT NULL,
    PRIMARY KEY (platform, release_key, isrc)
);
CREATE TABLE IF NOT EXISTS windows (
    platform TEXT NOT NULL,
    release_key TEXT NOT NULL,
    isrc TEXT NOT NULL,
    territory TEXT NOT NULL,
    commercial_model TEXT NOT NULL,
    use_type TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT,
    CHECK (ends IS NULL OR ends > starts)
);
CREATE INDEX IF NOT EXISTS windows_of_a_release ON windows (platform, release_key);
CREATE TABLE IF NOT EXISTS reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL DEFAULT '',
    content BLOB,
    placed INTEGER NOT NULL DEFAULT 1
);
"""


def prepare(path: Path) -> None:
    """Create the file and its tables if they are not there."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA)
    finally:
        connection.close()


@contextmanager
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one piece of work, in one thread at a time; rows are addressed by name."""
    opened = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    opened.row_factory = sqlite3.Row
    try:
        opened.execute("PRAGMA synchronous = FULL")
        yield opened
    finally:
        opened.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the write lock at once."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
