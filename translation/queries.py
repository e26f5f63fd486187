"""Every SELECT of translation. Row-level security leaves out the texts that the caller may not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.i18n import supported
from translation.choice import best
from translation.models import Origin, Rendering, Text


def written_in() -> ColumnElement[str]:
    """The language of a text as the hub speaks of it: zh-Hant is zh."""
    return func.split_part(Text.language, literal_column("'-'"), literal_column("1"))


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


async def with_renderings(
    session: AsyncSession, text_ids: Collection[UUID], languages: Collection[str]
) -> Mapping[UUID, tuple[Text, list[Rendering]]]:
    """Texts with their renderings in some languages, in one query, as rows: for showing, not for changing."""
    query = (
        select(
            *(
                Text.id.label("own_id"),
                Text.language.label("own"),
                Text.words.label("own_words"),
                Text.version,
                Text.purpose,
            ),
            *(Rendering.id, Rendering.text_id, Rendering.language, Rendering.words, Rendering.origin),
            *(Rendering.text_version, Rendering.problems, Rendering.engine, Rendering.updated_at),
        )
        .outerjoin(Rendering, (Rendering.text_id == Text.id) & Rendering.language.in_(languages))
        .where(Text.id.in_(text_ids))
    )
    found: dict[UUID, tuple[Text, list[Rendering]]] = {}
    for row in await session.execute(query):
        if row.own_id not in found:
            text = Text(id=row.own_id, language=row.own, words=row.own_words, version=row.version, purpose=row.purpose)
            found[row.own_id] = (text, [])
        if row.text_id is not None:
            found[row.own_id][1].append(cast(Rendering, row))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What a text says in one language; `drafted` when a machine said it."""

    language: str
    words: str
    drafted: bool


async def in_every_language(session: AsyncSession, text_ids: Collection[UUID]) -> Mapping[UUID, list[Told]]:
    """For search: the words of each text in its own language and in every other that it has been rendered in.

    What a reader of the language would be shown; a draft that failed its checks is left out. Rows, not objects: an index that is
    made again reads every text there is.
    """
    columns = (Rendering.text_id, Rendering.language, Rendering.words, Rendering.origin, Rendering.text_version)
    problems = Rendering.problems
    found: dict[UUID, dict[str, list[Rendering]]] = defaultdict(dict)
    for row in await session.execute(select(*columns, problems).where(Rendering.text_id.in_(text_ids))):
        if (language := supported(row.language)) is not None:
            found[row.text_id].setdefault(language, []).append(cast(Rendering, row))
    told: dict[UUID, list[Told]] = {}
    for row in await session.execute(
        select(Text.id, Text.language, Text.words, Text.version).where(Text.id.in_(text_ids))
    ):
        text = cast(Text, row)
        said = [Told(text.language, text.words, False)]
        own = supported(text.language)
        for language, rendered in sorted(found[text.id].items()):
            if language == own:
                continue
            shown = best(text, rendered, language)
            if shown.rendering is not None:
                said.append(Told(language, shown.words, shown.rendering.origin == Origin.MACHINE.value))
        told[text.id] = said
    return told
