import numpy as np
import pytest
import torch
from scipy.signal import resample

from trainables.errors import InvalidSetting
from trainables.frontends.waveform import waveform


def test_it_is_the_waveform() -> None:
    waveforms = torch.randn(3, 500)
    assert torch.equal(waveform(8000, 500)(waveforms)[:, 0, 0], waveforms)


def test_samplecnn_hears_3_to_the_10th_samples_of_3_seconds() -> None:
    waveforms = torch.randn(1, 66150)
    front_end = waveform(22050, 66150, crop=59049)
    assert front_end.shape == (1, 1, 3**10)
    assert torch.equal(front_end(waveforms)[0, 0, 0], waveforms[0, :59049])


@pytest.mark.parametrize(
    ("settings", "rate", "samples"),
    [
        ({"target_rate": 2000}, 2000, 8000),
        ({"target_rate": 8000, "crop": 8000}, 8000, 8000),
        ({"target_rate": 8000}, 8000, 32000),
    ],
    ids=["as coded", "first second", "whole note"],
)
def test_three_readings_of_8_khz(settings: dict[str, int], rate: int, samples: int) -> None:
    """A tone of 700 Hz on 4 s at 16 kHz stays one of 700 Hz."""
    note = np.sin(2 * np.pi * 700 * np.arange(64000) / 16000).astype(np.float32)
    front_end = waveform(16000, 64000, **settings)
    assert front_end.shape == (1, 1, samples)
    found = front_end(torch.from_numpy(note)[None])[0, 0, 0].numpy()
    np.testing.assert_allclose(found, resample(note, 4 * rate)[:samples], rtol=0, atol=1e-5)
    assert np.abs(np.fft.rfft(found)).argmax() * rate / samples == 700


@pytest.mark.parametrize("crop", [-1, 501])
def test_a_crop_must_be_there(crop: int) -> None:
    with pytest.raises(InvalidSetting, match="set from 1 to 500"):
        waveform(8000, 500, crop=crop)


def test_the_crop_counts_resampled_samples() -> None:
    with pytest.raises(InvalidSetting, match="set from 1 to 250"):
        waveform(8000, 500, target_rate=4000, crop=251)
