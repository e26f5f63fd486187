"""Looking at a new sample: put together, judged in a confined process, kept with its thumbnails, or refused with the reason."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from catalog.assets import queries, service
from catalog.assets.covers import CHILD
from catalog.assets.models import Sample, SampleStatus
from hub import audit, confined
from hub.errors import NotFound
from hub.runtime import Runtime
from hub.uploads import service as uploads

THUMBNAILS = (160, 480)
"""Pixels across. Small enough to be shown without a mark."""
IMAGE = "image/jpeg"


def original_key(sample_id: UUID) -> str:
    return f"samples/{sample_id}/original"


def thumbnail_key(sample_id: UUID, width: int) -> str:
    return f"samples/{sample_id}/thumbnail-{width}.jpg"


async def run(runtime: Runtime, sample_id: UUID, upload_id: UUID, organization_id: UUID) -> None:
    """The whole look. Run again after a crash, it does the same again: every write replaces what was written before."""
    async with runtime.database.transaction(organization=organization_id, read_only=True) as tx:
        row = await queries.sample(tx.session, sample_id)
    if row is not None and row.status == SampleStatus.CHECKING.value:
        with runtime.scratch.folder("sample") as folder:
            found = await _found(runtime, row, upload_id, folder)
            if "refused" not in found:
                await _keep(runtime, row, folder, found)
        async with runtime.database.transaction(organization=organization_id) as tx:
            row = await queries.sample(tx.session, sample_id, lock=True)
            if row is not None:
                _settle(row, found)
                await audit.record(tx.session, None, f"catalog.sample.{row.status.lower()}", "sample", row.id)
                await service.settled(tx.session, row)
    async with runtime.database.transaction(organization=organization_id) as tx:
        await uploads.discard(tx.session, runtime, upload_id)


async def _found(runtime: Runtime, row: Sample, upload_id: UUID, folder: Path) -> dict[str, Any]:
    path = folder / "file"
    try:
        async with runtime.database.transaction(organization=row.organization_id, read_only=True) as tx:
            size, digest = await uploads.assemble(tx.session, runtime, upload_id, path)
    except NotFound:
        return {"refused": {"code": "UPLOAD_GONE", "params": {}}}
    drawn = folder / "drawn"
    await asyncio.to_thread(drawn.mkdir)
    task = {"do": "examine", "source": str(path), "named": row.name, "folder": str(drawn), "widths": THUMBNAILS}
    try:
        answer = await confined.run(CHILD, task)
    except confined.GaveOut:
        return {"refused": {"code": "TOO_HEAVY", "params": {}}}
    return answer | {"bytes": size, "sha256": digest}


async def _keep(runtime: Runtime, row: Sample, folder: Path, found: dict[str, Any]) -> None:
    await runtime.storage.put(original_key(row.id), folder / "file", found["media_type"])
    for width in THUMBNAILS if found["drawn"] else ():
        await runtime.storage.put(thumbnail_key(row.id, width), folder / "drawn" / f"{width}.jpg", IMAGE)


def _settle(row: Sample, found: dict[str, Any]) -> None:
    if refused := found.get("refused"):
        row.status, row.problem = SampleStatus.REFUSED.value, refused
        return
    row.status = SampleStatus.READY.value
    row.storage_key = original_key(row.id)
    for name in ("format", "media_type", "sha256", "bytes", "pages", "duration_ms", "width", "height"):
        setattr(row, name, found[name])
    row.has_thumbnail = found["drawn"]
    row.details = {name: found[name] for name in ("title", "sizes", "parts")}
    if found["misnamed"]:
        row.problem = {"code": "MISNAMED", "params": {"name": row.name[:80], "format": found["format"]}}


async def forget(runtime: Runtime, sample_id: UUID) -> None:
    """Delete the files of a removed sample."""
    await runtime.storage.delete(original_key(sample_id))
    for width in THUMBNAILS:
        await runtime.storage.delete(thumbnail_key(sample_id, width))
