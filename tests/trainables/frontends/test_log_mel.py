import librosa
import numpy as np
import pytest
import torch

from trainables.frontends.log_mel import log_mel


def tone(rate: int, samples: int, seed: int = 0) -> np.ndarray:
    time = np.arange(samples) / rate
    noise = np.random.default_rng(seed).standard_normal(samples)
    note = sum(np.sin(2 * np.pi * 220 * k * time) / k for k in range(1, 8)) * np.exp(-4 * time)
    return (0.2 * note + 1e-4 * noise).astype(np.float32)


@pytest.mark.parametrize(
    ("rate", "frame", "bands"),
    [
        (8000, 256, 64),
        (16000, 511, 40),
        (22050, 1024, 128),
        (22050, 2048, 128),
        (44100, 1024, 64),
        (44100, 1024, 128),
        (44100, 2048, 128),
    ],
)
@pytest.mark.parametrize("seconds", [0.15, 1.0])
def test_equals_librosa(rate: int, frame: int, bands: int, seconds: float) -> None:
    waveform = tone(rate, round(seconds * rate))
    front_end = log_mel(
        rate, len(waveform), frame=frame, hop=frame // 2, bands=bands, frames=0, top_db=40.0, normalise="none"
    )
    power = librosa.feature.melspectrogram(
        y=waveform, sr=rate, n_fft=frame, hop_length=frame // 2, n_mels=bands, pad_mode="constant"
    )
    batch = torch.from_numpy(waveform)[None]
    np.testing.assert_allclose(front_end.power(batch)[0], power, rtol=0, atol=5e-6 * power.max())
    expected = librosa.power_to_db(power, ref=np.max, top_db=40.0)
    np.testing.assert_allclose(front_end(batch)[0, 0], expected, rtol=0, atol=5e-3)


def test_a_second_at_44100_hertz_has_87_frames_of_which_80_are_kept() -> None:
    assert log_mel(44100, 44100, frames=0).shape == (1, 64, 87)
    assert log_mel(44100, 44100).shape == (1, 64, 80)
    waveform = torch.from_numpy(tone(44100, 44100))[None]
    everything = log_mel(44100, 44100, frames=0, normalise="none")(waveform)
    assert torch.equal(log_mel(44100, 44100, normalise="none")(waveform), everything[..., :80])


def test_the_peak_of_the_whole_segment_is_the_reference() -> None:
    """Also where it lies in the frames that are cut off."""
    waveform = np.concatenate([np.zeros(41000), tone(44100, 3100)]).astype(np.float32)
    values = log_mel(44100, len(waveform), normalise="none")(torch.from_numpy(waveform)[None])
    assert values.max() == -80.0


@pytest.mark.parametrize(("top_db", "floor"), [(80.0, -80.0), (30.0, -30.0), (0.0, -100.0)])
def test_the_floor_lies_below_the_peak(top_db: float, floor: float) -> None:
    """With amplitudes near 1 the peak has more power than 1, so that silence is over 100 dB below it."""
    waveform = np.concatenate([tone(44100, 22050) * 4, np.zeros(22050)]).astype(np.float32)
    values = log_mel(44100, 44100, top_db=top_db, normalise="none")(torch.from_numpy(waveform)[None])
    assert values[..., :40].max() == 0.0
    assert values.min() == floor if top_db else values.min() < floor


def test_normalised_clips_have_mean_0_and_deviation_1() -> None:
    batch = torch.from_numpy(np.stack([tone(44100, 44100, seed) for seed in range(3)]))
    features = log_mel(44100, 44100)(batch)
    torch.testing.assert_close(features.mean((1, 2, 3)), torch.zeros(3), rtol=0, atol=1e-5)
    torch.testing.assert_close(features.std((1, 2, 3), correction=0), torch.ones(3), rtol=0, atol=1e-5)


def test_normalised_frames_have_mean_0_each() -> None:
    features = log_mel(44100, 44100, normalise="frame")(torch.from_numpy(tone(44100, 44100))[None])
    torch.testing.assert_close(features.mean(2), torch.zeros(1, 1, 80), rtol=0, atol=1e-5)


def test_silence_becomes_zeros() -> None:
    assert not log_mel(44100, 44100)(torch.zeros(2, 44100)).any()


def test_the_level_of_a_clip_changes_nothing() -> None:
    batch = torch.from_numpy(tone(44100, 44100))[None]
    torch.testing.assert_close(log_mel(44100, 44100)(batch / 4), log_mel(44100, 44100)(batch), rtol=0, atol=1e-3)
