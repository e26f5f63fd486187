"""Audio and covers: what they are, and what is refused."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from distribution import audio, covers
from distribution.errors import NotAnImage, NotAudio
from tests.factories import distribution as make


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("container", "subtype", "rate", "channels", "codec", "depth"),
    [
        ("WAV", "PCM_16", 44_100, 2, "PCM", 16),
        ("FLAC", "PCM_24", 96_000, 1, "FLAC", 24),
        ("AIFF", "PCM_24", 48_000, 2, "PCM", 24),
    ],
)
def test_a_master_is_described(
    tmp_path: Path, container: str, subtype: str, rate: int, channels: int, codec: str, depth: int
) -> None:
    content = make.sound(2.5, rate=rate, channels=channels, subtype=subtype, container=container)
    sound = audio.probe(saved(tmp_path, content))
    assert (sound.container, sound.codec, sound.rate, sound.channels, sound.bit_depth) == (
        container,
        codec,
        rate,
        channels,
        depth,
    )
    assert sound.duration_ms == 2_500
    assert sound.peak == pytest.approx(0.4, abs=0.01)
    assert sound.problems == []


def test_silence_and_clipping_are_heard(tmp_path: Path) -> None:
    silent = audio.probe(saved(tmp_path, make.sound(level=0.0)))
    assert [problem.code for problem in silent.problems] == ["SILENT"]
    clipped = audio.probe(saved(tmp_path, make.sound(level=3.0)))
    assert [problem.code for problem in clipped.problems] == ["CLIPPING"]


@pytest.mark.parametrize("start", [10, audio._BLOCK - 2, audio._BLOCK])
def test_a_run_over_the_edge_of_a_block_is_one_run(tmp_path: Path, start: int) -> None:
    wave = np.zeros((audio._BLOCK + 1000, 2))
    wave[start : start + 5, 1] = 1.0
    wave[50_000:50_003, 0] = -1.0
    soundfile.write(tmp_path / "a.wav", wave, 44_100, subtype="PCM_16")
    assert audio.probe(tmp_path / "a.wav").clipped == 1


def test_a_very_long_run_over_whole_blocks_is_one_run(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.ones((audio._BLOCK * 2 + 9, 1)), 44_100, subtype="PCM_16")
    assert audio.probe(tmp_path / "a.wav").clipped == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unreadable"),
        (b"\x00" * 4096, "unreadable"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "unreadable"),
        (b"ID3\x04" + b"\xff\xfb\x90\x00" * 10, "unreadable"),
        (make.sound(0.5, container="OGG", subtype="VORBIS"), "format"),
        (make.sound(0.5, container="WAV", subtype="PCM_U8"), "format"),
        (make.sound(0.5, rate=22_050), "rate"),
        (make.sound(0.5, channels=6, container="WAV"), "channels"),
        (make.sound(0, container="WAV"), "truncated"),
    ],
)
def test_what_is_no_master_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(NotAudio) as refused:
        audio.probe(saved(tmp_path, content))
    assert (refused.value.code, refused.value.field, refused.value.params["reason"]) == ("INVALID", "audio", reason)


@pytest.mark.parametrize("container", ["FLAC", "WAV", "WAVEX", "AIFF"])
@pytest.mark.parametrize("kept", [0.01, 0.5, 0.999])
def test_a_file_that_breaks_off_is_refused(tmp_path: Path, container: str, kept: float) -> None:
    content = make.sound(4.0, container=container)
    assert audio.probe(saved(tmp_path, content)).duration_ms == 4000
    with pytest.raises(NotAudio) as refused:
        audio.probe(saved(tmp_path, content[: int(len(content) * kept)]))
    assert refused.value.field == "audio"


def test_what_follows_the_samples_does_no_harm(tmp_path: Path) -> None:
    content = make.sound(1.0, container="WAV") + b"LIST\x04\x00\x00\x00INFO" + b"\x00" * 3
    assert audio.probe(saved(tmp_path, content)).duration_ms == 1000


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_cover_is_described(tmp_path: Path, kind: str) -> None:
    cover = covers.probe(saved(tmp_path, make.picture(1500, 1500, kind=kind)))
    assert (cover.codec, cover.width, cover.height, cover.problems) == (kind, 1500, 1500, [])


def test_small_and_oblong_covers_are_problems(tmp_path: Path) -> None:
    cover = covers.probe(saved(tmp_path, make.picture(600, 500)))
    assert [problem.code for problem in cover.problems] == ["COVER_NOT_SQUARE", "COVER_SMALL"]


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it has side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unreadable"),
        (make.picture(kind="GIF"), "unreadable"),
        (make.picture()[:2000], "unreadable"),
        (bomb(9_999), "size"),
        (bomb(60_000), "size"),
    ],
)
def test_what_is_no_cover_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(NotAnImage) as refused:
        covers.probe(saved(tmp_path, content))
    assert (refused.value.field, refused.value.params["reason"]) == ("cover", reason)
