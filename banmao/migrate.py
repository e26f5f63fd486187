"""Migrations, run from code: up to the newest, down to the bottom, and whether the tables are what the models say."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, make_url

from banmao.embedded import APP
from hub.settings import ROOT
from translation.glossary import shipped


def config(owner_url: str, app_url: str | None = None) -> Config:
    """`app_url`: the application's address; its role is granted what the application needs."""
    made = Config()
    made.set_main_option("app_role", make_url(app_url).username or APP if app_url else APP)
    made.set_main_option("script_location", str(ROOT / "migrations"))
    made.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return made


def upgrade(owner_url: str, app_url: str | None = None) -> None:
    """Bring the tables to the newest version, and what ships with the hub into them."""
    command.upgrade(config(owner_url, app_url), "head")
    engine = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        shipped.load(connection)


def downgrade(owner_url: str, app_url: str | None = None) -> None:
    command.downgrade(config(owner_url, app_url), "base")


def check(owner_url: str) -> None:
    """Raises when the models have moved on without a migration."""
    command.check(config(owner_url))
