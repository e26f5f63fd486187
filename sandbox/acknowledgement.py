"""The answer to a message: AcknowledgementMessage of the ERN choreography for cloud-based storage (Part 3, 1.8)."""

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from sandbox.message import ReleaseIds
from sandbox.refusals import Refusal
from sandbox.settings import Platform

NAMESPACE = "http://ddex.net/xml/ern-c-sftp/18"
AVS_VERSION = "9"
REASONS_SHOWN = 100

AVAILABLE = "ReleaseMadeAvailableToConsumers"
INGESTED = "SuccessfullyIngestedByReleaseDistributor"
NOT_AVAILABLE = "ReleaseNotAvailable"
REFUSED = "ProcessingErrorAtReleaseDistributor"


@dataclass(frozen=True)
class Answer:
    """What is said of one message. Without refusals it is accepted."""

    message_id: str
    kind: str
    sender: str
    ids: ReleaseIds | None
    batch_id: str | None
    status: str
    refusals: tuple[Refusal, ...]
    decided_at: datetime


def stamp(instant: datetime) -> str:
    """``YYYYMMDDhhmmssnnn``, as the choreography writes times in names."""
    return f"{instant:%Y%m%d%H%M%S}{instant.microsecond // 1000:03d}"


def file_name(answer: Answer) -> str:
    """``ACK_{MessageId}_{YYYYMMDDhhmmssnnn}.xml``"""
    return f"ACK_{re.sub('[^A-Za-z0-9.-]', '-', answer.message_id)[:128]}_{stamp(answer.decided_at)}.xml"


def write(answer: Answer, platform: Platform) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}AcknowledgementMessage", nsmap={"ernc": NAMESPACE})
    root.set("AvsVersionId", AVS_VERSION)
    header = etree.SubElement(root, "MessageHeader")
    _add(header, "MessageId", f"{platform.party_id}-ACK-{stamp(answer.decided_at)}")
    sender = etree.SubElement(header, "MessageSender")
    _add(sender, "PartyId", platform.party_id)
    _add(etree.SubElement(sender, "PartyName"), "FullName", platform.name)
    if answer.sender:
        _add(etree.SubElement(header, "MessageRecipient"), "PartyId", answer.sender)
    _add(header, "MessageCreatedDateTime", f"{answer.decided_at:%Y-%m-%dT%H:%M:%SZ}")
    release = etree.SubElement(root, "ReleaseStatus")
    _add_release_id(release, answer.ids)
    _add(release, "ReleaseStatus", answer.status)
    acknowledgement = etree.SubElement(release, "Acknowledgement")
    _add(acknowledgement, "MessageType", answer.kind)
    if answer.batch_id:
        _add(acknowledgement, "BatchId", answer.batch_id)
    _add(acknowledgement, "MessageId", answer.message_id)
    if not answer.refusals:
        _add(etree.SubElement(acknowledgement, "MessageStatus"), "Status", "FileOK")
    for refusal in answer.refusals[:REASONS_SHOWN]:
        status = etree.SubElement(acknowledgement, "MessageStatus")
        value = _add(status, "Status", refusal.status)
        value.set("Namespace", platform.party_id)
        value.set("UserDefinedValue", refusal.code)
        _add(status, "StatusMessage", f"{refusal.path} | {refusal.sentence}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_release_id(release: etree._Element, ids: ReleaseIds | None) -> None:
    if ids is None or not ids.all:
        return
    node = etree.SubElement(release, "ReleaseId")
    if ids.grid is not None:
        _add(node, "GRid", ids.grid.text)
    if ids.icpn is not None:
        _add(node, "ICPN", ids.icpn.text)
    for identifier in ids.proprietary_ids:
        _add(node, "ProprietaryId", identifier.text).set("Namespace", identifier.namespace)


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, name)
    node.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return node


_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
