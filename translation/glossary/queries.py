"""Every SELECT of the glossaries. Row-level security leaves out the glossaries of other organizations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from translation.glossary.models import Term, TermWord

LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})

Version = tuple[int, datetime | None]


async def version(session: AsyncSession, organization_id: UUID | None) -> Version:
    """Changes whenever a term that the organization uses does: how many there are, and when the last one was touched."""
    row = await session.execute(
        select(func.count(), func.max(Term.updated_at)).where(
            or_(Term.organization_id == organization_id, Term.organization_id.is_(None))
        )
    )
    count, changed = row.one()
    return count, changed


async def terms(session: AsyncSession, organization_id: UUID | None) -> Sequence[Term]:
    """The terms of an organization and the hub's own, with their words."""
    return (
        await session.scalars(
            select(Term)
            .where(or_(Term.organization_id == organization_id, Term.organization_id.is_(None)))
            .options(selectinload(Term.words))
            .order_by(Term.id)
        )
    ).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which terms a list shows. `own` True: of the organization; False: of the hub; None: both."""

    words: str | None = None
    domain: str | None = None
    own: bool | None = None


def _matching(organization_id: UUID | None, wanted: Wanted) -> Select[Term]:
    query = select(Term)
    if wanted.own is not None:
        query = query.where(Term.organization_id.is_not(None) if wanted.own else Term.organization_id.is_(None))
    query = query.where(or_(Term.organization_id == organization_id, Term.organization_id.is_(None)))
    if wanted.domain:
        query = query.where(Term.domain == wanted.domain)
    if wanted.words:
        inside = f"%{wanted.words.translate(LIKE)}%"
        query = query.where(
            or_(
                Term.key.ilike(inside),
                Term.definition.ilike(inside),
                cast(Term.definitions, Text).ilike(inside),
                Term.id.in_(select(TermWord.term_id).where(TermWord.words.ilike(inside))),
            )
        )
    return query


async def page(
    session: AsyncSession, organization_id: UUID | None, wanted: Wanted, after: str | None, limit: int
) -> tuple[Sequence[Term], int]:
    """Terms by key with their words, the organization's own first where two have one key; and how many there are in all."""
    query = _matching(organization_id, wanted)
    total = await session.scalar(select(func.count()).select_from(query.subquery()))
    if after is not None:
        key, _space, term_id = after.rpartition(" ")
        query = query.where(tuple_(Term.key, Term.id) > (key, UUID(term_id)))
    rows = await session.scalars(query.options(selectinload(Term.words)).order_by(Term.key, Term.id).limit(limit))
    return rows.all(), total or 0


async def domains(session: AsyncSession, organization_id: UUID | None) -> list[str]:
    """The subjects that terms have, sorted."""
    query = select(Term.domain).where(
        or_(Term.organization_id == organization_id, Term.organization_id.is_(None)), Term.domain.is_not(None)
    )
    return sorted(found for found in await session.scalars(query.distinct()) if found)


async def term(session: AsyncSession, term_id: UUID) -> Term | None:
    query = select(Term).where(Term.id == term_id).options(selectinload(Term.words))
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def own_terms(session: AsyncSession, organization_id: UUID | None) -> Sequence[Term]:
    """The terms of one glossary, with their words, by key; None: the hub's."""
    query = select(Term).options(selectinload(Term.words)).order_by(Term.key)
    same = Term.organization_id.is_(None) if organization_id is None else Term.organization_id == organization_id
    return (await session.scalars(query.where(same))).all()
