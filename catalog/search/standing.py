"""How a work's rights stand, as the index knows it: what somebody may still ask for, territory by territory.

Time passes without a change in the tables, so the index knows only what some day or other is free; whoever asks for a period
is answered from the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from catalog.rights import RightType, Scope
from catalog.territories import NEIGHBOURS, WORLD


class Availability(Enum):
    """How a work stands in a territory. FREE: one right at least, whole; PART: of some right a part."""

    FREE = "FREE"
    PART = "PART"
    HELD = "HELD"
    SOLD = "SOLD"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Standing:
    """`offered`: terms of the index, see `asking`. `open`: territory → rights of which some part is left; `tiles`: how it stands
    there; both for the neighbours.
    """

    offered: Sequence[str] = ()
    open: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tiles: Mapping[str, Availability] = field(default_factory=dict)


@lru_cache(maxsize=4_000)
def standing(mandates: tuple[Scope, ...], held: tuple[Scope, ...], sold: tuple[Scope, ...]) -> Standing:
    """`held`: holdbacks. `sold`: exclusive grants and promises. Most works of a list are mandated alike: once is enough."""
    gone = [*held, *sold]
    left: dict[RightType, set[str]] = {}
    for piece in (piece for mandate in mandates for piece in mandate.minus(gone)):
        for right in piece.rights:
            left.setdefault(right, set()).update(piece.territories)
    opened = {code: frozenset(right.value for right, where in left.items() if code in where) for code in NEIGHBOURS}
    return Standing(
        offered=[term for right, where in left.items() for term in _terms(right, where)],
        open={code: rights for code, rights in opened.items() if rights},
        tiles={code: _tile(code, opened[code], mandates, held, sold) for code in NEIGHBOURS},
    )


def asking(territory: str, right: str) -> tuple[str, str, str]:
    """The term of a right in a territory; of the right nearly everywhere; of the territory's exception to that."""
    return f"{territory}-{right}", f"*-{right}", f"!{territory}-{right}"


def _terms(right: RightType, where: set[str]) -> Iterable[str]:
    """A right that is open in most of the world is written as everywhere but …: a tenth of the terms."""
    if 2 * len(where) < len(WORLD):
        return (asking(code, right.value)[0] for code in sorted(where))
    exceptions = (asking(code, right.value)[2] for code in sorted(WORLD - where))
    return (asking("", right.value)[1], *exceptions)


def _tile(
    code: str, opened: frozenset[str], mandates: Iterable[Scope], held: Sequence[Scope], sold: Sequence[Scope]
) -> Availability:
    given = {right.value for mandate in mandates if code in mandate.territories for right in mandate.rights}
    if not given:
        return Availability.NONE
    touched = {right.value for scope in (*held, *sold) if code in scope.territories for right in scope.rights}
    if opened - touched:
        return Availability.FREE
    if opened:
        return Availability.PART
    taken = {right.value for scope in sold if code in scope.territories for right in scope.rights}
    return Availability.SOLD if given & taken else Availability.HELD
