"""Places where the hub's transactions are held, so that a test kills at a moment it knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from tests.kill.watched import PATIENCE, Watched

GATES = 8750
"""The first half of the advisory locks' names."""
_numbers = count(1)


@dataclass(frozen=True)
class Moment:
    """Just before a row is written: `write` is like `UPDATE ON contracts`, `when` a condition on `new`."""

    write: LiteralString
    when: LiteralString = "true"


@dataclass(frozen=True)
class Gate:
    """Whoever comes to the moment waits, in the middle of a transaction, until the gate opens or they die."""

    number: int
    keeper: psycopg.Connection

    async def reached(self) -> None:
        """Until somebody waits."""
        until = time.monotonic() + PATIENCE
        waiting = (
            "SELECT count(*) FROM pg_locks"
            " WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2 AND NOT granted"
        )
        while self.keeper.execute(waiting, (GATES, self.number)).fetchone() == (0,):
            assert time.monotonic() < until, "nobody came to the gate"
            await asyncio.sleep(0.05)

    def open(self) -> None:
        self.keeper.close()


@contextmanager
def gate(hub: Watched, moment: Moment, **row: UUID | str) -> Iterator[Gate]:
    """A gate for rows with these values, closed until `open` and taken away after the block."""
    number = next(_numbers)
    name = sql.Identifier(f"gate_{number}")
    asked = sql.SQL(" AND ").join(
        [sql.SQL(moment.when)]
        + [
            sql.SQL("new.{} = {}").format(sql.Identifier(column), sql.Literal(str(value)))
            for column, value in row.items()
        ]
    )
    with psycopg.connect(hub.hub.owner_url, autocommit=True) as keeper:
        keeper.execute("SELECT pg_advisory_lock(%s, %s)", (GATES, number))
        keeper.execute(
            sql.SQL(
                "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN PERFORM pg_advisory_xact_lock_shared({}, {}); RETURN new; END $$"
            ).format(name, GATES, number)
        )
        keeper.execute(
            sql.SQL("CREATE TRIGGER {} BEFORE {} FOR EACH ROW WHEN ({}) EXECUTE FUNCTION {}()").format(
                name, sql.SQL(moment.write), asked, name
            )
        )
        try:
            yield Gate(number, keeper)
        finally:
            keeper.close()
            hub.change(sql.SQL("DROP FUNCTION {} CASCADE").format(name))
