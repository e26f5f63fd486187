"""The memory: what people said is kept, found again exactly or nearly, lent to others when its organization wants that."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.i18n import supported
from translation.memory import fuzzy, queries
from translation.memory.fuzzy import Change, normalized
from translation.memory.models import Level, MemoryEntry
from translation.memory.queries import Hit
from translation.models import SPOKEN, Text
from translation.segments import split

EXACT = 100
LEAST_SCORE = 60
MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Words that were said before for the same source (`score` 100) or a similar one (1 to 99; see `fuzzy.score`).

    `difference`: from the remembered source to the words asked for. `own`: of the asking organization.
    """

    entry_id: UUID
    source: str
    target: str
    score: int
    own: bool
    uses: int
    difference: tuple[Change, ...]

    @property
    def exact(self) -> bool:
        return self.score == EXACT


def fingerprint(words: str) -> bytes:
    """SHA-256 of the normalized words."""
    return hashlib.sha256(normalized(words).encode()).digest()


async def recall(session: AsyncSession, text: Text, languages: Collection[str]) -> dict[str, MemoryEntry]:
    """How these words were said before, by language: by the text's own organization, else by all. The use is counted."""
    known = await queries.exact(session, text.organization_id, _hub_tag(text.language), [fingerprint(text.words)])
    found = {entry.target_language: entry for entry in known if entry.target_language in languages}
    await count_uses(session, [entry.id for entry in found.values()])
    return found


async def known(
    session: AsyncSession, organization_id: UUID, source_language: str, hashes: Collection[bytes]
) -> Collection[bytes]:
    """Those `fingerprint`s of words for which anything would be recalled."""
    return await queries.known(session, organization_id, _hub_tag(source_language), hashes)


async def recall_many(
    session: AsyncSession, organization_id: UUID, source_language: str, target_language: str, words: Sequence[str]
) -> list[Hit | None]:
    """Exact memory for many words at once, in their order; one query. Uses are not counted: see `count_uses`."""
    hashes = [fingerprint(one) for one in words]
    found = await queries.hits(session, organization_id, _hub_tag(source_language), target_language, set(hashes))
    return [found.get(digest) for digest in hashes]


async def suggest(
    session: AsyncSession,
    organization_id: UUID,
    source_language: str,
    target_language: str,
    words: str,
    *,
    limit: int = MOST_SUGGESTIONS,
    least_score: int = LEAST_SCORE,
) -> list[Suggestion]:
    """What was said before for these words, then for similar ones: the best first, the organization's own before others'.

    Nothing is applied by itself: fuzzy memory only suggests.
    """
    language, wanted = _hub_tag(source_language), normalized(words)
    signature = fuzzy.signature(wanted, language)
    if not signature:
        return []
    found: dict[tuple[str, str], Suggestion] = {}
    for one in await queries.similar(session, organization_id, language, target_language, signature):
        score = EXACT if one.source == wanted else fuzzy.score(one.source, wanted, language)
        if score >= least_score:
            found.setdefault(
                (one.source, one.target),
                Suggestion(one.entry_id, one.source, one.target, score, one.own, one.uses, ()),
            )
    best = sorted(found.values(), key=lambda one: (-one.score, not one.own, -one.uses))[:limit]
    return [replace(one, difference=fuzzy.difference(one.source, wanted, language)) for one in best]


async def remember(session: AsyncSession, text: Text, language: str, words: str, person_id: UUID) -> None:
    """Keep a person's words for the organization of the text, whole and sentence by sentence; the latest stand.

    They are lent to all when the organization lends its memory and everybody may read the text.
    """
    source_language, words = _hub_tag(text.language), normalized(words)
    confidential = is_confidential(text)
    shared = not confidential and await queries.shares(session, text.organization_id)
    pairs = [(Level.TEXT, text.words, words), *_sentences(text.words, words, source_language, language)]
    await put(
        session,
        [
            {
                "organization_id": text.organization_id,
                "source_language": source_language,
                "target_language": language,
                "source": source,
                "target": target,
                "person_id": person_id,
                "text_id": text.id,
                "level": level,
                "shared": shared,
                "confidential": confidential,
            }
            for level, source, target in pairs
        ],
    )


async def put(session: AsyncSession, entries: Sequence[dict[str, Any]]) -> None:
    """Write entries; each gets its hash and signature here. A sentence does not displace what was said of a whole text."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for made in entries:
        digest = fingerprint(made["source"])
        key = (made["organization_id"], made["source_language"], made["target_language"], digest)
        rows.setdefault(
            key,
            {**made, "source_hash": digest, "signature": fuzzy.signature(made["source"], made["source_language"])},
        )
    if not rows:
        return
    table = MemoryEntry.__table__
    statement = insert(MemoryEntry).values(list(rows.values()))
    new = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[
                table.c.organization_id,
                table.c.source_language,
                table.c.target_language,
                table.c.source_hash,
            ],
            set_={name: new[name] for name in ("target", "person_id", "text_id", "level", "shared", "confidential")}
            | {"updated_at": func.now()},
            where=(table.c.level == Level.SEGMENT) | (new.level == Level.TEXT),
        )
    )


async def count_uses(session: AsyncSession, entry_ids: Collection[UUID]) -> None:
    """Count that entries were used, other organizations' shared ones too."""
    if entry_ids:
        await session.execute(select(func.memory_used(sorted(entry_ids))))


def is_confidential(text: Text) -> bool:
    """Talk, and whatever has an audience. The database holds to the same rule (memory_entries_confidential)."""
    return text.audience is not None or text.purpose in SPOKEN


def _sentences(source: str, target: str, source_language: str, target_language: str) -> list[tuple[Level, str, str]]:
    """Sentences side by side, when both have as many: otherwise nobody knows which belongs to which."""
    mine, theirs = split(source, source_language).sentences, split(target, target_language).sentences
    if not 1 < len(mine) == len(theirs):
        return []
    return [(Level.SEGMENT, one, other) for one, other in zip(mine, theirs, strict=True)]


def _hub_tag(language: str) -> str:
    return supported(language) or language
