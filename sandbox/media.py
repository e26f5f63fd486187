"""Decode what was delivered: how long a recording lasts and what it sounds like, and whether a cover is a picture."""

import hashlib
import re
import warnings
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import PIL.Image
import soundfile

FORMATS = frozenset({"WAV", "WAVEX", "FLAC"})
HOP_SECONDS = 0.1
WINDOW_SECONDS = 0.4
LISTENED_SECONDS = 120
LOWEST_SEMITONE, HIGHEST_SEMITONE = 36, 96
SAME_RECORDING = 0.9
SILENCE = 1e-4

_HASHES = {
    "MD5": "md5", "SHA": "sha1", "SHA1": "sha1", "SHA-1": "sha1", "SHA2": "sha256", "SHA-224": "sha224",
    "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512",
}  # fmt: skip
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII)


class Undecodable(Exception):
    """The file is not what it says it is."""


class WrongFormat(Exception):
    """The file is fine, but this platform does not take its format."""


@dataclass(frozen=True)
class Audio:
    """A decoded recording. ``fingerprint`` has one byte for each tenth of a second: the strongest semitone, 0 for silence."""

    seconds: float
    fingerprint: bytes

    @property
    def silent(self) -> bool:
        return not any(self.fingerprint)


def computes(algorithm: str) -> bool:
    """Whether `digest` knows a DDEX HashSumAlgorithmType."""
    return algorithm in _HASHES


def digest(path: Path, algorithm: str) -> str | None:
    """The hash sum of a file in hexadecimal, or None when the DDEX algorithm name is not one that is computed here."""
    name = _HASHES.get(algorithm)
    if name is None:
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, name).hexdigest()


def seconds(duration: str) -> Decimal | None:
    """An XML duration of days at most (``PT4M23.583S``) in seconds; None when it is not one, or is empty."""
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, rest = (Decimal(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def listen(path: Path, limit_seconds: int) -> Audio:
    """Decode a WAV or FLAC file to its last frame.

    Raises `WrongFormat` for another container or beyond the limit, `Undecodable` for a damaged or truncated file.
    """
    try:
        with soundfile.SoundFile(path) as file:
            if file.format not in FORMATS:
                raise WrongFormat(f"{file.format} is not taken, only WAV and FLAC")
            rate: int = file.samplerate
            if file.frames > limit_seconds * rate:
                raise WrongFormat(f"longer than {limit_seconds} seconds")
            heard: list[npt.NDArray[np.float32]] = []
            frames = 0
            for block in file.blocks(blocksize=1 << 16, dtype="float32", always_2d=True):
                if frames < LISTENED_SECONDS * rate:
                    heard.append(block.mean(axis=1))
                frames += len(block)
            if frames == 0 or frames != file.frames:
                raise Undecodable(f"{frames} of {file.frames} declared frames are there")
    except soundfile.LibsndfileError as error:
        raise Undecodable(str(error.error_string).rstrip(".")) from None
    return Audio(frames / rate, _fingerprint(np.concatenate(heard), rate))


def same_recording(one: Audio, other: Audio) -> bool:
    """Whether two decodings are of one recording: as long to a second, and the same semitone leading nine times out of ten."""
    if abs(one.seconds - other.seconds) > 1:
        return False
    length = min(len(one.fingerprint), len(other.fingerprint))
    agreeing = sum(a == b for a, b in zip(one.fingerprint[:length], other.fingerprint[:length], strict=True))
    return agreeing >= SAME_RECORDING * length


def look(path: Path, pixel_limit: int) -> tuple[int, int]:
    """Decode a JPEG or PNG and return its width and height.

    Raises `WrongFormat` for another format or too many pixels, `Undecodable` for a damaged or truncated picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = PIL.Image.open(path)
        with image:
            if image.format not in ("JPEG", "PNG"):
                raise WrongFormat(f"{image.format} is not taken, only JPEG and PNG")
            width, height = image.size
            if width * height > pixel_limit:
                raise WrongFormat(f"{width} × {height} pixels are more than this platform decodes")
            image.load()
    except (OSError, SyntaxError, ValueError, PIL.Image.DecompressionBombError) as error:
        raise Undecodable(str(error)) from None
    return width, height


def _fingerprint(mono: npt.NDArray[np.float32], rate: int) -> bytes:
    window, hop = max(int(WINDOW_SECONDS * rate), 1), max(int(HOP_SECONDS * rate), 1)
    if len(mono) < window:
        mono = np.pad(mono, (0, window - len(mono)))
    frames = np.lib.stride_tricks.sliding_window_view(mono, window)[::hop]
    shape = np.hanning(window).astype(np.float32)
    semitones = np.arange(LOWEST_SEMITONE, HIGHEST_SEMITONE + 2)
    edges = 440.0 * 2.0 ** ((semitones - 69.5) / 12)
    bins = np.searchsorted(np.fft.rfftfreq(window, 1 / rate), edges)
    strongest = bytearray()
    for frame in frames:
        power = np.abs(np.fft.rfft(frame * shape)) ** 2
        running = np.concatenate(([0.0], np.cumsum(power)))
        bands = np.diff(running[np.minimum(bins, len(power))])
        audible = float(np.abs(frame).max()) > SILENCE and float(bands.max()) > 0
        strongest.append(1 + int(bands.argmax()) if audible else 0)
    return bytes(strongest)
