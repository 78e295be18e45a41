"""An augmentation that is added."""

import torch
from torch import Tensor

from trainables.augmentation import AUGMENTATIONS, Augmentation


@AUGMENTATIONS("He et al. 2016")
def own_gain(rate: int, *, most: float = 0.5) -> Augmentation:
    """Each clip at a level of its own."""

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        drawn = torch.rand(len(waveforms), 1, generator=generator, device=generator.device).to(waveforms)
        return waveforms * (1 - most * drawn), labels

    return augment
