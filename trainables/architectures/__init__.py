"""The registry of architectures; each module of this package holds one family.

An architecture is a function `(shape, classes, *, parameters) -> torch.nn.Module`, where `shape` is that of one
input without its batch axis: (channels, height, time). Its name is its public name.
"""

from importlib import import_module
from pkgutil import iter_modules

from trainables.registry import Registry

ARCHITECTURES = Registry("architecture")

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
