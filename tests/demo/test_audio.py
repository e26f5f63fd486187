from __future__ import annotations

import io
import itertools
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from banmao.demo import audio

WORKS = Path(audio.__file__).parent / "works"
TIMBRES = ("plucked", "flute", "gong", "voice")
SCALE = "C4:1 D4:1 E4:1 F4:1 | G4:1 A4:1 B4:1 C5:1 | C5:1 B4:1 A4:1 G4:1 | F4:1 E4:1 D4:1 C4:1"


@cache
def record(timbre: str, notes: str = SCALE, tempo: float = 96) -> bytes:
    return audio.render({"tempo": tempo, "timbre": timbre, "notes": notes})


def play(timbre: str, notes: str = SCALE, tempo: float = 96) -> NDArray[np.float64]:
    samples, rate = soundfile.read(io.BytesIO(record(timbre, notes, tempo)))
    assert rate == 44_100
    return np.asarray(samples)


def strongest(samples: NDArray[np.float64]) -> float:
    """The strongest frequency of mono samples, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size), samples.size * 4))
    return float(np.fft.rfftfreq(samples.size * 4, 1 / 44_100)[spectrum.argmax()])


def tunes() -> list[tuple[str, dict[str, Any]]]:
    works = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(WORKS.glob("*.toml"))]
    return [(work["slug"], work["melody"]) for work in works if work["kind"] == "MUSIC"]


def test_a_recording_is_stereo_24_bit_flac_at_44100_hertz() -> None:
    recording = soundfile.info(io.BytesIO(record("flute")))
    assert (recording.format, recording.subtype, recording.samplerate) == ("FLAC", "PCM_24", 44_100)
    assert recording.channels == 2


@pytest.mark.parametrize("timbre", TIMBRES)
def test_nothing_clips_and_both_ends_are_silent(timbre: str) -> None:
    samples = play(timbre)
    assert 0.1 < np.abs(samples).max() <= audio.PEAK + 1e-6
    assert np.abs(samples[:4]).max() < 1e-3
    assert np.abs(samples[-200:]).max() < 1e-3
    assert np.abs(samples.mean(axis=0)).max() < 1e-3
    loudness = 20 * np.log10(np.sqrt((samples**2).mean()))
    assert -24 < loudness < -17


@pytest.mark.parametrize("timbre", TIMBRES)
@pytest.mark.parametrize(("note", "hertz"), [("F#4", 369.99), ("Bb3", 233.08)])
def test_every_instrument_is_in_tune(timbre: str, note: str, hertz: float) -> None:
    samples = play(timbre, notes=f"{note}:2 " * 16, tempo=60)
    cents = 1200 * np.log2(strongest(samples[44_100 : 44_100 * 9, 0]) / hertz)
    assert abs(cents) < 10


def test_the_second_voice_lies_below_the_tune_and_follows_its_bars() -> None:
    bass = audio.second_voice(audio.read_notes("C4:1 E4:1 G4:1 | F4:1 A4:1 C5:1 | G4:1 B4:1 D5:1 | C4:3"))
    roots = [(note.pitch or 0) % 12 for note in bass if note.opens_bar]
    assert roots == [0, 5, 7, 0]
    assert [note.start for note in bass if note.opens_bar] == [0, 3, 6, 9]
    assert all(note.pitch is not None and note.pitch < 60 for note in bass)


def test_the_bass_is_heard_in_the_recording() -> None:
    samples = play("flute", notes="C5:4 | C5:4 | C5:4 | C5:4", tempo=60).sum(axis=1)
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(samples.size, 1 / 44_100)
    assert 0.005 < spectrum[(hertz > 60) & (hertz < 250)].sum() / spectrum.sum() < 0.3


def test_a_rest_is_quieter_than_a_note() -> None:
    samples = play("flute", notes="A4:4 | R:4 | A4:4 | R:4 | A4:4 | R:4", tempo=60)
    sound, rest = samples[44_100 * 2 : 44_100 * 4], samples[44_100 * 6 : 44_100 * 8]
    assert np.sqrt((rest**2).mean()) < 0.4 * np.sqrt((sound**2).mean())


def test_the_same_tune_is_the_same_recording() -> None:
    assert audio.render({"tempo": 96, "timbre": "plucked", "notes": SCALE}) == record("plucked")


def test_the_instruments_sound_different() -> None:
    assert len({record(timbre) for timbre in TIMBRES}) == len(TIMBRES)


@pytest.mark.parametrize(("tempo", "shortest", "longest"), [(240, 20, 30), (96, 20, 40), (12, 60, 60)])
def test_a_recording_lasts_20_to_60_seconds(tempo: float, shortest: float, longest: float) -> None:
    assert shortest <= play("gong", tempo=tempo).shape[0] / 44_100 <= longest


@pytest.mark.parametrize("notes", ["", "|", "R:4", "H4:1", "C4", "C4:x", "C4:0", "C4:-1", "C4:1, D4:1", "Rb4:1"])
def test_notes_that_cannot_be_read_are_refused(notes: str) -> None:
    with pytest.raises(audio.MelodyError):
        audio.render({"tempo": 96, "timbre": "flute", "notes": notes})


@pytest.mark.parametrize(("tempo", "timbre"), [(0, "flute"), (-60, "flute"), (96, "kazoo")])
def test_an_impossible_tempo_or_instrument_is_refused(tempo: float, timbre: str) -> None:
    with pytest.raises(audio.MelodyError):
        audio.render({"tempo": tempo, "timbre": timbre, "notes": SCALE})


@pytest.mark.parametrize(("slug", "melody"), tunes(), ids=[slug for slug, _ in tunes()])
def test_every_tune_of_the_catalogue_has_16_bars_and_fits_a_recording(slug: str, melody: dict[str, Any]) -> None:
    notes = audio.read_notes(melody["notes"])
    beats = notes[-1].start + notes[-1].beats
    assert beats >= 32
    assert beats * 60 / melody["tempo"] <= 1.25 * audio.LONGEST, f"{slug}: more than a fifth would not be heard"
    assert melody["timbre"] in TIMBRES
    starts = [note.start for note in notes if note.opens_bar]
    bars = [stop - start for start, stop in itertools.pairwise(starts)]
    assert len(set(bars)) <= 1, f"{slug}: the bars differ in length: {bars}"
