"""Decisions and writes of the catalogue: listing works, changing them, publishing, rights in, holdbacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from accounts.policies import require
from catalog import listing, policies, queries, undisturbed
from catalog.errors import IdentifierTaken, NotAllowedToList, NotYourWork, Withdrawn, WorkUnknown
from catalog.facts import Credit, Words, WorkFacts
from catalog.identifiers import Identified
from catalog.merging import keys
from catalog.models import ENTERED, Contributor, Holdback, Identifier, Mandate, SearchChange, Work, WorkStatus
from catalog.rights import Scope
from catalog.scopes import columns
from hub import audit, events
from hub.bulk import insert_rows, new_ids
from hub.security import Caller
from translation import queries as texts
from translation import renderings
from translation import service as translation
from translation.models import Purpose, Text

SEARCH_TOPIC = "catalog.search"


async def announce(session: AsyncSession, work_ids: Collection[UUID]) -> None:
    """Have the search index look at these works again, once this transaction commits.

    Whoever changes a work, its words, or what is free of its rights says so here.
    """
    if work_ids:
        await insert_rows(session, SearchChange, [{"work_id": work_id} for work_id in sorted(set(work_ids))])
        await events.tell(session, SEARCH_TOPIC)


@renderings.on_words_changed
async def words_changed(session: AsyncSession, text_ids: Sequence[UUID]) -> None:
    """A title or description reads differently in some language."""
    await announce(session, await queries.told_by(session, text_ids))


async def editable(session: AsyncSession, caller: Caller, work_id: UUID) -> Work:
    """The work, locked, for somebody who may change it. WorkUnknown when they may not even see it."""
    work = await visible(session, caller, work_id, lock=True)
    if not policies.may_edit(caller, work):
        raise NotYourWork
    return work


async def visible(session: AsyncSession, caller: Caller | None, work_id: UUID, *, lock: bool = False) -> Work:
    """The work, for somebody who may see it; WorkUnknown otherwise."""
    work = await queries.work(session, work_id, lock=lock)
    if work is None or not policies.may_see(caller, work):
        raise WorkUnknown(field="workId")
    return work


async def create_work(session: AsyncSession, caller: Caller, facts: WorkFacts, *, even_if_alike: bool = True) -> Work:
    """List a draft for the caller's organization, and ask for drafts of its words in the other languages.

    NotAllowedToList, IdentifierTaken, ListBeingTaken; LooksListed, unless `even_if_alike`.
    """
    if not policies.may_list(caller):
        raise NotAllowedToList
    await undisturbed.ask(session, caller.organization_id)
    await _refuse_taken(session, caller.organization_id, facts.identifiers, None)
    if not even_if_alike:
        await keys.refuse_listed(session, caller.organization_id, facts)
    work = await list_work(session, caller.organization_id, facts, person_id=caller.person_id)
    await audit.record(session, caller, "catalog.work.created", "work", work.id)
    return work


async def list_work(session: AsyncSession, owner_id: UUID, facts: WorkFacts, *, person_id: UUID | None = None) -> Work:
    """A new draft of `owner_id`'s, whoever does it: the forms, an import, the demo. IdentifierTaken."""
    await _refuse_taken(session, owner_id, facts.identifiers, None)
    [work_id] = await new_ids(session, 1)
    await listing.write_works(session, owner_id, [(work_id, facts)], person_id=person_id, waited_for=True)
    await announce(session, [work_id])
    work = await queries.work(session, work_id)
    assert work is not None
    return work


async def update_work(session: AsyncSession, caller: Caller, work: Work, facts: WorkFacts) -> None:
    """Make the caller's own work what `facts` say. IdentifierTaken, ListBeingTaken."""
    await undisturbed.ask(session, work.owner_id)
    await change_work(session, work, facts, person_id=caller.person_id)
    await audit.record(session, caller, "catalog.work.changed", "work", work.id)


async def change_work(session: AsyncSession, work: Work, facts: WorkFacts, *, person_id: UUID | None = None) -> None:
    """Make the work what `facts` say, whoever does it. Its words are drafted again where they changed. IdentifierTaken."""
    await _refuse_taken(session, work.owner_id, facts.identifiers, work.id)
    work.kind = facts.kind
    work.original_language = facts.original_language
    work.publication_year = facts.publication_year
    work.country_of_origin = facts.country_of_origin
    work.subjects = list(facts.subjects)
    work.record_reference = facts.record_reference or work.record_reference
    work.updated_at = datetime.now(UTC)
    await _change_text(session, work.title_id, facts.title, person_id)
    if facts.description is None:
        work.description_id = None
    elif work.description_id is not None:
        await _change_text(session, work.description_id, facts.description, person_id)
    else:
        text = await _new_text(session, work.owner_id, Purpose.DESCRIPTION, facts.description, person_id)
        work.description_id = text.id
    await session.execute(delete(Contributor).where(Contributor.work_id == work.id))
    await listing.write_contributors(session, [(work.id, facts)])
    await session.execute(delete(Identifier).where(Identifier.work_id == work.id))
    await listing.write_identifiers(session, work.owner_id, [(work.id, facts)])
    await session.flush()
    await keys.rewrite(session, [work])
    await announce(session, [work.id])


async def facts_of(session: AsyncSession, work: Work) -> WorkFacts:
    """What the tables say of a work: the ground on which a change of some of it stands."""
    ids = [text_id for text_id in (work.title_id, work.description_id) if text_id is not None]
    words = {row.id: Words(row.words, row.language) for row in await texts.texts(session, ids)}
    credited = (await queries.contributors(session, [work.id])).get(work.id, [])
    coded = (await queries.identifiers(session, [work.id])).get(work.id, [])
    return WorkFacts(
        kind=work.kind,
        original_language=work.original_language,
        title=words[work.title_id],
        description=words[work.description_id] if work.description_id else None,
        contributors=[Credit(row.name, row.role, row.name_original) for row in credited],
        identifiers=[Identified(row.scheme, row.value) for row in coded],
        subjects=work.subjects,
        publication_year=work.publication_year,
        country_of_origin=work.country_of_origin,
        record_reference=work.record_reference,
    )


async def publish_work(session: AsyncSession, caller: Caller, work_id: UUID) -> Work:
    """Show the work to everybody. Doing it twice changes nothing."""
    work = await editable(session, caller, work_id)
    return await set_status(session, caller, work, WorkStatus.PUBLISHED)


async def publish_works(session: AsyncSession, caller: Caller, work_ids: Sequence[UUID]) -> list[Work]:
    """Show several works to everybody, all or none. In one order, so that two who do it at once do not wait for each other."""
    published = {work_id: await publish_work(session, caller, work_id) for work_id in sorted(set(work_ids))}
    return [published[work_id] for work_id in work_ids]


async def publish_drafts(session: AsyncSession, caller: Caller, chosen: Mapping[str, Any]) -> int:
    """Show all chosen drafts (`queries.listed`) to everybody; answers how many they were. NotAllowedToList."""
    if not policies.may_list(caller):
        raise NotAllowedToList
    ids = await queries.publish_drafts(session, caller.organization_id, chosen, datetime.now(UTC))
    await audit.record(
        session, caller, "catalog.drafts.published", "organization", caller.organization_id, count=len(ids)
    )
    await announce(session, ids)
    return len(ids)


async def withdraw_work(session: AsyncSession, caller: Caller, work_id: UUID) -> Work:
    """Take the work off the shelf. What was agreed about it stays agreed."""
    work = await editable(session, caller, work_id)
    return await set_status(session, caller, work, WorkStatus.WITHDRAWN)


async def set_status(session: AsyncSession, caller: Caller | None, work: Work, status: WorkStatus) -> Work:
    """Publish or withdraw, whoever does it: a person, an import, the demo."""
    if work.status != status.value:
        work.status = status.value
        work.updated_at = datetime.now(UTC)
        if status is WorkStatus.PUBLISHED:
            work.published_at = work.updated_at
        await session.flush()
        await audit.record(session, caller, f"catalog.work.{status.value.lower()}", "work", work.id)
        await announce(session, [work.id])
    return work


async def add_mandate(session: AsyncSession, caller: Caller, work_id: UUID, scope: Scope) -> Mandate:
    """Say that the owner may sell this scope."""
    work = await _grantable(session, caller, work_id)
    mandate = await grant(session, work.id, scope)
    await audit.record(session, caller, "catalog.mandate.added", "mandate", mandate.id, work_id=str(work.id))
    return mandate


async def grant(session: AsyncSession, work_id: UUID, scope: Scope, *, source: str = ENTERED) -> Mandate:
    """Write a mandate. `source`: `entered` by a person, or the format of the file that said so."""
    mandate = Mandate(work_id=work_id, source=source, **columns(scope))
    session.add(mandate)
    await session.flush()
    await announce(session, [work_id])
    return mandate


async def add_holdback(
    session: AsyncSession, caller: Caller, work_id: UUID, scope: Scope, note: str | None
) -> Holdback:
    """Keep this scope from sale. The note says why, to the owner's own people."""
    work = await _grantable(session, caller, work_id)
    text: Text | None = None
    if note:
        text = await translation.create_text(
            session,
            organization_id=work.owner_id,
            purpose=Purpose.NOTE,
            language=caller.language,
            words=note,
            audience=[work.owner_id],
            person_id=caller.person_id,
        )
    held = await hold_back(session, work.id, scope, note_id=text.id if text else None)
    await audit.record(session, caller, "catalog.holdback.added", "holdback", held.id, work_id=str(work.id))
    return held


async def hold_back(
    session: AsyncSession, work_id: UUID, scope: Scope, *, note_id: UUID | None = None, source: str = ENTERED
) -> Holdback:
    """Write a holdback. `source`: as of a mandate."""
    held = Holdback(work_id=work_id, note_id=note_id, source=source, **columns(scope))
    session.add(held)
    await session.flush()
    await announce(session, [work_id])
    return held


async def _grantable(session: AsyncSession, caller: Caller, work_id: UUID) -> Work:
    """The work, locked, so that a sale and a change of what may be sold come one after the other."""
    work = await visible(session, caller, work_id, lock=True)
    if work.owner_id != caller.organization_id:
        raise NotYourWork
    require(policies.may_grant(caller, work))
    if work.status == WorkStatus.WITHDRAWN.value:
        raise Withdrawn
    return work


async def _new_text(
    session: AsyncSession, owner_id: UUID, purpose: Purpose, words: Words, person_id: UUID | None
) -> Text:
    return await translation.create_text(
        session,
        organization_id=owner_id,
        purpose=purpose,
        language=words.language,
        words=words.text,
        supplied=words.supplied,
        person_id=person_id,
        drafts=translation.EVERY_LANGUAGE,
    )


async def _change_text(session: AsyncSession, text_id: UUID, words: Words, person_id: UUID | None) -> None:
    text = await texts.text(session, text_id)
    assert text is not None
    await translation.change_words(session, text, words.text, language=words.language)
    if words.supplied:
        await translation.supply(session, text, words.supplied, person_id=person_id)
    await translation.request_drafts(session, text, translation.EVERY_LANGUAGE)


async def _refuse_taken(
    session: AsyncSession, owner_id: UUID, wanted: Sequence[Identified], work_id: UUID | None
) -> None:
    taken = await queries.by_identifiers(session, owner_id, wanted)
    for place, identified in enumerate(wanted):
        other = taken.get((identified.scheme, identified.value))
        if other is not None and other != work_id:
            raise IdentifierTaken(
                field=f"identifiers.{place}.value",
                scheme=identified.scheme,
                value=identified.value,
                workId=str(other),
            )
