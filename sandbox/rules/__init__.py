"""The platforms' own rules, beyond what the schema says. Each yields the reasons for which a message is refused."""

from collections.abc import Iterator
from datetime import datetime

from sandbox.message import Message
from sandbox.refusals import Refusal
from sandbox.rules import deals, header, identifiers, metadata, references
from sandbox.settings import Platform, Settings


def judge(
    message: Message, platform: Platform, settings: Settings, folder_release_id: str, now: datetime
) -> Iterator[Refusal]:
    """Everything that can be said of a message without opening its files or knowing the catalogue."""
    yield from header.judge(message.header, platform, settings.senders, now)
    yield from identifiers.judge_release_ids(message, folder_release_id)
    yield from metadata.judge_languages(message)
    if message.purged is not None:
        return
    yield from metadata.judge(message, now.year + 1)
    yield from references.judge(message)
    yield from identifiers.judge_recordings(message)
    yield from deals.judge(message.deals, platform)
