"""Release by release, as DDEX's choreographies for cloud storage and SFTP have it.

    {inbox}/N_{ReleaseId}_{YYYYMMDDhhmmssnnn}/{ReleaseId}.xml
    {inbox}/N_{ReleaseId}_{YYYYMMDDhhmmssnnn}/resources/…
    {acknowledgements}/ACK_{MessageId}_….xml

Resources go first and the message last, so that a delivery without its message is no delivery. What arrived is not sent
again: a delivery can be taken up by another worker at any point.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from distribution.channels.base import Connection, is_plain_name
from distribution.messages import ack
from distribution.messages.ack import Acknowledgement

NORMAL: Final = "N"
PRIORITY: Final = "P"

Local = Callable[[str], Awaitable[Path]]
"""Brings the object under a storage key to a local file."""

Progress = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Resource:
    """A file beside the message: `uri` as the message names it, where it is stored, and its size in bytes."""

    uri: str
    storage_key: str
    size: int


@dataclass(frozen=True, slots=True)
class Package:
    """One message about one release with its files, the same however often it is sent."""

    folder: str
    release_id: str
    message_id: str
    message: Path
    resources: Sequence[Resource]

    @property
    def message_name(self) -> str:
        return f"{self.release_id}.xml"


def folder_name(release_id: str, moment: datetime, priority: str = NORMAL) -> str:
    """`N_9501101530003_20261123093015123`: priority, release and the moment in UTC to the millisecond."""
    if not is_plain_name(release_id):
        raise ValueError(f"not a release identifier: {release_id!r}")
    stamp = moment.astimezone(UTC)
    return f"{priority}_{release_id}_{stamp:%Y%m%d%H%M%S}{stamp.microsecond // 1000:03d}"


async def send(
    partner: Connection, inbox: str, package: Package, local: Local, progress: Progress | None = None
) -> None:
    """Put the package into the inbox: every resource that is not there whole, then the message.

    `progress` is told how many files are there after each.
    """
    base = f"{inbox.rstrip('/')}/{package.folder}"
    for sent, resource in enumerate(package.resources, 1):
        path = f"{base}/{resource.uri}"
        if await partner.size(path) != resource.size:
            await partner.upload(await local(resource.storage_key), path)
        if progress is not None:
            await progress(sent)
    await partner.upload(package.message, f"{base}/{package.message_name}")
    if progress is not None:
        await progress(len(package.resources) + 1)


async def acknowledgement(partner: Connection, folder: str, message_id: str) -> tuple[Acknowledgement, bytes] | None:
    """The partner's verdict on a message and the file that it stands in, or None while there is none.

    Raises `hub.errors.Invalid` when the file is not understood.
    """
    for file in await partner.files(folder):
        if ack.answers(file.name, message_id):
            content = await partner.read(f"{folder.rstrip('/')}/{file.name}", ack.MAX_BYTES)
            verdict = ack.read(content)
            if verdict.message_id == message_id:
                return verdict, content
    return None
