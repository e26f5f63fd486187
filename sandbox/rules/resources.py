"""The files themselves: decoded, measured, and compared with the recordings that the platform already holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from sandbox import media
from sandbox.message import File, Image, Message, Recording
from sandbox.refusals import Refusal
from sandbox.settings import Limits, Platform

FRONT_COVER = "FrontCoverImage"
TOLERANCE = Decimal(1)


@dataclass(frozen=True)
class Holdings:
    """What the platform has of these recordings and this release: it need not be sent again."""

    recordings: Mapping[str, media.Audio]
    has_cover: bool


@dataclass
class Inspection:
    """The reasons found, and each recording as it was heard (by ISRC)."""

    refusals: list[Refusal] = field(default_factory=list)
    heard: dict[str, media.Audio] = field(default_factory=dict)
    has_cover: bool = False


def inspect(
    message: Message, folder: Path, platform: Platform, limits: Limits, holdings: Holdings, on_sale: bool
) -> Inspection:
    """Open the files of a whole delivery. ``on_sale``: a deal is or will be running, so audio and cover must be there."""
    found = Inspection(has_cover=holdings.has_cover)
    for recording in message.recordings:
        isrc = recording.isrcs[0].text if recording.isrcs else ""
        held = holdings.recordings.get(isrc)
        if not recording.files and held is None and on_sale:
            sentence = "There is no audio file, and the platform holds none under this ISRC."
            found.refusals.append(Refusal("AUDIO_MISSING", recording.path, sentence))
        for file in recording.files:
            if not (folder / file.uri.text).is_file():
                continue
            found.refusals += _judge_hash(file)
            audio = _listen(recording, file, folder, limits, found.refusals)
            if audio is None:
                continue
            found.heard[isrc] = audio
            if held is not None and not media.same_recording(held, audio):
                sentence = f"{isrc} is already held with another recording. A new edit, mix or length needs an ISRC of its own."
                found.refusals.append(Refusal("ISRC_OTHER_RECORDING", recording.isrcs[0].path, sentence))
    for image in message.images:
        found.refusals += _judge_image(image, folder, platform, limits)
        present = any((folder / file.uri.text).is_file() for file in image.files)
        found.has_cover |= image.type.text == FRONT_COVER and present
    if not found.has_cover and on_sale and message.releases:
        sentence = f"The main release needs an Image of type {FRONT_COVER} with its file."
        found.refusals.append(Refusal("COVER_MISSING", message.releases[0].path, sentence))
    return found


def _listen(
    recording: Recording, file: File, folder: Path, limits: Limits, refusals: list[Refusal]
) -> media.Audio | None:
    try:
        audio = media.listen(folder / file.uri.text, limits.audio_seconds)
    except media.WrongFormat as error:
        refusals.append(Refusal("AUDIO_FORMAT", file.uri.text, f"{file.uri.text}: {error}."))
        return None
    except media.Undecodable as error:
        refusals.append(Refusal("AUDIO_UNDECODABLE", file.uri.text, f"{file.uri.text} does not decode: {error}."))
        return None
    if audio.silent:
        refusals.append(Refusal("AUDIO_SILENT", file.uri.text, f"{file.uri.text} is silent from beginning to end."))
    declared = media.seconds(recording.duration.text)
    if declared is not None and abs(Decimal(str(audio.seconds)) - declared) > TOLERANCE:
        sentence = f"{file.uri.text} lasts {audio.seconds:.1f} s; the message says {recording.duration.text}."
        refusals.append(Refusal("AUDIO_DURATION", recording.duration.path, sentence))
    return audio


def _judge_hash(file: File) -> Iterator[Refusal]:
    if not file.digest.text:
        yield Refusal("HASH_MISSING", file.digest.path, f"{file.uri.text} needs a HashSum.")
    elif not media.computes(file.algorithm.text):
        sentence = f'"{file.algorithm.text}" is not computed here; send MD5, SHA1 or SHA-256.'
        yield Refusal("HASH_ALGORITHM", file.algorithm.path, sentence)


def _judge_image(image: Image, folder: Path, platform: Platform, limits: Limits) -> Iterator[Refusal]:
    for file in image.files:
        name = file.uri.text
        if not (folder / name).is_file():
            continue
        yield from _judge_hash(file)
        try:
            width, height = media.look(folder / name, limits.image_pixels)
        except media.WrongFormat as error:
            yield Refusal("COVER_FORMAT", name, f"{name}: {error}.")
            continue
        except media.Undecodable as error:
            yield Refusal("COVER_UNDECODABLE", name, f"{name} does not decode: {error}.")
            continue
        least = platform.minimum_cover_px
        if image.type.text == FRONT_COVER and min(width, height) < least:
            yield Refusal(
                "COVER_SIZE",
                name,
                f"The cover has {width} × {height} pixels; {platform.name} needs {least} × {least} or more.",
            )
