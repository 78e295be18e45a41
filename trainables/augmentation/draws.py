"""Random numbers of augmentations, one stream for each trial and epoch."""

import numpy as np
import torch
from torch import Tensor

from trainables.errors import InvalidSetting

STREAM = 0xA6
"""Keeps these numbers apart from other streams of the same seed."""


def stream(seed: int, epoch: int, device: torch.device | str = "cpu") -> torch.Generator:
    """The generator of one epoch of a trial: nothing of it has to be stored for the trial to go on after an epoch."""
    words = np.random.SeedSequence([STREAM, seed, epoch]).generate_state(1, np.uint64)
    return torch.Generator(device).manual_seed(int(words[0] >> 1))


def uniform(waveforms: Tensor, generator: torch.Generator, low: float, high: float) -> Tensor:
    """One number from `low` to `high` per item, (batch, 1), of the waveforms' type and on their device."""
    numbers = torch.rand(len(waveforms), 1, generator=generator, device=generator.device)
    return (low + (high - low) * numbers).to(waveforms)


def check_range(low_name: str, low: float, high_name: str, high: float, least: float) -> None:
    """Raise InvalidSetting unless `least` <= `low` <= `high`."""
    if not least <= low <= high:
        raise InvalidSetting(f"{low_name} is {low} and {high_name} {high}: they must rise and be at least {least}.")
