import numpy as np
import pytest
import torch

from trainables.augmentation.draws import stream
from trainables.augmentation.timing import pitch_shift, roll, time_stretch
from trainables.errors import InvalidSetting

RATE = 8000


def tones(clips: int, hertz: float = 500.0, samples: int = 8192) -> torch.Tensor:
    time = torch.arange(samples, dtype=torch.float64) / RATE
    return torch.sin(2 * torch.pi * hertz * time).float().expand(clips, -1)


def peaks(waveforms: torch.Tensor) -> np.ndarray:
    """The frequency, in Hz, of the strongest partial of the first half of each waveform."""
    half = waveforms[:, : waveforms.shape[1] // 2]
    spectrum = torch.fft.rfft(half * torch.hann_window(half.shape[1]), 8 * half.shape[1]).abs()
    return (spectrum.argmax(1) * RATE / (8 * half.shape[1])).numpy()


def test_roll_shifts_by_up_to_half_a_second_either_way() -> None:
    impulses = torch.zeros(200, 2 * RATE)
    impulses[:, RATE] = 1.0
    heard, _ = roll(RATE)(impulses, torch.arange(200), stream(0, 0))
    assert torch.equal(heard.sum(1), torch.ones(200))
    shifts = heard.argmax(1) - RATE
    assert -4000 <= shifts.min() < -3800
    assert 3800 < shifts.max() <= 4000


def test_what_rolls_out_comes_in() -> None:
    waveforms = torch.arange(12.0).expand(30, -1)
    heard, _ = roll(RATE, roll_seconds=1.0)(waveforms, torch.arange(30), stream(0, 0))
    for row in heard:
        assert torch.equal(row, waveforms[0].roll(int(row.argmin())))


def test_stretching_moves_events_and_keeps_the_pitch() -> None:
    """A tone that ends half way ends earlier or later by the speed, and is still the same tone."""
    waveforms = tones(24, samples=65536).clone()
    waveforms[:, 32768:] = 0.0
    heard, _ = time_stretch(RATE)(waveforms, torch.arange(24), stream(0, 0))
    ends = (heard.abs() > 0.3).float().mul(torch.arange(65536.0)).amax(1)
    speeds = 32768 / ends
    assert 0.76 < speeds.min() < 0.87
    assert 1.15 < speeds.max() < 1.32
    np.testing.assert_allclose(peaks(heard[:, :8192]), 500.0, atol=2.0)


def test_pitch_shift_moves_the_pitch_by_up_to_2_semitones_and_keeps_the_length() -> None:
    heard, _ = pitch_shift(RATE)(tones(24), torch.arange(24), stream(0, 0))
    shifts = 12 * np.log2(peaks(heard) / 500.0)
    assert -2.05 < shifts.min() < -1.3
    assert 1.3 < shifts.max() < 2.05
    assert heard[:, -1000:-200].abs().amax(1).min() > 0.3


@pytest.mark.parametrize(
    ("build", "settings"),
    [
        (roll, {"roll_seconds": -0.1}),
        (time_stretch, {"stretch_low": 0.0}),
        (time_stretch, {"stretch_low": 1.3}),
        (pitch_shift, {"semitones": -1.0}),
    ],
)
def test_impossible_settings_are_refused(build: type, settings: dict[str, float]) -> None:
    with pytest.raises(InvalidSetting, match=next(iter(settings))):
        build(RATE, **settings)
