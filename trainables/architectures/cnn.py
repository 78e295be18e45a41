"""A small convolutional network for inputs of any size."""

from collections import OrderedDict
from itertools import pairwise
from typing import Any

from torch import nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.layers import channels_last
from trainables.errors import check_bounds

CHANNELS = (32, 64, 128)
MFCC: dict[str, Any] = {"shape": (1, 30, 26), "settings": {"segmentation": "windows", "front_end": "mfcc"}}
"""The usual input of the networks of S0: 30 coefficients of 300 ms at 44.1 kHz (S0-S3, S0-S4)."""


@ARCHITECTURES("S0-A2", **MFCC)
def cnn(shape: tuple[int, int, int], classes: int, *, dropout: float = 0.5) -> nn.Module:
    """Three blocks [convolution 3x3, batch normalisation, ReLU, max-pooling 2x2], global average, dropout, linear.

    S0-A2 is a name only, and is said to be helped by dropout: the canonical choice is 32, 64 and 128 channels and a
    `dropout` of .5 before the linear layer. Takes inputs of any height and width.
    Raises InvalidSetting for a dropout outside [0, 1).
    """
    check_bounds("dropout", dropout, at_least=0, below=1)
    channels = (shape[0], *CHANNELS)
    blocks = {f"block_{place}": block(*sizes) for place, sizes in enumerate(pairwise(channels), 1)}
    network = nn.Sequential(
        OrderedDict(
            **blocks,
            average=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
            dropout=nn.Dropout(dropout),
            output=nn.Linear(CHANNELS[-1], classes),
        )
    )
    return channels_last(network)


def block(inputs: int, outputs: int, batch_norm: bool = True) -> nn.Sequential:
    """A convolution 3 x 3 that keeps the size, ReLU, and max-pooling 2 x 2 of whatever is there."""
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=not batch_norm)
    norm = [nn.BatchNorm2d(outputs)] if batch_norm else []
    # Rounded up, so that an axis of length 1 stays one. Before ReLU: the same values, of which a quarter is left.
    return nn.Sequential(convolution, *norm, nn.MaxPool2d(2, ceil_mode=True), nn.ReLU())
