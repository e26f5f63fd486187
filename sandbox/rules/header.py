"""The message header: who sends it, to whom, when (ERN MessageHeader)."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from sandbox.message import Header
from sandbox.refusals import Refusal
from sandbox.settings import Platform

MESSAGE_ID_LENGTH = 128
CLOCKS_MAY_DIFFER = timedelta(days=1)


def judge(header: Header, platform: Platform, senders: Collection[str], now: datetime) -> Iterator[Refusal]:
    if not header.message_id.text or len(header.message_id.text) > MESSAGE_ID_LENGTH:
        sentence = f"A message needs a MessageId of 1 to {MESSAGE_ID_LENGTH} characters."
        yield Refusal("MESSAGE_ID", header.message_id.path, sentence)
    if header.sender.text not in senders:
        sentence = f'{platform.name} has no contract with "{header.sender.text}".'
        yield Refusal("SENDER_UNKNOWN", header.sender.path, sentence)
    if platform.party_id not in {recipient.text for recipient in header.recipients}:
        path = header.recipients[0].path if header.recipients else header.path
        yield Refusal("RECIPIENT_WRONG", path, f"This message is not for {platform.name} ({platform.party_id}).")
    created = _instant(header.created.text)
    if created is None:
        yield Refusal("MESSAGE_DATE", header.created.path, f'"{header.created.text}" is not a date and time.')
    elif created > now + CLOCKS_MAY_DIFFER:
        yield Refusal(
            "MESSAGE_DATE",
            header.created.path,
            f"The message says it was created in the future: {header.created.text}.",
        )


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
