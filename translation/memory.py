"""Exact memory: what a person once made of these very words."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from translation import queries
from translation.models import MemoryEntry, Text


def normalized(words: str) -> str:
    """Words as they are kept: Unicode NFC, no white space around them."""
    return unicodedata.normalize("NFC", words).strip()


def fingerprint(words: str) -> bytes:
    """SHA-256 of the normalized words."""
    return hashlib.sha256(normalized(words).encode()).digest()


async def recall(session: AsyncSession, text: Text, languages: Collection[str]) -> dict[str, MemoryEntry]:
    """How these words were said before, by language: by the text's own organization, else by all."""
    known = await queries.remembered(session, text.organization_id, text.language, [fingerprint(text.words)])
    return {entry.target_language: entry for entry in known if entry.target_language in languages}


async def remember(session: AsyncSession, text: Text, language: str, words: str, person_id: UUID) -> None:
    """Keep a person's words for the organization of the text; the latest stand."""
    table = MemoryEntry.__table__
    statement = insert(MemoryEntry).values(
        organization_id=text.organization_id,
        source_language=text.language,
        target_language=language,
        source_hash=fingerprint(text.words),
        source=text.words,
        target=words,
        person_id=person_id,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[
                table.c.organization_id,
                table.c.source_language,
                table.c.target_language,
                table.c.source_hash,
            ],
            set_={"target": statement.excluded.target, "person_id": statement.excluded.person_id},
        )
    )
