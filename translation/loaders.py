"""Batched look-ups of words for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hub.i18n import supported
from hub.loaders import Loader
from translation import queries
from translation.choice import Shown, best
from translation.models import Rendering, Text

Wanted = tuple[UUID, str]
"""A text's id, and the language in which a reader wants it."""


class ShownLoader(Loader[Wanted, Shown]):
    """What a reader of a language is shown for a text; None when the text does not exist or is not open to the caller."""

    async def select(self, session: AsyncSession, keys: Sequence[Wanted]) -> Mapping[Wanted, Shown]:
        ids = {text_id for text_id, _language in keys}
        languages = {form for _text_id, language in keys for form in (language, supported(language) or language)}
        texts = await queries.with_renderings(session, ids, languages)
        return {(text_id, language): best(*texts[text_id], language) for text_id, language in keys if text_id in texts}


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
