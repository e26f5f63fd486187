"""A work as it goes out: everything that the hub knows of it, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from catalog.facts import Credit
from catalog.identifiers import Identified
from catalog.rights import Scope


@dataclass(frozen=True, slots=True)
class Rendered:
    """Words in another language. `origin`: SUPPLIED, REVIEWED, or MACHINE for a draft that nobody has checked."""

    words: str
    origin: str


@dataclass(frozen=True, slots=True)
class ExportedText:
    """`renderings`, by BCP 47 tag, are of the present words; machine drafts are among them only where the order wants them."""

    words: str
    language: str
    renderings: Mapping[str, Rendered] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Granted:
    """A mandate, and where it comes from: `entered` by a person, or the format that said it in lower case."""

    scope: Scope
    source: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The record from which the work was last imported, as it came. `dialect` says how to read it, in the format's own terms."""

    dialect: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ExportedWork:
    """`kept`: the record of the same format that the work came from, if any; what the hub does not model is in it."""

    id: UUID
    kind: str
    status: str
    original_language: str
    title: ExportedText
    description: ExportedText | None
    contributors: Sequence[Credit]
    identifiers: Sequence[Identified]
    subjects: Sequence[str]
    publication_year: int | None
    country_of_origin: str | None
    record_reference: str | None
    mandates: Sequence[Granted]
    holdbacks: Sequence[Scope]
    updated_at: datetime
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """For whom a file is written. `sender`: the organization's own name. `language`: of the one who asked, for what is meant to
    be read by people. `sent`: when it was asked for, UTC: the same order written twice is the same file.
    """

    sender: str
    sent: datetime
    language: str
