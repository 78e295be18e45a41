import librosa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainables.frontends.filterbank import bin_frequencies
from trainables.frontends.triangles import frequency_edges, time_edges, triangles


@pytest.mark.parametrize(("rate", "frame", "bands"), [(22050, 2048, 128), (44100, 8192, 128), (16000, 1024, 64)])
def test_where_bands_are_wide_they_are_librosas(rate: int, frame: int, bands: int) -> None:
    edges, spacing = frequency_edges("mel", rate, bands, 50.0), rate / frame
    wide = (np.diff(edges)[:-1] >= spacing) & (np.diff(edges)[1:] >= spacing)
    expected = librosa.filters.mel(sr=rate, n_fft=frame, n_mels=bands, norm=1, dtype=np.float64)
    found = triangles(edges, bin_frequencies(rate, frame))
    assert wide.sum() > bands / 2
    np.testing.assert_allclose(found[wide], expected[wide], atol=1e-12)


@given(
    scale=st.sampled_from(["linear", "mel", "log"]),
    window=st.sampled_from([2, 16, 255, 512, 2048]),
    bands=st.integers(1, 150),
    rate=st.sampled_from([8000, 22050, 44100]),
)
def test_every_band_is_a_mean_of_bins_about_its_centre(scale: str, window: int, bands: int, rate: int) -> None:
    edges, bins = frequency_edges(scale, rate, bands, 50.0), bin_frequencies(rate, window)
    weights = triangles(edges, bins)
    assert weights.shape == (bands, len(bins))
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(1), 1.0)
    reach = np.maximum(np.maximum(np.diff(edges)[:-1], np.diff(edges)[1:]), bins[1] - bins[0])
    away = np.abs(bins - edges[1:-1, None]) > reach[:, None]
    assert not weights[away].any()


@given(samples=st.integers(1, 3000), frames=st.integers(1, 300), hop=st.integers(1, 400))
def test_every_frame_of_the_grid_is_a_mean(samples: int, frames: int, hop: int) -> None:
    weights = triangles(time_edges(samples, frames), np.arange(1 + samples // hop) * float(hop))
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(1), 1.0)


def test_between_coarse_points_values_are_interpolated_linearly() -> None:
    points, values = np.array([0.0, 10.0, 20.0]), np.array([1.0, 3.0, 2.0])
    targets = np.array([10.0, 12.5, 15.0, 18.0])
    edges = np.concatenate([[9.0], targets, [19.0]])
    np.testing.assert_allclose(triangles(edges, points) @ values, np.interp(targets, points, values))


def test_scales() -> None:
    np.testing.assert_allclose(frequency_edges("linear", 8000, 3, 50.0), [0, 1000, 2000, 3000, 4000])
    np.testing.assert_allclose(frequency_edges("log", 8000, 2, 4.0), [4, 40, 400, 4000])
    mels = frequency_edges("mel", 8000, 5, 50.0)
    np.testing.assert_allclose(mels, librosa.mel_frequencies(7, fmin=0, fmax=4000))
    np.testing.assert_allclose(time_edges(100, 4), [-12.5, 12.5, 37.5, 62.5, 87.5, 112.5])
