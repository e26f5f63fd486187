"""Text that is written into cells."""

from __future__ import annotations

from typing import Final

_LIVE: Final = ("=", "+", "-", "@", "\t", "\r")
_GUARD: Final = "'"


def inert(text: str) -> str:
    """The same text in delimited form, where a spreadsheet program would take it for a formula: with an apostrophe before it.

    CSV has no other way to say that a cell is text. `live_again` takes the apostrophe off again.
    """
    return f"{_GUARD}{text}" if text.lstrip(_GUARD).startswith(_LIVE) else text


def live_again(text: str) -> str:
    """What `inert` was given."""
    return text[1:] if text.startswith(_GUARD) and text.lstrip(_GUARD).startswith(_LIVE) else text
