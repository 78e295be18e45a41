"""Sounds of a trial: what a player is given, and what is drawn of them."""

import io
import json

import numpy as np
import pytest
import soundfile

from trainables.trainings.sounds import COLUMNS, DEPTH, ROWS, SOUNDS, sound_files

RATE = 22_050
TIME = np.arange(RATE // 2) / RATE
TONE = np.sin(2 * np.pi * 1000 * TIME).astype(np.float32)
NOISE = np.random.default_rng(1).standard_normal(len(TIME)).astype(np.float32)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """A tone of which there are two, and noise."""
    return sound_files({"tone": [0.01 * TONE, TONE], "noise": [NOISE], "none": []}, RATE)


def test_each_sound_is_a_wav_file_at_half_of_full_scale(files):
    assert set(files) == {"tone-0.wav", "tone-1.wav", "noise-0.wav", SOUNDS}
    for name in sorted(set(files) - {SOUNDS}):
        waveform, rate = soundfile.read(io.BytesIO(files[name]))
        assert (rate, len(waveform)) == (RATE, len(TIME))
        assert abs(waveform).max() == pytest.approx(0.5, abs=1e-3)


def test_the_first_of_each_kind_is_described(files):
    tone, noise = json.loads(files[SOUNDS])
    assert (tone["kind"], tone["file"], tone["seconds"]) == ("tone", "tone-0.wav", 0.5)
    assert tone["flatness"] < 0.01 and noise["flatness"] > 0.4
    for name in ("mel", "linear"):
        values, hertz = np.array(tone[name]["values"]), tone[name]["hertz"]
        assert values.shape == (ROWS, COLUMNS) and len(hertz) == ROWS
        assert values.max() == 0 and values.min() >= -DEPTH
        loudest = hertz[int(values.mean(1).argmax())]
        assert abs(loudest - 1000) <= 2 * abs(hertz[1] - hertz[0])
        assert np.ptp(np.array(noise[name]["values"])[5:].mean(1)) < 10


def test_without_sounds_there_is_no_file():
    assert sound_files({"generated": []}, RATE) == {}
