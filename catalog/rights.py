"""Arithmetic on rights, without a database.

A `Scope` is a box in four dimensions: right types × territories × languages × days. Everything here is set arithmetic on
such boxes; `exclusive` says how a grant of the box behaves towards others and takes no part in the geometry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from catalog.languages import RIGHTS_LANGUAGES
from hub.values import Value


class RightType(StrEnum):
    """What may be done with a work. Names are the public contract's."""

    PRINT = "PRINT"
    LARGE_PRINT = "LARGE_PRINT"
    EBOOK = "EBOOK"
    AUDIOBOOK = "AUDIOBOOK"
    SERIAL = "SERIAL"
    COMIC_PRINT = "COMIC_PRINT"
    COMIC_DIGITAL = "COMIC_DIGITAL"
    MOTION_COMIC = "MOTION_COMIC"
    STREAMING = "STREAMING"
    DOWNLOAD = "DOWNLOAD"
    PHYSICAL = "PHYSICAL"
    SYNCHRONIZATION = "SYNCHRONIZATION"
    PUBLIC_PERFORMANCE = "PUBLIC_PERFORMANCE"
    MECHANICAL = "MECHANICAL"
    THEATRICAL = "THEATRICAL"
    FREE_TV = "FREE_TV"
    PAY_TV = "PAY_TV"
    PAY_PER_VIEW = "PAY_PER_VIEW"
    SVOD = "SVOD"
    AVOD = "AVOD"
    FVOD = "FVOD"
    NVOD = "NVOD"
    EST = "EST"
    VIDEO = "VIDEO"
    RENTAL = "RENTAL"
    THROUGH = "THROUGH"
    INFLIGHT = "INFLIGHT"
    SHIPS = "SHIPS"
    HOTELS = "HOTELS"
    EDUCATIONAL = "EDUCATIONAL"
    FILM_ADAPTATION = "FILM_ADAPTATION"
    TV_ADAPTATION = "TV_ADAPTATION"
    ANIMATION_ADAPTATION = "ANIMATION_ADAPTATION"
    COMIC_ADAPTATION = "COMIC_ADAPTATION"
    STAGE_ADAPTATION = "STAGE_ADAPTATION"
    GAME_ADAPTATION = "GAME_ADAPTATION"
    MERCHANDISING = "MERCHANDISING"


def _between(first: RightType, last: RightType) -> tuple[RightType, ...]:
    every = list(RightType)
    return tuple(every[every.index(first) : every.index(last) + 1])


RIGHTS_BY_KIND: dict[str, tuple[RightType, ...]] = {
    "BOOK": _between(RightType.PRINT, RightType.SERIAL),
    "COMIC": _between(RightType.COMIC_PRINT, RightType.MOTION_COMIC),
    "MUSIC": _between(RightType.STREAMING, RightType.MECHANICAL),
    "ANIMATION": _between(RightType.THEATRICAL, RightType.EDUCATIONAL),
}
"""The rights usually traded for a kind of work, before the derivative ones. Other combinations are rare, not wrong."""

DERIVATIVE_RIGHTS: tuple[RightType, ...] = _between(RightType.FILM_ADAPTATION, RightType.MERCHANDISING)


@dataclass(frozen=True, slots=True)
class Scope(Value):
    """Right types × territories × languages × days.

    `territories` are ISO 3166-1 alpha-2; `languages` are members of `RIGHTS_LANGUAGES`, or None for every language; the
    period is half-open, `end` is the first day after it, None is without end. A scope is never empty: ValueError.
    """

    rights: frozenset[RightType]
    territories: frozenset[str]
    languages: frozenset[str] | None
    start: date
    end: date | None = None
    exclusive: bool = False

    def __post_init__(self) -> None:
        if not self.rights or not self.territories or (self.languages is not None and not self.languages):
            raise ValueError("a scope needs at least one right, territory and language")
        if self.end is not None and self.end <= self.start:
            raise ValueError("a scope ends after it starts")

    def intersects(self, other: "Scope") -> bool:
        """Do the two boxes share a single right in a single territory, language and day?"""
        return (
            not self.rights.isdisjoint(other.rights)
            and not self.territories.isdisjoint(other.territories)
            and (self.languages is None or other.languages is None or not self.languages.isdisjoint(other.languages))
            and (self.end is None or other.start < self.end)
            and (other.end is None or self.start < other.end)
        )

    def conflicts(self, other: "Scope") -> bool:
        """Could the two not be granted to two parties? Exclusive tolerates nobody; non-exclusive ones live side by side."""
        return (self.exclusive or other.exclusive) and self.intersects(other)

    def contains(self, other: "Scope") -> bool:
        """Is every part of `other` inside this one box?"""
        return (
            other.rights <= self.rights
            and other.territories <= self.territories
            and (self.languages is None or (other.languages is not None and other.languages <= self.languages))
            and self.start <= other.start
            and (self.end is None or (other.end is not None and other.end <= self.end))
        )

    def intersection(self, other: "Scope") -> "Scope | None":
        """The box that both share, with this one's exclusivity; None when they share nothing."""
        if not self.intersects(other):
            return None
        if self.languages is None or other.languages is None:
            languages = other.languages if self.languages is None else self.languages
        else:
            languages = self.languages & other.languages
        ends = [end for end in (self.end, other.end) if end is not None]
        return replace(
            self,
            rights=self.rights & other.rights,
            territories=self.territories & other.territories,
            languages=languages,
            start=max(self.start, other.start),
            end=min(ends, default=None),
        )

    def minus(self, others: Iterable["Scope"]) -> list["Scope"]:
        """What is left of this scope when all of `others` are cut out: disjoint boxes, joined where they touch.

        The empty list says that `others` cover it together, though none may contain it alone.
        """
        pieces = [self]
        for other in others:
            pieces = [rest for piece in pieces for rest in _cut(piece, other)]
        return join(pieces)


def _cut(piece: Scope, other: Scope) -> list[Scope]:
    """`piece` without `other`: at most five boxes, peeled off one dimension at a time."""
    shared = piece.intersection(other)
    if shared is None:
        return [piece]
    rest: list[Scope] = []
    if rights := piece.rights - shared.rights:
        rest.append(replace(piece, rights=rights))
    core = replace(piece, rights=shared.rights)
    if territories := core.territories - shared.territories:
        rest.append(replace(core, territories=territories))
    core = replace(core, territories=shared.territories)
    if shared.languages is not None:
        if languages := (RIGHTS_LANGUAGES if core.languages is None else core.languages) - shared.languages:
            rest.append(replace(core, languages=languages))
        core = replace(core, languages=shared.languages)
    if core.start < shared.start:
        rest.append(replace(core, end=shared.start))
    if shared.end is not None and (core.end is None or shared.end < core.end):
        rest.append(replace(core, start=shared.end))
    return rest


def join(scopes: Iterable[Scope]) -> list[Scope]:
    """The same disjoint boxes in fewer pieces: boxes that differ in one dimension only become one."""
    pieces = list(scopes)
    joined = True
    while joined:
        joined = False
        for index, first in enumerate(pieces):
            for offset, second in enumerate(pieces[index + 1 :], index + 1):
                if (union := _union(first, second)) is not None:
                    pieces[index] = union
                    del pieces[offset]
                    joined = True
                    break
            if joined:
                break
    return sorted(pieces, key=lambda piece: (piece.start, sorted(piece.rights), sorted(piece.territories)))


def _union(first: Scope, second: Scope) -> Scope | None:
    if first.exclusive != second.exclusive:
        return None
    same_rights, same_territories = first.rights == second.rights, first.territories == second.territories
    same_languages = first.languages == second.languages
    same_period = (first.start, first.end) == (second.start, second.end)
    if same_territories and same_languages and same_period:
        return replace(first, rights=first.rights | second.rights)
    if same_rights and same_languages and same_period:
        return replace(first, territories=first.territories | second.territories)
    if same_rights and same_territories and same_period:
        if first.languages is None or second.languages is None:
            return replace(first, languages=None)
        languages = first.languages | second.languages
        return replace(first, languages=None if languages == RIGHTS_LANGUAGES else languages)
    if same_rights and same_territories and same_languages:
        if first.end == second.start:
            return replace(first, end=second.end)
        if second.end == first.start:
            return replace(second, end=first.end)
    return None


def covered(asked: Scope, mandates: Iterable[Scope]) -> list[Scope]:
    """The parts of `asked` that `mandates` do not give. Only an exclusive mandate can give an exclusive grant."""
    return asked.minus(mandate for mandate in mandates if mandate.exclusive or not asked.exclusive)
