"""Alembic's environment: the owner's connection, one transaction, a lock_timeout."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from banmao.tables import metadata

LOCK_TIMEOUT = "5s"


def include(name: str | None, kind: str, _parents: object) -> bool:
    """The job queue's tables are procrastinate's own."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or ""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        context.configure(
            connection=connection, target_metadata=metadata, include_name=include, compare_server_default=False
        )
        context.run_migrations()
    engine.dispose()


run()
