"""The registry of augmentations: training waveforms to others that keep their labels, or mix them.

An augmentation is a function `(rate, *, parameters) -> Augmentation`, with the rate in Hz; an Augmentation takes
waveforms (batch, samples), labels (class numbers (batch,) or one column per class (batch, classes)) and a generator on
any device, and returns waveforms and labels of the same shapes, on the waveforms' device. Every item draws its own
strength, and of two calls with generators in the same state both return the same.

`chain` builds those that a recipe names; the kinds are in `levels`, `timing` (by `vocoder`) and `mixing`, random
numbers in `draws`.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

import torch
from torch import Tensor

from trainables.registry import Registry

Augmentation = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]

AUGMENTATIONS = Registry("augmentation")

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
