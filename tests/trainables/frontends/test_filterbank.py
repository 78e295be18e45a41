import warnings

import librosa
import numpy as np
import pytest
from torchaudio.functional import melscale_fbanks

from trainables.errors import InvalidSetting
from trainables.frontends.filterbank import band_edges, mel_filterbank, most_bands

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


def slaney(hertz: np.ndarray) -> np.ndarray:
    """Mels: 3 in each 200 Hz up to 1 kHz, then 27 in each factor of 6.4."""
    return np.where(hertz < 1000, 3 * hertz / 200, 15 + 27 * np.log(np.maximum(hertz, 1000) / 1000) / np.log(6.4))


@pytest.mark.parametrize(("bands", "low", "high"), [(64, 0.0, 22050.0), (5, 60.0, 7600.0), (3, 100.0, 900.0)])
def test_edges_are_equally_spaced_on_slaneys_scale(bands: int, low: float, high: float) -> None:
    edges = band_edges(bands, low, high)
    assert edges.shape == (bands + 2,)
    np.testing.assert_allclose(edges[[0, -1]], [low, high])
    steps = np.diff(slaney(edges))
    np.testing.assert_allclose(steps, steps.mean())


@pytest.mark.parametrize(
    ("rate", "frame", "bands", "low", "high"),
    [(44100, 1024, 64, 0.0, 22050.0), (22050, 2048, 128, 0.0, 11025.0), (16000, 511, 40, 60.0, 7600.0)],
)
def test_bands_are_triangles_between_their_edges_of_equal_area(
    rate: int, frame: int, bands: int, low: float, high: float
) -> None:
    edges, hertz = band_edges(bands, low, high), np.arange(frame // 2 + 1) * rate / frame
    filters = mel_filterbank(rate, frame, bands, low, high)
    assert filters.shape == (bands, len(hertz))
    for row, (start, peak, end) in zip(filters, zip(edges, edges[1:], edges[2:], strict=False), strict=True):
        height = 2 / (end - start)
        np.testing.assert_allclose(row, np.interp(hertz, [start, peak, end], [0, height, 0]), atol=1e-12)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 22051, 44100])
@pytest.mark.parametrize(("frame", "bands"), [(1024, 40), (2048, 128), (511, 20)])
@pytest.mark.parametrize("low", [0.0, 60.0])
def test_they_are_librosas_to_the_last_bit(rate: int, frame: int, bands: int, low: float) -> None:
    high = rate / 2
    assert band_edges(bands, low, high).tobytes() == librosa.mel_frequencies(bands + 2, fmin=low, fmax=high).tobytes()
    filters = librosa.filters.mel(sr=rate, n_fft=frame, n_mels=bands, fmin=low, fmax=high, dtype=np.float64)
    np.testing.assert_array_equal(mel_filterbank(rate, frame, bands, low, high), filters)


@pytest.mark.parametrize(("rate", "frame", "bands"), [(44100, 1024, 64), (22050, 2048, 128)])
def test_they_are_torchaudios_to_single_precision(rate: int, frame: int, bands: int) -> None:
    expected = melscale_fbanks(frame // 2 + 1, 0.0, rate / 2, bands, rate, "slaney", "slaney").T
    np.testing.assert_allclose(mel_filterbank(rate, frame, bands, 0.0, rate / 2), expected, atol=1e-6)
