"""The record of what came and what was answered. A verdict, its effect and its answer are written in one transaction."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.acknowledgement import Answer, file_name, write
from sandbox.inbox import Delivery
from sandbox.settings import Platform


@dataclass(frozen=True)
class Earlier:
    """A verdict that a MessageId has already had."""

    sha256: str
    status: str
    ack_name: str
    ack: bytes


def earlier(connection: sqlite3.Connection, platform: str, sender: str, message_id: str) -> Earlier | None:
    row = connection.execute(
        "SELECT sha256, status, ack_name, ack FROM messages WHERE platform = ? AND sender = ? AND message_id = ? AND counts = 1",
        (platform, sender, message_id),
    ).fetchone()
    return Earlier(**dict(row)) if row else None


def is_decided(connection: sqlite3.Connection, platform: str, delivery_key: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM messages WHERE platform = ? AND delivery = ?", (platform, delivery_key)
    ).fetchone()
    return row is not None


def record(
    connection: sqlite3.Connection,
    platform: Platform,
    delivery: Delivery,
    delivery_key: str,
    answer: Answer,
    *,
    sha256: str,
    counts: bool,
    received_at: datetime,
    repeats: Earlier | None = None,
) -> None:
    """Write a verdict down with its answer, to be placed afterwards. ``repeats``: the answer given earlier is given again."""
    reasons = [{"code": r.code, "status": r.status, "path": r.path, "sentence": r.sentence} for r in answer.refusals]
    verdict = "repeated" if repeats else "refused" if answer.refusals else "accepted"
    connection.execute(
        """
        INSERT INTO messages (platform, delivery, folder, batch_id, sender, message_id, kind, release_ids, sha256, verdict,
                              counts, status, reasons, ack_name, ack, received_at, decided_at)
        VALUES (:platform, :delivery, :folder, :batch_id, :sender, :message_id, :kind, :release_ids, :sha256, :verdict, :counts,
                :status, :reasons, :ack_name, :ack, :received_at, :decided_at)
        """,
        {
            "platform": platform.id,
            "delivery": delivery_key,
            "folder": delivery.path.name.partition(".")[0],
            "batch_id": delivery.batch_id,
            "sender": answer.sender,
            "message_id": answer.message_id,
            "kind": answer.kind,
            "release_ids": json.dumps(answer.ids.all if answer.ids else []),
            "sha256": sha256,
            "verdict": verdict,
            "counts": counts,
            "status": repeats.status if repeats else answer.status,
            "reasons": json.dumps(reasons, ensure_ascii=False),
            "ack_name": repeats.ack_name if repeats else file_name(answer),
            "ack": repeats.ack if repeats else write(answer, platform),
            "received_at": received_at.isoformat(timespec="milliseconds"),
            "decided_at": answer.decided_at.isoformat(timespec="milliseconds"),
        },
    )


def unplaced(connection: sqlite3.Connection, platform: str) -> list[sqlite3.Row]:
    """Answers that are decided but may not lie in the acknowledgements folder yet."""
    return connection.execute(
        "SELECT id, ack_name, ack FROM messages WHERE platform = ? AND ack_placed = 0 ORDER BY id", (platform,)
    ).fetchall()


def mark_placed(connection: sqlite3.Connection, message: int) -> None:
    connection.execute("UPDATE messages SET ack_placed = 1 WHERE id = ?", (message,))


def shown(connection: sqlite3.Connection, platform: str, message_id: str | None) -> list[dict[str, Any]]:
    """Every message as `GET /platforms/{id}/messages` tells it, the newest first; of one MessageId when it is given."""
    rows = connection.execute(
        "SELECT * FROM messages WHERE platform = :platform AND (:id IS NULL OR message_id = :id) ORDER BY id DESC",
        {"platform": platform, "id": message_id},
    ).fetchall()
    plain = (
        "message_id",
        "kind",
        "sender",
        "folder",
        "batch_id",
        "verdict",
        "status",
        "received_at",
        "decided_at",
    )
    return [
        {
            **{name: row[name] for name in plain},
            "acknowledgement": row["ack_name"],
            "release_ids": json.loads(row["release_ids"]),
            "reasons": json.loads(row["reasons"]),
        }
        for row in rows
    ]
