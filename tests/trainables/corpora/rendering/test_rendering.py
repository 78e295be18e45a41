"""The synthesiser and the folders that it writes."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainables.corpora.corpus import MARKER
from trainables.corpora.philharmonia import INSTRUMENTS, scan
from trainables.corpora.rendering import philharmonia_rendering
from trainables.corpora.rendering.notes import PEAK, Voice, blurred, note
from trainables.corpora.rendering.philharmonia_rendering import MOST_CLIPS, ORCHESTRA, pitch_name, render
from trainables.errors import InvalidSetting, UserError

RATE = 44_100
PURE = Voice(formants=((1000, 0),), tilt=12, noise=-80)


def play(
    voice: Voice = PURE, pitch: int = 69, effort: float = 1.0, background: float = -80, seed: int = 0
) -> np.ndarray:
    random = np.random.default_rng(seed)
    return note(voice, pitch, 1.0, effort=effort, background=background, rate=RATE, random=random)


def level(sound: np.ndarray, low: float, high: float) -> float:
    """The power between two frequencies in dB."""
    power, hertz = np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(len(sound), 1 / RATE)
    return float(10 * np.log10(power[(hertz >= low) & (hertz < high)].sum()))


@pytest.mark.parametrize("pitch", [28, 57, 69, 96])
def test_a_note_has_its_pitch_length_and_peak(pitch: int) -> None:
    sound = play(pitch=pitch)
    assert len(sound) == RATE
    assert np.abs(sound).max() == pytest.approx(PEAK)
    assert np.argmax(np.abs(np.fft.rfft(sound))) == pytest.approx(440 * 2 ** ((pitch - 69) / 12), abs=1)


def partial_level(number: int, **changes: object) -> float:
    """The level of a partial of A4 in dB over the first."""
    sound = play(replace(PURE, **changes))
    return level(sound, 440 * number - 20, 440 * number + 20) - level(sound, 420, 460)


def test_the_voice_decides_the_spectrum() -> None:
    assert partial_level(3) == pytest.approx(-12 * np.log2(3), abs=0.2)
    assert partial_level(2, even=0.1) - partial_level(2) == pytest.approx(-20, abs=0.2)
    # An octave and a half away, the formant still lifts the first partial by a tenth of a decibel.
    assert partial_level(3, formants=((1320, 10),)) - partial_level(3) == pytest.approx(10, abs=0.3)


def test_effort_lightens_the_sound() -> None:
    assert level(play(effort=1.0), 800, 9000) > level(play(effort=0.0), 800, 9000) + 3


@pytest.mark.parametrize("background", [-20.0, -6.0])
def test_the_background_has_its_level(background: float) -> None:
    sound = play(background=background)
    # White noise: a quarter of its power lies in a quarter of the band, where this voice has none.
    noise = level(sound, RATE / 4, RATE * 3 / 8) + 10 * np.log10(4)
    assert noise - level(sound, 420, 460) == pytest.approx(background, abs=0.5)


def test_vibrato_widens_the_partials() -> None:
    still, moving = play(), play(replace(PURE, vibrato=50))
    assert level(moving, 445, 460) > level(still, 445, 460) + 6


def test_a_blur_of_nothing_changes_nothing() -> None:
    assert blurred(PURE, 0.0, np.random.default_rng(0)) == PURE
    assert blurred(PURE, 0.5, np.random.default_rng(0)) != PURE


def test_pitches_are_spelt_as_in_the_collection() -> None:
    assert [pitch_name(pitch) for pitch in (58, 60, 69, 28)] == ["As3", "C4", "A4", "E1"]


def test_the_orchestra_is_the_fourteen_instruments(rendered_corpus: Callable[..., Any]) -> None:
    assert sorted(ORCHESTRA) == sorted(INSTRUMENTS)
    found = scan(rendered_corpus("philharmonia").folder)
    assert not found.rejected
    assert {clip.label for clip in found.clips} == set(INSTRUMENTS)


@pytest.mark.parametrize("clips", [1, 40, 320, MOST_CLIPS])
def test_takes_are_distinct_and_pitches_suffice(clips: int) -> None:
    for name in ORCHESTRA:
        takes = list(philharmonia_rendering._takes(name, 0, clips))
        assert len({take.path for take in takes}) == clips
        assert len({take.seed for take in takes}) == clips
        assert len({take.pitch for take in takes}) >= min(clips, 8)


@pytest.mark.parametrize("clips", [0, MOST_CLIPS + 1])
def test_a_number_of_clips_out_of_range_is_refused(tmp_path: Path, clips: int) -> None:
    with pytest.raises(InvalidSetting, match=f"clips_per_class is {clips}"):
        render(tmp_path / "music", clips_per_class=clips)


def test_recordings_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "oboe_A4_1_forte_normal.mp3").write_text("a recording")
    with pytest.raises(UserError, match="holds files that were not rendered"):
        render(tmp_path, clips_per_class=1)
    assert [path.name for path in tmp_path.iterdir()] == ["oboe_A4_1_forte_normal.mp3"]


def test_a_rendering_replaces_a_rendering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(philharmonia_rendering, "ORCHESTRA", {name: ORCHESTRA[name] for name in ("oboe", "flute")})
    for clips in (2, 1):
        render(tmp_path / "music", clips_per_class=clips)
    assert len(scan(tmp_path / "music").clips) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["music"]


def test_an_interrupted_rendering_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(tmp_path / "music", clips_per_class=1, progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(philharmonia_rendering, "write_mp3", full)
    with pytest.raises(UserError, match=r"Cannot write rendered audio.*No space left"):
        render(tmp_path / "music", clips_per_class=1)
    assert not (tmp_path / "music" / MARKER).exists()
    assert list(tmp_path.iterdir()) == []
