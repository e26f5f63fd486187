"""What a sound file is: format, rate, channels, bit depth, length, and whether anything can be heard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import soundfile

from distribution.errors import NotAudio
from distribution.problems import Problem
from hub.i18n import _

CODECS: Final = {"WAV": "PCM", "WAVEX": "PCM", "AIFF": "PCM", "FLAC": "FLAC"}
"""libsndfile's container → AVS AudioCodecType: what is delivered is lossless."""

SUFFIXES: Final = {"WAV": "wav", "WAVEX": "wav", "AIFF": "aiff", "FLAC": "flac"}
BIT_DEPTHS: Final = {"PCM_16": 16, "PCM_24": 24, "PCM_32": 32}

LEAST_RATE: Final = 44_100
LONGEST_SECONDS: Final = 4 * 60 * 60
MOST_CHANNELS: Final = 2
SILENCE: Final = 10 ** (-60 / 20)
"""Below −60 dBFS there is nothing to hear."""

CLIPPED_RUN: Final = 4
"""Samples at full scale in a row that are heard as clipping."""

_BLOCK = 1 << 17
_BYTE_ORDERS: Final[dict[bytes, Literal["little", "big"]]] = {b"RIFF": "little", b"FORM": "big"}
_SAMPLES: Final = frozenset({b"data", b"SSND"})
"""The chunk that holds the samples, in WAV and in AIFF."""


@dataclass(frozen=True, slots=True)
class Sound:
    """`rate` in Hz, `duration_ms` rounded to the nearest millisecond, `peak` of full scale (1.0); `clipped` counts runs."""

    container: str
    codec: str
    rate: int
    channels: int
    bit_depth: int
    duration_ms: int
    peak: float
    clipped: int

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.container]

    @property
    def problems(self) -> list[Problem]:
        """What a listener or a platform would complain of, though it can be delivered."""
        found = []
        if self.peak < SILENCE:
            found.append(
                Problem(
                    "SILENT",
                    _("Nothing can be heard in this recording. Remove the track and send the right file."),
                    "audio",
                )
            )
        if self.clipped:
            found.append(Problem("CLIPPING", _("The recording is clipped. Send a quieter master."), "audio"))
        return found


def probe(path: Path) -> Sound:
    """Decode a whole file and say what it is. Blocking: call it in a thread.

    Raises `NotAudio` with `reason` for what is no audio, cannot be decoded to its end, or is no master: lossy, below
    44.1 kHz or 16 bits, more than two channels, empty or longer than four hours.
    """
    try:
        with soundfile.SoundFile(path) as file:
            _refuse_unless_master(file)
            frames, peak, clipped = _listen(file)
            if frames != file.frames or frames == 0 or _breaks_off(path):
                raise NotAudio(field="audio", reason="truncated")
            return Sound(
                container=file.format,
                codec=CODECS[file.format],
                rate=file.samplerate,
                channels=file.channels,
                bit_depth=BIT_DEPTHS[file.subtype],
                duration_ms=round(frames * 1000 / file.samplerate),
                peak=peak,
                clipped=clipped,
            )
    except soundfile.LibsndfileError as error:
        raise NotAudio(field="audio", reason="unreadable") from error


def _breaks_off(path: Path) -> bool:
    """Whether a WAV or AIFF ends before its chunks say: libsndfile reads what is there and counts again.

    RIFF (IBM and Microsoft, 1991) and EA IFF 85: a size of 32 bits, little- and big-endian; chunks are padded to even sizes.
    """
    with path.open("rb") as file:
        form, stated = file.read(4), file.read(4)
        if form not in _BYTE_ORDERS:
            return False
        order, whole = _BYTE_ORDERS[form], path.stat().st_size
        start = 12
        while start + 8 <= min(whole, 8 + int.from_bytes(stated, order)):
            file.seek(start)
            name, size = file.read(4), int.from_bytes(file.read(4), order)
            if name in _SAMPLES:
                return start + 8 + size > whole
            start += 8 + size + size % 2
        return True


def _refuse_unless_master(file: soundfile.SoundFile) -> None:
    if file.format not in CODECS or file.subtype not in BIT_DEPTHS:
        raise NotAudio(
            _("This audio is compressed with loss, or of an unusual kind. Send WAV or FLAC of 16 or 24 bits."),
            field="audio",
            reason="format",
            format=f"{file.format}/{file.subtype}",
        )
    if file.samplerate < LEAST_RATE:
        raise NotAudio(
            _("The sampling rate is %(rate)s Hz. Send at least 44100 Hz.", rate=file.samplerate),
            field="audio",
            reason="rate",
        )
    if not 1 <= file.channels <= MOST_CHANNELS:
        raise NotAudio(_("Send mono or stereo."), field="audio", reason="channels")
    if file.frames > LONGEST_SECONDS * file.samplerate:
        raise NotAudio(_("A recording is at most four hours long."), field="audio", reason="length")


def _listen(file: soundfile.SoundFile) -> tuple[int, float, int]:
    frames, peak, clipped = 0, 0.0, 0
    full = 1 - 2 / 2 ** BIT_DEPTHS[file.subtype]
    run = np.zeros(file.channels, dtype=np.int64)
    for block in file.blocks(blocksize=_BLOCK, dtype="float64", always_2d=True):
        frames += len(block)
        loud = np.abs(block)
        peak = max(peak, float(loud.max(initial=0.0)))
        for channel in range(file.channels):
            clipped += _runs(loud[:, channel] >= full, run, channel)
    return frames, peak, clipped


def _runs(
    at_full_scale: np.ndarray[tuple[int], np.dtype[np.bool_]],
    run: np.ndarray[tuple[int], np.dtype[np.int64]],
    channel: int,
) -> int:
    """Runs that reach `CLIPPED_RUN` in this block; `run` carries the one that the last block ended with."""
    padded = np.concatenate(([False], at_full_scale, [False])).astype(np.int8)
    edges = np.diff(padded)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    lengths = ends - starts
    carried = int(run[channel])
    found = int((lengths >= CLIPPED_RUN).sum())
    if carried and len(starts) and starts[0] == 0:
        found -= int(lengths[0] >= CLIPPED_RUN)
        found += int(carried < CLIPPED_RUN <= carried + lengths[0])
    if len(ends) and ends[-1] == len(at_full_scale):
        whole = len(starts) == 1 and starts[0] == 0
        run[channel] = lengths[-1] + (carried if whole else 0)
    else:
        run[channel] = 0
    return found
