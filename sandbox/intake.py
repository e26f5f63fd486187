"""Take deliveries out of an inbox, judge them, answer. Every step may be the last one before a kill, and is safe to take again.

inbox/FOLDER → work/FOLDER.NONCE → (one transaction) verdict, effect and answer → acknowledgements/ACK… → kept/FOLDER.NONCE
"""

import hashlib
import logging
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sandbox import acknowledgement, catalogue, database, inbox, manifest, rules, verdicts
from sandbox.acknowledgement import Answer
from sandbox.home import Home, Paths
from sandbox.inbox import Delivery, Folder
from sandbox.message import Message, understand
from sandbox.reading import Unreadable, read_message
from sandbox.refusals import TRANSPORT, Refusal
from sandbox.rules import deals, resources
from sandbox.schema import Schema
from sandbox.settings import Platform, Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Judgement:
    """What came of one message: what it says as far as it could be read, the reasons against it, or how to carry it out."""

    status: str
    refusals: tuple[Refusal, ...] = ()
    carry_out: Callable[[sqlite3.Connection], None] | None = None
    message: Message | None = None
    sha256: str = ""


class Intake:
    """One platform's reception desk; used by one thread at a time."""

    def __init__(
        self, platform: Platform, settings: Settings, home: Home, schema: Schema | None, today: Callable[[], date]
    ) -> None:
        self.platform = platform
        self.paths: Paths = home.paths(platform)
        self._settings = settings
        self._limits = settings.limits
        self._schema = schema
        self._today = today
        self._watch = inbox.Watch()
        self._settle = (
            settings.limits.s3_settle_seconds if platform.protocol == "s3" else settings.limits.settle_seconds
        )

    def step(self, connection: sqlite3.Connection) -> None:
        """Finish what was begun, then take and judge whatever is ripe in the inbox."""
        self.paths.create()
        self._place_answers(connection)
        for entry in sorted(self.paths.work.iterdir()):
            self._handle(connection, entry)
        found = inbox.folders(self.paths.inbox)
        self._watch.forget_all_but({folder.path for folder in found})
        for folder in found:
            if self._is_ripe(folder):
                self._handle(connection, self._take(folder))

    def _is_ripe(self, folder: Folder) -> bool:
        still = self._watch.still_for(folder.path)
        if folder.batch_id is not None:
            return (folder.path / manifest.file_name(folder.batch_id)).is_file() and still >= self._settle
        if still < self._settle:
            return False
        if not folder.release_id:
            return still >= self._limits.quiet_seconds
        delivery = Delivery(folder.path, folder.release_id, folder.stamp)
        arrival = self._watch.arrival(folder.path, lambda: inbox.assess(delivery, self._limits))
        return arrival.whole or arrival.hopeless or still >= self._limits.quiet_seconds

    def _take(self, folder: Folder) -> Path:
        taken = self.paths.work / f"{folder.path.name[:200]}.{secrets.token_hex(4)}"
        folder.path.rename(taken)
        return taken

    def _handle(self, connection: sqlite3.Connection, entry: Path) -> None:
        """Judge every delivery of a taken folder that has no verdict yet, place the answers, put the folder away."""
        for delivery in self._deliveries(entry):
            key = delivery.path.relative_to(self.paths.work).as_posix()
            if not verdicts.is_decided(connection, self.platform.id, key):
                self._decide(connection, delivery, key)
        self._place_answers(connection)
        entry.rename(self.paths.kept / entry.name)

    def _deliveries(self, entry: Path) -> list[Delivery]:
        name = entry.name.rpartition(".")[0]
        if match := inbox.RELEASE_FOLDER.fullmatch(name):
            return [Delivery(entry, match["release"], match["stamp"])]
        if match := inbox.BATCH_FOLDER.fullmatch(name):
            parts = sorted(part for part in entry.iterdir() if part.is_dir() and not part.is_symlink())
            return [Delivery(part, part.name, match["stamp"], batch_id=match["stamp"]) for part in parts] or [
                Delivery(entry, "", match["stamp"], batch_id=match["stamp"])
            ]
        return [Delivery(entry, "", "")]

    def _place_answers(self, connection: sqlite3.Connection) -> None:
        for row in verdicts.unplaced(connection, self.platform.id):
            self.paths.publish(self.paths.acknowledgements, row["ack_name"], row["ack"])
            verdicts.mark_placed(connection, row["id"])

    def _decide(self, connection: sqlite3.Connection, delivery: Delivery, key: str) -> None:
        received_at = datetime.now(UTC)
        opened = self._guarded(delivery, lambda: self._open(delivery))
        message = opened.message
        sender = message.header.sender.text if message else ""
        message_id = message.header.message_id.text if message else ""
        earlier = verdicts.earlier(connection, self.platform.id, sender, message_id) if message_id else None
        repeats = earlier is not None and earlier.sha256 == opened.sha256
        if repeats:
            judgement = _Judgement(status="")
        elif earlier is not None and message is not None:
            sentence = f"{message_id} was the id of another message: a MessageId is never used again."
            refusal = Refusal("MESSAGE_ID_REUSED", message.header.message_id.path, sentence)
            judgement = _Judgement(acknowledgement.REFUSED, (refusal,))
        elif opened.refusals or message is None:
            judgement = _Judgement(acknowledgement.REFUSED, opened.refusals)
        else:
            judgement = self._guarded(delivery, lambda: self._weigh(connection, delivery, message, received_at))
        answer = Answer(
            message_id=message_id or _stand_in(delivery),
            kind=message.kind if message else "NewReleaseMessage",
            sender=sender,
            ids=message.ids if message else None,
            batch_id=delivery.batch_id,
            status=judgement.status,
            refusals=judgement.refusals,
            decided_at=datetime.now(UTC),
        )
        with database.transaction(connection):
            if judgement.carry_out:
                judgement.carry_out(connection)
            verdicts.record(
                connection,
                self.platform,
                delivery,
                key,
                answer,
                sha256=opened.sha256,
                counts=earlier is None and bool(message_id) and not _only_transport(judgement.refusals),
                received_at=received_at,
                repeats=earlier if repeats else None,
            )
        if judgement.refusals or repeats:
            shutil.rmtree(delivery.path / "resources", ignore_errors=True)

    def _guarded(self, delivery: Delivery, work: Callable[[], _Judgement]) -> _Judgement:
        """Do a piece of judging; a failure of our own refuses this delivery, and no other has to wait for it."""
        try:
            return work()
        except Exception:
            log.exception("%s: %s could not be judged", self.platform.id, delivery.path.name)
            sentence = "The platform failed to judge this message; it may be sent again."
            return _Judgement(acknowledgement.REFUSED, (Refusal("INTERNAL", delivery.xml_name, sentence),))

    def _open(self, delivery: Delivery) -> _Judgement:
        """Read a delivery's message as far as it goes, its digest, and what stands against reading on."""
        if not delivery.release_id or not inbox.RELEASE_ID.fullmatch(delivery.release_id):
            name = delivery.path.name.rpartition(".")[0] or delivery.path.name
            sentence = f'"{name}" is not named as a delivery: {{P|N|L}}_{{ReleaseId}}_{{YYYYMMDDhhmmssnnn}}.'
            return _Judgement(acknowledgement.REFUSED, (Refusal("FOLDER_NAME", name, sentence),))
        refusals: list[Refusal] = []
        if delivery.batch_id is not None:
            refusals += manifest.judge(delivery.path.parent, delivery.batch_id, self._limits.xml_bytes)
        refusals += inbox.assess(delivery, self._limits).missing
        xml = delivery.path / delivery.xml_name
        try:
            message = understand(read_message(xml, delivery.xml_name, self._limits.xml_bytes))
        except Unreadable as unreadable:
            return _Judgement(acknowledgement.REFUSED, tuple(refusals) or (unreadable.refusal,))
        sha256 = hashlib.sha256(xml.read_bytes()).hexdigest()
        return _Judgement("", tuple(refusals), message=message, sha256=sha256)

    def _weigh(self, connection: sqlite3.Connection, delivery: Delivery, message: Message, now: datetime) -> _Judgement:
        refusals = list(self._schema.refusals(message.tree)) if self._schema else []
        refusals += rules.judge(message, self.platform, self._settings, delivery.release_id, now)
        known = catalogue.held_releases(connection, self.platform.id, message.ids.all if message.ids else [])
        refusals += _judge_history(message, delivery, known)
        today = self._today()
        if message.purged is not None:
            if refusals:
                return _Judgement(acknowledgement.REFUSED, tuple(refusals))
            return _Judgement(
                acknowledgement.NOT_AVAILABLE,
                carry_out=lambda c: catalogue.purge(
                    c, self.platform.id, known[0].key, message.header.message_id.text, stamp=delivery.stamp, today=today
                ),
            )
        grants = deals.grants(message.deals)
        status = catalogue.supply_status(grants, today)
        isrcs = [isrc.text for recording in message.recordings for isrc in recording.isrcs]
        holdings = catalogue.holdings(connection, self.platform.id, isrcs, known[0] if known else None)
        on_sale = status != acknowledgement.NOT_AVAILABLE
        inspection = resources.inspect(message, delivery.path, self.platform, self._limits, holdings, on_sale)
        refusals += inspection.refusals
        if refusals:
            return _Judgement(acknowledgement.REFUSED, tuple(refusals))
        if message.header.control.text == "TestMessage":
            return _Judgement(acknowledgement.INGESTED)
        return _Judgement(
            status,
            carry_out=lambda c: catalogue.accept(
                c,
                self.platform.id,
                message,
                grants,
                inspection.heard,
                stamp=delivery.stamp,
                has_cover=inspection.has_cover,
                today=today,
            ),
        )


def _judge_history(message: Message, delivery: Delivery, known: list[catalogue.Held]) -> Iterator[Refusal]:
    path = message.ids.path if message.ids else message.header.path
    if message.purged is not None and not known:
        yield Refusal("RELEASE_UNKNOWN", path, "There is no such release here to purge.")
    if len(known) > 1:
        sentence = "These identifiers are known here, but from different releases."
        yield Refusal("RELEASE_ID_CONFLICT", path, sentence)
    for held in known:
        if held.sender != message.header.sender.text:
            yield Refusal("RELEASE_OTHER_SENDER", path, "This release was delivered by another sender.")
        if delivery.stamp < held.stamp:
            sentence = f"A later message on this release ({held.stamp}) has already been accepted."
            yield Refusal("SUPERSEDED", delivery.path.name.partition(".")[0], sentence)


def _only_transport(refusals: tuple[Refusal, ...]) -> bool:
    return bool(refusals) and all(refusal.code in TRANSPORT for refusal in refusals)


def _stand_in(delivery: Delivery) -> str:
    name = delivery.path.name.partition(".")[0]
    return (
        f"{delivery.path.parent.name.partition('.')[0]}-{name}" if delivery.batch_id and delivery.release_id else name
    )
