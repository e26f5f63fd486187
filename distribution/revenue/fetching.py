"""Reports that partners leave in their outbox, fetched by the hub: each file once, for the operator of the channel."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from pathlib import Path
from uuid import UUID

from distribution import queries as places
from distribution import registry
from distribution.channels.base import PartnerError, is_plain_name
from distribution.channels.protocols import open_connection
from distribution.models import Channel
from distribution.revenue import importing, queries
from hub.runtime import Runtime

log = logging.getLogger("banmao.distribution")


async def fetch_all(runtime: Runtime) -> None:
    """Look into every channel's outbox. One that cannot be reached does not keep the others waiting for ever."""
    async with runtime.database.transaction(read_only=True) as tx, tx.use() as session:
        channels = await places.channels(session)
    for channel in channels:
        try:
            await fetch(runtime, channel)
        except PartnerError as error:
            log.warning("outbox of %s: %s", channel.slug, error)


async def fetch(runtime: Runtime, channel: Channel) -> list[UUID]:
    """Take the files of one outbox that have not been taken. Raises `PartnerError`."""
    settings = registry.settings_of(runtime.vault, channel)
    async with (
        runtime.database.transaction(organization=channel.organization_id, read_only=True) as tx,
        tx.use() as session,
    ):
        taken = await queries.fetched(session, channel.id)
    found = []
    async with open_connection(settings) as partner:
        for file in await partner.files(settings.reports):
            if file.name in taken or not is_plain_name(file.name) or not file.name.endswith(".tsv"):
                continue
            with runtime.scratch.folder("outbox") as folder:
                path = folder / "report.tsv"
                await partner.fetch(
                    f"{settings.reports.rstrip('/')}/{file.name}", path, runtime.settings.max_upload_bytes
                )
                digest = await asyncio.to_thread(_digest, path)
                key = importing.file_key(channel.organization_id, digest)
                await runtime.storage.put(key, path, "text/tab-separated-values")
            async with runtime.database.transaction(organization=channel.organization_id) as tx, tx.use() as session:
                if await importing.mark_fetched(session, channel.id, file.name):
                    report = await importing.keep(session, channel.organization_id, channel.id, key, file.name)
                    found.append(report.id)
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
