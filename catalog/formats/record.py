"""One record of a file, whatever its format: as much of it as the catalogue keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from isal import isal_zlib

from catalog.formats.problems import Problem
from catalog.identifiers import Identified
from catalog.rights import Scope
from hub.values import Value

LEVEL = 1
"""Of ISA-L, which writes what zlib writes at its first level, in two fifths of the time; the best takes off a tenth more."""

PARTIAL: Final = "04"
TESTS: Final = frozenset({"88", "89"})
NOTICES: Final = frozenset({"08", "09"})
"""ONIX List 1, NotificationType."""


@dataclass(frozen=True, slots=True)
class Words(Value):
    """A text and its language, BCP 47."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Credit(Value):
    """A contributor: display name, MARC relator code, and the name in its own script where the record gives both."""

    name: str
    role: str
    name_original: str | None = None


@dataclass(frozen=True, slots=True)
class Original(Value):
    """A record as it stands in its file, for what the hub does not model. `dialect` says how to read `content`.

    `digest`: SHA-256 (hexadecimal), equal only where both say the same. Empty where the sender has deleted the record.
    `packed`: the content as it is kept, compressed (zlib) where it is read, which is often beside the process that writes.
    """

    dialect: str
    packed: bytes
    digest: str

    @classmethod
    def of(cls, dialect: str, content: bytes, digest: str) -> Original:
        return cls(dialect, isal_zlib.compress(content, LEVEL), digest)

    @property
    def content(self) -> bytes:
        return isal_zlib.decompress(self.packed)


@dataclass(slots=True)
class Record:
    """`notification`: ONIX List 1. A field that the record does not carry is None or empty; `problems` tell what was left out.

    `kind` is the contract's `WorkKind`. `original_language` is the language the work was first written in (List 22 role 02,
    else 01).
    `titles` and `descriptions`: the first is the product's own, the others are in further languages.
    `mandates`: the owner's rights to sell, from SalesRights; their start is the publication day where it is given.
    `gone`: the title is cancelled, or no longer the sender's. `original`: the record itself, where the format keeps it.
    `keyed`: the sender wrote `reference`; else the reader made it of what names the record. `says_kind`: the file names the
    kind, it is not inferred. `places`: what the sender calls the parts that may turn out to be wrong later (`reference`, ISBN …).
    `holdbacks`: what the owner keeps from sale meanwhile.
    `whole`: the record is the whole truth about rights, so that what it does not say is no longer so. Otherwise a record without
    rights leaves them as they are. `adds`: its rights come beside those that the format said before; `revokes` go from them.
    `aliases`: other keys by which the sender may have named the title before.
    `received`: the day from which rights count that the record opens at once.
    `carried`: what more a domain above the catalogue may want to know of it, as plain data (`catalog.imports.arrivals`).
    """

    reference: str
    line: int
    notification: str
    kind: str = "BOOK"
    original_language: str | None = None
    titles: list[Words] = field(default_factory=list)
    descriptions: list[Words] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    identifiers: list[Identified] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    publication_year: int | None = None
    country: str | None = None
    mandates: list[Scope] = field(default_factory=list)
    gone: bool = False
    original: Original | None = None
    holdbacks: list[Scope] = field(default_factory=list)
    whole: bool = False
    adds: bool = False
    revokes: list[Scope] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    received: date | None = None
    carried: dict[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)
    keyed: bool = True
    says_kind: bool = False
    places: dict[str, str] = field(default_factory=dict)

    @property
    def withdraws(self) -> bool:
        """Does the sender no longer offer the title?"""
        return self.notification == "05" or self.gone

    @property
    def partial(self) -> bool:
        """Does it bring parts of a record that came before?"""
        return self.adds or self.notification == PARTIAL

    @property
    def brings(self) -> bool:
        """Does it tell of a title that is offered? Tests and notices do not."""
        return self.usable and not self.withdraws and self.notification not in TESTS | NOTICES

    @property
    def usable(self) -> bool:
        return not any(problem.skips for problem in self.problems)
