"""The registry of front ends; each module of this package holds one family.

A front end is a function `(rate, samples, *, parameters) -> torch.nn.Module`; the module maps waveforms
(batch, samples) in [-1, 1] to features (batch, channels, height, time) and says their `shape` without the batch axis
and what their `axes` mean.
"""

from importlib import import_module
from pkgutil import iter_modules

from trainables.registry import Registry

FRONT_ENDS = Registry("front end")

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
