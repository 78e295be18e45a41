"""Augmentations that shift, stretch or transpose a clip."""

import math

import torch
from torch import Tensor

from trainables.augmentation import AUGMENTATIONS, Augmentation
from trainables.augmentation.draws import check_range, uniform
from trainables.augmentation.vocoder import read_at, stretched
from trainables.errors import check_bounds


@AUGMENTATIONS("S1-S7")
def roll(rate: int, *, roll_seconds: float = 0.5) -> Augmentation:
    """Shifts a clip by up to `roll_seconds` either way; what leaves it at one end comes in at the other."""
    check_bounds("roll_seconds", roll_seconds, at_least=0)

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        shifts = uniform(waveforms, generator, -roll_seconds * rate, roll_seconds * rate).round().long()
        places = torch.arange(waveforms.shape[1], device=waveforms.device) - shifts
        return waveforms.gather(1, places % waveforms.shape[1]), labels

    return augment


@AUGMENTATIONS("S1-S5")
def time_stretch(rate: int, *, stretch_low: float = 0.8, stretch_high: float = 1.25) -> Augmentation:
    """Plays a clip `stretch_low` to `stretch_high` times as fast (equal ratios equally often) at its pitch.

    A phase vocoder. The number of samples stays: a slower clip loses its end, a faster one ends in silence.
    """
    check_range("stretch_low", stretch_low, "stretch_high", stretch_high, 0.01)

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        speeds = uniform(waveforms, generator, math.log(stretch_low), math.log(stretch_high)).exp()
        return stretched(waveforms, speeds[:, 0], waveforms.shape[1]), labels

    return augment


@AUGMENTATIONS("S1-S5")
def pitch_shift(rate: int, *, semitones: float = 2.0) -> Augmentation:
    """Transposes a clip by up to `semitones` (any fraction) either way at its speed.

    A phase vocoder stretches it by the ratio of the pitches, and reading it as much faster undoes that.
    """
    check_bounds("semitones", semitones, at_least=0, at_most=24)

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        ratios = 2 ** (uniform(waveforms, generator, -semitones, semitones)[:, 0] / 12)
        longest = math.ceil(waveforms.shape[1] * 2 ** (semitones / 12))
        return read_at(stretched(waveforms, 1 / ratios, longest), ratios, waveforms.shape[1]), labels

    return augment
