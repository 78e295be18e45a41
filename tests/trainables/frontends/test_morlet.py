import math

import numpy as np
import pytest
import torch

from trainables.errors import InvalidSetting
from trainables.frontends.morlet import LEARNABLE_OMEGAS, MorletPower, morlet, scalogram

RATE, SAMPLES = 4000, 2000


def psi(t: np.ndarray) -> np.ndarray:
    """Morlet's wavelet, w0 = 6."""
    return np.pi**-0.25 * np.exp(6j * t) * np.exp(-(t**2) / 2)


def noise() -> np.ndarray:
    return np.random.default_rng(2).standard_normal(SAMPLES).astype(np.float32)


def centres(rate: int, bands: int, lowest: float) -> np.ndarray:
    return np.geomspace(lowest, rate / 2, bands)


def test_equals_the_convolution_written_as_a_sum() -> None:
    """For centres up to half of half the rate; above, a sampled wavelet is not the sampled spectrum's."""
    waveform, hop = noise(), 37
    found = MorletPower(RATE, SAMPLES, 12, 50.0, hop)(torch.from_numpy(waveform)[None])[0]
    time = (np.arange(SAMPLES)[:, None] - np.arange(SAMPLES)[::hop]) / RATE
    for band, centre in enumerate(centres(RATE, 12, 50.0)):
        if centre > RATE / 4:
            continue
        scale = 6 / (2 * np.pi * centre)
        gain = 2 * np.pi**0.25 / (scale * np.sqrt(2 * np.pi) * RATE)
        expected = gain * np.abs(waveform @ np.conj(psi(time / scale)))
        np.testing.assert_allclose(found[band].sqrt(), expected, rtol=0, atol=1e-5)


def test_equals_the_whole_transform_in_numpy() -> None:
    waveform, hop = noise(), 50
    found = MorletPower(RATE, SAMPLES, 20, 50.0, hop)(torch.from_numpy(waveform)[None])[0]
    assert found.shape == (20, 40)
    length = 4 * SAMPLES
    spectrum = np.fft.fft(waveform, length)
    hertz = np.fft.fftfreq(length, 1 / RATE)
    for band, centre in enumerate(centres(RATE, 20, 50.0)):
        response = np.where(hertz >= 0, 2 * np.exp(-((6 * (hertz / centre - 1)) ** 2) / 2), 0)
        expected = np.abs(np.fft.ifft(spectrum * response))[:SAMPLES:hop]
        # A band at half the rate ends there in frequency and so rings on in time: the two paddings differ a little.
        tolerance = 1e-5 if centre < RATE / 4 else 2e-2
        np.testing.assert_allclose(found[band].sqrt(), expected, rtol=0, atol=tolerance)


def test_a_sinusoid_at_a_centre_keeps_its_amplitude() -> None:
    hertz = centres(RATE, 9, 50.0)
    time = np.arange(SAMPLES) / RATE
    tones = 0.3 * np.stack([np.sin(2 * np.pi * f * time) for f in hertz[:7]])
    power = MorletPower(RATE, SAMPLES, 9, 50.0, 100)(torch.from_numpy(tones.astype(np.float32)))
    middle = power[:, :, 10].sqrt()
    np.testing.assert_allclose(middle.diagonal(), 0.3, atol=2e-3)
    assert (middle.argmax(1) == torch.arange(7)).all()


@pytest.mark.parametrize("hop", [2, 7, 64, 333, 2000])
def test_a_hop_only_skips_frames(hop: int) -> None:
    waveform = torch.from_numpy(noise())[None]
    every = MorletPower(RATE, SAMPLES, 8, 50.0, 1)(waveform)
    found = MorletPower(RATE, SAMPLES, 8, 50.0, hop)(waveform)
    assert found.shape == (1, 8, math.ceil(SAMPLES / hop))
    below = slice(0, 6)  # Above, the length of the transform shows: see the comparison with NumPy's.
    torch.testing.assert_close(found[:, below], every[:, below, ::hop], rtol=0, atol=1e-5)


def test_the_end_of_a_segment_does_not_run_into_its_start() -> None:
    waveform = np.zeros(SAMPLES, np.float32)
    waveform[-1] = 1.0
    power = MorletPower(RATE, SAMPLES, 6, 50.0, 20)(torch.from_numpy(waveform)[None])[0, :4]
    assert (power[:, :20].amax(1) < 1e-12 * power.amax(1)).all()


def test_a_learnable_transform_starts_as_the_fixed_one() -> None:
    waveforms = torch.from_numpy(np.stack([noise(), noise()[::-1].copy()]))
    fixed = MorletPower(RATE, SAMPLES, 10, 50.0, 40)
    learnable = MorletPower(RATE, SAMPLES, 10, 50.0, 40, learnable=True)
    assert not list(fixed.parameters())
    assert {name for name, _ in learnable.named_parameters()} == {"log_centres", "log_omegas"}
    torch.testing.assert_close(learnable(waveforms)[:, :7], fixed(waveforms)[:, :7], rtol=0, atol=1e-4)


def test_centres_and_bandwidths_learn() -> None:
    """The centre of a band moves to a tone beside it, and the band gets narrower on the flat side of none."""
    tone = torch.from_numpy(np.sin(2 * np.pi * 420 * np.arange(SAMPLES) / RATE).astype(np.float32))[None]
    power = MorletPower(RATE, SAMPLES, 4, 50.0, 100, learnable=True)
    with torch.no_grad():
        power.log_centres[1] = math.log(380.0)
    optimiser = torch.optim.Adam(power.parameters(), lr=0.01)
    for _ in range(40):
        loss = -power(tone)[0, 1, 10]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert abs(power.log_centres[1].exp().item() - 420) < 10
    features = scalogram(power, SAMPLES, 80.0, "clip")(tone)
    features.square()[..., 3].sum().backward()
    assert power.log_omegas.grad is not None
    assert power.log_omegas.grad.isfinite().all()


def test_parameters_beyond_their_limits_count_as_the_limits() -> None:
    waveform = torch.from_numpy(noise())[None]
    power = MorletPower(RATE, SAMPLES, 2, 50.0, 40, learnable=True)
    with torch.no_grad():
        power.log_centres.copy_(torch.tensor([0.0, 99.0]))
        power.log_omegas.copy_(torch.tensor([-5.0, 50.0]))
    found = power(waveform)
    with torch.no_grad():
        power.log_centres.copy_(torch.tensor([math.log(50.0), math.log(RATE / 2)]))
        power.log_omegas.copy_(torch.tensor([math.log(limit) for limit in LEARNABLE_OMEGAS]))
    torch.testing.assert_close(found, power(waveform))


def test_shape_of_three_seconds() -> None:
    assert morlet(44100, 132300, bands=128).shape == (1, 128, 259)
    assert morlet(44100, 132300, target_rate=22050).shape == (1, 64, 130)


@pytest.mark.parametrize("hop", [0, 44101])
def test_impossible_hops_are_refused(hop: int) -> None:
    with pytest.raises(InvalidSetting, match=f"hop is {hop}: it must lie between 1 and the 44100 samples"):
        morlet(44100, 44100, hop=hop)
