"""Approving against a check: which warnings ask for a reason, and keeping it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from hub import audit
from hub.i18n import supported
from hub.security import Caller
from translation import checks
from translation.errors import ReasonWanted
from translation.glossary import glossary_of
from translation.memory import normalized
from translation.models import Origin, Rendering, Text
from translation.overrides.models import Override


async def defended(
    session: AsyncSession,
    caller: Caller,
    text: Text,
    language: str,
    words: str,
    rows: Sequence[Rendering],
    reason: str | None,
) -> None:
    """Keep the reason why `words` are right although a check warns about them. ReasonWanted where there is none.

    Words that a person has approved for the same original (among `rows`) are not asked about again.
    """
    warned = await _warned(session, text, language, words)
    given = normalized(reason or "")
    if not warned:
        return
    if not given:
        if any(_approved(row, text, words) for row in rows):
            return
        raise ReasonWanted(field="reason", checks=warned)
    session.add(
        Override(
            organization_id=text.organization_id,
            text_id=text.id,
            language=language,
            text_version=text.version,
            words=words,
            checks=warned,
            reason=given,
            person_id=caller.person_id,
        )
    )
    await session.flush()
    await audit.record(
        session, caller, "translation.check.overridden", "text", text.id, language=language, checks=warned, reason=given
    )


def _approved(row: Rendering, text: Text, words: str) -> bool:
    return row.origin == Origin.REVIEWED and row.text_version == text.version and row.words == words


async def _warned(session: AsyncSession, text: Text, language: str, words: str) -> list[str]:
    """The ids of checks that warn about what a person's words say, the gravest first."""
    drafted = checks.Drafted(
        text.words,
        words,
        supported(text.language) or text.language,
        language,
        glossary=await glossary_of(session, text.organization_id),
        machine=False,
    )
    found = await asyncio.to_thread(checks.findings, drafted)
    return [one.check for one in found if one.check not in checks.COSMETIC]
