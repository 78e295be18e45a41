"""Convolutional networks over several spectrograms of one segment: a path for each, or one for all."""

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.cnn import block
from trainables.architectures.layers import channels_last, parameters_of
from trainables.errors import InvalidSetting, check_bounds, checked

CLIP: dict[str, str | float] = {"segmentation": "windows", "seconds": 3.0}
"""A training clip of IRMAS whole (S1-S1); its longer test excerpts are cut into as many (B3)."""

MEL: dict[str, Any] = {
    "shape": (3, 128, 128),
    "settings": {**CLIP, "front_end": "spectrogram_stack", "scales": "mel"},
}
FUSIONS = ("late", "early")
POOLINGS = ("average", "flatten")
MERGED = 256
MOST_WIDENING = 4
WIDTH_STEP = 0.01
MOST_WIDTHS = 100_000
TOLERANCE = 0.02


class Paths(nn.Module):
    """Networks side by side, each over the next `inputs` channels; their rows are put together."""

    def __init__(self, inputs: int, paths: list[nn.Sequential]):
        super().__init__()
        self.inputs = inputs
        self.each = nn.ModuleList(paths)

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, paths x inputs, height, width) to (batch, all outputs)."""
        parts = features.split(self.inputs, 1)
        return torch.cat([path(part) for path, part in zip(self.each, parts, strict=True)], 1)


@dataclass(frozen=True)
class Plan:
    """A network over the channels of its input before it is built.

    `fusion` "late" gives each channel a path of its own, of `depth` blocks, and merges the paths by a layer of MERGED
    units; "early" gives all channels one such path. A path has `width` times 1, 2, 4, 4 ... channels, rounded, and
    ends in its global average or, with `pooling` "flatten", in all its values. Raises InvalidSetting for what cannot
    be built.
    """

    shape: tuple[int, int, int]
    classes: int
    fusion: str = "late"
    depth: int = 3
    width: float = 16.0
    pooling: str = "average"
    batch_norm: bool = False

    def __post_init__(self) -> None:
        checked("fusion", self.fusion, FUSIONS)
        checked("pooling", self.pooling, POOLINGS)
        check_bounds("depth", self.depth, at_least=1)
        check_bounds("width", self.width, above=0)

    @property
    def paths(self) -> int:
        return self.shape[0] if self.fusion == "late" else 1

    @property
    def channels(self) -> list[int]:
        return [max(1, round(self.width * min(2**place, MOST_WIDENING))) for place in range(self.depth)]

    @property
    def features(self) -> int:
        """What the merging layer takes: one value a channel, or all that is left of it."""
        height, width = (-(-size // 2**self.depth) for size in self.shape[1:])
        return self.paths * self.channels[-1] * (height * width if self.pooling == "flatten" else 1)

    def build(self) -> nn.Module:
        inputs = self.shape[0] // self.paths
        paths = [self.path(inputs) for _ in range(self.paths)]
        network = nn.Sequential(
            OrderedDict(
                paths=Paths(inputs, paths),
                merge=nn.Linear(self.features, MERGED),
                activation=nn.ReLU(),
                output=nn.Linear(MERGED, self.classes),
            )
        )
        return channels_last(network)

    def path(self, inputs: int) -> nn.Sequential:
        """One path: blocks, then what its end gives as a row."""
        sizes = (inputs, *self.channels)
        blocks = [block(*each, self.batch_norm) for each in pairwise(sizes)]
        average = [nn.AdaptiveAvgPool2d(1)] if self.pooling == "average" else []
        return nn.Sequential(*blocks, *average, nn.Flatten())

    def count(self) -> int:
        """The number of parameters, found without drawing any; all paths have as many."""
        path = parameters_of(lambda: self.path(self.shape[0] // self.paths))
        return self.paths * path + (self.features + 1) * MERGED + (MERGED + 1) * self.classes


def matched(plan: Plan, parameters: int) -> Plan:
    """`plan` with the width at which its parameters number nearest to `parameters`; 0: as it is.

    Raises InvalidSetting if no width comes within 2 %.
    """
    if parameters == 0:
        return plan
    above = bisect_left(range(1, MOST_WIDTHS), parameters, key=lambda place: widened(plan, place).count())
    fitted = min((widened(plan, place) for place in (above, above + 1)), key=lambda one: abs(one.count() - parameters))
    if abs(fitted.count() / parameters - 1) > TOLERANCE:
        raise InvalidSetting(
            f"parameters is {parameters}: with {plan.paths} paths of depth {plan.depth} the nearest that a width gives "
            f"is {fitted.count()}; set that, or another depth."
        )
    return fitted


def widened(plan: Plan, place: int) -> Plan:
    """`plan` with the `place`-th of the widths that are tried, the first being 1."""
    return replace(plan, width=max(1, place) * WIDTH_STEP)


@ARCHITECTURES("S1-A1", "S1-F3", "S1-F13", shape=(9, 128, 128), settings={**CLIP, "front_end": "spectrogram_stack"})
def spectrogram_cnn(
    shape: tuple[int, int, int],
    classes: int,
    *,
    fusion: str = "late",
    depth: int = 3,
    width: float = 16.0,
    pooling: str = "average",
    batch_norm: bool = False,
    parameters: int = 0,
) -> nn.Module:
    """Model 1 of S1: a path of [convolution 3x3, ReLU, max-pooling 2x2] for each spectrogram, merged by 256 units.

    Each channel of the input is a spectrogram: nine in the document. `depth` blocks of 16, 32, 64, 64 ... channels
    (`width` times 1, 2, 4, 4 ...); the number of blocks and of channels, the global average at the end of a path
    (`pooling`; or "flatten") and the 256 units are canonical choices, `batch_norm` before ReLU is not printed either.
    `fusion` "early" gives one path all channels (S1-F13). With `parameters` the width is set such that the network has
    so many, within 2 %, so that depths, fusions and numbers of spectrograms can be compared at equal size (S1-F3).
    Raises InvalidSetting for unknown names, sizes below 1, or where no width has so many parameters.
    """
    return matched(Plan(shape, classes, fusion, depth, width, pooling, batch_norm), parameters).build()


@ARCHITECTURES("S1-A2", **MEL)
def deep_spectrogram_cnn(
    shape: tuple[int, int, int],
    classes: int,
    *,
    fusion: str = "late",
    depth: int = 6,
    width: float = 16.0,
    batch_norm: bool = False,
    parameters: int = 0,
) -> nn.Module:
    """Model 2 of S1: as `spectrogram_cnn`, but deeper, over three spectrograms.

    The canonical choice is six blocks of 16, 32, 64, 64, 64 and 64 channels over the mel spectrograms of three windows:
    454,475 parameters at 11 classes against the 360,203 of Model 1, so that A2 - A1 (S1-F2) is about depth and
    spectrograms, not size.
    """
    return matched(Plan(shape, classes, fusion, depth, width, "average", batch_norm), parameters).build()


@ARCHITECTURES("S1-A4", **MEL)
def wide_spectrogram_cnn(
    shape: tuple[int, int, int],
    classes: int,
    *,
    widening: float = 2.0,
    depth: int = 6,
    batch_norm: bool = False,
) -> nn.Module:
    """The enlarged Model 2 of S1 (X28, second reading): `deep_spectrogram_cnn` with `widening` times its channels.

    The document enlarges parameters, networks and batch at once (S1-F11): `widening` 1, 1.5, 2 is the first factor;
    the spectrograms of the front end and the recipe's batch size are the others.
    """
    return deep_spectrogram_cnn(shape, classes, depth=depth, width=16.0 * widening, batch_norm=batch_norm)
