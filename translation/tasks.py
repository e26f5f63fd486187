"""Jobs of translation."""

from __future__ import annotations

import logging
from uuid import UUID

from hub.errors import HubError
from hub.i18n import supported
from hub.jobs import task
from hub.runtime import Runtime
from translation import many, queries, service
from translation.engines import engines_of
from translation.exchange import reading, writing

log = logging.getLogger("banmao.translation")


@task("translation.draft")
async def draft(runtime: Runtime, *, text_id: str, organization_id: str, version: int, languages: list[str]) -> None:
    """Draft one text in some languages, each stored as soon as it is there. No transaction is open while a model runs.

    Nothing happens in a language that has been translated meanwhile, or that no engine reaches.
    """
    owner = UUID(organization_id)
    async with runtime.database.transaction(organization=owner, read_only=True) as tx, tx.use() as session:
        text = await queries.text(session, UUID(text_id))
        if text is None or text.version != version:
            return
        rows = (await queries.renderings(session, [text.id])).get(text.id, [])
    engines = engines_of(runtime)
    source = supported(text.language) or text.language
    failure: HubError | None = None
    for language in service.missing(text, rows, languages):
        engine = engines.reach(source, language)
        if engine is None:
            continue
        try:
            [made] = await engine.draft([text.words], source, language)
        except HubError as error:
            log.warning("no draft of text %s in %s: %s", text.id, language, error)
            failure = error
            continue
        async with runtime.database.transaction(organization=owner) as tx, tx.use() as session:
            await service.store_draft(session, text, language, made)
    if failure is not None:
        raise failure


@task(many.TASK)
async def draft_many(runtime: Runtime, *, text_ids: list[str], organization_id: str, languages: list[str]) -> None:
    """Draft texts that were written together, one after the other. What is drafted already is passed over."""
    owner = UUID(organization_id)
    async with runtime.database.transaction(organization=owner, read_only=True) as tx, tx.use() as session:
        found = await queries.texts(session, [UUID(text_id) for text_id in text_ids])
    for text in found:
        await draft(
            runtime,
            text_id=str(text.id),
            organization_id=organization_id,
            version=text.version,
            languages=languages,
        )


@task(writing.TASK)
async def send(runtime: Runtime, *, exchange_id: str, organization_id: str) -> None:
    """Write a file of texts or memory."""
    await writing.run(runtime, UUID(exchange_id), UUID(organization_id))


@task(writing.FORGET)
async def forget_exchange(runtime: Runtime, *, exchange_id: str, organization_id: str) -> None:
    """Remove a file that has been kept long enough."""
    await writing.forget(runtime, UUID(exchange_id), UUID(organization_id))


@task(reading.TASK)
async def take(runtime: Runtime, *, exchange_id: str, organization_id: str) -> None:
    """Look at a file of translations, or take it over."""
    await reading.run(runtime, UUID(exchange_id), UUID(organization_id))
