import librosa
import numpy as np
import pytest
import torch

from trainables.errors import InvalidSetting
from trainables.frontends.mfcc import mfcc


def tone(rate: int, samples: int) -> np.ndarray:
    time = np.arange(samples) / rate
    noise = np.random.default_rng(7).standard_normal(samples)
    note = sum(np.sin(2 * np.pi * 330 * k * time) / k for k in range(1, 8)) * np.exp(-2 * time)
    return (0.2 * note + 1e-4 * noise).astype(np.float32)


@pytest.mark.parametrize("coefficients", [13, 20, 40, 64, 128])
@pytest.mark.parametrize(("rate", "frame"), [(16000, 512), (22050, 1024), (44100, 2048)])
def test_equals_librosa(rate: int, frame: int, coefficients: int) -> None:
    waveform = tone(rate, round(0.15 * rate))
    settings = {"coefficients": coefficients, "frame": frame, "hop": frame // 4, "normalise": "none"}
    found = mfcc(rate, len(waveform), **settings)(torch.from_numpy(waveform)[None])
    expected = librosa.feature.mfcc(
        y=waveform, sr=rate, n_mfcc=coefficients, n_fft=frame, hop_length=frame // 4, n_mels=128, pad_mode="constant"
    )
    np.testing.assert_allclose(found[0, 0], expected, rtol=0, atol=5e-3)


def test_pre_emphasis_equals_librosas_after_silence() -> None:
    waveform = tone(22050, 22050)
    emphasised = librosa.effects.preemphasis(waveform, coef=0.97, zi=np.zeros(1))
    found = mfcc(22050, 22050, pre_emphasis=0.97)(torch.from_numpy(waveform)[None])
    expected = mfcc(22050, 22050)(torch.from_numpy(emphasised)[None])
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-3)
    assert (found - mfcc(22050, 22050)(torch.from_numpy(waveform)[None])).abs().max() > 0.1


def test_the_transform_is_orthonormal() -> None:
    transform = mfcc(22050, 22050, coefficients=40, bands=40).transform
    torch.testing.assert_close(transform @ transform.T, torch.eye(40), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"coefficients": 129}, "number of bands, 128"),
        ({"coefficients": 0}, "between 1"),
        ({"pre_emphasis": 1.0}, "below 1"),
        ({"pre_emphasis": -0.1}, "at least 0"),
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, int | float], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        mfcc(44100, 44100, **settings)
