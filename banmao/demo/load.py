"""Load the demo catalogue: once. What is there already stays as people have left it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import banmao.demo.accounts as demo_accounts
import banmao.demo.distribution as demo_distribution
from banmao.demo import covers, deals, releases, sales, samples, works
from banmao.demo.scopes import scope
from banmao.processes import running_worker
from catalog import queries
from catalog import service as catalog
from catalog.assets import covers as catalog_covers
from catalog.facts import Credit, Words, WorkFacts
from catalog.models import WorkStatus
from hub.i18n import LANGUAGES
from hub.runtime import Runtime
from hub.settings import Settings
from marketplace import claims
from translation import service as translation
from translation.models import Purpose

COVER_LENGTH = 1200
AT_ONCE = 4
"""Works loaded at a time: drawing a cover takes a processor each."""


def main(settings: Settings, database_url: str) -> None:
    with _progress() as step:
        asyncio.run(load(settings, database_url, step))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("works", total=None)

        def step(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield step


async def load(settings: Settings, database_url: str, step: Callable[[int, int], None] = lambda _d, _t: None) -> None:
    """Organizations, then each missing work in a transaction of its own, so that a load cut short goes on."""
    async with running_worker(settings, database_url) as runtime:
        async with runtime.database.transaction() as tx:
            owners = await demo_accounts.load(tx.session)
            await demo_distribution.allocate(tx.session, owners)
        sheet = settings.path("sandbox", "sandbox.json")
        if sheet.exists():
            await demo_distribution.connect(runtime, owners, sheet)
        missing = await _missing(runtime, owners)
        turns = asyncio.Semaphore(AT_ONCE)
        done = 0

        async def one(given: dict[str, Any]) -> None:
            nonlocal done
            async with turns:
                await _load_work(runtime, owners[given["owner"]], given)
            done += 1
            step(done, len(missing))

        await asyncio.gather(*(one(given) for given in missing))
        await deals.load(runtime, owners)
        await releases.load(runtime, owners, sales.reported().start)


async def _missing(runtime: Runtime, owners: dict[str, UUID]) -> list[dict[str, Any]]:
    by_owner: dict[str, list[dict[str, Any]]] = {}
    for given in works():
        by_owner.setdefault(given["owner"], []).append(given)
    missing = []
    async with runtime.database.transaction(read_only=True) as tx:
        for owner, theirs in by_owner.items():
            known = await queries.by_references(tx.session, owners[owner], [given["slug"] for given in theirs])
            missing += [given for given in theirs if given["slug"] not in known]
    return missing


async def _load_work(runtime: Runtime, owner: UUID, given: dict[str, Any]) -> None:
    picture = await asyncio.to_thread(_cover, given)
    async with runtime.database.transaction(organization=owner) as tx:
        session = tx.session
        work = await catalog.list_work(session, owner, _facts(given))
        for mandate in given.get("mandates", ()):
            await catalog.grant(session, work.id, scope(mandate), source="demo")
        for holdback in given.get("holdbacks", ()):
            note = await translation.create_text(
                session,
                organization_id=owner,
                purpose=Purpose.NOTE,
                language="en",
                words=holdback["note"],
                audience=[owner],
            )
            await catalog.hold_back(session, work.id, scope(holdback), note_id=note.id)
        for granted in given.get("licenses", ()):
            await claims.put_license(session, None, work, granted["licensee"], scope(granted))
        await catalog_covers.store(session, runtime, work, picture)
        await samples.bring(session, runtime, work, given)
        await catalog.set_status(session, None, work, WorkStatus.PUBLISHED)


def _cover(given: dict[str, Any]) -> catalog_covers.Drawn:
    return catalog_covers.draw(covers.raster(covers.draw(given), COVER_LENGTH))


def _facts(given: dict[str, Any]) -> WorkFacts:
    language = given["original_language"]
    titles, blurbs = dict(given["titles"]), dict(given["descriptions"])
    title = given.get("original", {}).get("title") or titles.pop(language)
    spoken = language if language in LANGUAGES else "en"
    return WorkFacts(
        kind=given["kind"],
        original_language=language,
        title=Words(title, language, titles),
        description=Words(blurbs.pop(spoken), spoken, blurbs),
        contributors=[
            Credit(each["name"], each["role"], each.get("name_original")) for each in given.get("contributors", ())
        ],
        subjects=given["subjects"],
        publication_year=_year(given.get("year")),
        country_of_origin=given["country"],
        record_reference=given["slug"],
    )


def _year(given: int | None) -> int | None:
    """The files write 300 BCE as -300; the catalogue counts from 1 BCE as 0 (ISO 8601)."""
    return given + 1 if given is not None and given < 0 else given
