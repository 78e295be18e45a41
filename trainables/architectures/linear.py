"""Softmax regression, and one hidden layer."""

from math import prod

from torch import nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.cnn import MFCC
from trainables.errors import InvalidSetting


@ARCHITECTURES("S0-A1", **MFCC)
def linear(shape: tuple[int, int, int], classes: int, *, hidden: int = 0) -> nn.Module:
    """Softmax regression on the flattened input; with `hidden` units, a ReLU layer of so many before it.

    S0-A1 is a name only: 0 hidden units is the canonical choice, 256 the variant. Raises InvalidSetting for fewer than
    0.
    """
    if hidden < 0:
        raise InvalidSetting(f"hidden is {hidden}: it must be at least 1 unit, or 0 for no hidden layer.")
    inputs = prod(shape)
    if hidden == 0:
        return nn.Sequential(nn.Flatten(), nn.Linear(inputs, classes))
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, classes))
