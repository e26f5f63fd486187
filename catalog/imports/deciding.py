"""What becomes of one record of a file: a new work, a change of one, or nothing; decided first, written after.

A record is known by the sender's own key (ONIX RecordReference, ALID of an avail), and else by its identifiers. What a record
does not carry stays as it is. Its sales rights replace those that an earlier file said, and leave alone what people entered.
A title that was withdrawn, and that a record offers again which is the whole truth, is a draft until a person publishes it.

A record that is not known and says the same identifier, or nearly the same title and contributor, as a work that is listed waits
for a person (`catalog.merging`). Once merged, it adds to its work what the work lacks, and does not change it otherwise.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from enum import Enum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, service
from catalog.facts import Credit, Words, WorkFacts
from catalog.formats.problems import Problem
from catalog.formats.record import NOTICES, PARTIAL, TESTS, Record
from catalog.formats.record import Words as Said
from catalog.imports import arrivals
from catalog.imports.arrivals import Arrival, Origin
from catalog.imports.earlier import Earlier, likeness_of_record
from catalog.imports.models import Import
from catalog.merging import keys, waiting
from catalog.merging import queries as proposals
from catalog.merging.models import Reason
from catalog.models import Work, WorkStatus
from catalog.rightsin import put_rights, take_rights
from translation import detection

SURE = 99
"""Score of the same identifier: less than the same title and contributor, which may be merged without looking."""


class Outcome(Enum):
    """PROPOSED: it may be a work that is listed already, and waits for a person. UNCHANGED: its work says all of it already."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    PROPOSED = "proposed"
    SKIPPED = "skipped"


@dataclasses.dataclass(slots=True)
class Known:
    """The owner's works that the records of a chunk may mean: by the sender's keys, by identifiers, by likeness with its score.

    `left_out`: keys of records that a person did not want.
    """

    by_reference: dict[str, Work]
    by_identifier: dict[tuple[str, str], Work]
    alike: dict[str, tuple[Work, int]]
    left_out: set[str]
    earlier: Earlier

    def learn(self, record: Record, work: Work | None) -> None:
        """What a record brought, for those after it, and the work that it was written to."""
        self.earlier.add(record)
        if work is not None:
            self.by_reference[record.reference] = work
            self.by_identifier |= {(found.scheme, found.value): work for found in record.identifiers}


async def known(session: AsyncSession, owner_id: UUID, records: Sequence[Record], earlier: Earlier) -> Known:
    """What the tables know of the works that `records` may mean."""
    references = [key for record in records for key in (record.reference, *record.aliases)]
    by_reference = {
        **await proposals.by_aliases(session, owner_id, references),
        **await queries.by_references(session, owner_id, references),
    }
    codes = await queries.by_identifiers(
        session, owner_id, [found for record in records for found in record.identifiers]
    )
    works = {work.id: work for work in await queries.works(session, set(codes.values()))}
    strangers = [
        record
        for record in records
        if record.usable and record.titles and by_reference.keys().isdisjoint((record.reference, *record.aliases))
    ]
    return Known(
        by_reference,
        {code: works[work_id] for code, work_id in codes.items()},
        await keys.nearest(session, owner_id, {record.reference: likeness_of_record(record) for record in strangers}),
        await proposals.left_out(session, owner_id, [record.reference for record in strangers]),
        earlier,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a record.

    `work`: the one that it changes or withdraws, or may be; `record`: the key of the earlier record of this file that it may be,
    whose work the import lists first. `score`: 0 to 100.
    """

    outcome: Outcome
    work: Work | None = None
    problem: Problem | None = None
    record: str | None = None
    reason: Reason | None = None
    score: int = 0


def decide(record: Record, known: Known) -> Decision:
    """Reads nothing and writes nothing, so that a preview and an import decide alike."""
    if not record.usable:
        return Decision(Outcome.SKIPPED)
    if record.notification in TESTS:
        return _left_out(record, "ONIX_TEST_RECORD")
    if record.notification in NOTICES:
        return _left_out(record, "ONIX_NOTICE")
    keys = (record.reference, *record.aliases)
    work = next((known.by_reference[key] for key in keys if key in known.by_reference), None)
    if record.withdraws:
        unknown = "ONIX_GONE" if record.gone else "ONIX_NOTHING_TO_DELETE"
        return Decision(Outcome.UPDATED, work) if work else _left_out(record, unknown)
    for found in record.identifiers:
        code = (found.scheme, found.value)
        first = known.earlier.first_with(found) or record.reference
        other = known.by_identifier.get(code)
        if first != record.reference and (work is not None or other is None or other.record_reference == first):
            if work is not None:
                return _left_out(record, "ONIX_IDENTIFIER_TWICE", found.scheme, scheme=found.scheme, value=found.value)
            return _proposed(record, known, Reason.IDENTIFIER, SURE, other, first)
        if other is None or other is work:
            continue
        if work is not None:
            return _left_out(record, "ONIX_IDENTIFIER_TAKEN", found.scheme, scheme=found.scheme, value=found.value)
        if other.record_reference is not None and record.keyed:
            return _proposed(record, known, Reason.IDENTIFIER, SURE, other, None)
        work = other
    if work is None and record.notification == PARTIAL:
        return _left_out(record, "ONIX_NOTHING_TO_UPDATE")
    if work is not None:
        return Decision(Outcome.UPDATED, work)
    listed, near = known.alike.get(record.reference), known.earlier.nearest(record)
    if listed is not None and (near is None or listed[1] >= near[1]):
        return _proposed(record, known, Reason.ALIKE, listed[1], listed[0], None)
    if near is not None:
        return _proposed(record, known, Reason.ALIKE, near[1], known.by_reference.get(near[0]), near[0])
    return Decision(Outcome.CREATED)


def _proposed(
    record: Record, known: Known, reason: Reason, score: int, work: Work | None, earlier: str | None
) -> Decision:
    if record.reference in known.left_out:
        return _left_out(record, "RECORD_LEFT_OUT_BEFORE")
    where = {"reference": record.reference}
    problem = Problem("RECORD_MAY_BE_LISTED", record.line, None, where)
    return Decision(Outcome.PROPOSED, work, problem, earlier, reason, score)


def _left_out(record: Record, code: str, part: str = "reference", **params: str) -> Decision:
    where = {"reference": record.reference, **params}
    place = record.places.get(part) or (None if record.places else "RecordReference")
    return Decision(Outcome.SKIPPED, problem=Problem(code, record.line, place, where, skips=True))


SHOWN_OF_WORDS = 60
"""Characters of doubted words that a problem quotes."""


def doubts(record: Record) -> list[Problem]:
    """Words of a record that look like another language than they claim. Warnings: the words are taken as they are."""
    if not record.usable:
        return []
    found = []
    for place, said in (("Title", record.titles), ("Description", record.descriptions)):
        for one in said:
            if (seems := detection.seems(one.text, one.language)) is not None:
                params = {"words": one.text[:SHOWN_OF_WORDS], "claimed": one.language, "seems": seems}
                found.append(Problem("LANGUAGE_DOUBTED", record.line, place, params))
    return found


def look(record: Record) -> None:
    """Find out what deciding about a record will ask: in which languages its words are, and what it is compared by.

    The answers are kept for a while by those who give them.
    """
    doubts(record)
    _ = likeness_of_record(record).keys


async def carry_out(session: AsyncSession, job: Import, record: Record, decision: Decision) -> Work | None:
    """Write what was decided. Answers the work that the record now tells of."""
    match decision.outcome:
        case Outcome.SKIPPED:
            return None
        case Outcome.PROPOSED:
            await _propose(session, job, record, decision)
            return None
        case Outcome.UNCHANGED:
            return decision.work
        case Outcome.CREATED:
            return await list_record(session, job.organization_id, record, origin_of(job))
    assert decision.work is not None
    return await tell(session, decision.work, record, origin_of(job))


def origin_of(job: Import) -> Origin:
    return Origin(job.format, job.id, job.person_id)


async def list_record(session: AsyncSession, owner_id: UUID, record: Record, origin: Origin) -> Work:
    """A new draft of all that the record says. IdentifierTaken."""
    work = await service.list_work(session, owner_id, facts_of(record), person_id=origin.person_id)
    await put_rights(session, work.id, record, source=origin.format.lower())
    await arrivals.tell(session, Arrival(work, record, origin))
    return work


async def tell(session: AsyncSession, work: Work, record: Record, origin: Origin) -> Work:
    """Change a work as its record says, or withdraw it; a record that was merged into it adds what it lacks."""
    merged, source = is_merged(work, record), source_of(work, record, origin.format)
    if record.withdraws:
        if merged or record.whole:
            await take_rights(session, work.id, source=source)
        if not merged:
            work.status = WorkStatus.WITHDRAWN.value
            await session.flush()
        await service.announce(session, [work.id])
        await arrivals.tell(session, Arrival(work, record, origin))
        return work
    if record.whole and not merged and work.status == WorkStatus.WITHDRAWN.value:
        work.status = WorkStatus.DRAFT.value
    now = await service.facts_of(session, work)
    await service.change_work(session, work, told(now, work, record), person_id=origin.person_id)
    await put_rights(session, work.id, record, source=source)
    await arrivals.tell(session, Arrival(work, record, origin))
    return work


def is_merged(work: Work, record: Record) -> bool:
    """Does the record speak for another edition, which was merged into the work?"""
    return record.keyed and work.record_reference not in (None, record.reference, *record.aliases)


def source_of(work: Work, record: Record, file_format: str) -> str:
    """Under which name the rights of a record stand beside those of others."""
    return f"{file_format.lower()} {record.reference}" if is_merged(work, record) else file_format.lower()


def told(now: WorkFacts, work: Work, record: Record) -> WorkFacts:
    """What is said of the work once the record is taken."""
    return _added(now, record) if is_merged(work, record) else _merged(now, record)


async def _propose(session: AsyncSession, job: Import, record: Record, decision: Decision) -> None:
    work_id = decision.work.id if decision.work else None
    if work_id is None and decision.record is not None:
        earlier = (await queries.by_references(session, job.organization_id, [decision.record])).get(decision.record)
        work_id = earlier.id if earlier else await proposals.proposed_for(session, job.organization_id, decision.record)
    assert decision.reason is not None
    if work_id is not None:
        await waiting.propose(session, job, record, work_id, decision.reason, decision.score)


def facts_of(record: Record) -> WorkFacts:
    """What a record says of a work that is not listed yet."""
    title = _words(record.titles)
    assert title is not None
    return WorkFacts(
        kind=record.kind,
        original_language=record.original_language or title.language,
        title=title,
        description=_words(record.descriptions),
        contributors=_credits(record),
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
        kind=record.kind if record.subjects or record.says_kind else now.kind,
        original_language=record.original_language or now.original_language,
        title=_words(record.titles) or now.title,
        description=_words(record.descriptions) or now.description,
        contributors=_credits(record) or now.contributors,
        identifiers=[*record.identifiers, *kept],
        subjects=record.subjects or now.subjects,
        publication_year=record.publication_year or now.publication_year,
        country_of_origin=record.country or now.country_of_origin,
        record_reference=record.reference if record.keyed else now.record_reference or record.reference,
    )


def _added(now: WorkFacts, record: Record) -> WorkFacts:
    """The work with what it lacks and the record has."""
    own = {(found.scheme, found.value) for found in now.identifiers}
    return dataclasses.replace(
        now,
        description=now.description or _words(record.descriptions),
        contributors=now.contributors or _credits(record),
        identifiers=[*now.identifiers, *(one for one in record.identifiers if (one.scheme, one.value) not in own)],
        subjects=now.subjects or record.subjects,
        publication_year=now.publication_year or record.publication_year,
        country_of_origin=now.country_of_origin or record.country,
    )


def _credits(record: Record) -> list[Credit]:
    return [Credit(credit.name, credit.role, credit.name_original) for credit in record.credits]


def _words(said: list[Said]) -> Words | None:
    if not said:
        return None
    own, *others = said
    return Words(own.text, own.language, {words.language: words.text for words in others})
