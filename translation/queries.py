"""Every SELECT of translation. Row-level security leaves out the texts that the caller may not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.database import rows
from hub.i18n import supported
from translation.choice import Shown, best
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


class TextRow(NamedTuple):
    """A text, as a row: for showing, not for changing."""

    id: UUID
    language: str
    words: str
    version: int
    seems: str | None


class RenderingRow(NamedTuple):
    """A rendering, as a row: for showing, not for changing."""

    language: str
    words: str
    origin: str
    text_version: int
    problems: Sequence[Mapping[str, Any]]


def telling(text: str, languages: str) -> str:
    """An expression that gathers for `shown` the text that another one identifies, with its renderings in some languages."""
    return (  # the expressions are our own
        "(SELECT json_build_array(t.language, t.words, t.version, t.seems, (SELECT json_agg(json_build_array(r.language, r.words,"  # noqa: S608
        f" r.origin, r.text_version, r.problems)) FROM renderings r WHERE r.text_id = t.id AND r.language = ANY({languages})))"
        f" FROM texts t WHERE t.id = {text})"
    )


def forms(language: str) -> Sequence[str]:
    """The tags under which there may be words for a reader of a language."""
    return list({language, supported(language) or language})


def shown(text_id: UUID, gathered: Sequence[Any], language: str) -> Shown:
    """What a reader of a language is shown of the text of which `telling` gathered this."""
    own, words, version, seems, renderings = gathered
    text = cast(Text, TextRow(text_id, own, words, version, seems))
    return best(text, [cast(Rendering, RenderingRow(*row)) for row in renderings or ()], language)


async def for_readers(session: AsyncSession, wanted: Collection[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], Shown]:
    """What readers of languages are shown of texts; those that there are not, or that the caller may not read, are left out."""
    ids = list({text_id for text_id, _language in wanted})
    languages = list({form for _text_id, language in wanted for form in forms(language)})
    found = {row[0]: row[1] for row in await rows(session, TOLD, ids, languages)}
    return {
        (text_id, language): shown(text_id, gathered, language)
        for text_id, language in wanted
        if (gathered := found[text_id]) is not None
    }


TOLD = f"SELECT wanted.id, {telling('wanted.id', '$2')} FROM unnest($1::uuid[]) AS wanted(id)"  # noqa: S608


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
