"""Every SELECT of translation. Row-level security leaves out the texts that the caller may not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.i18n import LANGUAGES
from translation.choice import Shown, best
from translation.models import Rendering, Text


async def text(session: AsyncSession, text_id: UUID) -> Text | None:
    return (await session.scalars(select(Text).where(Text.id == text_id))).one_or_none()


async def texts(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Text]:
    return (await session.scalars(select(Text).where(Text.id.in_(ids)))).all()


async def renderings(
    session: AsyncSession, text_ids: Collection[UUID], languages: Collection[str] | None = None
) -> Mapping[UUID, list[Rendering]]:
    """The renderings of texts, in all languages or in some. As they are in the database now."""
    query = select(Rendering).where(Rendering.text_id.in_(text_ids)).execution_options(populate_existing=True)
    if languages is not None:
        query = query.where(Rendering.language.in_(languages))
    found: dict[UUID, list[Rendering]] = defaultdict(list)
    for row in await session.scalars(query):
        found[row.text_id].append(row)
    return found


async def in_every_language(session: AsyncSession, text_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """For search: the words of each text in its own language and in every other that it has been rendered in.

    What a reader of the language would be shown; a draft that failed its checks is left out.
    """
    rows = await renderings(session, text_ids)
    words: dict[UUID, dict[str, str]] = {}
    for row in await texts(session, text_ids):
        shown: list[Shown] = [best(row, rows.get(row.id, []), language) for language in LANGUAGES]
        words[row.id] = {row.language: row.words} | {one.language: one.words for one in shown}
    return words
