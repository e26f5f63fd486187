"""The contract document: two languages side by side, typeset by Typst, with its terms attached as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.models import Work
from catalog.scopes import scope_of
from hub.formats import moment
from hub.i18n import DEFAULT, Message, _, supported
from hub.money import Money
from hub.typesetting import families
from hub.typesetting import typeset as set_type
from marketplace.documents.clauses import Agreed, clauses
from marketplace.models import Offer
from marketplace.parties import Party
from translation import queries as texts
from translation.choice import best

TEMPLATE = Path(__file__).with_name("contract.typ")


@dataclass(frozen=True, slots=True)
class Title:
    """A work's title that says itself in the reader's language, as far as there is one a person stands behind."""

    by_language: dict[str, str]
    original: str

    def render(self, language: str) -> str:
        return self.by_language.get(language, self.original)


@dataclass(frozen=True, slots=True)
class Version:
    """The contract's words in one language."""

    language: str
    title: str
    number: str
    drawn_up: str
    signature: str
    clauses: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that the document says, as data: `agreed` for programs, `versions` for readers."""

    number: str
    agreed: dict[str, Any]
    versions: list[Version]
    special: str | None
    special_language: str | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def readable(language: str) -> str:
    """The language of the hub in which a contract is written for readers of `language`."""
    return supported(language) or DEFAULT


async def terms_of(
    session: AsyncSession,
    number: str,
    seller: Party,
    buyer: Party,
    work: Work,
    offer: Offer,
    languages: list[str],
    now: datetime,
) -> Terms:
    """The agreed terms of `offer`, said in each of `languages`. Special terms stay in the words that were written."""
    title = await _title(session, work)
    scope = scope_of(offer)
    agreed = Agreed(
        seller=seller,
        seller_country=seller.country,
        buyer=buyer,
        buyer_country=buyer.country,
        title=title,
        scope=scope,
        advance=_money(offer.advance_minor, offer.advance_currency),
        royalty_percent=float(offer.royalty_percent) if offer.royalty_percent is not None else None,
        guarantee=_money(offer.guarantee_minor, offer.guarantee_currency),
    )
    note = await texts.text(session, offer.note_id) if offer.note_id else None
    return Terms(
        number=number,
        agreed=_plain(agreed, seller, buyer, work, offer),
        versions=[_version(language, agreed, number, now) for language in languages],
        special=note.words if note else None,
        special_language=note.language if note else None,
    )


def _version(language: str, agreed: Agreed, number: str, now: datetime) -> Version:
    def say(message: Message) -> str:
        return message.render(language)

    return Version(
        language=language,
        title=say(_("Licence agreement")),
        number=say(_("Number %(number)s", number=number)),
        drawn_up=say(_("Drawn up on %(moment)s UTC", moment=moment(now, language))),
        signature=say(
            _("Both parties sign online; names, times and the fingerprint of this document are kept with it.")
        ),
        clauses=[(say(clause.heading), say(clause.text)) for clause in clauses(agreed)],
    )


async def typeset(terms: Terms) -> bytes:
    """The PDF. Its attachment `terms.json` holds the agreed terms and the full text."""
    data = terms.as_json() | {
        "fonts": {version.language: families(version.language) for version in terms.versions},
        "attachment": json.dumps(terms.as_json(), ensure_ascii=False, indent=1),
    }
    return await set_type(TEMPLATE, data)


async def _title(session: AsyncSession, work: Work) -> Title:
    text = await texts.text(session, work.title_id)
    assert text is not None
    rows = (await texts.renderings(session, [text.id])).get(text.id, [])
    known = {row.language for row in rows if row.origin != "MACHINE"}
    said = {language: best(text, rows, language).words for language in known}
    return Title({text.language: text.words} | said, text.words)


def _money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def _plain(agreed: Agreed, seller: Party, buyer: Party, work: Work, offer: Offer) -> dict[str, Any]:
    return {
        "work": {"id": str(work.id), "title": agreed.title.render(work.original_language)},
        "licensor": {"id": str(seller.id), "name": seller.name, "country": seller.country},
        "licensee": {"id": str(buyer.id), "name": buyer.name, "country": buyer.country},
        "rights": list(offer.rights),
        "territories": list(offer.territories),
        "languages": offer.languages,
        "period": {
            "start": agreed.scope.start.isoformat(),
            "end": agreed.scope.end.isoformat() if agreed.scope.end else None,
        },
        "exclusive": offer.exclusive,
        "advance": asdict(agreed.advance) if agreed.advance else None,
        "royaltyPercent": str(offer.royalty_percent) if offer.royalty_percent is not None else None,
        "minimumGuarantee": asdict(agreed.guarantee) if agreed.guarantee else None,
        "offerVersion": offer.version,
    }
