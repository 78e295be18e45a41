"""The two-dimensional convolutional recurrent network of Choi et al. (S2-A19)."""

from dataclasses import dataclass

from torch import Tensor, nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.blocks import Chain
from trainables.architectures.recurrent import SHORT_FRAMES, RecurrentConvolutional
from trainables.architectures.variants import variant
from trainables.errors import check_bounds, checked

AXES = {"bands": 2, "frames": 3}


class InputNorm(nn.Module):
    """Batch normalisation of each band, or of each frame, over all the rest."""

    def __init__(self, count: int, axis: int):
        super().__init__()
        self.axis = axis
        self.norm = nn.BatchNorm2d(count)

    def forward(self, features: Tensor) -> Tensor:
        """(batch, channels, bands, frames) to the same shape."""
        return self.norm(features.transpose(1, self.axis)).transpose(1, self.axis)


@dataclass(frozen=True, kw_only=True)
class Crnn(RecurrentConvolutional):
    """`frame_padding` zeros before and after the frames, `input_norm` over "bands", "frames" or "none", then the rest.

    The rest is as in RecurrentConvolutional.
    """

    frame_padding: int = 37
    input_norm: str = "frames"

    def add_body(self, chain: Chain) -> None:
        self.add_input(chain)
        super().add_body(chain)

    def add_input(self, chain: Chain) -> None:
        check_bounds("frame_padding", self.frame_padding, at_least=0)
        channels, bands, frames = chain.shape
        padding, padded = self.frame_padding, frames + 2 * self.frame_padding
        chain.add("frame_padding", nn.ZeroPad2d((padding, padding, 0, 0)), (channels, bands, padded))
        if self.input_norm == "none":
            return
        axis = AXES[checked("input_norm", self.input_norm, [*AXES, "none"])]
        chain.add("input_norm", InputNorm(chain.shape[axis - 1], axis))


@ARCHITECTURES("S2-A19", **SHORT_FRAMES)
@variant(
    Crnn,
    dimensions=2,
    widths="64-128-128-128",
    pools="2-3-4",
    activation="elu",
    conv_dropout=0.1,
    units="32-32",
    read_out="last",
    head_widths="",
    dropout=0.3,
)
def crnn_2d() -> None:
    """Choi's CRNN with LSTM: four 3x3 convolutions pooled by 2, 3, 4 and 4, two LSTM layers of 32, the last output.

    The document prints "RCNN 2D"; the rest is the network it cites. `cell` "gru" is that network: on 96 x 1366 with 50
    classes it has 396,978 parameters here and 396,786 in Keras, whose GRU has one bias vector where torch's has two
    (3 x 32 more in each layer). That figure is of `input_norm` "frames", over 1,440 padded frames, as in the released
    weights; "bands" is the other reading of its code (2,688 fewer).
    """
