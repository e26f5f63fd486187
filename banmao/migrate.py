"""Migrations, run from code: up to the newest, down to the bottom, and whether the tables are what the models say."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from hub.settings import ROOT


def config(owner_url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return made


def upgrade(owner_url: str, revision: str = "head") -> None:
    command.upgrade(config(owner_url), revision)


def downgrade(owner_url: str, revision: str = "base") -> None:
    command.downgrade(config(owner_url), revision)


def check(owner_url: str) -> None:
    """Raises when the models have moved on without a migration."""
    command.check(config(owner_url))
