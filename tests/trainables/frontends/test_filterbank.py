import warnings

import librosa
import numpy as np
import pytest

from trainables.errors import InvalidSetting
from trainables.frontends.filterbank import mel_filterbank, most_bands, to_hertz, to_mels

# Largest number of slaney bands, up to 256, of which none is empty, at frames of 256, 512, 1024 and 2048 samples.
MOST_BANDS = {
    8000: (149, 256, 256, 256),
    16000: (95, 192, 256, 256),
    22050: (76, 153, 256, 256),
    44100: (45, 91, 184, 256),
}


@pytest.mark.parametrize("rate", MOST_BANDS)
def test_most_bands_without_an_empty_one(rate: int) -> None:
    found = tuple(most_bands(rate, frame, 256, 0.0, rate / 2) for frame in (256, 512, 1024, 2048))
    assert found == MOST_BANDS[rate]


@pytest.mark.parametrize(("rate", "frame", "most"), [(22050, 256, 76), (44100, 512, 91), (44100, 1024, 184)])
def test_the_limit_is_where_the_matrix_gets_an_empty_row(rate: int, frame: int, most: int) -> None:
    assert mel_filterbank(rate, frame, most, 0.0, rate / 2).any(axis=1).all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        beyond = librosa.filters.mel(sr=rate, n_fft=frame, n_mels=most + 1)
    assert not beyond.any(axis=1).all()
    with pytest.raises(InvalidSetting, match=f"set bands to {most} or fewer"):
        mel_filterbank(rate, frame, most + 1, 0.0, rate / 2)


def test_no_band_at_all_asks_for_a_longer_frame() -> None:
    with pytest.raises(InvalidSetting, match="longer frame"):
        mel_filterbank(8000, 2, 1, 0.0, 4000.0)


@pytest.mark.parametrize(
    ("rate", "frame", "bands", "low", "high"),
    [(44100, 1024, 64, 0.0, 22050.0), (22050, 2048, 128, 0.0, 11025.0), (16000, 511, 40, 60.0, 7600.0)],
)
def test_equals_librosa(rate: int, frame: int, bands: int, low: float, high: float) -> None:
    expected = librosa.filters.mel(sr=rate, n_fft=frame, n_mels=bands, fmin=low, fmax=high, dtype=np.float64)
    np.testing.assert_allclose(mel_filterbank(rate, frame, bands, low, high), expected, atol=1e-12)


def test_the_scale_is_continuous_and_inverted() -> None:
    hertz = np.array([0.0, 200.0, 999.999, 1000.0, 1000.001, 6400.0, 22050.0])
    mels = to_mels(hertz)
    assert (np.diff(mels) > 0).all()
    np.testing.assert_allclose(to_hertz(mels), hertz)
    np.testing.assert_allclose(mels[[1, 3, 5]], [3.0, 15.0, 42.0])
