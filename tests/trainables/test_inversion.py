"""What MFCCs lose, on a bowed note."""

import numpy as np
import pytest

from trainables import inversion as module
from trainables.errors import InvalidSetting
from trainables.inversion import inversion

RATE = 22_050


@pytest.fixture(scope="module")
def note() -> np.ndarray:
    """Half a second of eleven harmonics with vibrato, and some noise 40 dB below them."""
    time = np.arange(RATE // 2) / RATE
    phase = 2 * np.pi * 330 * time + 0.3 * np.sin(2 * np.pi * 5.5 * time)
    tone = sum(np.sin(number * phase) / number for number in range(1, 12))
    return (0.2 * tone + 0.002 * np.random.default_rng(1).standard_normal(len(time))).astype(np.float32)


def test_more_coefficients_bring_more_of_the_spectrum_back(note: np.ndarray) -> None:
    few, many = (inversion(note, RATE, coefficients) for coefficients in (13, 128))
    assert many.spectral_distance < few.spectral_distance
    assert many.flatness < few.flatness
    assert few.signal_to_noise < 3  # the phases are not there


def test_what_comes_back_whole_has_lost_nothing(note: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    faint = 1e-3 * np.random.default_rng(2).standard_normal(len(note)).astype(np.float32)
    monkeypatch.setattr(module, "to_sound", lambda *_, **__: note + faint)
    found = inversion(note, RATE, 13)
    assert found.signal_to_noise == pytest.approx(
        10 * np.log10(np.square(note).sum() / np.square(faint).sum()), abs=0.1
    )
    monkeypatch.setattr(module, "to_sound", lambda *_, **__: note / 2)
    halved = inversion(note, RATE, 13)
    assert halved.spectral_distance == pytest.approx(20 * np.log10(2), abs=0.01)
    assert halved.flatness == pytest.approx(1, abs=1e-3)
    assert halved.signal_to_noise == pytest.approx(20 * np.log10(2), abs=0.01)


def test_there_are_no_more_coefficients_than_bands(note: np.ndarray) -> None:
    with pytest.raises(InvalidSetting, match="coefficients is 129"):
        inversion(note, RATE, 129)
