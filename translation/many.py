"""Texts by the hundred: what an import writes at once. The rules are those of one text (`translation.service`)."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub import jobs
from hub.bulk import insert_rows, new_ids
from hub.i18n import LANGUAGES
from translation import detection, memory, queries, service
from translation.memory import normalized
from translation.models import Origin, Purpose, Rendering, Text

TASK = "translation.draft_many"
PACK = 20
"""Texts drafted by one job: a few seconds of an engine's time."""
LATER = -10


@dataclasses.dataclass(frozen=True, slots=True)
class NewText:
    """A text to be written, everybody's to read; `supplied`: the renderings that came along, by language."""

    purpose: Purpose
    language: str
    words: str
    supplied: Mapping[str, str]


async def create_texts(
    session: AsyncSession,
    organization_id: UUID,
    given: Sequence[NewText],
    *,
    person_id: UUID | None = None,
    waited_for: bool = False,
) -> list[UUID]:
    """New texts in the order of `given`, with drafts asked for in every language: `waited_for`, or when there is time.

    Nobody is told of the new words: whoever makes a text a part of something tells of that.
    """
    ids = await new_ids(session, len(given))
    named = list(zip(ids, given, strict=True))
    await insert_rows(
        session,
        Text,
        [
            {
                "id": text_id,
                "purpose": one.purpose,
                "language": one.language,
                "words": normalized(one.words),
                "seems": detection.seems(one.words, one.language),
            }
            for text_id, one in named
        ],
        organization_id=organization_id,
    )
    await insert_rows(
        session,
        Rendering,
        [
            {
                "text_id": text_id,
                "language": language,
                "words": normalized(words),
            }
            for text_id, one in named
            for language, words in one.supplied.items()
            if language != one.language and normalized(words)
        ],
        origin=Origin.SUPPLIED,
        text_version=1,
        person_id=person_id,
    )
    if waited_for:
        await _request_one_by_one(session, ids)
    else:
        await _request_drafts(session, organization_id, named)
    return ids


async def _request_one_by_one(session: AsyncSession, ids: Collection[UUID]) -> None:
    for text in await queries.texts(session, ids):
        await service.request_drafts(session, text, service.EVERY_LANGUAGE)


async def _request_drafts(session: AsyncSession, organization_id: UUID, named: Sequence[tuple[UUID, NewText]]) -> None:
    """Words that memory knows are asked for one by one, all others by the pack."""
    by_language: dict[str, dict[bytes, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for text_id, one in named:
        by_language[one.language][memory.fingerprint(one.words)].append(text_id)
    remembered: set[UUID] = set()
    for language, hashes in by_language.items():
        for digest in await memory.known(session, organization_id, language, list(hashes)):
            remembered.update(hashes[digest])
    if remembered:
        await _request_one_by_one(session, remembered)
    left = [str(text_id) for text_id, _one in named if text_id not in remembered]
    common = {"organization_id": str(organization_id), "languages": list(LANGUAGES)}
    packs = [{"text_ids": left[start : start + PACK], **common} for start in range(0, len(left), PACK)]
    await jobs.enqueue_many(session, TASK, packs, priority=LATER)
