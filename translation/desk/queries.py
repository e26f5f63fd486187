"""Every SELECT of the desk: long lists, paged by an index, and counts. Of the caller's organization alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from translation.desk.models import RenderingState
from translation.models import Rendering, Text
from translation.queries import written_in

NOT_TRANSLATED = "NOT_TRANSLATED"
STATES = ("CHECK_FAILED", "OUTDATED", "NEEDS_REVIEW", "SUGGESTED", "MACHINE", NOT_TRANSLATED, "SUPPLIED", "REVIEWED")
"""What wants a person first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts, and in which language. Empty `states` or `purposes`: any. `text_ids` None: any."""

    organization_id: UUID
    language: str
    states: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    words: str = ""
    text_ids: Collection[UUID] | None = field(default=None)


class Place(NamedTuple):
    """A text in a language: where it stands."""

    text_id: UUID
    state: str


def _matching(wanted: Wanted) -> Select[UUID, str]:
    """Texts with their states. Where every state asked for has a row, the index of the states leads; else that of the texts."""
    stored = wanted.states and NOT_TRANSLATED not in wanted.states
    state = RenderingState.state if stored else func.coalesce(RenderingState.state, NOT_TRANSLATED)
    beside = and_(RenderingState.text_id == Text.id, RenderingState.language == wanted.language)
    query = select(Text.id, state.label("state"))
    if stored:
        query = query.join(RenderingState, beside).where(
            RenderingState.organization_id == wanted.organization_id, RenderingState.state.in_(wanted.states)
        )
        if wanted.purposes:
            query = query.where(RenderingState.purpose.in_(wanted.purposes))
    else:
        query = query.outerjoin(RenderingState, beside)
        if wanted.states:
            query = query.where(state.in_(wanted.states))
        if wanted.purposes:
            query = query.where(Text.purpose.in_(wanted.purposes))
    query = query.where(Text.organization_id == wanted.organization_id, _other_language(wanted.language))
    if wanted.text_ids is not None:
        query = query.where(Text.id.in_(wanted.text_ids))
    if wanted.words:
        query = query.where(_says(wanted.words, wanted.language))
    return query


def _other_language(language: str) -> ColumnElement[bool]:
    """The text is not in this language itself: zh-Hant is zh."""
    return written_in() != language


def _says(words: str, language: str) -> ColumnElement[bool]:
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rendered = exists().where(
        Rendering.text_id == Text.id, Rendering.language == language, Rendering.words.ilike(pattern)
    )
    return or_(Text.words.ilike(pattern), rendered)


async def page(session: AsyncSession, wanted: Wanted, *, before: UUID | None, limit: int) -> Sequence[Place]:
    """The newest first, from just after `before`."""
    query = _matching(wanted).order_by(Text.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Text.id < before)
    return [Place(*row) for row in await session.execute(query)]


async def neighbours(session: AsyncSession, wanted: Wanted, text_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The texts before and after one in the same list; it need not be in the list itself any more."""
    matching = _matching(wanted).subquery()
    newer = select(matching.c.id).where(matching.c.id > text_id).order_by(matching.c.id).limit(1)
    older = select(matching.c.id).where(matching.c.id < text_id).order_by(matching.c.id.desc()).limit(1)
    return await session.scalar(newer), await session.scalar(older)


class Count(NamedTuple):
    """How many texts stand where, in one language."""

    language: str
    purpose: str
    state: str
    texts: int


async def counts(session: AsyncSession, organization_id: UUID, languages: Sequence[str]) -> list[Count]:
    """Of all texts of the organization, in each of `languages` that a text is not in itself; none that is zero."""
    states = await session.execute(
        select(RenderingState.language, RenderingState.purpose, RenderingState.state, func.count())
        .where(RenderingState.organization_id == organization_id)
        .group_by(RenderingState.language, RenderingState.purpose, RenderingState.state)
    )
    own = written_in()
    texts = await session.execute(
        select(own, Text.purpose, func.count())
        .where(Text.organization_id == organization_id)
        .group_by(own, Text.purpose)
    )
    found = {(language, purpose, state): count for language, purpose, state, count in states if language in languages}
    have: dict[tuple[str, str], int] = {}
    for (language, purpose, _state), count in found.items():
        have[language, purpose] = have.get((language, purpose), 0) + count
    for written, purpose, count in texts:
        for language in languages:
            if language != written:
                key = (language, purpose, NOT_TRANSLATED)
                found[key] = found.get(key, 0) + count
    for (language, purpose), count in have.items():
        key = (language, purpose, NOT_TRANSLATED)
        found[key] = max(0, found.get(key, 0) - count)
    return [Count(*key, count) for key, count in sorted(found.items()) if count]


async def suggested(session: AsyncSession, text_id: UUID, language: str) -> int | None:
    """How alike the most similar remembered source is, in percent."""
    return await session.scalar(
        select(RenderingState.suggested).where(RenderingState.text_id == text_id, RenderingState.language == language)
    )
