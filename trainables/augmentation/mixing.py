"""Sums of clips with the labels of all of them."""

import torch
from torch import Tensor

from trainables.augmentation import AUGMENTATIONS, Augmentation
from trainables.errors import InvalidSetting


@AUGMENTATIONS("S1-S6")
def mixing(rate: int, *, most_mixed: int = 3) -> Augmentation:
    """Adds one to `most_mixed` - 1 other clips of the batch to each clip; its labels are those of all of them.

    Labels must have one column per class, as for a loss that allows several. Clips are summed as they are. A batch of
    fewer than `most_mixed` clips mixes as many as it has.
    """
    if most_mixed < 2:
        raise InvalidSetting(f"most_mixed is {most_mixed}: a mixture needs at least 2 clips.")

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        if labels.ndim != 2:
            raise InvalidSetting("Mixed clips have several labels: use a loss that takes one column per class.")
        clips, device = len(waveforms), waveforms.device
        order = torch.randperm(clips, generator=generator, device=generator.device).to(device)
        mixed = torch.randint(2, most_mixed + 1, (clips, 1), generator=generator, device=generator.device).to(device)
        place = order.argsort()
        sounds, classes = waveforms.clone(), labels.clone()
        for number in range(1, min(most_mixed, clips)):
            # Each clip's partners are its neighbours in a random circle: all different, and none is itself.
            partner, joins = order[(place + number) % clips], mixed > number
            sounds += waveforms[partner] * joins
            classes = torch.maximum(classes, labels[partner] * joins.to(labels.dtype))
        return sounds, classes

    return augment
