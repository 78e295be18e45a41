import numpy as np
import pytest
import torch

from trainables.frontends.spectrum import PowerSpectrum


def discrete_stft(signal: np.ndarray, window: np.ndarray, places: np.ndarray, omegas: np.ndarray) -> np.ndarray:
    """X(m, w) = sum over n of x[n] w[n - m] exp(-i w n), with the window's middle at n = m; (omegas, places)."""
    n = np.arange(len(signal))
    values = np.zeros((len(omegas), len(places)), complex)
    for column, m in enumerate(places):
        index = n - m + len(window) // 2
        inside = (index >= 0) & (index < len(window))
        windowed = np.where(inside, signal * window[np.clip(index, 0, len(window) - 1)], 0.0)
        values[:, column] = np.exp(-1j * np.outer(omegas, n)) @ windowed
    return values


@pytest.mark.parametrize(("frame", "hop"), [(64, 16), (63, 20), (128, 128)])
def test_the_discrete_equation_is_torchs_up_to_where_phase_counts_from(frame: int, hop: int) -> None:
    signal = np.random.default_rng(1).standard_normal(500)
    window = np.hanning(frame + 1)[:-1]
    found = torch.stft(
        torch.from_numpy(signal), frame, hop, window=torch.from_numpy(window), pad_mode="constant", return_complex=True
    ).numpy()
    places = np.arange(found.shape[1]) * hop
    omegas = 2 * np.pi * np.arange(frame // 2 + 1) / frame
    # torch counts phase from the start of each frame, the equation from the first sample.
    from_the_start = found * np.exp(-1j * np.outer(omegas, places - frame // 2))
    np.testing.assert_allclose(from_the_start, discrete_stft(signal, window, places, omegas), atol=1e-10)
    power = PowerSpectrum(frame, hop)(torch.from_numpy(signal.astype(np.float32))[None])
    np.testing.assert_allclose(power[0], np.abs(found) ** 2, rtol=0, atol=1e-5 * np.abs(found).max() ** 2)


def test_the_continuous_equation_is_the_limit_of_torchs() -> None:
    """For x(t) = exp(-t^2 / 2 + i w0 t) and w(t) = exp(-t^2 / 2) the integral has a closed form."""
    step, omega_0, frame, hop = 0.02, 9.0, 1000, 50
    time = (np.arange(2000) - 1000) * step
    signal = np.exp(-(time**2) / 2 + 1j * omega_0 * time)
    window = np.exp(-(((np.arange(frame) - frame // 2) * step) ** 2) / 2)
    found = torch.stft(
        torch.from_numpy(signal),
        frame,
        hop,
        window=torch.from_numpy(window),
        pad_mode="constant",
        onesided=False,
        return_complex=True,
    ).numpy()[: frame // 2]
    starts = np.arange(found.shape[1]) * hop - frame // 2
    omegas = 2 * np.pi * np.arange(frame // 2) / (frame * step)
    from_zero = found * step * np.exp(-1j * np.outer(omegas, starts * step + time[0]))
    tau, offset = time[0] + np.arange(found.shape[1]) * hop * step, omegas[:, None] - omega_0
    exact = np.sqrt(np.pi) * np.exp(-(offset**2) / 4 - tau**2 / 4 - 1j * offset * tau / 2)
    np.testing.assert_allclose(from_zero, exact, rtol=0, atol=1e-8)
