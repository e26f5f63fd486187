"""What a platform answers: AcknowledgementMessage of DDEX ERN Part 3 (choreography, edition 1.8), read.

Element names are matched by their local part, since editions differ in their namespace. One ReleaseStatus is expected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from lxml import etree

from distribution.messages import xml
from distribution.problems import Problem
from hub.errors import Invalid
from hub.i18n import Message, _

MAX_BYTES: Final = 1024 * 1024
MOST_REASONS: Final = 100
LONGEST_REASON: Final = 1000

_FILE_NAME = re.compile(r"ACK_(?P<message>[A-Za-z0-9.-]{1,200})_(?P<time>[0-9]{17})\.xml", re.ASCII)
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.-]")


class Verdict(StrEnum):
    """AVS SupplyChainStatus, as far as platforms answer with it."""

    LIVE = "ReleaseMadeAvailableToConsumers"
    ACCEPTED = "SuccessfullyIngestedByReleaseDistributor"
    GONE = "ReleaseNotAvailable"
    REFUSED = "ProcessingErrorAtReleaseDistributor"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The platform's verdict on one message; `problems` says why it was refused, in the platform's own words."""

    message_id: str
    verdict: Verdict
    sender: str
    created: datetime
    problems: tuple[Problem, ...]


def name_part(message_id: str) -> str:
    """A MessageId as it is written in the name of its acknowledgement."""
    return _NOT_IN_NAMES.sub("-", message_id)


def answers(file_name: str, message_id: str) -> bool:
    """Whether a file of this name acknowledges that message."""
    found = _FILE_NAME.fullmatch(file_name)
    return found is not None and found["message"] == name_part(message_id)


def read(content: bytes) -> Acknowledgement:
    """Read an acknowledgement. Raises `hub.errors.Invalid` with the field (element) that is missing or not understood."""
    root = xml.parse(content, MAX_BYTES)
    if etree.QName(root).localname != "AcknowledgementMessage":
        raise Invalid(_("This is not an acknowledgement."), field=etree.QName(root).localname)
    header = _child(root, "MessageHeader")
    status = _child(root, "ReleaseStatus")
    answered = _child(status, "Acknowledgement")
    try:
        verdict = Verdict(_text(status, "ReleaseStatus"))
        created = datetime.fromisoformat(_text(header, "MessageCreatedDateTime"))
    except ValueError as error:
        raise Invalid(_("The platform's answer is not understood."), field="ReleaseStatus") from error
    reasons = tuple(_reasons(answered))
    if (verdict is Verdict.REFUSED) != bool(reasons):
        raise Invalid(_("The platform's answer contradicts itself."), field="MessageStatus")
    return Acknowledgement(
        message_id=_text(answered, "MessageId"),
        verdict=verdict,
        sender=_text(_child(header, "MessageSender"), "PartyId"),
        created=created if created.tzinfo else created.replace(tzinfo=UTC),
        problems=reasons,
    )


def _reasons(answered: etree._Element) -> list[Problem]:
    found = []
    for element in [child for child in answered if etree.QName(child).localname == "MessageStatus"][:MOST_REASONS]:
        status = _child(element, "Status")
        if (status.text or "").strip() == "FileOK":
            continue
        code = status.get("UserDefinedValue") or (status.text or "").strip() or "REFUSED"
        path, separator, sentence = _text(element, "StatusMessage", optional=True).partition(" | ")
        words = (sentence if separator else path)[:LONGEST_REASON]
        message: Message = (
            _("The platform refused it and says: “%(reason)s”", reason=words)
            if words
            else _("The platform refused it with the code %(code)s.", code=code)
        )
        found.append(Problem(code[:64], message, (path if separator else "")[:200] or None))
    return found


def _child(parent: etree._Element, name: str) -> etree._Element:
    for child in parent:
        if etree.QName(child).localname == name:
            return child
    raise Invalid(_("The platform's answer is incomplete: %(element)s is missing.", element=name), field=name)


def _text(parent: etree._Element, name: str, *, optional: bool = False) -> str:
    if optional and all(etree.QName(child).localname != name for child in parent):
        return ""
    return (_child(parent, name).text or "").strip()
