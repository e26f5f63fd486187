"""Renderings on their way into the table, and whoever wants to know of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from translation import checks
from translation.memory import normalized
from translation.models import Origin, Rendering, Text

Listener = Callable[[AsyncSession, Sequence[UUID]], Awaitable[None]]
_listeners: list[Listener] = []


def on_words_changed(listener: Listener) -> Listener:
    """Have `listener` called with the ids of texts whose words or renderings change, in the transaction of the change."""
    _listeners.append(listener)
    return listener


def row_of(
    text: Text,
    language: str,
    words: str,
    origin: Origin,
    *,
    person_id: UUID | None = None,
    engine: str | None = None,
    problems: Sequence[Mapping[str, Any]] = (),
    warnings: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The columns of a rendering. A person is wanted to look at it first where a check that is about what is said has warned."""
    return {
        "text_id": text.id,
        "language": language,
        "words": normalized(words),
        "origin": origin,
        "text_version": text.version,
        "engine": engine,
        "problems": list(problems),
        "warnings": list(warnings),
        "person_id": person_id,
        "wanted": any(found["check"] not in checks.COSMETIC for found in warnings),
    }


async def put(
    session: AsyncSession,
    text: Text,
    renderings: Mapping[str, str],
    origin: Origin,
    *,
    person_id: UUID | None = None,
    engine: str | None = None,
) -> None:
    """Words of one text, by language."""
    await put_renderings(
        session,
        [
            row_of(text, language, words, origin, person_id=person_id, engine=engine)
            for language, words in renderings.items()
        ],
    )


async def put_renderings(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write words in one statement; those of a newer version of their text stay."""
    if not rows:
        return
    statement = insert(Rendering).values(list(rows))
    new = statement.excluded
    table = Rendering.__table__
    changed = ("words", "text_version", "engine", "problems", "warnings", "person_id", "wanted")
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.text_id, table.c.language, table.c.origin],
            set_={name: new[name] for name in changed} | {"updated_at": func.now()},
            where=table.c.text_version <= new.text_version,
        )
    )


async def tell(session: AsyncSession, text_ids: Sequence[UUID]) -> None:
    """Let those who listen know that words of these texts have changed."""
    if text_ids:
        for listener in _listeners:
            await listener(session, text_ids)
