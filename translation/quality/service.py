"""Drafts are scored when a person approves: chrF++ (sacrebleu) of the draft before, against the approved words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sacrebleu.metrics.chrf import CHRF
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.i18n import supported
from translation.models import Origin, Rendering, Text
from translation.quality.models import DraftScore

WORD_ORDER = 2
"""Words in pairs count beside characters: that is what the second plus of chrF++ says."""


@cache
def _chrf() -> CHRF:
    return CHRF(word_order=WORD_ORDER)


def chrf(draft: str, approved: str) -> float:
    """0 to 100; 100 for the same words. A few milliseconds for a long blurb."""
    return 100.0 if draft == approved else min(100.0, float(_chrf().sentence_score(draft, [approved]).score))


async def score(
    session: AsyncSession, text: Text, language: str, renderings: Sequence[Rendering], approved: str
) -> None:
    """Measure the machine's draft of the present words, if there is one among `renderings`, against what was approved.

    A correction of a correction is measured again, in the place of the first.
    """
    draft = next((row for row in renderings if row.origin == Origin.MACHINE and row.text_version == text.version), None)
    if draft is None or draft.engine is None:
        return
    engine, _space, version = draft.engine.partition(" ")
    measured = {
        "engine": engine,
        "version": version,
        "chrf": chrf(draft.words, approved),
        "unchanged": draft.words == approved,
        "withheld": bool(draft.problems),
        "characters": len(approved),
    }
    table = DraftScore.__table__
    await session.execute(
        insert(DraftScore)
        .values(
            text_id=text.id,
            language=language,
            text_version=text.version,
            organization_id=text.organization_id,
            source_language=supported(text.language) or text.language,
            purpose=text.purpose,
            **measured,
        )
        .on_conflict_do_update(
            index_elements=[table.c.text_id, table.c.language, table.c.text_version],
            set_={**measured, "scored_at": func.now()},
        )
    )
