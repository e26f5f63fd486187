"""Batched look-ups of words for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub.loaders import Loader
from translation import queries
from translation.choice import Shown
from translation.models import Rendering, Text

Wanted = tuple[UUID, str]
"""A text's id, and the language in which a reader wants it."""


class ShownLoader(Loader[Wanted, Shown]):
    """What a reader of a language is shown for a text; None when the text does not exist or is not open to the caller."""

    async def select(self, session: AsyncSession, keys: Sequence[Wanted]) -> Mapping[Wanted, Shown]:
        return await queries.for_readers(session, keys)


@dataclass(frozen=True, slots=True)
class Everything:
    """A text with all its renderings."""

    text: Text
    renderings: Sequence[Rendering]


class EverythingLoader(Loader[UUID, Everything]):
    """A text with all its renderings; None when the text does not exist or is not open to the caller."""

    async def select(self, session: AsyncSession, keys: Sequence[UUID]) -> Mapping[UUID, Everything]:
        rows = await queries.renderings(session, keys)
        return {text.id: Everything(text, rows.get(text.id, [])) for text in await queries.texts(session, keys)}
