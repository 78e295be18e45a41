"""Augmentations one after another, by their names."""

from collections.abc import Mapping

import torch
from torch import Tensor

from trainables.augmentation import AUGMENTATIONS, Augmentation
from trainables.registry import Entry, Value


def chained(names: str) -> list[Entry]:
    """The augmentations that `names` lists, as in "noise+volume"; raises InvalidSetting for an unknown one."""
    return [AUGMENTATIONS[name] for name in names.split("+")] if names else []


def chain(names: str, rate: int, settings: Mapping[str, Value]) -> Augmentation:
    """The augmentations that `names` lists, in that order, with their parameters taken from `settings`.

    Parameters that are not in `settings` have their defaults. Raises InvalidSetting for what no augmentation can do.
    """
    entries = chained(names)
    links = [
        entry.build(rate, **{key: settings.get(key, entry.parameters[key]) for key in entry.parameters})
        for entry in entries
    ]

    def augment(waveforms: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        for link in links:
            waveforms, labels = link(waveforms, labels, generator)
        return waveforms, labels

    return augment
