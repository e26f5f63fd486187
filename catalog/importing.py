"""What becomes of one record of a file: a new work, a change of one, or nothing; decided first, written after.

A record is known by the sender's own key (ONIX RecordReference), and else by its identifiers. What a record does not carry stays
as it is. Its sales rights replace those that an earlier file said, and leave alone what people entered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from enum import Enum
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, service
from catalog.facts import Credit, Words, WorkFacts
from catalog.formats.problems import Problem
from catalog.formats.record import Record
from catalog.formats.record import Words as Said
from catalog.models import Import, Mandate, Work, WorkStatus
from catalog.rights import Scope
from catalog.scopes import scope_of

DELETE, PARTIAL, TEST, TEST_PARTIAL = "05", "04", "89", "88"
NOTICES = frozenset({"08", "09"})
"""List 1, NotificationType."""


class Outcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"


@dataclasses.dataclass(slots=True)
class Known:
    """The owner's works that the records of a chunk may mean: by the sender's keys, and by identifiers.

    `earlier`: which record of this file has brought an identifier first.
    """

    by_reference: dict[str, Work]
    by_identifier: dict[tuple[str, str], Work]
    earlier: dict[tuple[str, str], str]

    def learn(self, record: Record, work: Work | None) -> None:
        """What a record brought, for those after it, and the work that it was written to."""
        remember(record, self.earlier)
        if work is not None:
            self.by_reference[record.reference] = work
            self.by_identifier |= {(found.scheme, found.value): work for found in record.identifiers}


def remember(record: Record, earlier: dict[tuple[str, str], str]) -> None:
    """Note which record of the file has brought an identifier first. Tests, notices and deletions bring none."""
    if record.usable and record.notification not in {DELETE, TEST, TEST_PARTIAL} | NOTICES:
        for found in record.identifiers:
            earlier.setdefault((found.scheme, found.value), record.reference)


async def known(
    session: AsyncSession, owner_id: UUID, records: Sequence[Record], earlier: Mapping[tuple[str, str], str]
) -> Known:
    """What the tables know of the works that `records` may mean."""
    by_reference = await queries.by_references(session, owner_id, [record.reference for record in records])
    codes = await queries.by_identifiers(
        session, owner_id, [found for record in records for found in record.identifiers]
    )
    works = {work.id: work for work in await queries.works(session, set(codes.values()))}
    return Known(dict(by_reference), {code: works[work_id] for code, work_id in codes.items()}, dict(earlier))


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a record. `work`: the one that it changes or withdraws."""

    outcome: Outcome
    work: Work | None = None
    problem: Problem | None = None


def decide(record: Record, known: Known) -> Decision:
    """Reads nothing and writes nothing, so that a preview and an import decide alike."""
    if not record.usable:
        return Decision(Outcome.SKIPPED)
    if record.notification in {TEST, TEST_PARTIAL}:
        return _left_out(record, "ONIX_TEST_RECORD")
    if record.notification in NOTICES:
        return _left_out(record, "ONIX_NOTICE")
    work = known.by_reference.get(record.reference)
    if record.notification == DELETE:
        return Decision(Outcome.UPDATED, work) if work else _left_out(record, "ONIX_NOTHING_TO_DELETE")
    for found in record.identifiers:
        code = (found.scheme, found.value)
        if known.earlier.get(code, record.reference) != record.reference:
            return _left_out(record, "ONIX_IDENTIFIER_TWICE", scheme=found.scheme, value=found.value)
        other = known.by_identifier.get(code)
        if other is None or other is work:
            continue
        if work is not None or other.record_reference is not None:
            return _left_out(record, "ONIX_IDENTIFIER_TAKEN", scheme=found.scheme, value=found.value)
        work = other
    if work is None and record.notification == PARTIAL:
        return _left_out(record, "ONIX_NOTHING_TO_UPDATE")
    return Decision(Outcome.UPDATED if work else Outcome.CREATED, work)


def _left_out(record: Record, code: str, **params: str) -> Decision:
    where = {"reference": record.reference, **params}
    return Decision(Outcome.SKIPPED, problem=Problem(code, record.line, "RecordReference", where, skips=True))


async def carry_out(session: AsyncSession, job: Import, record: Record, decision: Decision) -> Work | None:
    """Write what was decided. Answers the work that the record now tells of."""
    if decision.outcome is Outcome.SKIPPED:
        return None
    work = decision.work
    if work is None:
        facts = _facts(record)
        work = await service.list_work(session, job.organization_id, facts, person_id=job.person_id)
    elif record.notification == DELETE:
        work.status = WorkStatus.WITHDRAWN.value
        await session.flush()
        await service.announce(session, [work.id])
        return work
    else:
        now = await service.facts_of(session, work)
        await service.change_work(session, work, _merged(now, record), person_id=job.person_id)
    await _put_mandates(session, work.id, record.mandates, source=job.format.lower())
    return work


def _facts(record: Record) -> WorkFacts:
    title = _words(record.titles)
    assert title is not None
    return WorkFacts(
        kind=record.kind,
        original_language=record.original_language or title.language,
        title=title,
        description=_words(record.descriptions),
        contributors=[Credit(credit.name, credit.role) for credit in record.credits],
        identifiers=record.identifiers,
        subjects=record.subjects,
        publication_year=record.publication_year,
        country_of_origin=record.country,
        record_reference=record.reference,
    )


def _merged(now: WorkFacts, record: Record) -> WorkFacts:
    brought = {found.scheme for found in record.identifiers}
    kept = [found for found in now.identifiers if found.scheme not in brought]
    return WorkFacts(
        kind=record.kind if record.subjects else now.kind,
        original_language=record.original_language or now.original_language,
        title=_words(record.titles) or now.title,
        description=_words(record.descriptions) or now.description,
        contributors=[Credit(credit.name, credit.role) for credit in record.credits] or now.contributors,
        identifiers=[*record.identifiers, *kept],
        subjects=record.subjects or now.subjects,
        publication_year=record.publication_year or now.publication_year,
        country_of_origin=record.country or now.country_of_origin,
        record_reference=record.reference,
    )


def _words(said: list[Said]) -> Words | None:
    if not said:
        return None
    own, *others = said
    return Words(own.text, own.language, {words.language: words.text for words in others})


async def _put_mandates(session: AsyncSession, work_id: UUID, said: list[Scope], *, source: str) -> None:
    """Rights that the file says now, in the place of those that it said before; the day on which they were first said stays."""
    before = [row for row in (await queries.mandates(session, [work_id])).get(work_id, []) if row.source == source]
    if not said or {_undated(scope_of(row)) for row in before} == {_undated(scope) for scope in said}:
        return
    await session.execute(delete(Mandate).where(Mandate.id.in_([row.id for row in before])))
    for scope in said:
        await service.grant(session, work_id, scope, source=source)


def _undated(scope: Scope) -> tuple[object, ...]:
    return scope.rights, scope.territories, scope.languages, scope.end, scope.exclusive
