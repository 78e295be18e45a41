import librosa
import numpy as np
import pytest
import torch

from trainables.errors import InvalidSetting
from trainables.frontends.log_mel import log_mel
from trainables.frontends.spectrogram import mel_spectrogram, spectrogram


def tone(rate: int, samples: int, seed: int = 0) -> np.ndarray:
    time = np.arange(samples) / rate
    noise = np.random.default_rng(seed).standard_normal(samples)
    note = sum(np.sin(2 * np.pi * 220 * k * time) / k for k in range(1, 8)) * np.exp(-4 * time)
    return (0.2 * note + 1e-4 * noise).astype(np.float32)


@pytest.mark.parametrize(("padding", "pad_mode"), [("zeros", "constant"), ("reflect", "reflect")])
@pytest.mark.parametrize(("rate", "frame"), [(16000, 511), (22050, 1024), (44100, 2048)])
def test_spectrograms_equal_librosas(rate: int, frame: int, padding: str, pad_mode: str) -> None:
    waveform = tone(rate, round(0.15 * rate))
    settings = {"frame": frame, "hop": frame // 2, "padding": padding, "normalise": "none"}
    batch = torch.from_numpy(waveform)[None]
    magnitude = np.abs(librosa.stft(y=waveform, n_fft=frame, hop_length=frame // 2, pad_mode=pad_mode))
    found = {
        amplitude: spectrogram(rate, len(waveform), amplitude=amplitude, **settings)(batch)[0, 0]
        for amplitude in ("magnitude", "power", "decibels")
    }
    peak = magnitude.max()
    np.testing.assert_allclose(found["magnitude"], magnitude, rtol=0, atol=5e-6 * peak)
    np.testing.assert_allclose(found["power"], magnitude**2, rtol=0, atol=5e-6 * peak**2)
    np.testing.assert_allclose(found["decibels"], librosa.power_to_db(magnitude**2), rtol=0, atol=5e-3)


@pytest.mark.parametrize(("rate", "frame", "bands"), [(16000, 512, 64), (22050, 1024, 128), (44100, 2048, 128)])
def test_linear_mels_equal_librosas(rate: int, frame: int, bands: int) -> None:
    waveform = tone(rate, rate // 2)
    settings = {"frame": frame, "hop": frame // 2, "bands": bands, "normalise": "none"}
    expected = librosa.feature.melspectrogram(
        y=waveform, sr=rate, n_fft=frame, hop_length=frame // 2, n_mels=bands, pad_mode="constant"
    )
    batch = torch.from_numpy(waveform)[None]
    power = mel_spectrogram(rate, len(waveform), amplitude="power", **settings)(batch)[0, 0]
    np.testing.assert_allclose(power, expected, rtol=0, atol=5e-6 * expected.max())
    decibels = mel_spectrogram(rate, len(waveform), **settings)(batch)[0, 0]
    np.testing.assert_allclose(decibels, librosa.power_to_db(expected), rtol=0, atol=5e-3)


def test_cnn14_hears_what_it_was_trained_on() -> None:
    """Its front end takes dB relative to 1 of power of at least 1e-10, with no other floor."""
    waveform = np.concatenate([tone(32000, 16000), np.zeros(16000, np.float32)])
    front_end = mel_spectrogram(
        32000,
        32000,
        target_rate=32000,
        hop=320,
        bands=64,
        low=50.0,
        high=14000.0,
        padding="reflect",
        top_db=0.0,
        normalise="none",
    )
    mel = librosa.feature.melspectrogram(
        y=waveform, sr=32000, n_fft=1024, hop_length=320, n_mels=64, fmin=50, fmax=14000, pad_mode="reflect"
    )
    found = front_end(torch.from_numpy(waveform)[None])[0, 0]
    np.testing.assert_allclose(found, 10 * np.log10(np.maximum(mel, 1e-10)), rtol=0, atol=5e-3)
    assert found.min() == -100.0


def test_normalised_decibels_are_those_of_log_mel() -> None:
    """The reference of the dB, 1 or the clip's peak, goes with the mean."""
    batch = torch.from_numpy(tone(44100, 44100))[None]
    found = mel_spectrogram(44100, 44100, bands=64, frames=80)(batch)
    torch.testing.assert_close(found, log_mel(44100, 44100)(batch), rtol=0, atol=1e-4)


def test_resampled_mels_are_those_of_audio_at_that_rate() -> None:
    """Below half the lower rate a tone is the same at either."""
    settings = {"bands": 64, "amplitude": "power", "normalise": "none"}
    time = {rate: np.arange(rate) / rate for rate in (44100, 22050)}
    tones = {rate: np.sin(2 * np.pi * 440 * t).astype(np.float32) for rate, t in time.items()}
    found = mel_spectrogram(44100, 44100, target_rate=22050, **settings)(torch.from_numpy(tones[44100])[None])
    expected = mel_spectrogram(22050, 22050, **settings)(torch.from_numpy(tones[22050])[None])
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4 * float(expected.max()))


def test_segments_too_short_to_reflect_are_refused() -> None:
    spectrogram(44100, 513, padding="reflect")
    with pytest.raises(InvalidSetting, match="too short"):
        spectrogram(44100, 512, padding="reflect")


def test_a_frame_too_short_for_its_bands_is_refused_after_resampling_too() -> None:
    with pytest.raises(InvalidSetting, match="set bands to 76 or fewer"):
        mel_spectrogram(44100, 44100, target_rate=22050, frame=256, hop=128)
