"""What the desk writes beside renderings: which untranslated texts have a similar source in memory."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.i18n import supported
from translation import memory
from translation.desk.models import RenderingState
from translation.desk.queries import NOT_TRANSLATED
from translation.models import Text

LEAST_ALIKE = 75
"""Percent: below this, reading the suggestion takes longer than writing anew."""
SUGGESTED = "SUGGESTED"


async def note_similar(session: AsyncSession, texts: Sequence[Text], language: str) -> int:
    """Note for texts that have no words in `language` how alike the most similar remembered source is. How many have one."""
    rows = []
    for text in texts:
        source = supported(text.language) or text.language
        found = await memory.suggest(
            session, text.organization_id, source, language, text.words, limit=1, least_score=LEAST_ALIKE
        )
        if found:
            rows.append(
                {
                    "text_id": text.id,
                    "language": language,
                    "organization_id": text.organization_id,
                    "purpose": text.purpose,
                    "state": SUGGESTED,
                    "suggested": found[0].score,
                }
            )
    if rows:
        statement = insert(RenderingState).values(rows)
        table = RenderingState.__table__
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[table.c.text_id, table.c.language],
                set_={
                    "suggested": statement.excluded.suggested,
                    "state": case((table.c.state == NOT_TRANSLATED, SUGGESTED), else_=table.c.state),
                },
            )
        )
    return len(rows)
