"""The demo's albums: traditional songs of the catalogue, played by synthesis, made ready by their labels."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from banmao.demo import audio, covers, works
from banmao.demo.deals import caller_for
from distribution import queries, service
from hub.runtime import Runtime
from hub.security import Caller

COVER_PIXELS = 3000


@dataclass(frozen=True, slots=True)
class Album:
    """`shares`: payee, role, parts of a million; the same for every track. `abroad`: `sales` sends it to every platform."""

    owner: str
    title: str
    artist: str
    songs: tuple[str, ...]
    shares: tuple[tuple[str, str, int], ...]
    abroad: bool


ALBUMS = (
    Album(
        "yongjiang-music",
        "紫竹与花鼓",
        "韦小云",
        ("cn-zi-zhu-diao", "cn-meng-jiang-nu", "cn-feng-yang-hua-gu"),
        (("韦小云", "MainArtist", 600_000), ("农雅婷", "Arranger", 250_000), ("邕江音像", "Producer", 150_000)),
        abroad=True,
    ),
    Album(
        "cau-gio",
        "Trống cơm, bèo dạt",
        "Đinh Ngọc Mai",
        ("vn-trong-com", "vn-beo-dat-may-troi"),
        (("Đinh Ngọc Mai", "MainArtist", 700_000), ("Hãng đĩa Cầu Gió", "Producer", 300_000)),
        abroad=False,
    ),
)


class Upload:
    """Bytes, read as an upload is."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    async def read(self, size: int = -1, /) -> bytes:
        return self._content.read(size)


async def load(runtime: Runtime, owners: dict[str, UUID], out: date) -> None:
    """Each album in a transaction of its own, unless its label has releases already. `out`: the day of release."""
    for album in ALBUMS:
        async with runtime.database.transaction(organization=owners[album.owner]) as tx:
            label = await caller_for(tx.session, owners[album.owner])
            _known, total = await queries.releases(tx.session, 1, None)
            if not total:
                await _release(tx.session, runtime, label, album, out)


async def _release(session: AsyncSession, runtime: Runtime, label: Caller, album: Album, out: date) -> None:
    songs = [_work(slug) for slug in album.songs]
    named = {**songs[0], "original": {"title": album.title}}
    picture = await asyncio.to_thread(lambda: covers.raster(covers.draw(named), COVER_PIXELS))
    release = await service.create_release(
        session,
        runtime,
        label,
        service.NewRelease(
            title=album.title,
            language=songs[0]["original_language"],
            display_artist=album.artist,
            label=album.shares[-1][0],
            release_date=out,
            genre="Folk",
            territories=None,
            work_id=None,
        ),
        Upload(picture),
    )
    for song in songs:
        sound = await asyncio.to_thread(audio.render, song["melody"])
        track = service.NewTrack(
            title=song["titles"][song["original_language"]],
            display_artist=None,
            isrc=None,
            contributors=(),
            splits=tuple(service.Share(*share) for share in album.shares),
            lyrics=None,
            explicit=False,
        )
        await service.add_track(session, runtime, label, release.id, track, Upload(sound))


def _work(slug: str) -> dict[str, Any]:
    return next(work for work in works() if work["slug"] == slug)
