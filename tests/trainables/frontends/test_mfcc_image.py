from typing import Any

import librosa
import numpy as np
import pytest
import scipy.optimize
import torch

from trainables.errors import InvalidSetting
from trainables.frontends.mfcc_image import (
    LOUDEST,
    ImageScale,
    image_hop,
    louder_than_recordings,
    mfcc_image,
    sounds_of,
    to_sound,
)

RATE, SAMPLES = 22050, 11025


def note(pitch: float) -> np.ndarray:
    time = np.arange(SAMPLES) / RATE
    hiss = np.random.default_rng(3).standard_normal(SAMPLES)
    partials = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 12)) * np.exp(-2 * time)
    return (0.2 * partials + 1e-4 * hiss).astype(np.float32)


def mfccs(waveform: np.ndarray, count: int) -> np.ndarray:
    return librosa.feature.mfcc(y=waveform, sr=RATE, n_mfcc=count, n_mels=128, pad_mode="constant")


def log_mel(waveform: np.ndarray) -> np.ndarray:
    return librosa.power_to_db(librosa.feature.melspectrogram(y=waveform, sr=RATE, pad_mode="constant")).ravel()


def test_an_image_of_3_seconds_is_librosas() -> None:
    waveform = np.tile(note(220.0), 12)
    front_end = mfcc_image(44100, len(waveform))
    assert image_hop(len(waveform), 128, 2048) == 1041
    assert front_end.shape == (1, 128, 128)
    expected = librosa.feature.mfcc(
        y=waveform, sr=44100, n_mfcc=128, n_fft=2048, hop_length=1041, n_mels=128, pad_mode="constant"
    )
    found = front_end(torch.from_numpy(waveform)[None])[0, 0]
    np.testing.assert_allclose(found, expected[:, :128], rtol=0, atol=5e-3)


@pytest.mark.parametrize("samples", [128, 500, 22050, 132299, 132300, 200000])
@pytest.mark.parametrize("frame", [2047, 2048])
def test_the_hop_is_the_longest_that_fills_the_image(samples: int, frame: int) -> None:
    hop = image_hop(samples, 128, frame)
    available = [1 + (samples - frame % 2) // step for step in (hop, hop + 1)]
    assert available[0] >= 128 > available[1]


def test_segments_shorter_than_the_image_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="frames is 128"):
        mfcc_image(44100, 100)


def test_segments_whose_hop_would_lose_samples_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="must not exceed the frame"):
        mfcc_image(44100, 30 * 44100)


def test_training_images_fill_the_range_of_tanh_and_go_back() -> None:
    cepstra = torch.randn(6, 1, 16, 20) * torch.linspace(100, 0, 16)[:, None] - 30
    scale = ImageScale.fit(cepstra)
    images = scale.images(cepstra)
    assert images.isfinite().all()
    torch.testing.assert_close(images.amin((0, 3))[0, :-1], -torch.ones(15))
    torch.testing.assert_close(images.amax((0, 3))[0, :-1], torch.ones(15))
    torch.testing.assert_close(scale.cepstra(images), cepstra, rtol=0, atol=1e-4)


def test_the_range_comes_from_the_training_part_alone() -> None:
    train, test = torch.randn(4, 1, 8, 8), 100 * torch.randn(4, 1, 8, 8)
    before = ImageScale.fit(train).images(train)
    assert ImageScale.fit(train).images(test).abs().max() > 1
    assert torch.equal(ImageScale.fit(train).images(train), before)


def test_sound_from_mfccs_has_these_mfccs_and_is_librosas() -> None:
    """But for the phases that librosa draws anew each time."""
    cepstra = mfccs(note(330.0), 13)
    settings = {"frame": 2048, "hop": 512, "bands": 128, "iterations": 8}
    found = to_sound(cepstra, RATE, SAMPLES, **settings)
    assert found.shape == (SAMPLES,)
    assert found.dtype == np.float32
    assert np.corrcoef(mfccs(found, 13).ravel(), cepstra.ravel())[0, 1] > 0.99
    theirs = librosa.feature.inverse.mfcc_to_audio(
        cepstra, n_mels=128, sr=RATE, n_iter=8, length=SAMPLES, pad_mode="constant"
    )
    assert np.corrcoef(log_mel(found), log_mel(theirs))[0, 1] > 0.98


def test_the_same_mfccs_always_sound_the_same() -> None:
    cepstra = mfccs(note(330.0), 13)[:, :8]
    one, other = (to_sound(cepstra, RATE, 3600, frame=2048, hop=512, bands=128, iterations=3) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_more_coefficients_lose_less() -> None:
    waveform = note(330.0)
    cepstra = mfccs(waveform, 128)
    settings = {"frame": 2048, "hop": 512, "bands": 128, "iterations": 4}
    sounding = [to_sound(cepstra[:count], RATE, SAMPLES, **settings) for count in (5, 128)]
    distances = [np.abs(log_mel(sound) - log_mel(waveform)).mean() for sound in sounding]
    assert distances[1] < distances[0]


@pytest.mark.parametrize(("power", "times"), [(0.0, 1), (LOUDEST, 1), (1.1 * LOUDEST, 4), (1e6 * LOUDEST, 4**10)])
def test_only_what_no_recording_reaches_is_made_less_by_a_power_of_four(power: float, times: int) -> None:
    assert louder_than_recordings(power) == times


def test_what_is_far_louder_than_any_recording_is_solved_in_as_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    solve = scipy.optimize.fmin_l_bfgs_b

    def counted(*given: Any, **named: Any) -> Any:
        found = solve(*given, **named, maxiter=60)
        steps.append(found[2]["nit"])
        return found

    monkeypatch.setattr(scipy.optimize, "fmin_l_bfgs_b", counted)
    cepstra = mfccs(note(330.0), 128)[:, :8]
    settings = {"frame": 2048, "hop": 512, "bands": 128, "iterations": 4}
    twice = []
    for decibels in (80, 80 + 10 * np.log10(4.0**10)):
        louder = cepstra.copy()
        louder[0] += decibels * np.sqrt(128)
        twice.append(to_sound(louder, RATE, 3600, **settings))
    np.testing.assert_allclose(twice[1] / 2.0**10, twice[0], atol=1e-3 * np.abs(twice[0]).max())
    assert steps[0] == steps[1] < 60


def test_images_become_sounds() -> None:
    batch = torch.from_numpy(np.stack([note(220.0), note(440.0)]))
    front_end = mfcc_image(RATE, SAMPLES, side=32)
    cepstra = front_end(batch)
    scale = ImageScale.fit(cepstra)
    heard = np.stack(sounds_of(scale.images(cepstra), scale, RATE, SAMPLES))
    envelopes = torch.cat([cepstra, front_end(torch.from_numpy(heard))])[:, 0, :20].flatten(1).numpy()
    alike = np.corrcoef(envelopes)[2:, :2]
    assert (alike.argmax(1) == [0, 1]).all()
    assert (alike.diagonal() > 0.8).all()
    assert heard.shape == (2, SAMPLES)
