"""Augmentations that change the level of a clip or of the noise under it."""

import math

import torch
from torch import Tensor

from trainables.augmentation import AUGMENTATIONS, Augmentation
from trainables.augmentation.draws import check_range, uniform
from trainables.errors import check_bounds


@AUGMENTATIONS("S1-S5", "S1-S7")
def noise(rate: int, *, snr_low: float = 10.0, snr_high: float = 30.0) -> Augmentation:
    """White Gaussian noise, `snr_low` to `snr_high` dB below the mean power of the clip; silence stays silent."""
    check_range("snr_low", snr_low, "snr_high", snr_high, -math.inf)

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        ratio = uniform(waveforms, generator, snr_low, snr_high)
        hiss = torch.randn(waveforms.shape, generator=generator, device=generator.device).to(waveforms)
        deviation = waveforms.square().mean(1, keepdim=True).sqrt() * 10 ** (-ratio / 20)
        return waveforms + deviation * hiss, labels

    return augment


@AUGMENTATIONS("S1-S5")
def volume(rate: int, *, gain_db: float = 6.0) -> Augmentation:
    """A gain between -`gain_db` and `gain_db`; front ends that normalise each clip do not show it."""
    check_bounds("gain_db", gain_db, at_least=0)

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        return waveforms * 10 ** (uniform(waveforms, generator, -gain_db, gain_db) / 20), labels

    return augment


@AUGMENTATIONS("S1-S7")
def silence(rate: int, *, silence_share: float = 0.05) -> Augmentation:
    """Empties each clip with the chance `silence_share`.

    Labels with one column per class are emptied with it; a class number stays, as there is none for silence.
    """
    check_bounds("silence_share", silence_share, at_least=0, at_most=1)

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        kept = uniform(waveforms, generator, 0.0, 1.0) >= silence_share
        return waveforms * kept, labels * kept.to(labels.dtype) if labels.ndim == 2 else labels

    return augment
