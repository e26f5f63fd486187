"""The clauses of a licence, as sentences in ten languages, filled with the structured terms of an agreement."""

from __future__ import annotations

from dataclasses import dataclass

from catalog import phrases
from catalog.rights import Scope
from hub.formats import Percent, Territory
from hub.i18n import Message, Renderable, _
from hub.money import Money


@dataclass(frozen=True, slots=True)
class Clause:
    heading: Message
    text: Message


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the clauses are filled with."""

    seller: Renderable
    seller_country: str
    buyer: Renderable
    buyer_country: str
    title: Renderable
    scope: Scope
    advance: Money | None
    royalty_percent: float | None
    guarantee: Money | None


def clauses(agreed: Agreed) -> list[Clause]:
    """In the order of the document. What was not agreed (an advance, a guarantee) has no clause."""
    found = [
        Clause(
            _("Parties"),
            _(
                "%(seller)s, %(seller_country)s, is the licensor. %(buyer)s, %(buyer_country)s, is the licensee.",
                seller=agreed.seller,
                seller_country=Territory(agreed.seller_country),
                buyer=agreed.buyer,
                buyer_country=Territory(agreed.buyer_country),
            ),
        ),
        Clause(_("Work"), _("This licence is for the work “%(title)s”.", title=agreed.title)),
        _grant(agreed),
        Clause(
            _("Term"), _("The licence runs %(period)s.", period=phrases.period(agreed.scope.start, agreed.scope.end))
        ),
    ]
    if agreed.advance is not None:
        found.append(
            Clause(
                _("Advance"),
                _(
                    "The licensee pays an advance of %(amount)s, which is set off against royalties and is not returned.",
                    amount=agreed.advance,
                ),
            )
        )
    if agreed.royalty_percent is not None:
        found.append(
            Clause(
                _("Royalty"),
                _(
                    "The licensee pays the licensor a royalty of %(percent)s of its net receipts.",
                    percent=Percent(agreed.royalty_percent),
                ),
            )
        )
    if agreed.guarantee is not None:
        found.append(
            Clause(
                _("Minimum guarantee"),
                _(
                    "Whatever the sales, the licensor receives at least %(amount)s over the term.",
                    amount=agreed.guarantee,
                ),
            )
        )
    return [*found, *_standing(agreed)]


def _grant(agreed: Agreed) -> Clause:
    facts: dict[str, Renderable] = {
        "rights": phrases.rights(agreed.scope.rights),
        "languages": phrases.languages(agreed.scope.languages),
        "territories": phrases.territories(agreed.scope.territories),
    }
    if agreed.scope.exclusive:
        text = _(
            "The licensor grants the licensee, exclusively, these rights: %(rights)s. Languages: %(languages)s."
            " Territory: %(territories)s.",
            **facts,
        )
    else:
        text = _(
            "The licensor grants the licensee, without exclusivity, these rights: %(rights)s. Languages: %(languages)s."
            " Territory: %(territories)s.",
            **facts,
        )
    return Clause(_("Grant of rights"), text)


def _standing(agreed: Agreed) -> list[Clause]:
    if agreed.scope.exclusive:
        warranty = _(
            "The licensor holds these rights, has granted them to nobody else for this term, and will not do so."
        )
    else:
        warranty = _("The licensor holds these rights and may grant them. Others may receive the same rights.")
    return [
        Clause(_("Warranty"), warranty),
        Clause(
            _("Rights reserved"),
            _(
                "All rights that are not named here stay with the licensor. When the term ends, the rights return to it."
            ),
        ),
        Clause(
            _("Language of the contract"),
            _(
                "All language versions of this contract are equally valid. If they differ, the structured terms attached to"
                " this document decide."
            ),
        ),
    ]
