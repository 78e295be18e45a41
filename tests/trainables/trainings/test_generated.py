"""Measures of generated images, on images whose measures are known."""

import numpy as np
import pytest
import torch

from trainables.frontends import FRONT_ENDS
from trainables.frontends.mfcc_image import ImageScale
from trainables.trainings.generated import distance, flatness, log_mel

RATE, SAMPLES, FRAME = 22_050, 11_025, 1024


def images_of(waveforms: torch.Tensor) -> tuple[torch.Tensor, ImageScale]:
    cepstra = FRONT_ENDS["mfcc_image"].build(RATE, SAMPLES, side=64, frame=FRAME)(waveforms)
    scale = ImageScale.fit(cepstra)
    return scale.images(cepstra), scale


def tones(*hertz: float) -> torch.Tensor:
    time = torch.arange(SAMPLES) / RATE
    return 0.3 * torch.stack([torch.sin(2 * torch.pi * each * time) for each in hertz])


def noise(items: int) -> torch.Tensor:
    return 0.1 * torch.randn(items, SAMPLES, generator=torch.Generator().manual_seed(1))


def test_log_mel_spectrograms_are_those_that_the_image_was_made_of():
    waveforms = torch.cat([tones(440, 880), noise(2)])
    images, scale = images_of(waveforms)
    hop = SAMPLES // 63
    mel = FRONT_ENDS["mel_spectrogram"].build(
        RATE, SAMPLES, frame=FRAME, hop=hop, bands=64, frames=64, normalise="none"
    )(waveforms)
    torch.testing.assert_close(log_mel(images, scale), mel.squeeze(1), rtol=1e-3, atol=0.05)


def test_flatness_of_noise_of_tones_and_of_a_constant():
    images, scale = images_of(torch.cat([noise(2), tones(440, 1000)]))
    values = flatness(log_mel(images, scale))
    assert (values[:2] > 0.4).all()
    assert (values[2:] < 0.02).all()
    assert flatness(torch.full((1, 8, 5), -30.0)).item() == pytest.approx(1)
    impulse = torch.full((1, 4, 2), -1000.0)
    impulse[:, 0] = 0.0
    assert flatness(impulse).item() == pytest.approx(0, abs=1e-6)


def test_distance_of_sets_that_differ_in_level_or_spread_alone():
    one = torch.randn(50, 8, 6)
    assert distance(one, one) == 0
    level = one.clone()
    level[:, :, :] += 3.0  # the means over time of all bands move, the deviations do not
    assert distance(one, level) == pytest.approx(3 / np.sqrt(2), rel=1e-5)
    assert distance(one, level) == pytest.approx(distance(level, one))
    assert distance(one, one.mean(0, keepdim=True).expand(50, -1, -1)) > 0


def test_distance_is_small_between_draws_and_large_between_kinds():
    images, scale = images_of(torch.cat([noise(40), tones(*np.geomspace(200, 2000, 40))]))
    mel = log_mel(images, scale)
    same, other = distance(mel[:20], mel[20:40]), distance(mel[:20], mel[40:])
    assert same < 1
    assert other > 10
