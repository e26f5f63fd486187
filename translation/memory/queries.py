"""Every SELECT of the memory. Row-level security leaves out what other organizations keep to themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Integer, cast, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.bulk import among
from translation.memory.models import MemoryEntry, MemorySharing

MOST_CANDIDATES = 120
LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


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
        among(MemoryEntry.source_hash, hashes),
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


class Owner(Enum):
    """OWN: the organization's. SHARED: what others lend, and what the operator keeps for all."""

    OWN = "OWN"
    SHARED = "SHARED"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a list shows."""

    words: str | None = None
    source_language: str | None = None
    target_language: str | None = None
    owner: Owner | None = None


async def page(
    session: AsyncSession, organization_id: UUID, wanted: Wanted, after: UUID | None, limit: int
) -> tuple[Sequence[MemoryEntry], int]:
    """Entries, the newest first, and how many there are in all."""
    query = select(MemoryEntry).where(_open_to(organization_id))
    mine = MemoryEntry.organization_id == organization_id
    if wanted.owner is not None:
        query = query.where(mine if wanted.owner is Owner.OWN else func.coalesce(~mine, True))
    if wanted.source_language:
        query = query.where(MemoryEntry.source_language == wanted.source_language)
    if wanted.target_language:
        query = query.where(MemoryEntry.target_language == wanted.target_language)
    if wanted.words:
        inside = f"%{wanted.words.translate(LIKE)}%"
        query = query.where(or_(MemoryEntry.source.ilike(inside), MemoryEntry.target.ilike(inside)))
    total = await session.scalar(select(func.count()).select_from(query.subquery()))
    if after is not None:
        query = query.where(MemoryEntry.id < after)
    rows = await session.scalars(query.order_by(MemoryEntry.id.desc()).limit(limit))
    return rows.all(), total or 0


async def counts(session: AsyncSession, organization_id: UUID) -> tuple[int, int]:
    """How many entries the organization has of its own, and how many of them all may use."""
    row = await session.execute(
        select(func.count(), func.count().filter(MemoryEntry.shared)).where(
            MemoryEntry.organization_id == organization_id
        )
    )
    own, lent = row.one()
    return own, lent
