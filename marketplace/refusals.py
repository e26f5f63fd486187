"""The sentence for a scope that cannot be had: why, and what may be asked of whom instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog import phrases
from catalog.rights import Scope
from hub.formats import Day
from hub.i18n import Message, Renderable, _
from marketplace.availability import SOLD, Block, BlockReason, Standing, blocks, still_free
from marketplace.errors import NotAvailable, RightsTaken


def refusal(
    asked: Scope, found: Sequence[Block], standing: Standing, seller: Renderable, *, to_seller: bool = False
) -> RightsTaken | NotAvailable:
    """The error for `asked`, of which `found` cannot be had. `to_seller`: the seller reads it, and is not sent to itself."""
    sold = [block for block in found if block.reason in SOLD]
    first = (sold or list(found))[0]
    kind = RightsTaken if sold else NotAvailable
    instead = _to_seller(asked, found, standing) if to_seller else _to_buyer(asked, found, standing, seller)
    return kind(
        _("%(why)s %(instead)s", why=first.explanation, instead=instead),
        field="scope",
        reasons=sorted({block.reason.value for block in found}),
        territories=sorted({code for block in found for code in block.scope.territories}),
    )


def _to_buyer(asked: Scope, found: Sequence[Block], standing: Standing, seller: Renderable) -> Message:
    if left := _largest_left(asked, found):
        return _(
            "You may still ask %(seller)s for %(rights)s in %(languages)s, %(territories)s, %(period)s.",
            seller=seller,
            **_facts(left),
        )
    if _only_exclusivity(found):
        return _("You may ask %(seller)s for the same without exclusivity.", seller=seller)
    if later := _later(asked, standing):
        return _(
            "It is free again from %(day)s: ask %(seller)s for the time from then.", day=Day(later.start), seller=seller
        )
    if elsewhere := _in_other_languages(asked, standing):
        return _(
            "You may ask %(seller)s for other languages: %(rights)s in %(languages)s, %(territories)s, %(period)s.",
            seller=seller,
            **_facts(elsewhere),
        )
    return _(
        "Nothing of it is left in this period. Ask %(seller)s for another right, territory or time.", seller=seller
    )


def _to_seller(asked: Scope, found: Sequence[Block], standing: Standing) -> Message:
    if left := _largest_left(asked, found):
        return _("You may still grant %(rights)s in %(languages)s, %(territories)s, %(period)s.", **_facts(left))
    if _only_exclusivity(found):
        return _("You may grant the same without exclusivity.")
    if later := _later(asked, standing):
        return _("It is free again from %(day)s.", day=Day(later.start))
    return _("Nothing of it is left in this period.")


def _largest_left(asked: Scope, found: Sequence[Block]) -> Scope | None:
    free = still_free(asked, found)
    return max(free, key=lambda piece: len(piece.territories) * len(piece.rights)) if free else None


def _only_exclusivity(found: Sequence[Block]) -> bool:
    return all(block.reason is BlockReason.LICENSED for block in found)


def _later(asked: Scope, standing: Standing) -> Scope | None:
    """The same for as long, from the day on which all that is in the way has ended."""
    in_the_way = [scope for scope in (*standing.holdbacks, *standing.taken) if asked.intersects(scope)]
    ends = [scope.end for scope in in_the_way]
    days = [end for end in ends if end is not None]
    if not days or len(days) < len(ends):
        return None
    start = max(days)
    end = start + (asked.end - asked.start) if asked.end is not None else None
    later = replace(asked, start=start, end=end)
    return None if blocks(later, standing) else later


def _in_other_languages(asked: Scope, standing: Standing) -> Scope | None:
    """The largest part of the same that is free in languages which were not asked for."""
    if asked.languages is None:
        return None
    every = replace(asked, languages=None)
    free = [piece for piece in every.minus([asked]) for piece in still_free(piece, blocks(piece, standing))]
    return max(free, key=lambda piece: len(piece.territories) * len(piece.rights)) if free else None


def _facts(scope: Scope) -> dict[str, Renderable]:
    return {
        "rights": phrases.rights(scope.rights),
        "territories": phrases.territories(scope.territories),
        "languages": phrases.languages(scope.languages),
        "period": phrases.period(scope.start, scope.end),
    }
