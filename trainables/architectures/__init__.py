"""The registry of architectures; each module of this package holds one family.

An architecture is a function `(shape, classes, *, parameters) -> torch.nn.Module`, where `shape` is that of one
input without its batch axis: (channels, height, time). Its name is its public name. The decorator may also be given
`shape`, a usual input where that is not the (1, 64, 80) of S4, and `settings`, what a trial of the network needs beside
it, such as {"front_end": "waveform"}: a single training takes them unless it is told otherwise.
"""

from importlib import import_module
from pkgutil import iter_modules

from torch import nn

from trainables.configuration import Configuration
from trainables.registry import Entry, Registry

ARCHITECTURES = Registry("architecture")


def usual_shape(entry: Entry) -> tuple[int, int, int]:
    shape: tuple[int, int, int] = entry.about.get("shape", (1, 64, 80))
    return shape


def network_of(configuration: Configuration, shape: tuple[int, ...], classes: int) -> nn.Module:
    """The network of a configuration for inputs of `shape` (channels, height, time), with `classes` outputs.

    Its weights are those that its layers are built with. Raises InvalidSetting if there can be no such network.
    """
    build = ARCHITECTURES[configuration["architecture"]].build
    network: nn.Module = build(shape, classes, **configuration.part("architecture"))
    return network


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
