"""Stages of convolutional networks: convolutions, normalisation, activation, pooling or strided convolution, dropout.

A network in one dimension is one whose kernels and windows have height 1, over bands that have been made channels:
the same numbers as of `torch.nn.Conv1d`, and with channels last in memory about a third faster on a processor.
"""

from collections import OrderedDict
from dataclasses import dataclass

from torch import Tensor, nn

from trainables.architectures.convolution import Size, padding
from trainables.architectures.sizes import moved, smaller
from trainables.architectures.variants import Shape
from trainables.errors import InvalidSetting, checked

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "prelu": nn.PReLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "tanh": nn.Tanh,
}
POOLINGS: dict[str, type[nn.MaxPool2d | nn.AvgPool2d]] = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}
STRIDE = "stride"
PADDINGS = ("same", "valid")
STEPS = ("convolution", "norm", "activation", "pool", "dropout")
ONE: Size = (1, 1)


class DoesNotFit(InvalidSetting):
    """A kernel is larger than what it is laid over; the text has no end yet, which says what to do about it."""


class BandsAsChannels(nn.Module):
    """Each band of each channel a channel of its own, for networks in one dimension."""

    def forward(self, features: Tensor) -> Tensor:
        """(batch, channels, height, time) to (batch, channels x height, 1, time)."""
        return features.flatten(1, 2).unsqueeze(2)


class Chain:
    """Layers one after another under their names, and the shape (channels, height, time) that the last one gives.

    `place` is what errors say before the name of a layer.
    """

    def __init__(self, shape: Shape, place: str = ""):
        self.shape = shape
        self.place = place
        self.layers: OrderedDict[str, nn.Module] = OrderedDict()

    def add(self, name: str, layer: nn.Module, shape: Shape | None = None) -> None:
        """Append a layer; `shape` is what it gives if that is not what it gets."""
        self.layers[name] = layer
        self.shape = shape or self.shape

    def network(self) -> nn.Sequential:
        return nn.Sequential(self.layers)

    def convolve(self, name: str, channels: int, kernel: Size, step: Size, padded: tuple[bool, bool]) -> None:
        """Append a convolution; a side that is `padded` gets one zero less than its kernel is long.

        With step 1 that keeps the length, whether the kernel is odd or even (one zero more then stands at the end);
        a longer step divides the length, rounded up. Raises DoesNotFit for a kernel larger than what is left.
        """
        zeros = [side - 1 if pad else 0 for side, pad in zip(kernel, padded, strict=True)]
        over = (self.shape[1] + zeros[0], self.shape[2] + zeros[1])
        if min(left - side for left, side in zip(over, kernel, strict=True)) < 0:
            raise DoesNotFit(
                f"The kernel {kernel[0]}x{kernel[1]} of {self.place}{name} is larger than the {over[0]} x {over[1]} "
                "that are left there"
            )
        if kernel == ONE and step != ONE:
            # Values are left out first, because oneDNN (torch 2.11) has been seen to write beside its memory when the
            # gradient of a 1x1 convolution with a stride is taken.
            self.pool(f"{name}_step", "max", ONE, step)
            over, step = self.shape[1:], ONE
        inputs, even = self.shape[0], any(count % 2 for count in zeros)
        if even:
            self.add(f"{name}_padding", nn.ZeroPad2d(padding(*zeros)))
        sides = (0, 0) if even else (zeros[0] // 2, zeros[1] // 2)
        self.add(name, nn.Conv2d(inputs, channels, kernel, step, sides), (channels, *moved(over, kernel, step)))

    def pool(self, name: str, kind: str, over: Size, step: Size) -> None:
        """Append a pooling layer; where fewer values than a window are left, it takes those there are."""
        size = self.shape[1:]
        over, step = smaller(over, size), smaller(step, size)
        if over != ONE or step != ONE:
            self.add(name, POOLINGS[kind](over, step), (self.shape[0], *moved(size, over, step)))

    def drop(self, name: str, share: float) -> None:
        """Append dropout of a share of the values, if it is above 0."""
        if not 0 <= share < 1:
            raise InvalidSetting(f"The share of {self.place}{name} is {share}: it must be from 0 to below 1.")
        if share:
            self.add(name, nn.Dropout(share))

    def activate(self, name: str, kind: str) -> None:
        self.add(name, ACTIVATIONS[checked("activation", kind, ACTIVATIONS)]())

    def normalise(self, name: str) -> None:
        self.add(name, nn.BatchNorm2d(self.shape[0]))


@dataclass(frozen=True)
class Style:
    """What all stages of a network share: `order` of their steps, normalisation, activation, and who is padded."""

    order: tuple[str, ...]
    batch_norm: bool
    activation: str
    padded: bool
    strided_padded: bool


@dataclass(frozen=True)
class Stage:
    """One stage: `convolutions` of one width, the first with a stride, then pooling (window and step), then dropout.

    `pooling` "stride" puts a convolution of `strided_width` and `strided_kernel` in place of the pooling. Without
    convolutions a stage only pools and drops.
    """

    width: int
    convolutions: int
    kernel: Size
    stride: Size
    window: Size
    step: Size
    pooling: str
    strided_width: int
    strided_kernel: Size
    dropout: float


def sides(stage: Stage) -> dict[str, Size]:
    """The kernels and steps of a stage's convolutions by the names of their settings; those of pooling are clipped."""
    found: dict[str, Size] = {"kernel": stage.kernel, "strides": stage.stride} if stage.convolutions else {}
    if stage.pooling == STRIDE and stage.step != ONE:
        found |= {"strided_kernel": stage.strided_kernel, "pools": stage.step}
    return found


def add_stage(chain: Chain, stage: Stage, style: Style) -> None:
    """Append the steps of a stage in the style's order, for each convolution; pooling and dropout at the last one."""
    last = max(stage.convolutions, 1)
    for turn in range(1, last + 1):
        step = stage.stride if turn == 1 else ONE
        # Windows that do not overlap tile their input, which leaves no border to be kept.
        padded = tuple(style.padded and side > by for side, by in zip(stage.kernel, step, strict=True))
        for word in style.order:
            if word == "pool" and turn == last:
                add_reduction(chain, stage, style)
            elif word == "dropout" and turn == last:
                chain.drop("dropout", stage.dropout)
            elif word == "convolution" and stage.convolutions:
                chain.convolve(f"convolution_{turn}", stage.width, stage.kernel, step, (padded[0], padded[1]))
            elif stage.convolutions:
                add_after(chain, word, f"{word}_{turn}", style)


def add_reduction(chain: Chain, stage: Stage, style: Style) -> None:
    """Append what makes the maps of a stage shorter: pooling, or a convolution with stride and all that follows one."""
    if stage.pooling != STRIDE:
        return chain.pool("pool", checked("pooling", stage.pooling, [*POOLINGS, STRIDE]), stage.window, stage.step)
    if stage.step == ONE:
        return None
    for word in style.order:
        if word == "convolution":
            padded = (style.strided_padded, style.strided_padded)
            chain.convolve("strided_convolution", stage.strided_width, stage.strided_kernel, stage.step, padded)
        else:
            add_after(chain, word, f"strided_{word}", style)
    return None


def add_after(chain: Chain, word: str, name: str, style: Style) -> None:
    """Append normalisation or activation under `name`, if `word` is one of the two and the style has it."""
    if word == "norm" and style.batch_norm:
        chain.normalise(name)
    elif word == "activation":
        chain.activate(name, style.activation)


def order_of(text: str) -> tuple[str, ...]:
    """The steps of a stage in the order of `text`; raises InvalidSetting unless each comes once."""
    words = tuple(text.split("-"))
    if sorted(words) != sorted(STEPS):
        raise InvalidSetting(f"order is '{text}': write each of {', '.join(STEPS)} once, joined by '-'.")
    return words
