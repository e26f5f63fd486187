"""Glossaries: read for matching, kept up by people, shipped with the hub."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit
from hub.security import Caller
from translation.glossary import files, policies, queries
from translation.glossary.errors import GlossaryNotRead, NotAllowedToKeepTerms, TermTaken, TermUnknown
from translation.glossary.files import FileTerm, Trouble
from translation.glossary.matching import Entry, Glossary, Said, TermHit
from translation.glossary.models import Term, TermKind, TermWord, WordStatus

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
        term.definitions,
    )


@dataclass(frozen=True, slots=True)
class Import:
    """What a file does to a glossary, or did: keys of terms that are new and changed, how many stay, lines left out."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    troubles: tuple[Trouble, ...]
    applied: bool


async def save(session: AsyncSession, caller: Caller, given: FileTerm, term_id: UUID | None = None) -> Term:
    """Add a term to the caller's glossary (the operator's is the hub's), or replace one. TermUnknown, TermTaken."""
    if not policies.may_keep_terms(caller):
        raise NotAllowedToKeepTerms
    term = await _changeable(session, caller, term_id) if term_id else None
    try:
        async with session.begin_nested():
            saved = await _write(session, caller, given, term)
    except IntegrityError as error:
        raise TermTaken(field="key") from error
    action = "changed" if term_id else "added"
    await audit.record(session, caller, f"translation.term.{action}", "term", saved)
    found = await queries.term(session, saved)
    assert found is not None
    return found


async def remove(session: AsyncSession, caller: Caller, term_id: UUID) -> None:
    """Take a term out of the caller's glossary. TermUnknown."""
    term = await _changeable(session, caller, term_id)
    await session.execute(delete(Term).where(Term.id == term.id))
    await audit.record(session, caller, "translation.term.removed", "term", term_id)


async def take(session: AsyncSession, caller: Caller, content: bytes, *, apply: bool) -> Import:
    """Bring the terms of a file into the caller's glossary, by key; without `apply` nothing is written. GlossaryNotRead.

    Terms that the file does not have stay.
    """
    if not policies.may_keep_terms(caller):
        raise NotAllowedToKeepTerms
    try:
        found = files.read(content)
    except files.NotRead as error:
        raise GlossaryNotRead(error.message, field="file") from error
    known = {term.key: term for term in await queries.own_terms(session, policies.glossary_of(caller))}
    new = [term for term in found.terms if term.key not in known]
    changed = [term for term in found.terms if term.key in known and not _same(known[term.key], term)]
    if apply:
        for term in (*new, *changed):
            await _write(session, caller, term, known.get(term.key))
        subject = caller.organization_id
        counts = {"new": len(new), "changed": len(changed)}
        await audit.record(session, caller, "translation.glossary.imported", "organization", subject, **counts)
    return Import(
        new=tuple(term.key for term in new),
        changed=tuple(term.key for term in changed),
        same=len(found.terms) - len(new) - len(changed),
        troubles=tuple(found.troubles),
        applied=apply,
    )


def file_terms(terms: Sequence[Term]) -> list[FileTerm]:
    """Terms as a file says them."""
    return [
        FileTerm(
            key=term.key,
            words=tuple(files.Word(one.language, one.words, WordStatus(one.status)) for one in term.words),
            kind=TermKind(term.kind),
            domain=term.domain,
            part_of_speech=term.part_of_speech,
            definition=term.definition,
            definitions=term.definitions,
            source_url=term.source_url,
            case_sensitive=term.case_sensitive,
        )
        for term in terms
    ]


async def _changeable(session: AsyncSession, caller: Caller, term_id: UUID) -> Term:
    term = await queries.term(session, term_id)
    if term is None:
        raise TermUnknown(field="id")
    if not policies.may_change_term(caller, term):
        raise NotAllowedToKeepTerms
    return term


async def _write(session: AsyncSession, caller: Caller, given: FileTerm, term: Term | None) -> UUID:
    if term is None:
        term = Term(organization_id=policies.glossary_of(caller), key=given.key)
        session.add(term)
    term.key, term.kind, term.case_sensitive = given.key, given.kind, given.case_sensitive
    term.domain, term.part_of_speech = given.domain, given.part_of_speech
    term.definition, term.source_url = given.definition, given.source_url
    if given.definitions is not None:
        term.definitions = dict(given.definitions)
    term.person_id, term.updated_at = caller.person_id, datetime.now(UTC)
    await session.flush()
    await session.execute(delete(TermWord).where(TermWord.term_id == term.id))
    rows = [
        {"term_id": term.id, "language": word.language, "words": word.words, "status": word.status}
        for word in given.words
    ]
    await session.execute(insert(TermWord), rows)
    return term.id


def _same(term: Term, given: FileTerm) -> bool:
    [said] = file_terms([term])
    if given.definitions is not None and dict(given.definitions) != said.definitions:
        return False
    return set(said.words) == set(given.words) and all(
        getattr(said, name) == getattr(given, name)
        for name in ("kind", "domain", "part_of_speech", "definition", "source_url", "case_sensitive")
    )
