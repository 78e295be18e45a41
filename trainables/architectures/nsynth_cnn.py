"""The two networks of document S3, on 8,000 samples of a note, and its variants of them."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

import torch
from torch import Tensor, nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.blocks import Chain
from trainables.architectures.convolutional import Convolutional
from trainables.architectures.variants import variant
from trainables.corpora.nsynth_names import SIDE_FEATURES
from trainables.errors import InvalidSetting

NOTE_SETTINGS = {"segmentation": "whole", "front_end": "waveform", "target_rate": 2000}
NOTE = {"shape": (1, 1, 8000), "settings": NOTE_SETTINGS}
"""Four seconds at an effective 2 kHz, as the authors' code has it (S3-S2, X17)."""
NOTE_AND_FEATURES = {
    "shape": (1, 1, 8013),
    "settings": {**NOTE_SETTINGS, "side_features": "+".join(SIDE_FEATURES)},
}
"""The same, with pitch, velocity, source and ten qualities as 13 more samples (S3-S6)."""
BRANCH = 32


class SideBranch(nn.Module):
    """The first samples through the convolutions, the last ones through a branch of their own, their values joined."""

    def __init__(self, convolutions: nn.Module, features: int):
        super().__init__()
        self.features = features
        self.convolutions = convolutions
        self.branch = nn.Sequential(nn.BatchNorm1d(features), nn.Linear(features, BRANCH), nn.ReLU())

    def forward(self, waveforms: Tensor) -> Tensor:
        """(batch, 1, 1, samples) to (batch, all values of both)."""
        sides = self.branch(waveforms[:, 0, 0, -self.features :])
        return torch.cat([self.convolutions(waveforms[..., : -self.features]).flatten(1), sides], dim=1)


@dataclass(frozen=True, kw_only=True)
class NsynthCnn(Convolutional):
    """Convolutional, as Keras has it: no padding, no normalisation, Glorot-uniform weights.

    `side_branch` of the last samples go to a branch of their own (batch normalisation, then 32 linear units, a
    choice) that joins in front of the linear layers; with 0 all samples go to the convolutions, as printed (S3-S6).
    """

    conv_padding: str = "valid"
    batch_norm: bool = False
    side_branch: int = 0

    INITIALISATION: ClassVar[str] = "keras"

    def add_body(self, chain: Chain) -> None:
        if not self.side_branch:
            return super().add_body(chain)
        channels, height, samples = chain.shape
        left = samples - self.side_branch
        if self.side_branch < 0 or left < 1 or (channels, height) != (1, 1):
            raise InvalidSetting(
                f"side_branch is {self.side_branch}: it takes the last values of a waveform; set 0 for none, or "
                f"less than the {samples} of {channels} x {height} x {samples}."
            )
        if self.head != "fc":
            raise InvalidSetting(f"side_branch cannot join the head '{self.head}': set head to 'fc'.")
        convolutions = Chain((channels, height, left))
        super().add_body(convolutions)
        joined = SideBranch(convolutions.network(), self.side_branch)
        chain.add("joined", joined, (prod(convolutions.shape) + BRANCH, 1, 1))
        return None


@ARCHITECTURES("S3-A1", **NOTE)
@variant(
    NsynthCnn,
    widths="64-64",
    pools="1-2",
    order="convolution-norm-activation-dropout-pool",
    conv_dropout=0.5,
    conv_dropout_stages="2",
    head_widths="100",
)
def nsynth_cnn_1() -> None:
    """Model 1: two convolutions of 64, dropout of .5, max-pooling by 2, then linear layers of 100 and the classes."""


@ARCHITECTURES("S3-A2", **NOTE)
@variant(NsynthCnn, widths="32-32", pools="1-2", head_widths="100")
def nsynth_cnn_1_narrow() -> None:
    """The variant before Model 1: convolutions of 32 and no dropout (its pooling is not printed and was kept)."""


SECOND: dict[str, str | float] = {
    "widths": "64-32-32",
    "convolutions": "1-1-0",
    "pools": "1-2",
    "conv_dropout": 0.5,
    "conv_dropout_stages": "2",
}


@ARCHITECTURES("S3-A3", **NOTE_AND_FEATURES)
@variant(NsynthCnn, **SECOND, head_widths="50")
def nsynth_cnn_2() -> None:
    """Model 2: convolutions of 64 and 32, max-pooling by 2, dropout of .5, max-pooling by 2, then linear layers of 50.

    Pitch, velocity, source and qualities are the last 13 samples, unscaled, as printed; `side_branch` 13 gives them a
    branch of their own.
    """


@ARCHITECTURES("S3-A4", **NOTE_AND_FEATURES)
@variant(NsynthCnn, **SECOND, head_widths="100-50")
def nsynth_cnn_2_deep() -> None:
    """Model 2 with a linear layer of 100 in front of that of 50, which the authors dropped."""
