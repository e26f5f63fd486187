"""Every SELECT of the memory. Row-level security leaves out what other organizations keep to themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Integer, cast, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from translation.memory.models import MemoryEntry, MemorySharing

MOST_CANDIDATES = 120


@dataclass(frozen=True, slots=True)
class Hit:
    """An exact hit, without the source: whoever asks has it."""

    entry_id: UUID
    target: str
    person_id: UUID | None
    own: bool


def _open_to(organization_id: UUID) -> ColumnElement[bool]:
    """The organization's own, and what is for all."""
    return or_(
        MemoryEntry.organization_id == organization_id, MemoryEntry.organization_id.is_(None), MemoryEntry.shared
    )


async def exact(
    session: AsyncSession, organization_id: UUID, source_language: str, hashes: Collection[bytes]
) -> Sequence[MemoryEntry]:
    """Entries for these words in all languages, the shared first and the own last, so that the own has the last word."""
    return (
        await session.scalars(
            select(MemoryEntry)
            .where(
                MemoryEntry.source_hash.in_(hashes),
                MemoryEntry.source_language == source_language,
                _open_to(organization_id),
            )
            .order_by(
                func.coalesce(MemoryEntry.organization_id == organization_id, False),
                MemoryEntry.level.desc(),
                MemoryEntry.updated_at,
            )
        )
    ).all()


async def known(
    session: AsyncSession, organization_id: UUID, source_language: str, hashes: Collection[bytes]
) -> Collection[bytes]:
    """Which of these words anything is remembered for, in any language."""
    query = select(MemoryEntry.source_hash).where(
        MemoryEntry.source_hash.in_(hashes),
        MemoryEntry.source_language == source_language,
        _open_to(organization_id),
    )
    return set(await session.scalars(query))


async def hits(
    session: AsyncSession, organization_id: UUID, source_language: str, target_language: str, hashes: Collection[bytes]
) -> dict[bytes, Hit]:
    """As `exact`, in one language and by the hash; plain rows, for batches."""
    own = func.coalesce(MemoryEntry.organization_id == organization_id, False).label("own")
    rows = await session.execute(
        select(MemoryEntry.source_hash, MemoryEntry.id, MemoryEntry.target, MemoryEntry.person_id, own)
        .where(
            MemoryEntry.source_hash == func.any(list(hashes)),
            MemoryEntry.source_language == source_language,
            MemoryEntry.target_language == target_language,
            _open_to(organization_id),
        )
        .order_by(own, MemoryEntry.level.desc(), MemoryEntry.updated_at)
    )
    return {digest: Hit(entry_id, target, person_id, mine) for digest, entry_id, target, person_id, mine in rows}


@dataclass(frozen=True, slots=True)
class Candidate:
    entry_id: UUID
    source: str
    target: str
    own: bool
    uses: int


async def similar(
    session: AsyncSession, organization_id: UUID, source_language: str, target_language: str, signature: Sequence[int]
) -> list[Candidate]:
    """The entries that share most of a signature, the most alike first.

    By a function: under row-level security a query of its own would not be given the index.
    """
    rows = await session.execute(
        select(text("*")).select_from(
            func.memory_similar(
                organization_id,
                source_language,
                target_language,
                cast(list(signature), ARRAY(Integer)),
                MOST_CANDIDATES,
            ).table_valued("id", "source", "target", "own", "uses")
        )
    )
    return [Candidate(*row) for row in rows]


async def shares(session: AsyncSession, organization_id: UUID) -> bool:
    """Whether the organization lends its memory to all."""
    row = await session.scalar(select(MemorySharing.shares).where(MemorySharing.organization_id == organization_id))
    return bool(row)


async def entry(session: AsyncSession, entry_id: UUID) -> MemoryEntry | None:
    return (await session.scalars(select(MemoryEntry).where(MemoryEntry.id == entry_id))).one_or_none()
