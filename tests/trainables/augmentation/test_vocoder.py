import librosa
import numpy as np
import pytest
import torch

from trainables.augmentation.vocoder import paced, read_at, stretched

RATE = 16000


def note(pitch: float, samples: int = 16000) -> np.ndarray:
    time = np.arange(samples) / RATE
    return (0.2 * sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 9)) * np.exp(-2 * time)).astype(
        np.float32
    )


def relative_error(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.mark.parametrize("speed", [0.8, 0.93, 1.0, 1.25])
def test_the_spectrum_is_librosas_at_each_items_own_speed(speed: float) -> None:
    notes = np.stack([note(220.0), note(330.0)])
    spectrum = librosa.stft(notes, pad_mode="constant")
    speeds = torch.tensor([speed, 1.1])
    expected = librosa.phase_vocoder(spectrum[0], rate=speeds[0].item(), hop_length=512)
    found = paced(torch.from_numpy(spectrum), speeds, expected.shape[1])
    assert relative_error(found[0].numpy(), expected) < 1e-3


@pytest.mark.parametrize("speed", [0.8, 1.25])
def test_stretched_waveforms_are_librosas(speed: float) -> None:
    waveform = note(220.0)
    expected = librosa.effects.time_stretch(waveform, rate=speed)
    found = stretched(torch.from_numpy(waveform)[None], torch.tensor([speed]), len(expected))[0].numpy()
    assert relative_error(found[:-2048], expected[:-2048]) < 1e-3


@pytest.mark.parametrize("semitones", [-2.0, 1.3])
def test_transposed_waveforms_are_librosas(semitones: float) -> None:
    """Stretched by the ratio of the pitches and read as much faster."""
    waveform, ratio = note(220.0), torch.tensor([2 ** (semitones / 12)])
    expected = librosa.effects.pitch_shift(waveform, sr=RATE, n_steps=semitones)
    found = read_at(stretched(torch.from_numpy(waveform)[None], 1 / ratio, 18000), ratio, 16000)[0].numpy()
    assert relative_error(found[200:-3000], expected[200:-3000]) < 1e-3


def test_speed_1_gives_the_waveform_back() -> None:
    waveforms = torch.from_numpy(np.stack([note(220.0), note(330.0)]))
    torch.testing.assert_close(stretched(waveforms, torch.ones(2), 16000), waveforms, rtol=0, atol=1e-4)


def test_after_the_end_is_silence() -> None:
    found = stretched(torch.from_numpy(note(220.0))[None], torch.tensor([2.0]), 16000)
    assert found[0, :7000].abs().max() > 0.1
    assert found[0, 10500:].abs().max() < 1e-6


@pytest.mark.parametrize("step", [0.9, 1.0, 1.12])
def test_reading_at_a_step_is_the_waveform_there(step: float) -> None:
    places = np.arange(1000) * step
    expected = sum(np.sin(0.01 * k * places + k) for k in range(1, 120)) / 50
    given = sum(np.sin(0.01 * k * np.arange(2000) + k) for k in range(1, 120)) / 50
    found = read_at(torch.from_numpy(given.astype(np.float32))[None], torch.tensor([step]), 1000)[0].numpy()
    np.testing.assert_allclose(found[40:], expected[40:], atol=5e-3)


def test_reading_faster_cuts_what_would_fold_back() -> None:
    high = torch.cos(torch.pi * 0.98 * torch.arange(4000.0))[None]
    found = read_at(high, torch.tensor([1.3]), 3000)
    assert found[0, 50:-50].abs().max() < 0.05


def test_items_do_not_mix() -> None:
    waveforms = torch.from_numpy(np.stack([note(220.0), note(330.0), note(440.0)]))
    speeds = torch.tensor([0.8, 1.0, 1.2])
    together = read_at(stretched(waveforms, speeds, 18000), speeds, 16000)
    alone = read_at(stretched(waveforms[1:2], speeds[1:2], 18000), speeds[1:2], 16000)
    torch.testing.assert_close(together[1:2], alone, rtol=0, atol=1e-4)
