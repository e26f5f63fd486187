"""ERN messages read as records: one message is one release, as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from catalog.formats.ern import mapping, package
from catalog.formats.problems import FileRefused
from catalog.formats.record import Record


def count(file: BinaryIO) -> int:
    """How many messages the file holds. Raises `FileRefused` for what `records` could not read to the end."""
    return sum(1 for _delivery in package.deliveries(file))


def records(file: BinaryIO, received: date) -> Iterator[Record]:
    """Each message. A release that comes in two messages of one archive is what the later of them says."""
    for delivery in package.deliveries(file):
        yield mapping.record(delivery, received)


def recognises(file: BinaryIO) -> bool:
    """Is the content an ERN message, or an archive with one?"""
    try:
        return next(package.deliveries(file), None) is not None
    except FileRefused:
        return False
    finally:
        file.seek(0)
