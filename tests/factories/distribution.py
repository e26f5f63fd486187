"""A message, a sound and a picture that are in order, for tests to break one thing at a time."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import numpy as np
import soundfile
from PIL import Image as Picture

from distribution.messages.model import (
    Audio,
    Contributor,
    Deal,
    File,
    Image,
    MessagingParty,
    NewReleaseMessage,
    Party,
    Release,
    ReleaseDeal,
    RightsLine,
    SoundRecording,
    TrackRelease,
)

GTIN = "9501101530003"
SENDER = MessagingParty("PADPIDA2026112301B", "Banmao")
RECIPIENT = MessagingParty("PADPIDA2026010101N", "Nusantara Play")


def recording(number: int = 1) -> SoundRecording:
    return SoundRecording(
        reference=f"A{number}",
        isrc=f"AA6Q726{number:05d}",
        title=["刘三姐", "山歌好比春江水", "漓江夜"][(number - 1) % 3],
        display_artist="南宁民歌合唱团",
        artists=("PArtist",),
        contributors=(Contributor("PComposer", ("Composer", "Arranger")),),
        duration_ms=61_500 + number,
        p_line=RightsLine(2026, "广西声像社"),
        audio=Audio(
            File(f"resources/{GTIN}_01_{number:03d}.flac", f"{number:064x}", 4_096 + number), "FLAC", 44_100, 2, 16
        ),
        language="zh",
        explicit=False,
    )


def message(tracks: int = 2) -> NewReleaseMessage:
    recordings = tuple(recording(number) for number in range(1, tracks + 1))
    deal = Deal(("TH", "VN"), date(2026, 12, 1), None, ("SubscriptionModel",), ("OnDemandStream",))
    return NewReleaseMessage(
        message_id="BM-6f1c",
        thread_id="BM-thread-1",
        sender=SENDER,
        recipient=RECIPIENT,
        created=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        language="zh",
        avs_version="9",
        parties=(
            Party("PLabel", "广西声像社", "zh"),
            Party("PArtist", "南宁民歌合唱团", "zh"),
            Party("PComposer", "Traditional", "en", "0000000121032683"),
        ),
        recordings=recordings,
        images=(Image("ACover", f"{GTIN}-cover", File(f"resources/{GTIN}.jpg", "a" * 64, 90_000), "JPEG", 3000, 3000),),
        release=Release(
            reference="R0",
            type="Single",
            proprietary_id="BM0001",
            icpn=GTIN,
            title="壮乡的歌",
            display_artist="南宁民歌合唱团",
            artists=("PArtist",),
            label="PLabel",
            p_line=RightsLine(2026, "广西声像社"),
            c_line=RightsLine(2026, "广西声像社"),
            genre="Folk",
            release_date=date(2026, 12, 1),
            duration_ms=sum(item.duration_ms for item in recordings),
            resources=tuple(item.reference for item in recordings),
            cover="ACover",
            language="zh",
            explicit=False,
        ),
        track_releases=tuple(
            TrackRelease(f"R{number}", f"BM0001-{number}", item.reference, "PLabel", "Folk")
            for number, item in enumerate(recordings, 1)
        ),
        release_deals=(ReleaseDeal(("R0", *(f"R{number}" for number in range(1, tracks + 1))), (deal,)),),
    )


def sound(
    seconds: float = 1.5,
    *,
    rate: int = 44_100,
    channels: int = 2,
    subtype: str = "PCM_16",
    container: str = "FLAC",
    level: float = 0.4,
) -> bytes:
    """A sine of 440 Hz, as a file."""
    times = np.arange(int(seconds * rate)) / rate
    wave = np.clip(level * np.sin(2 * np.pi * 440 * times), -1, 1)
    file = io.BytesIO()
    soundfile.write(file, np.column_stack([wave] * channels), rate, subtype=subtype, format=container)
    return file.getvalue()


def picture(width: int = 1400, height: int = 1400, *, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Picture.new(mode, (width, height), 128).save(file, kind)
    return file.getvalue()
