"""The album of the story: two folk songs of the demo catalogue, played by synthesis, and its cover, drawn by code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from banmao.demo import audio, covers, works

ALBUM = "邕江民谣"
COVER_PIXELS = 3000


@dataclass(frozen=True, slots=True)
class Song:
    slug: str
    title: str
    splits: list[dict[str, Any]] = field(default_factory=list)

    def audio(self) -> bytes:
        """The song as 24-bit FLAC."""
        return audio.render(_work(self.slug)["melody"])


SONGS = (
    Song(
        "cn-liu-san-jie-shan-ge",
        "刘三姐山歌",
        [
            {"payee": "韦小云", "role": "MainArtist", "share": "0.5"},
            {"payee": "农雅婷", "role": "Arranger", "share": "0.3333"},
            {"payee": "邕江音像", "role": "Producer", "share": "0.1667"},
        ],
    ),
    Song("cn-mo-li-hua", "茉莉花", [{"payee": "韦小云", "role": "MainArtist", "share": "1"}]),
)


def _work(slug: str) -> dict[str, Any]:
    return next(work for work in works() if work["slug"] == slug)


def cover() -> bytes:
    """A JPEG of 3,000 × 3,000 pixels."""
    return covers.raster(covers.draw(_work(SONGS[0].slug)), COVER_PIXELS)
