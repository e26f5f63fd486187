"""Every SELECT of the exchange. Of the caller's organization alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from translation.exchange.models import Exchange
from translation.memory.models import MemoryEntry
from translation.models import Origin, Rendering, Text


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes into a file. `missing`: only texts that no person has said in one of `targets`."""

    of: str
    source: str | None
    targets: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    missing: bool = False

    @classmethod
    def of_row(cls, row: Exchange) -> Chosen:
        kept: dict[str, Any] = row.chosen
        return cls(kept["of"], kept["source"], tuple(kept["targets"]), tuple(kept["purposes"]), kept["missing"])


async def exchange(session: AsyncSession, exchange_id: UUID, *, lock: bool = False) -> Exchange | None:
    query = select(Exchange).where(Exchange.id == exchange_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def page(
    session: AsyncSession, organization_id: UUID, after: UUID | None, limit: int
) -> tuple[Sequence[Exchange], int]:
    """The newest first, and how many there are in all."""
    query = select(Exchange).where(Exchange.organization_id == organization_id)
    total = await session.scalar(select(func.count()).select_from(query.subquery()))
    if after is not None:
        query = query.where(Exchange.id < after)
    return (await session.scalars(query.order_by(Exchange.id.desc()).limit(limit))).all(), total or 0


def _texts(organization_id: UUID, chosen: Chosen) -> Select[Text]:
    query = select(Text).where(Text.organization_id == organization_id, Text.purpose.in_(chosen.purposes))
    if chosen.source:
        query = query.where(_in_language(Text.language, chosen.source))
    if chosen.missing:
        query = query.where(or_(*(_missing(language) for language in chosen.targets)))
    return query


def _in_language(column: Any, language: str) -> ColumnElement[bool]:
    return or_(column == language, column.like(f"{language}-%"))


def _missing(language: str) -> ColumnElement[bool]:
    said = exists().where(
        Rendering.text_id == Text.id,
        Rendering.language == language,
        Rendering.origin != Origin.MACHINE.value,
        Rendering.text_version == Text.version,
    )
    return and_(~said, ~_in_language(Text.language, language))


def _entries(organization_id: UUID | None, chosen: Chosen) -> Select[MemoryEntry]:
    mine = MemoryEntry.organization_id
    query = select(MemoryEntry).where(mine.is_(None) if organization_id is None else mine == organization_id)
    if chosen.source:
        query = query.where(MemoryEntry.source_language == chosen.source)
    return query.where(MemoryEntry.target_language.in_(chosen.targets))


async def count_texts(session: AsyncSession, organization_id: UUID, chosen: Chosen) -> int:
    return await session.scalar(select(func.count()).select_from(_texts(organization_id, chosen).subquery())) or 0


async def count_entries(session: AsyncSession, organization_id: UUID | None, chosen: Chosen) -> int:
    return await session.scalar(select(func.count()).select_from(_entries(organization_id, chosen).subquery())) or 0


async def texts(
    session: AsyncSession, organization_id: UUID, chosen: Chosen, after: UUID | None, limit: int
) -> Sequence[Text]:
    query = _texts(organization_id, chosen).order_by(Text.id).limit(limit)
    return (await session.scalars(query.where(Text.id > after) if after else query)).all()


async def entries(
    session: AsyncSession, organization_id: UUID | None, chosen: Chosen, after: UUID | None, limit: int
) -> Sequence[MemoryEntry]:
    query = _entries(organization_id, chosen).order_by(MemoryEntry.id).limit(limit)
    return (await session.scalars(query.where(MemoryEntry.id > after) if after else query)).all()


async def own_entries(
    session: AsyncSession, organization_id: UUID | None, hashes: Collection[bytes]
) -> Sequence[MemoryEntry]:
    """The entries of one memory for some sources, in all languages."""
    mine = MemoryEntry.organization_id
    return (
        await session.scalars(
            select(MemoryEntry).where(
                MemoryEntry.source_hash.in_(hashes),
                mine.is_(None) if organization_id is None else mine == organization_id,
            )
        )
    ).all()
