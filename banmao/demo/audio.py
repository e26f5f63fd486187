"""Plays the demo catalogue's tunes: a melody as written in a work's file becomes a short recording.

Everything is computed from the melody alone, so the same tune is the same recording on every run: four instruments, a
soft bass that follows the tune's harmony, a small room. Sound is float64 in [-1, 1], mono unless said otherwise, at
`SAMPLE_RATE`, until `render` writes 24-bit FLAC.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

Sound = NDArray[np.float64]

SAMPLE_RATE = 44_100
SHORTEST, LONGEST = 20.0, 60.0  # seconds of a finished recording
LEAD_IN, TAIL = 0.1, 2.5  # seconds before the first note, and in which the last one rings out
BASS_LEVEL, ROOM_LEVEL = 0.3, 0.25
PEAK = 10 ** (-1.5 / 20)
LOUDNESS = 10 ** (-19 / 20)  # RMS
CONTROL_STEP = 64  # samples between two values of a slowly changing control

_NOTE = re.compile(r"(?:(R)|([A-G])([#b]?)(-?\d)):(\d+(?:\.\d+)?)")
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class MelodyError(ValueError):
    """A melody cannot be played as written; the message names the note or the timbre."""


@dataclass(frozen=True, slots=True)
class Note:
    """A tone (`pitch`: MIDI number, 69 = A4 = 440 Hz) or a rest (`pitch` None); times are in beats from the start."""

    pitch: int | None
    start: float
    beats: float
    opens_bar: bool


def read_notes(text: str) -> list[Note]:
    """Read `E4:1 F#4:0.5 R:1 | …`: pitch:beats, sharps # and flats b, R a rest, `|` a bar line."""
    notes: list[Note] = []
    beat, opens_bar = 0.0, True
    for written in text.split():
        if written == "|":
            opens_bar = True
            continue
        match = _NOTE.fullmatch(written)
        if match is None or float(match[5]) == 0:
            raise MelodyError(f"cannot read the note {written!r}")
        rest, letter, accidental, octave, beats = match.groups()
        alteration = {"#": 1, "b": -1}.get(accidental or "", 0)
        pitch = None if rest else 12 * (int(octave) + 1) + _SEMITONES[letter] + alteration
        notes.append(Note(pitch, beat, float(beats), opens_bar))
        beat, opens_bar = beat + float(beats), False
    if not any(note.pitch is not None for note in notes):
        raise MelodyError("a melody needs at least one note")
    return notes


def render(melody: Mapping[str, Any]) -> bytes:
    """Play a melody (`tempo` in quarter notes a minute, `timbre`, `notes`) as 44.1 kHz 24-bit stereo FLAC.

    A short tune is played again until 20 seconds are full; a long one fades out at 60. Raises MelodyError.
    """
    notes = read_notes(melody["notes"])
    if melody["timbre"] not in _TIMBRES:
        raise MelodyError(f"unknown timbre {melody['timbre']!r}; one of {', '.join(_TIMBRES)}")
    if melody["tempo"] <= 0:
        raise MelodyError(f"the tempo must be above zero, not {melody['tempo']}")
    beat = 60.0 / float(melody["tempo"])
    play, accompany = _TIMBRES[melody["timbre"]]
    tune = _level(play(notes, beat))
    bass = BASS_LEVEL * _level(accompany(second_voice(notes), beat))
    once = (notes[-1].start + notes[-1].beats) * beat
    times = max(1, math.ceil(SHORTEST / once))
    length = _samples(min(LEAD_IN + once * times + TAIL, LONGEST))
    both, apart = (_repeat(sound, once, times, length) for sound in (tune + bass, tune - bass))
    dry = np.stack([both + 0.1 * apart, both - 0.1 * apart], axis=1)  # the tune a little left, the bass a little right
    return _flac(_finish(dry + ROOM_LEVEL * _room(both)))


def second_voice(notes: list[Note]) -> list[Note]:
    """A soft bass under the tune: on each bar the root of I, IV or V that holds most of its tones, then the fifth.

    The last tone of a folk tune is taken as its home. Without bar lines, four beats make a bar.
    """
    tones = [note for note in notes if note.pitch is not None]
    home = (tones[-1].pitch or 0) % 12
    minor = sum(n.beats for n in tones if (n.pitch or 0) % 12 == (home + 3) % 12) > sum(
        n.beats for n in tones if (n.pitch or 0) % 12 == (home + 4) % 12
    )
    third = 3 if minor else 4
    end = notes[-1].start + notes[-1].beats
    bars = [note.start for note in notes if note.opens_bar]
    if len(bars) == 1:
        bars = list(np.arange(0.0, end, 4.0))
    voice: list[Note] = []
    for start, stop in zip(bars, [*bars[1:], end], strict=True):
        weights = {
            root: sum(
                n.beats * (1.5 if n.start == start else 1.0)
                for n in tones
                if start <= n.start < stop and ((n.pitch or 0) - home - root) % 12 in (0, third, 7)
            )
            for root in (0, 7, 5)
        }
        root = 0 if stop == end else max(weights, key=lambda candidate: weights[candidate])
        low = 36 + (home + root - 36) % 12
        low += 12 if low < 41 else 0
        half = (stop - start) / 2
        voice += [Note(low, start, half, True), Note(low + 7, start + half, half, False)]
    return voice


def _frequency(pitch: float) -> float:
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _seconds(count: int) -> Sound:
    return np.arange(count, dtype=np.float64) / SAMPLE_RATE


def _velocity(note: Note) -> float:
    return 1.0 if note.opens_bar else 0.86


def _level(sound: Sound) -> Sound:
    return sound / float(np.sqrt((sound**2).mean()))


def _canvas(notes: list[Note], beat: float) -> Sound:
    return np.zeros(_samples((notes[-1].start + notes[-1].beats) * beat + TAIL))


# ---------------------------------------------------------------- struck and plucked

_KETTLE_PARTIALS = (  # ratio to the tone, strength, seconds until it has fallen to 1/e
    (1.0, 1.0, 1.5),
    (1.0035, 0.35, 1.5),
    (2.01, 0.42, 0.8),
    (2.83, 0.14, 0.42),
    (4.13, 0.1, 0.22),
    (5.4, 0.06, 0.1),
)


def _string(pitch: int) -> Sound:
    """Karplus-Strong: the pulled string's shape, a little rough, runs round a delay line that dulls it each time."""
    frequency = _frequency(pitch)
    period = int(SAMPLE_RATE / frequency - 0.5)
    count = _samples(TAIL)
    loss = 10 ** (-3 * period / (SAMPLE_RATE * 4.5))
    noise = np.random.default_rng(pitch).uniform(-1, 1, period)
    noise = (noise + np.roll(noise, 1) + np.roll(noise, 2)) / 3
    along = np.arange(period) / period
    pulled = np.minimum(along / 0.21, (1 - along) / 0.79) + 0.22 * noise  # plucked at about a fifth of the string
    line = np.zeros((count // period + 3) * period + 1)
    line[1 : period + 1] = pulled - pulled.mean()
    for start in range(period + 1, line.size, period):
        turn = line[start - period - 1 : start]
        line[start : start + period] = loss * 0.5 * (turn[1:] + turn[:-1])
    in_tune = np.arange(count) * (frequency * (period + 0.5) / SAMPLE_RATE)
    tone: Sound = np.interp(in_tune, np.arange(line.size - 1), line[1:])
    return tone


def _kettle(pitch: int) -> Sound:
    """A knobbed gong: few partials, out of the harmonic series, the two lowest beating against each other."""
    frequency = _frequency(pitch)
    time = _seconds(_samples(TAIL))
    slow = min(1.0, (220 / frequency) ** 0.35)
    sound = np.zeros(time.size)
    for ratio, level, seconds in _KETTLE_PARTIALS:
        if frequency * ratio < SAMPLE_RATE / 2.5:
            sound += level * np.exp(-time / (seconds * slow)) * np.sin(2 * np.pi * frequency * ratio * time)
    knock = np.random.default_rng(pitch).normal(0, 1, time.size) * np.exp(-time / 0.006)
    return (sound + 0.06 * knock) * np.minimum(1, time / 0.002)


def _strike(make: Callable[[int], Sound], ring: float, notes: list[Note], beat: float) -> Sound:
    """Play notes on an instrument that rings by itself; `ring`: seconds that a tone goes on after its time is over."""
    canvas = _canvas(notes, beat)
    tones = {pitch: make(pitch) for pitch in sorted({note.pitch for note in notes if note.pitch is not None})}
    for index, note in enumerate(notes):
        if note.pitch is None:
            continue
        tone = tones[note.pitch]
        last = index == len(notes) - 1
        count = min(tone.size, _samples(note.beats * beat + (TAIL if last else ring)))
        release = np.clip((count - np.arange(count)) / _samples(0.25 if last else ring), 0, 1)
        begin = _samples(note.start * beat)
        count = min(count, canvas.size - begin)
        canvas[begin : begin + count] += _velocity(note) * tone[:count] * release[:count] ** 1.5
    return canvas


# ---------------------------------------------------------------- blown and sung


def _glide(notes: list[Note], beat: float, size: int, slide: float) -> tuple[Sound, Sound]:
    """Pitch (MIDI number) and loudness of a legato line, each value `CONTROL_STEP` samples long; `slide` in seconds."""
    steps = size // CONTROL_STEP + 1
    first = next(note.pitch for note in notes if note.pitch is not None)
    pitch, level = np.full(steps, float(first)), np.zeros(steps)
    held = float(first)
    for note in notes:
        begin, end = (round(at * beat * SAMPLE_RATE / CONTROL_STEP) for at in (note.start, note.start + note.beats))
        held = float(note.pitch) if note.pitch is not None else held
        pitch[begin:] = held
        if note.pitch is not None:
            breath = max(2, round(min(0.05, note.beats * beat * 0.2) * SAMPLE_RATE / CONTROL_STEP))
            bend = np.linspace(0, np.pi, end - begin)
            level[begin:end] = _velocity(note) * (0.82 + 0.18 * np.sin(bend))
            level[end - breath : end] *= 0.35
    return _smooth(pitch, slide), _smooth(_smooth(level, 0.05), 0.03)


def _smooth(control: Sound, seconds: float) -> Sound:
    width = max(1, round(seconds * SAMPLE_RATE / CONTROL_STEP))
    padded = np.pad(control, (width // 2, width - 1 - width // 2), mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), mode="valid")


def _stretch(control: Sound, size: int) -> Sound:
    return np.interp(np.arange(size) / CONTROL_STEP, np.arange(control.size), control)


def _sustain(
    spectrum: Callable[[int, Sound], Sound], harmonics: int, slide: float, air: float, notes: list[Note], beat: float
) -> Sound:
    """A legato line of `harmonics` partials; `spectrum(k, hertz)` is the strength of partial k where it sounds."""
    size = _canvas(notes, beat).size
    pitch, level = _glide(notes, beat, size, slide)
    time = np.arange(pitch.size) * CONTROL_STEP / SAMPLE_RATE
    steady = _smooth(np.minimum(1, level * 1.3), 0.5)
    vibrato = 0.16 * steady * np.sin(2 * np.pi * 5.1 * time + 0.6 * np.sin(2 * np.pi * 0.31 * time))
    hertz = 440.0 * 2 ** ((pitch + vibrato - 69) / 12)
    phase = 2 * np.pi * np.cumsum(_stretch(hertz, size)) / SAMPLE_RATE
    twice_cosine, before, sine = 2 * np.cos(phase), np.zeros(size), np.sin(phase)
    sound = np.zeros(size)
    for k in range(1, harmonics + 1):
        audible = np.where(k * hertz < 12_000, spectrum(k, k * hertz), 0.0)
        sound += sine * np.repeat(audible, CONTROL_STEP)[:size]
        before, sine = sine, twice_cosine * sine - before  # sin((k+1)x) from sin(kx) and sin((k-1)x)
    noise = np.random.default_rng(5).normal(0, 1, size + 1)
    sound += air * (noise[1:] + noise[:-1]) * (0.6 + 0.4 * sine)
    return sound * _stretch(level, size)


def _flute_spectrum(k: int, hertz: Sound) -> Sound:
    return np.full(hertz.size, (1.0, 0.32, 0.16, 0.05, 0.025, 0.01)[k - 1])


def _vowel_spectrum(k: int, hertz: Sound) -> Sound:
    """An open "o": the glottis falls by 6 dB an octave, the mouth lifts three formants."""
    formants = ((400.0, 230.0, 1.0), (860.0, 200.0, 0.5), (2550.0, 330.0, 0.16))
    mouth = np.full(hertz.size, 0.12)
    for at, width, gain in formants:
        mouth += gain * np.exp(-(((hertz - at) / width) ** 2))
    return mouth / k


_pluck = partial(_strike, _string, 0.45)
_gong = partial(_strike, _kettle, 0.9)
_flute = partial(_sustain, _flute_spectrum, 6, 0.03, 0.012)
_voice = partial(_sustain, _vowel_spectrum, 18, 0.07, 0.004)

Player = Callable[[list[Note], float], Sound]
_TIMBRES: dict[str, tuple[Player, Player]] = {  # who plays the tune, who the second voice
    "plucked": (_pluck, _pluck),
    "flute": (_flute, _pluck),
    "gong": (_gong, _gong),
    "voice": (_voice, _pluck),
}


# ---------------------------------------------------------------- the room and the record


def _repeat(sound: Sound, once: float, times: int, length: int) -> Sound:
    """Lay `sound` (one pass of `once` seconds, ringing on) `times` times one after another into `length` samples."""
    whole = np.zeros(length)
    for turn in range(times):
        begin = _samples(LEAD_IN + once * turn)
        count = min(sound.size, length - begin)
        if count > 0:
            whole[begin : begin + count] += sound[:count]
    return whole


def _room(sound: Sound) -> Sound:
    """A small hall, as stereo (samples, 2): decaying noise convolved in blocks, different on either side."""
    time = _seconds(_samples(1.1))
    echo = np.random.default_rng(11).normal(0, 1, (time.size, 2)) * np.exp(-time / 0.22)[:, None]
    echo = np.cumsum(echo - 0.35 * np.roll(echo, 1, axis=0), axis=0) * np.exp(-time / 0.3)[:, None] * 0.2 + echo
    echo[: _samples(0.012)] = 0
    echo -= echo.mean(axis=0)
    echo /= np.sqrt((echo**2).sum(axis=0))
    block = 1 << 17
    step = block - time.size + 1
    response = np.fft.rfft(echo, block, axis=0)
    wet = np.zeros((sound.size + block, 2))
    for begin in range(0, sound.size, step):
        piece = np.fft.rfft(sound[begin : begin + step], block)
        wet[begin : begin + block] += np.fft.irfft(piece[:, None] * response, block, axis=0)
    return wet[: sound.size]


def _finish(stereo: Sound) -> Sound:
    """Bring (samples, 2) to the catalogue's loudness without clipping, fading in and out to silence."""
    stereo = stereo - stereo.mean(axis=0)
    count = stereo.shape[0]
    time = _seconds(count)
    fade = np.minimum(1, time / 0.01) * np.clip((count / SAMPLE_RATE - time - 1 / SAMPLE_RATE) / 2.0, 0, 1) ** 0.5
    stereo *= fade[:, None]
    loud, peak = float(np.sqrt((stereo**2).mean())), float(np.abs(stereo).max())
    return stereo * min(LOUDNESS / loud, PEAK / peak)


def _flac(stereo: Sound) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, stereo, SAMPLE_RATE, format="FLAC", subtype="PCM_24")
    return buffer.getvalue()
