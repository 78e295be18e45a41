import numpy as np
import pytest
import torch
from scipy.signal import resample

from trainables.errors import InvalidSetting
from trainables.frontends.resampling import at_rate, resampled


@pytest.mark.parametrize(
    ("given", "wanted"),
    [(64000, 8000), (64000, 32000), (66150, 59049), (1000, 999), (999, 500), (500, 999), (1000, 1500), (7, 8), (9, 1)],
)
def test_equals_scipy(given: int, wanted: int) -> None:
    waveforms = np.random.default_rng(given).standard_normal((2, given)).astype(np.float32)
    found = resampled(torch.from_numpy(waveforms), wanted)
    np.testing.assert_allclose(found, resample(waveforms.astype(float), wanted, axis=1), rtol=0, atol=1e-5)


def test_the_same_length_is_the_same_waveform() -> None:
    waveforms = torch.randn(2, 100)
    assert resampled(waveforms, 100) is waveforms


def test_the_given_waveforms_are_left_alone() -> None:
    waveforms = torch.randn(2, 100)
    copy = waveforms.clone()
    resampled(waveforms, 50)
    assert torch.equal(waveforms, copy)


def test_rate_and_length_go_together() -> None:
    assert at_rate(16000, 64000, 0) == (16000, 64000)
    assert at_rate(16000, 64000, 2000) == (2000, 8000)
    assert at_rate(44100, 132299, 22050) == (22050, 66150)
    with pytest.raises(InvalidSetting, match="none left"):
        at_rate(44100, 20, 1000)
    with pytest.raises(InvalidSetting, match="target_rate is -5"):
        at_rate(44100, 20, -5)
