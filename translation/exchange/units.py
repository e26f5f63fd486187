"""What TMX and XLIFF files hold, to the hub: words in one language, and how they are said in others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Of(StrEnum):
    """A unit is a text of the organization, or an entry of its memory."""

    TEXT = "TEXT"
    MEMORY = "MEMORY"


class State(StrEnum):
    """XLIFF 2's states of a segment (4.3.1.30), which TMX files of the hub carry as a property."""

    INITIAL = "initial"
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Target:
    """`made`: the fingerprint of the words that the hub had when the file was written; None: unknown, or nothing.

    `machine`: nobody has looked at the words yet.
    """

    language: str
    words: str
    state: State = State.TRANSLATED
    made: str | None = None
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """`id`: of the text or entry; None in files from elsewhere. `line`: where it stands in the file that was read."""

    of: Of
    source_language: str
    source: str
    targets: tuple[Target, ...]
    id: UUID | None = None
    purpose: str | None = None
    notes: tuple[str, ...] = ()
    uses: int = 0
    line: int = 0


def unit_id(written: str | None) -> UUID | None:
    """The id in a unit's name (`u-…`; an XML name may not begin with a digit); None for names of other programs."""
    try:
        return UUID((written or "").removeprefix("u-"))
    except ValueError:
        return None
