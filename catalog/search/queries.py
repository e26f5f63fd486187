"""What search asks of the tables: of which works the whole of a scope is the owner's to give, not held back and not taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import Range
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, taken
from catalog.queries import Card
from catalog.rights import Scope
from catalog.scopes import columns, scope_of
from hub.database import rows
from translation import queries as texts

GRANTED = (
    "WITH asked AS (SELECT $2::text[] AS rights, $3::text[] AS territories, $4::text[] AS languages, $5::daterange AS period,"
    " $6::boolean AS exclusive)"
    " SELECT m.whole, {taken}, {columns} FROM asked, works w CROSS JOIN LATERAL"
    " (SELECT bool_or(m.rights @> asked.rights AND m.territories @> asked.territories AND m.period @> asked.period"
    "    AND (m.languages IS NULL OR m.languages @> asked.languages)) AS whole,"
    "   count(*) > 1 OR bool_or(asked.languages IS NULL AND m.languages IS NOT NULL) AS together"
    "  FROM mandates m WHERE m.work_id = w.id AND m.rights && asked.rights AND m.territories && asked.territories"
    "   AND m.period && asked.period AND (m.exclusive OR NOT asked.exclusive)) AS m"
    " WHERE w.id = ANY($1::uuid[]) AND w.status = 'PUBLISHED' AND (m.whole OR m.together)"
    " AND NOT EXISTS (SELECT FROM holdbacks h WHERE h.work_id = w.id AND h.rights && asked.rights"
    "  AND h.territories && asked.territories AND h.period && asked.period"
    "  AND (h.languages IS NULL OR asked.languages IS NULL OR h.languages && asked.languages))"
)


async def free(session: AsyncSession, work_ids: Collection[str], asked: Scope) -> set[str]:
    """Those of `work_ids` that are published and of which the whole of `asked` is free."""
    return {str(row[2]) for row in await _free(session, work_ids, asked, "w.id")}


async def free_cards(
    session: AsyncSession, work_ids: Collection[str], asked: Scope, language: str
) -> Mapping[str, Card]:
    """The same with all that a list shows of them, in one statement."""
    found = await _free(session, work_ids, asked, queries.carded("$7"), texts.forms(language))
    return {str(row[2]): queries.card(row[2:], language) for row in found}


async def _free(
    session: AsyncSession, work_ids: Collection[str], asked: Scope, shown: str, *more: object
) -> Sequence[Sequence[Any]]:
    """Rows of which the third column is the work's id. Where several mandates may give the whole together, they are looked at."""
    values = columns(asked)
    period = values["period"]
    statement = GRANTED.format(taken=taken.telling("w.id"), columns=shown)
    given = await rows(
        session,
        statement,
        list(work_ids),
        values["rights"],
        values["territories"],
        values["languages"],
        Range(period.lower, period.upper),
        values["exclusive"],
        *more,
    )
    unsure: list[UUID] = [row[2] for row in given if not row[0]]
    mandates = await queries.mandates(session, unsure) if unsure else {}

    def is_free(whole: bool, gathered: Sequence[Any], work_id: UUID) -> bool:
        gone = taken.told(gathered)
        if whole:
            return not any(asked.conflicts(scope) for scope in gone)
        return taken.free(asked, [scope_of(row) for row in mandates.get(work_id, ())], (), gone)

    return [row for row in given if is_free(*row[:3])]
