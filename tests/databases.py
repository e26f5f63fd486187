"""A test's own database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg


@dataclass(frozen=True)
class TestDatabase:
    __test__ = False

    name: str
    owner_url: str
    app_url: str

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What is really in the tables, seen by their owner (no row-level security)."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def counts(self, *tables: str) -> dict[str, int]:
        """How many rows each table has: taken before and after, they show that nothing was written."""
        return {table: self.count(table) for table in tables}
