"""An architecture that is added, from a paper that is no document."""

from math import prod

from torch import nn

from trainables.architectures import ARCHITECTURES


@ARCHITECTURES("He et al. 2016")
def own_network(shape: tuple[int, int, int], classes: int, *, own_units: int = 4) -> nn.Module:
    """One hidden layer."""
    return nn.Sequential(nn.Flatten(), nn.Linear(prod(shape), own_units), nn.ReLU(), nn.Linear(own_units, classes))
