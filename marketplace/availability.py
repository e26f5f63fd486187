"""Is it free? Mandates in, holdbacks and claims out; every reason why not, and what of it is free all the same.

Decisions here are pure; `queries` reads what they are made of. PostgreSQL's exclusion constraint on `rights_claims` has the last
word when something is sold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from catalog import phrases
from catalog.rights import RightType, Scope, covered, join
from hub.formats import Day
from hub.i18n import Message, Renderable, _
from marketplace.errors import NotAvailable, RightsTaken


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
class Standing:
    """What is known of a work's rights: what the owner may sell, keeps back, and has sold (claims, one scope each)."""

    mandates: Sequence[Scope]
    holdbacks: Sequence[Scope]
    claims: Sequence[Scope]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the scope asked that cannot be had, and why."""

    reason: BlockReason
    scope: Scope

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
        taken = (each for each in standing.claims if each.exclusive is exclusive and asked.conflicts(each))
        found += [Block(reason, part) for part in join(filter(None, (asked.intersection(each) for each in taken)))]
    return found


def still_free(asked: Scope, found: Iterable[Block]) -> list[Scope]:
    """What is left of `asked` without its blocked parts."""
    return asked.minus(block.scope for block in found)


def refusal(asked: Scope, found: Sequence[Block], seller: Renderable) -> RightsTaken | NotAvailable:
    """The error for a scope that cannot be had, saying what may be asked of whom instead."""
    sold = [block for block in found if block.reason in SOLD]
    first = (sold or list(found))[0]
    kind = RightsTaken if sold else NotAvailable
    return kind(
        _("%(why)s %(instead)s", why=first.explanation, instead=_instead(asked, found, seller)),
        field="scope",
        reasons=sorted({block.reason.value for block in found}),
        territories=sorted({code for block in found for code in block.scope.territories}),
    )


def _instead(asked: Scope, found: Sequence[Block], seller: Renderable) -> Message:
    free = still_free(asked, found)
    if free:
        largest = max(free, key=lambda piece: len(piece.territories) * len(piece.rights))
        facts: dict[str, Renderable] = {
            "seller": seller,
            "rights": phrases.rights(largest.rights),
            "territories": phrases.territories(largest.territories),
            "languages": phrases.languages(largest.languages),
            "period": phrases.period(largest.start, largest.end),
        }
        return _("You may still ask %(seller)s for %(rights)s in %(languages)s, %(territories)s, %(period)s.", **facts)
    if all(block.reason is BlockReason.LICENSED for block in found):
        return _("You may ask %(seller)s for the same without exclusivity.", seller=seller)
    ends = [block.scope.end for block in found]
    later = [block for block in found if block.reason is not BlockReason.NO_MANDATE]
    if later and len(later) == len(found) and all(end is not None and end != asked.end for end in ends):
        again = max(end for end in ends if end is not None)
        return _("It is free again from %(day)s: ask %(seller)s then.", day=Day(again), seller=seller)
    return _(
        "Nothing of it is left in this period. Ask %(seller)s for another right, territory or time.", seller=seller
    )


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
    sold = [scope for scope in here(standing.claims) if scope.exclusive]
    left = [rest for part in given for rest in part.minus([*held, *sold])]
    if not left:
        ends = [scope.end for scope in (*held, *sold)]
        until = max((end for end in ends if end), default=None) if all(ends) else None
        return Tile(RightStatus.SOLD if sold else RightStatus.HELD, until)
    whole = join(replace(part, exclusive=False) for part in given) == join(
        replace(rest, exclusive=False) for rest in left
    )
    return Tile(RightStatus.FREE if whole else RightStatus.PART)
