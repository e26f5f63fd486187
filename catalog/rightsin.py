"""Rights that a file says, in the place of those that an earlier file of its format said; what people entered stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from catalog import queries, service
from catalog.formats.record import Record
from catalog.models import ENTERED, Holdback, Mandate
from catalog.rights import Scope
from catalog.scopes import scope_of

Row = TypeVar("Row", Mandate, Holdback)


async def put_rights(session: AsyncSession, work_id: UUID, record: Record, *, source: str) -> None:
    """Make the mandates and holdbacks of a source what a record says. What is said again is not written again."""
    mandates = (await queries.mandates(session, [work_id])).get(work_id, [])
    said = wanted(mandates, record.mandates, record, source=source)
    if said is not None:
        await session.execute(delete(Mandate).where(Mandate.id.in_([row.id for row in of(source, mandates)])))
        await service.announce(session, [work_id])
        for scope in said:
            await service.grant(session, work_id, scope, source=source)
    holdbacks = (await queries.holdbacks(session, [work_id])).get(work_id, [])
    said = wanted(holdbacks, record.holdbacks, record, source=source)
    if said is not None:
        await session.execute(delete(Holdback).where(Holdback.id.in_([row.id for row in of(source, holdbacks)])))
        await service.announce(session, [work_id])
        for scope in said:
            await service.hold_back(session, work_id, scope, source=source)


async def take_rights(session: AsyncSession, work_id: UUID, *, source: str) -> None:
    """Take back all that a source said of the rights in a work."""
    for table in (Mandate, Holdback):
        await session.execute(delete(table).where(table.work_id == work_id, table.source == source))


def of(source: str, rows: Sequence[Row]) -> list[Row]:
    """Those of a work's mandates or holdbacks that a source has said."""
    return [row for row in rows if row.source == source]


def wanted(rows: Sequence[Row], said: list[Scope], record: Record, *, source: str) -> Sequence[Scope] | None:
    """What has to be written in the place of those of `rows` that are of the source; None where all is there already.

    What people entered is not said again by a list that the hub may have written, and that is compared each time it comes: so it
    stays when their own entry goes. Of a record that is kept, and passed over when it comes again, all is written.
    """
    if not said and not (record.whole or record.adds or record.revokes):
        return None
    before: list[Scope] = [scope_of(row) for row in of(source, rows)]
    if record.original is None:
        said = _beside(said, before, [scope_of(row) for row in of(ENTERED, rows)])
    if record.adds or record.revokes:
        taken = [*said, *record.revokes]
        said = [piece for scope in before for piece in scope.minus(taken)] + said
    if not record.whole and not record.adds:
        return None if {_undated(scope) for scope in before} == {_undated(scope) for scope in said} else said
    said = [_since(scope, before, record) for scope in said]
    return None if set(before) == set(said) else said


def _beside(said: Sequence[Scope], before: Sequence[Scope], entered: Sequence[Scope]) -> list[Scope]:
    """What a list says beside what people entered; what it has said before stays its own."""
    own = {_undated(scope) for scope in before}

    def entered_too(scope: Scope) -> bool:
        return not scope.minus([one for one in entered if one.exclusive >= scope.exclusive])

    return [scope for scope in said if _undated(scope) in own or not entered_too(scope)]


def _since(scope: Scope, before: Sequence[Scope], record: Record) -> Scope:
    """A right that starts with the file that says it keeps the day on which it was first said."""
    received = record.received
    if received is None or scope.start != received:
        return scope
    return next(
        (
            replace(scope, start=old.start)
            for old in before
            if old.start <= received and _undated(old) == _undated(scope)
        ),
        scope,
    )


def _undated(scope: Scope) -> tuple[object, ...]:
    return scope.rights, scope.territories, scope.languages, scope.end, scope.exclusive
