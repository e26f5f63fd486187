"""Glossaries: read for matching, kept up by people, shipped with the hub."""

from __future__ import annotations

from collections import OrderedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from translation.glossary import queries
from translation.glossary.matching import Entry, Glossary, Said, TermHit
from translation.glossary.models import Term, TermKind, WordStatus

MOST_KEPT = 64
_kept: OrderedDict[UUID | None, tuple[queries.Version, Glossary]] = OrderedDict()


async def glossary_of(session: AsyncSession, organization_id: UUID | None) -> Glossary:
    """The glossary of an organization, over the hub's own. It is built again when a term has changed."""
    version = await queries.version(session, organization_id)
    known = _kept.get(organization_id)
    if known is None or known[0] != version:
        rows = await queries.terms(session, organization_id)
        known = (version, Glossary([_entry(row) for row in rows]))
        _kept[organization_id] = known
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(organization_id)
    return known[1]


async def terms_in(
    session: AsyncSession, organization_id: UUID | None, words: str, source: str, target: str
) -> list[TermHit]:
    """The terms in a text, by place (see `Glossary.terms_in`)."""
    return (await glossary_of(session, organization_id)).terms_in(words, source, target)


def _entry(term: Term) -> Entry:
    return Entry(
        term.id,
        TermKind(term.kind),
        tuple(Said(one.language, one.words, WordStatus(one.status)) for one in term.words),
        term.case_sensitive,
        term.organization_id is not None,
        term.definition,
    )
