"""Convolutions whose kernel shapes are written as text: "3x8" is 3 bands by 8 frames."""

import re

import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting

Size = tuple[int, int]

KERNEL = re.compile(r"[1-9]\d*x[1-9]\d*(\+[1-9]\d*x[1-9]\d*)*")


def kernel_sizes(text: str) -> tuple[Size, ...]:
    """The sizes (bands, frames) in "5x5", or in "3x8+8x3" for shapes side by side."""
    if not KERNEL.fullmatch(text):
        raise InvalidSetting(
            f"kernel is '{text}': write bands x frames as '5x5', or '3x8+8x3' for shapes side by side."
        )
    pairs = (shape.split("x") for shape in text.split("+"))
    return tuple((int(bands), int(frames)) for bands, frames in pairs)


def size_after(size: Size, kernels: tuple[Size, ...], layer: str, mend: str) -> Size:
    """The size after a valid convolution of stride 1 with `kernels` and 2 x 2 max-pooling.

    Raises InvalidSetting where a kernel is larger than its input or nothing is left to pool; `layer` names the place
    and `mend` says what to do about it.
    """
    for height, width in kernels:
        if height > size[0] or width > size[1]:
            raise InvalidSetting(
                f"The kernel {height}x{width} is larger than the {size[0]} x {size[1]} input of {layer}: {mend}."
            )
    height, width = (length - min(sides) + 1 for length, sides in zip(size, zip(*kernels, strict=True), strict=True))
    if min(height, width) < 2:
        raise InvalidSetting(f"The {height} x {width} output of {layer} cannot be pooled by 2 x 2: {mend}.")
    return height // 2, width // 2


class ParallelConvolution(nn.Module):
    """Convolutions of several kernel shapes over the same input, their channels side by side.

    The channels are shared out as evenly as can be, the first shapes having one more. Each input is padded with zeros
    just so far that every output has the height of the lowest kernel's valid output and the width of the narrowest's.
    """

    def __init__(self, inputs: int, outputs: int, kernels: tuple[Size, ...]):
        super().__init__()
        lowest, narrowest = (min(sides) for sides in zip(*kernels, strict=True))
        share, rest = divmod(outputs, len(kernels))
        self.branches = nn.ModuleList(
            nn.Sequential(
                nn.ZeroPad2d(padding(height - lowest, width - narrowest)),
                nn.Conv2d(inputs, share + (place < rest), (height, width)),
            )
            for place, (height, width) in enumerate(kernels)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, inputs, height, width) to (batch, outputs, height', width')."""
        return torch.cat([branch(features) for branch in self.branches], dim=1)


def padding(height: int, width: int) -> tuple[int, int, int, int]:
    """Zeros to the left, right, top and bottom; an odd one comes last."""
    return width // 2, width - width // 2, height // 2, height - height // 2


def convolution(inputs: int, outputs: int, kernels: tuple[Size, ...]) -> nn.Module:
    """A valid convolution of stride 1 with one kernel shape, or several side by side."""
    if len(kernels) > outputs:
        raise InvalidSetting(f"{len(kernels)} kernel shapes cannot share {outputs} channels: name fewer shapes.")
    return (
        nn.Conv2d(inputs, outputs, kernels[0]) if len(kernels) == 1 else ParallelConvolution(inputs, outputs, kernels)
    )
