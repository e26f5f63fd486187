"""Is it free? Mandates in, holdbacks and claims out; every reason why not, and what of it is free all the same.

Decisions here are pure; `queries` reads what they are made of. PostgreSQL's exclusion constraint on `rights_claims` has the last
word when something is sold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from catalog import phrases
from catalog.rights import RightType, Scope, covered, join
from hub.formats import Day
from hub.i18n import Message, Renderable, _


class BlockReason(Enum):
    NO_MANDATE = "NO_MANDATE"
    LICENSED_EXCLUSIVELY = "LICENSED_EXCLUSIVELY"
    LICENSED = "LICENSED"
    HOLDBACK = "HOLDBACK"
    OPTION = "OPTION"
    PLEDGE = "PLEDGE"


class RightStatus(Enum):
    """One right in one territory, as a tile shows it. PART: free in some languages, or later."""

    FREE = "FREE"
    PART = "PART"
    HELD = "HELD"
    SOLD = "SOLD"
    NONE = "NONE"


SOLD = (BlockReason.LICENSED_EXCLUSIVELY, BlockReason.LICENSED)


@dataclass(frozen=True, slots=True)
class Pending:
    """Rights agreed with somebody and held for the signatures until the moment `until`."""

    scope: Scope
    until: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a work's rights: what the owner may sell, keeps back, has sold, and has promised."""

    mandates: Sequence[Scope]
    holdbacks: Sequence[Scope]
    sold: Sequence[Scope]
    pending: Sequence[Pending] = ()

    @property
    def taken(self) -> list[Scope]:
        """What is out of the owner's hands, signed or not."""
        return [*self.sold, *(promise.scope for promise in self.pending)]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the scope asked that cannot be had, and why. `signing_until`: what takes it waits for signatures."""

    reason: BlockReason
    scope: Scope
    signing_until: datetime | None = None

    @property
    def explanation(self) -> Message:
        facts: dict[str, Renderable] = {
            "rights": phrases.rights(self.scope.rights),
            "territories": phrases.territories(self.scope.territories),
            "languages": phrases.languages(self.scope.languages),
            "period": phrases.period(self.scope.start, self.scope.end),
        }
        if self.reason is BlockReason.NO_MANDATE:
            return _("%(rights)s in %(languages)s, %(territories)s, %(period)s: not offered by the seller.", **facts)
        if self.signing_until is not None:
            return _(
                "%(rights)s in %(languages)s, %(territories)s, %(period)s: agreed with another buyer, and held until %(day)s"
                " for both signatures.",
                day=Day(self.signing_until.date()),
                **facts,
            )
        if self.reason is BlockReason.LICENSED_EXCLUSIVELY:
            return _("%(rights)s in %(languages)s, %(territories)s, %(period)s: sold exclusively.", **facts)
        if self.reason is BlockReason.LICENSED:
            return _(
                "%(rights)s in %(languages)s, %(territories)s, %(period)s: sold without exclusivity, so only a"
                " non-exclusive licence is left.",
                **facts,
            )
        return _("%(rights)s in %(languages)s, %(territories)s, %(period)s: held back by the seller.", **facts)


def blocks(asked: Scope, standing: Standing) -> list[Block]:
    """Every reason why `asked` cannot be had as a whole; none when it is free."""
    found = [Block(BlockReason.NO_MANDATE, piece) for piece in covered(asked, standing.mandates)]
    for held in join(filter(None, (asked.intersection(each) for each in standing.holdbacks))):
        found.append(Block(BlockReason.HOLDBACK, held))
    for exclusive, reason in ((True, BlockReason.LICENSED_EXCLUSIVELY), (False, BlockReason.LICENSED)):
        taken = (each for each in standing.sold if each.exclusive is exclusive and asked.conflicts(each))
        found += [Block(reason, part) for part in join(filter(None, (asked.intersection(each) for each in taken)))]
        found += [
            Block(reason, part, promise.until)
            for promise in standing.pending
            if promise.scope.exclusive is exclusive and asked.conflicts(promise.scope)
            if (part := asked.intersection(promise.scope)) is not None
        ]
    return found


def still_free(asked: Scope, found: Iterable[Block]) -> list[Scope]:
    """What is left of `asked` without its blocked parts."""
    return asked.minus(block.scope for block in found)


def claims_of(rows: Iterable[Scope]) -> list[Scope]:
    """Claims are kept one per right type; joined, they read as the licences that made them."""
    return join(rows)


@dataclass(frozen=True, slots=True)
class Tile:
    """One right in one territory today. `until`: the first day after what blocks it, if that ends."""

    status: RightStatus
    until: date | None = None


def tile(right: RightType, territory: str, today: date, standing: Standing) -> Tile:
    """How a right stands in a territory from `today` on, in any language."""

    def here(scopes: Iterable[Scope]) -> list[Scope]:
        return [
            scope
            for scope in scopes
            if right in scope.rights and territory in scope.territories and (scope.end is None or scope.end > today)
        ]

    asked = Scope(frozenset({right}), frozenset({territory}), None, today)
    given = [part for part in (asked.intersection(mandate) for mandate in here(standing.mandates)) if part]
    if not given:
        return Tile(RightStatus.NONE)
    held = here(standing.holdbacks)
    sold = [scope for scope in here(standing.sold) if scope.exclusive]
    promised = [scope for scope in here(promise.scope for promise in standing.pending) if scope.exclusive]
    left = [rest for part in given for rest in part.minus([*held, *sold, *promised])]
    if not left:
        ends = [scope.end for scope in (*held, *sold, *promised)]
        until = max((end for end in ends if end), default=None) if all(ends) else None
        return Tile(RightStatus.SOLD if sold else RightStatus.HELD, until)
    whole = join(replace(part, exclusive=False) for part in given) == join(
        replace(rest, exclusive=False) for rest in left
    )
    return Tile(RightStatus.FREE if whole else RightStatus.PART)
