"""Residual networks for inputs of any size."""

from collections import OrderedDict

import torch
from torch import Tensor, nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.cnn import MFCC
from trainables.errors import InvalidSetting, check_bounds, checked

BLOCKS = (3, 4, 6, 3)
EXPANSION = 4
"""A bottleneck block's outputs, in units of its inner channels."""


class Residual(nn.Module):
    """The sum of a path and a shortcut, then ReLU."""

    def __init__(self, path: nn.Module, shortcut: nn.Module):
        super().__init__()
        self.path, self.shortcut = path, shortcut

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, inputs, height, width) to (batch, outputs, height', width')."""
        return torch.relu(self.path(features) + self.shortcut(features))


class Blocks:
    """Residual blocks of one depth, all with convolutions with `bias` or all without."""

    def __init__(self, depth: int, bias: bool):
        if depth not in (34, 50):
            raise InvalidSetting(f"depth is {depth}: residual networks of 34 and of 50 layers are known.")
        self.bottleneck = depth == 50
        self.bias = bias

    def stage(self, inputs: int, channels: int, count: int, stride: int) -> nn.Sequential:
        """`count` blocks, of which the first may have a stride."""
        outputs = self.outputs(channels)
        first = self.block(inputs, channels, stride)
        return nn.Sequential(first, *(self.block(outputs, channels, 1) for _ in range(count - 1)))

    def outputs(self, channels: int) -> int:
        """The channels that a block of `channels` puts out."""
        return EXPANSION * channels if self.bottleneck else channels

    def block(self, inputs: int, channels: int, stride: int) -> Residual:
        """One block; its shortcut is the identity where the shape stays, else a 1 x 1 convolution."""
        outputs = self.outputs(channels)
        if self.bottleneck:
            sizes = [(inputs, channels, 1, 1), (channels, channels, 3, stride), (channels, outputs, 1, 1)]
        else:
            sizes = [(inputs, channels, 3, stride), (channels, outputs, 3, 1)]
        layers = [layer for each in sizes for layer in (*convolution(*each, self.bias), nn.ReLU())]
        path = nn.Sequential(*layers[:-1])
        if stride == 1 and inputs == outputs:
            return Residual(path, nn.Identity())
        return Residual(path, nn.Sequential(*convolution(inputs, outputs, 1, stride, self.bias)))


def convolution(inputs: int, outputs: int, kernel: int, stride: int, bias: bool) -> tuple[nn.Module, nn.Module]:
    """A padded convolution and batch normalisation."""
    layer = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=bias)
    return layer, nn.BatchNorm2d(outputs)


def stem_layers(stem: str, inputs: int, channels: int, bias: bool) -> nn.Sequential:
    """What precedes the blocks: "standard" quarters height and width, "stride_1" keeps them."""
    if checked("stem", stem, ("standard", "stride_1")) == "standard":
        pool = nn.MaxPool2d(3, 2, padding=1)
        return nn.Sequential(*convolution(inputs, channels, 7, 2, bias), nn.ReLU(), pool)
    return nn.Sequential(*convolution(inputs, channels, 3, 1, bias), nn.ReLU())


@ARCHITECTURES("S0-A3", **MFCC)
def resnet(
    shape: tuple[int, int, int],
    classes: int,
    *,
    depth: int = 50,
    stem: str = "standard",
    bias: bool = True,
    dropout: float = 0.0,
    width: int = 64,
) -> nn.Module:
    """Residual network of 34 layers (basic blocks) or 50 (bottleneck blocks), for inputs of any height and width.

    S0-A3 prints ResNet(50) and cites a tutorial that builds 34 layers (X4): both are `depth`s. Stages of 3, 4, 6 and 3
    blocks have `width` times 1, 2, 4 and 8 channels, and all but the first halve height and width, in bottleneck blocks
    by their 3 x 3 convolution. Then a global average, which lets any two-dimensional input in (S0-F39), `dropout`
    (S0-F14) and a linear layer. `stem` "standard" is a convolution 7 x 7 and max-pooling 3 x 3, both of stride 2;
    "stride_1", for short segments, one convolution 3 x 3. `bias` adds the tutorial's biases to all convolutions:
    34 layers then have 21,298,314 parameters at 3 channels and 10 classes.
    Raises InvalidSetting for another depth or stem, a width below 1 or a dropout outside [0, 1).
    """
    check_bounds("width", width, at_least=1)
    check_bounds("dropout", dropout, at_least=0, below=1)
    blocks = Blocks(depth, bias)
    layers: OrderedDict[str, nn.Module] = OrderedDict(stem=stem_layers(stem, shape[0], width, bias))
    inputs = width
    for place, count in enumerate(BLOCKS):
        channels = width * 2**place
        layers[f"stage_{place + 1}"] = blocks.stage(inputs, channels, count, 1 if place == 0 else 2)
        inputs = blocks.outputs(channels)
    layers |= {"average": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten()}
    layers |= {"dropout": nn.Dropout(dropout), "output": nn.Linear(inputs, classes)}
    # Not with channels last in memory, which is no faster here and not safe for its shortcuts: see `channels_last`.
    return nn.Sequential(layers)
