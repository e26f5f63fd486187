"""What a platform holds and has on sale, and since when: releases, tracks, recordings and windows of availability."""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sandbox.acknowledgement import AVAILABLE, INGESTED, NOT_AVAILABLE
from sandbox.media import Audio
from sandbox.message import Message, Release
from sandbox.rules.deals import Grant
from sandbox.rules.resources import Holdings

Slot: TypeAlias = tuple[str, str, str, str]
Period: TypeAlias = tuple[date, date | None]


@dataclass(frozen=True)
class Held:
    """What is known of a release from messages that were accepted."""

    key: str
    sender: str
    stamp: str
    has_cover: bool


def held_releases(connection: sqlite3.Connection, platform: str, identifiers: Iterable[str]) -> list[Held]:
    """The releases that answer to any of these identifiers: none when it is new, several when they contradict each other."""
    named = json.dumps(list(identifiers))
    rows = connection.execute(
        """
        SELECT DISTINCT release_key, sender, stamp, has_cover FROM releases JOIN identifiers USING (platform, release_key)
        WHERE platform = ? AND identifier IN (SELECT value FROM json_each(?)) ORDER BY release_key
        """,
        (platform, named),
    ).fetchall()
    return [Held(row["release_key"], row["sender"], row["stamp"], bool(row["has_cover"])) for row in rows]


def holdings(connection: sqlite3.Connection, platform: str, isrcs: Iterable[str], release: Held | None) -> Holdings:
    found = {}
    for isrc in isrcs:
        row = connection.execute(
            "SELECT seconds, fingerprint FROM recordings WHERE platform = ? AND isrc = ?", (platform, isrc)
        ).fetchone()
        if row:
            found[isrc] = Audio(row["seconds"], row["fingerprint"])
    return Holdings(found, release is not None and release.has_cover)


def supply_status(grants: Iterable[Grant], today: date) -> str:
    """AVS SupplyChainStatus of a release with these deals."""
    running = [grant for grant in grants if grant.ends is None or grant.ends > today]
    if any(grant.starts <= today for grant in running):
        return AVAILABLE
    return INGESTED if running else NOT_AVAILABLE


def accept(
    connection: sqlite3.Connection,
    platform: str,
    message: Message,
    grants: list[Grant],
    heard: Mapping[str, Audio],
    *,
    stamp: str,
    has_cover: bool,
    today: date,
) -> None:
    """Let a message replace what was known of its release: the past stays as it was told, today and later follow the message."""
    release = message.releases[0]
    known = held_releases(connection, platform, release.ids.all)
    key = known[0].key if known else release.ids.all[0]
    _end_windows(connection, platform, key, today)
    _store_release(connection, platform, key, message, release, stamp=stamp, has_cover=has_cover)
    for isrc, audio in heard.items():
        connection.execute(
            "INSERT INTO recordings VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (platform, isrc, _own_id(platform, isrc), audio.seconds, audio.fingerprint),
        )
    held = holdings(connection, platform, (recording.isrcs[0].text for recording in message.primary()), None).recordings
    connection.executemany(
        "INSERT INTO windows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (platform, key, *slot, starts.isoformat(), ends.isoformat() if ends else None)
            for slot, periods in _slots(message, grants).items()
            if slot[0] in held
            for starts, ends in _merged(periods, not_before=today if known else None)
        ],
    )


def purge(
    connection: sqlite3.Connection, platform: str, release_key: str, message_id: str, *, stamp: str, today: date
) -> None:
    """Remove a release for good, from today; what it sold before stays."""
    _end_windows(connection, platform, release_key, today)
    connection.execute(
        "UPDATE releases SET purged_on = ?, stamp = ?, message_id = ? WHERE platform = ? AND release_key = ?",
        (today.isoformat(), stamp, message_id, platform, release_key),
    )


def shown(connection: sqlite3.Connection, platform: str, today: date) -> list[dict[str, Any]]:
    """The releases as `GET /platforms/{id}/releases` tells them: the state of all, and what is on sale on a day."""
    releases = connection.execute(
        "SELECT * FROM releases WHERE platform = ? ORDER BY release_key", (platform,)
    ).fetchall()
    return [_shown_release(connection, platform, release, today) for release in releases]


def _end_windows(connection: sqlite3.Connection, platform: str, release_key: str, today: date) -> None:
    where = (today.isoformat(), platform, release_key)
    connection.execute("DELETE FROM windows WHERE starts >= ? AND platform = ? AND release_key = ?", where)
    connection.execute(
        "UPDATE windows SET ends = ? WHERE platform = ? AND release_key = ? AND (ends IS NULL OR ends > ?)",
        (*where, where[0]),
    )


def _store_release(
    connection: sqlite3.Connection,
    platform: str,
    key: str,
    message: Message,
    release: Release,
    *,
    stamp: str,
    has_cover: bool,
) -> None:
    ids = release.ids
    connection.execute(
        """
        INSERT INTO releases
        VALUES (:platform, :key, :sender, :dsp, :icpn, :grid, :own, :type, :title, :artist, :cover, :stamp, :message, NULL)
        ON CONFLICT DO UPDATE SET icpn = :icpn, grid = :grid, proprietary_ids = :own, type = :type, title = :title,
            artist = :artist, has_cover = :cover, stamp = :stamp, message_id = :message, purged_on = NULL
        """,
        {
            "platform": platform,
            "key": key,
            "sender": message.header.sender.text,
            "dsp": _own_id(platform, key),
            "icpn": ids.icpn.text if ids.icpn else "",
            "grid": ids.grid.text if ids.grid else "",
            "own": json.dumps([str(identifier) for identifier in ids.proprietary_ids]),
            "type": release.type.text,
            "title": release.title.text,
            "artist": release.artist.text,
            "cover": has_cover,
            "stamp": stamp,
            "message": message.header.message_id.text,
        },
    )
    connection.executemany(
        "INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?)", [(platform, identifier, key) for identifier in ids.all]
    )
    connection.execute("UPDATE tracks SET position = 0 WHERE platform = ? AND release_key = ?", (platform, key))
    for position, recording in enumerate(message.primary(), start=1):
        own = json.dumps([str(identifier) for identifier in recording.proprietary_ids])
        connection.execute(
            "INSERT OR REPLACE INTO tracks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (platform, key, recording.isrcs[0].text, position, recording.title.text, recording.artist.text, own),
        )


def _own_id(platform: str, key: str) -> str:
    """The identifier that the platform gives a release or recording: the same whenever it comes."""
    return hashlib.sha256(f"{platform}|{key}".encode()).hexdigest()[:12].upper()


def _slots(message: Message, grants: list[Grant]) -> dict[Slot, list[Period]]:
    """Every (ISRC, territory, commercial model, use type) that the deals open, with its periods as written."""
    main = message.releases[0].reference.text
    track_releases = {track.resource.text: track.reference.text for track in message.track_releases}
    slots: defaultdict[Slot, list[Period]] = defaultdict(list)
    for recording in message.primary():
        own = {main, track_releases[recording.reference.text]}
        for grant in grants:
            if grant.releases & own:
                for territory in grant.territories:
                    for model, use in grant.terms:
                        slots[recording.isrcs[0].text, territory, model, use].append((grant.starts, grant.ends))
    return slots


def _merged(periods: list[Period], not_before: date | None) -> list[Period]:
    """The union of half-open periods, cut at ``not_before``."""
    merged: list[Period] = []
    for starts, ends in sorted(periods, key=lambda period: period[0]):
        starts = max(starts, not_before) if not_before else starts
        if ends is not None and ends <= starts:
            continue
        if merged and (merged[-1][1] is None or starts <= merged[-1][1]):
            last_starts, last_ends = merged[-1]
            merged[-1] = (last_starts, None if last_ends is None or ends is None else max(last_ends, ends))
        else:
            merged.append((starts, ends))
    return merged


def _shown_release(connection: sqlite3.Connection, platform: str, release: sqlite3.Row, today: date) -> dict[str, Any]:
    key = (platform, release["release_key"])
    tracks = connection.execute(
        """
        SELECT isrc, position, title, artist, dsp_resource_id, seconds FROM tracks LEFT JOIN recordings USING (platform, isrc)
        WHERE platform = ? AND release_key = ? AND position > 0 ORDER BY position
        """,
        key,
    ).fetchall()
    windows = connection.execute(
        """
        SELECT * FROM windows WHERE platform = ? AND release_key = ? AND (ends IS NULL OR ends > ?)
        ORDER BY territory, isrc, commercial_model, use_type
        """,
        (*key, today.isoformat()),
    ).fetchall()
    territories: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for window in windows:
        if window["starts"] <= today.isoformat():
            names = ("isrc", "commercial_model", "use_type")
            territories[window["territory"]].append(
                {name: window[name] for name in names} | {"from": window["starts"], "until": window["ends"]}
            )
    if release["purged_on"]:
        status = "purged"
    elif territories:
        status = "live"
    else:
        status = "scheduled" if windows else "taken_down"
    return {
        "status": status,
        **{
            name: release[name]
            for name in (
                "icpn",
                "grid",
                "sender",
                "type",
                "title",
                "artist",
                "dsp_release_id",
                "message_id",
                "purged_on",
            )
        },
        "proprietary_ids": json.loads(release["proprietary_ids"]),
        "tracks": [
            {
                **{name: track[name] for name in ("isrc", "position", "title", "artist", "dsp_resource_id")},
                "duration_ms": round(track["seconds"] * 1000) if track["seconds"] is not None else None,
            }
            for track in tracks
        ],
        "territories": dict(territories),
    }
