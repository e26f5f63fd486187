"""A test's own database."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from banmao.embedded import APP, OWNER, Cluster

TEMPLATE = "template_banmao"
ASKED = "(SELECT * FROM procrastinate_jobs WHERE NOT args ? 'timestamp')"
NOT_OF_THE_CLOCK: Mapping[str, str] = {
    "procrastinate_jobs": ASKED,
    "procrastinate_events": f"(SELECT e.* FROM procrastinate_events e JOIN {ASKED} j ON j.id = e.job_id)",
    "procrastinate_periodic_defers": "(SELECT * FROM procrastinate_periodic_defers LIMIT 0)",
}
"""What stands for the tables of jobs wherever they are counted: the clock strikes when it will."""


@dataclass(frozen=True)
class TestDatabase:
    __test__ = False

    name: str
    owner_url: str
    app_url: str

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What is really in the tables, seen by their owner (no row-level security)."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()

    def count(self, table: str) -> int:
        """Rows of a table; of jobs, those that somebody asked for."""
        return int(self.rows(f"SELECT count(*) FROM {NOT_OF_THE_CLOCK.get(table, table)} t")[0][0])

    def counts(self, *tables: str) -> dict[str, int]:
        """How many rows each table has: taken before and after, they show that nothing was written."""
        return {table: self.count(table) for table in tables}

    def lines(self, *besides: str) -> dict[str, list[str]]:
        """Every row of every table but some, as text."""
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s) ORDER BY 1"
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            tables = [str(row[0]) for row in connection.execute(names, (list(besides),))]
            each = sql.SQL("SELECT {}, t::text FROM {} t")
            query = sql.SQL(" UNION ALL ").join(each.format(sql.Literal(t), _counted(t)) for t in tables)
            rows = connection.execute(query).fetchall()
        found: dict[str, list[str]] = {table: [] for table in tables}
        for table, line in sorted(rows):
            found[table].append(str(line))
        return found

    def content(self, *besides: str) -> dict[str, tuple[int, int]]:
        """Rows and a hash of every table but some: the same before and after when nothing at all was written.

        That a token was used is noted even when it is refused, so that does not count.
        """
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (%s) ORDER BY 1"
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            tables = [str(row[0]) for row in connection.execute(names, (list(besides),))]
            each = sql.SQL(
                "SELECT {}, count(*), coalesce(sum(hashtextextended((to_jsonb(t) - 'last_used_at')::text, 0)), 0) FROM {} t"
            )
            query = sql.SQL(" UNION ALL ").join(each.format(sql.Literal(t), _counted(t)) for t in tables)
            rows = connection.execute(query).fetchall()
        return {str(table): (int(number), int(sum_)) for table, number, sum_ in rows}


def _counted(table: str) -> sql.Composable:
    return sql.SQL(NOT_OF_THE_CLOCK[table]) if table in NOT_OF_THE_CLOCK else sql.Identifier(table)


@contextmanager
def fresh_database(cluster: Cluster) -> Iterator[TestDatabase]:
    """A copy of the migrated template, dropped when the block ends. Copying files is faster than writing them to the log."""
    name = f"t{os.urandom(6).hex()}"
    root = cluster.url("postgres", cluster.credentials.superuser, "postgres")
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY")
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER)))
    yield TestDatabase(
        name=name,
        owner_url=cluster.url(OWNER, cluster.credentials.owner, name),
        app_url=cluster.url(APP, cluster.credentials.app, name),
    )
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
