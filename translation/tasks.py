"""Jobs of translation."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from hub.errors import HubError
from hub.i18n import LANGUAGES, supported
from hub.jobs import task
from hub.runtime import Runtime
from translation import drafting, many, memory, queries, service
from translation.batches import service as batches
from translation.desk import service as desk
from translation.engines import engines_of
from translation.exchange import reading, writing
from translation.glossary import glossary_of
from translation.models import Text

log = logging.getLogger("banmao.translation")


@task("translation.draft")
async def draft(runtime: Runtime, *, text_id: str, organization_id: str, version: int, languages: list[str]) -> None:
    """Draft one text in some languages, unless its words have changed since: then another job does."""
    owner = UUID(organization_id)
    async with runtime.database.transaction(organization=owner, read_only=True) as tx, tx.use() as session:
        text = await queries.text(session, UUID(text_id))
    if text is not None and text.version == version:
        await _draft(runtime, owner, [text], languages)


@task(many.TASK)
async def draft_many(runtime: Runtime, *, text_ids: list[str], organization_id: str, languages: list[str]) -> None:
    """Draft texts that were written together."""
    owner = UUID(organization_id)
    async with runtime.database.transaction(organization=owner, read_only=True) as tx, tx.use() as session:
        found = await queries.texts(session, [UUID(text_id) for text_id in text_ids])
    await _draft(runtime, owner, found, languages)


async def _draft(runtime: Runtime, owner: UUID, texts: Sequence[Text], languages: Sequence[str]) -> None:
    """Draft texts language by language, each stored as soon as it is there. No transaction is open while a model runs.

    What has been translated meanwhile is passed over. Where no engine reaches, or a draft is withheld, the most similar source
    of the memory is noted for whoever reviews. The last engine's error is raised in the end.
    """
    async with runtime.database.transaction(organization=owner, read_only=True) as tx, tx.use() as session:
        rows = await queries.renderings(session, [text.id for text in texts])
        glossary = await glossary_of(session, owner)
    engines = engines_of(runtime)
    await engines.ready()
    failure: HubError | None = None
    for language in (tag for tag in LANGUAGES if tag in languages):
        groups: dict[tuple[str, bool], list[Text]] = defaultdict(list)
        for text in texts:
            if service.missing(text, rows.get(text.id, []), [language]):
                groups[supported(text.language) or text.language, memory.is_confidential(text)].append(text)
        for (source, confidential), group in groups.items():
            checked: list[service.Checked] = []
            if engines.reach(source, language, confidential=confidential) is not None:
                try:
                    checked = await drafting.checked(
                        engines, glossary, group, source, language, confidential=confidential
                    )
                except HubError as error:
                    log.warning("no drafts of %s texts in %s: %s", len(group), language, error)
                    failure = error
                    continue
            shown = {one.text.id for one in checked if not one.problems}
            async with runtime.database.transaction(organization=owner) as tx, tx.use() as session:
                await service.store_drafts(session, language, checked)
                await desk.note_similar(session, [text for text in group if text.id not in shown], language)
    if failure is not None:
        raise failure


@task(batches.TASK)
async def take_batch(runtime: Runtime, *, batch_id: str, organization_id: str) -> None:
    """Deal with the next texts of a batch."""
    await batches.take(runtime, UUID(batch_id), UUID(organization_id))


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
