"""Works by the hundred: what an import lists at once, and what the forms list one at a time. One set of rules for both.

Nobody is told: `service.announce` is the caller's to call.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.facts import Words, WorkFacts
from catalog.merging import keys
from catalog.models import Contributor, Holdback, Identifier, Mandate, Work, WorkStatus
from catalog.rights import Scope
from catalog.scopes import columns
from hub.bulk import insert_rows
from translation import many
from translation.many import NewText
from translation.models import Purpose


async def write_works(
    session: AsyncSession,
    owner_id: UUID,
    listed: Sequence[tuple[UUID, WorkFacts]],
    *,
    person_id: UUID | None,
    waited_for: bool = False,
) -> None:
    """New drafts of the owner's under identifiers made for them. Taken codes are the caller's to refuse before.

    `waited_for`: somebody looks on while their words are drafted in the other languages.
    """
    told = [(Purpose.TITLE, facts.title) for _id, facts in listed]
    told += [(Purpose.DESCRIPTION, facts.description) for _id, facts in listed if facts.description]
    text_ids = await many.create_texts(
        session,
        owner_id,
        [_new_text(purpose, words) for purpose, words in told],
        person_id=person_id,
        waited_for=waited_for,
    )
    titles, descriptions = text_ids[: len(listed)], iter(text_ids[len(listed) :])
    await insert_rows(
        session,
        Work,
        [
            {
                "id": work_id,
                "kind": facts.kind,
                "original_language": facts.original_language,
                "title_id": title_id,
                "description_id": next(descriptions) if facts.description else None,
                "publication_year": facts.publication_year,
                "country_of_origin": facts.country_of_origin,
                "subjects": list(facts.subjects),
                "record_reference": facts.record_reference,
            }
            for title_id, (work_id, facts) in zip(titles, listed, strict=True)
        ],
        status=WorkStatus.DRAFT.value,
        owner_id=owner_id,
    )
    await write_contributors(session, listed)
    await write_identifiers(session, owner_id, listed)
    await keys.write(session, owner_id, {work_id: keys.likeness_of(facts) for work_id, facts in listed})


def _new_text(purpose: Purpose, words: Words) -> NewText:
    return NewText(purpose, words.language, words.text, words.supplied)


async def write_contributors(session: AsyncSession, listed: Sequence[tuple[UUID, WorkFacts]]) -> None:
    """Contributors of works that have none written."""
    await insert_rows(
        session,
        Contributor,
        [
            {
                "work_id": work_id,
                "position": place,
                "name": one.name,
                "role": one.role,
                "name_original": one.name_original,
            }
            for work_id, facts in listed
            for place, one in enumerate(facts.contributors)
        ],
    )


async def write_identifiers(session: AsyncSession, owner_id: UUID, listed: Sequence[tuple[UUID, WorkFacts]]) -> None:
    """Identifiers of works that have none written."""
    await insert_rows(
        session,
        Identifier,
        [
            {"work_id": work_id, "scheme": one.scheme, "value": one.value}
            for work_id, facts in listed
            for one in facts.identifiers
        ],
        owner_id=owner_id,
    )


async def write_rights(
    session: AsyncSession, model: type[Mandate] | type[Holdback], granted: Sequence[tuple[UUID, Scope]], *, source: str
) -> None:
    """Mandates or holdbacks of works."""
    rows = [{"work_id": work_id, **columns(scope)} for work_id, scope in granted]
    await insert_rows(session, model, rows, source=source)
