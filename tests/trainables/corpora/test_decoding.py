"""Files to samples."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainables.corpora.decoding import BATCH, Undecodable, decode, in_parallel, to_int16


def test_samples_survive_and_channels_are_averaged(tmp_path: Path) -> None:
    stereo = np.array([[0.5, 0.25], [-0.5, -0.25], [0.1, 0.1]])
    soundfile.write(tmp_path / "a.wav", stereo, 8000, subtype="FLOAT")
    assert decode(tmp_path / "a.wav", 8000).tolist() == [12288, -12288, 3277]


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate", [8000, 6000])
def test_how_samples_are_stored_makes_no_difference(tmp_path: Path, channels: int, rate: int) -> None:
    samples = np.random.default_rng(0).integers(-32768, 32768, (4000, channels)).astype(np.int16)
    soundfile.write(tmp_path / "whole.wav", samples, 8000, subtype="PCM_16")
    soundfile.write(tmp_path / "float.wav", samples / 32768, 8000, subtype="FLOAT")
    whole = decode(tmp_path / "whole.wav", rate)
    assert np.array_equal(whole, decode(tmp_path / "float.wav", rate))
    if rate == 8000:
        assert np.array_equal(whole, np.rint(samples.mean(axis=1)))


def test_the_rate_is_changed_and_the_pitch_is_not(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000) / 2, 48_000)
    samples = decode(tmp_path / "a.wav", 44_100)
    assert len(samples) == 44_100
    assert np.argmax(np.abs(np.fft.rfft(samples))) == 440


def test_loud_samples_are_clipped_not_wrapped() -> None:
    assert to_int16(np.array([1.5, -1.5, 1.0, -1.0])).tolist() == [32767, -32768, 32767, -32768]


def test_no_samples_are_no_audio(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0), 8000)
    with pytest.raises(Undecodable, match="holds no samples"):
        decode(tmp_path / "a.wav", 8000)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rate", [8000, 6000])
def test_samples_that_are_no_numbers_are_no_audio(tmp_path: Path, value: float, rate: int) -> None:
    """A single one would make the features of its clip, and with them the weights of a network, NaN."""
    samples = np.sin(np.arange(4000) / 9)
    samples[1234] = value
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="FLOAT")
    with pytest.raises(Undecodable, match="holds samples that are no numbers"):
        decode(tmp_path / "a.wav", rate)


def test_samples_beyond_all_bounds_are_clipped(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.5, 1e30, -1e30, 0.25]), 8000, subtype="FLOAT")
    assert decode(tmp_path / "a.wav", 8000).tolist() == [16384, 32767, -32768, 8192]


def test_work_in_parallel_keeps_its_order() -> None:
    assert list(in_parallel(lambda x: x * x, range(3 * BATCH + 1))) == [x * x for x in range(3 * BATCH + 1)]


def test_work_is_not_done_far_ahead_of_its_use() -> None:
    done: list[int] = []
    results = in_parallel(done.append, range(10 * BATCH))
    next(results)
    assert len(done) <= BATCH
