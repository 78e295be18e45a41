"""The registry of augmentations; each module of this package holds one kind.

An augmentation is a function `(rate, *, parameters) -> Augmentation`; an Augmentation takes waveforms (batch, samples),
labels (class numbers (batch,) or one column per class (batch, classes)) and a generator on any device, and returns
both of the same shapes, on the waveforms' device. Every item draws its own strength, and of two calls with generators
in the same state both return the same.
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
