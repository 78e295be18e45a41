"""The recurrent networks of document S2: LSTM alone, and behind convolutions on mel bands or on the waveform."""

from dataclasses import dataclass

from trainables.architectures import ARCHITECTURES
from trainables.architectures.blocks import Chain
from trainables.architectures.convolutional import MEL_SETTINGS, Convolutional
from trainables.architectures.recurrence import AsImage, Recurrence
from trainables.architectures.sample_cnn import RAW
from trainables.architectures.sizes import whole_numbers
from trainables.architectures.variants import variant
from trainables.errors import InvalidSetting

SHORT_FRAMES = {"shape": (1, 128, 259), "settings": {**MEL_SETTINGS, "frame": 512, "hop": 256}}
"""Three seconds at 22,050 Hz in frames of 512 samples, which the document kept for its recurrent networks (X10)."""


@dataclass(frozen=True, kw_only=True)
class RecurrentConvolutional(Convolutional):
    """([convolution, activation, pool] x b), (LSTM x a), ([linear, activation] x c), output (S2, L56).

    b, a and c are the numbers of `widths`, `units` and `head_widths`; b 3 (128-128-256), a 1 (128) and c 1 (128) are
    choices, as the document prints none. Of the recurrent part: `cell` "lstm" or "gru" (S2-F26), `units` of its
    layers, `read_out` "all" outputs (S2-S10) or the "last" (S2-F25), and `recurrent_first` for the opposite order,
    LSTM and then convolutions (S2-F24). Its layers keep torch's initialisation. The rest is as in Convolutional.
    """

    widths: str = "128-128-256"
    head_widths: str = "128"
    cell: str = "lstm"
    units: str = "128"
    read_out: str = "all"
    recurrent_first: bool = False

    def add_body(self, chain: Chain) -> None:
        chain.drop("front_dropout", self.front_dropout)
        if self.recurrent_first:
            self.add_recurrence(chain)
            self.add_stages(chain)
        else:
            self.add_stages(chain)
            self.add_recurrence(chain)

    def add_recurrence(self, chain: Chain) -> None:
        units = whole_numbers("units", self.units)
        if not units:
            raise InvalidSetting("units is '': write the width of each recurrent layer, as in '128' or '128-64'.")
        channels, height, time = chain.shape
        steps = time if self.read_out == "all" else 1
        recurrence = Recurrence(channels * height, units, self.cell, self.read_out)
        chain.add("recurrence", recurrence, (units[-1], 1, steps))
        if self.recurrent_first and self.dimensions == 2:
            chain.add("as_image", AsImage(), (1, units[-1], steps))


@ARCHITECTURES("S2-A13", **SHORT_FRAMES)
@variant(RecurrentConvolutional, widths="", units="128-128", head_widths="")
def lstm_all_fc() -> None:
    """Two LSTM layers of 128 over mel frames, then a linear layer over their outputs at all frames ("Base LSTM").

    Layers and units are choices; that all outputs are used is printed (S2-S10).
    """


@ARCHITECTURES("S2-A14", **SHORT_FRAMES)
@variant(RecurrentConvolutional, head_widths="")
def lstm_cnn_1d() -> None:
    """Three convolutions as in S2-A15, an LSTM of 128, then a linear layer over all outputs ("BASIC LSTM 1D-CNN").

    The name allows LSTM and then convolutions too: `recurrent_first`; the last output only: `read_out` "last".
    """


@ARCHITECTURES("S2-A15", **SHORT_FRAMES)
@variant(RecurrentConvolutional)
def rcnn_1d_fc() -> None:
    """Three 1-D convolutions, each max-pooled by 2, an LSTM of 128, then a hidden layer of 128 over all outputs."""


@ARCHITECTURES("S2-A16", **SHORT_FRAMES)
@variant(RecurrentConvolutional, pooling="stride")
def acn_rcnn_1d_fc() -> None:
    """S2-A15 with a convolution of step 2 in place of each pooling."""


@ARCHITECTURES("S2-A17", **SHORT_FRAMES)
@variant(RecurrentConvolutional, head="gap")
def rcnn_1d_gap() -> None:
    """S2-A15 with 1x1 convolutions over the LSTM's outputs, to 128 and to one map a class, averaged over time."""


@ARCHITECTURES("S2-A18", **SHORT_FRAMES)
@variant(RecurrentConvolutional, pooling="stride", head="gap")
def acn_rcnn_1d_gap() -> None:
    """S2-A17 with a convolution of step 2 in place of each pooling."""


FRONT: dict[str, str] = {"widths": "128-128-128-256-256-256", "strides": "3-1", "pools": "1-3"}
"""SampleCNN's first six convolutions: its eleven would leave the LSTM one step of 59,049 samples, these leave 81."""


@ARCHITECTURES("S2-A20", **RAW)
@variant(RecurrentConvolutional, **FRONT)
def rcnn_raw_fc() -> None:
    """The first six convolutions of SampleCNN, an LSTM of 128 over steps of 33 ms, then a hidden layer of 128."""


@ARCHITECTURES("S2-A21", **RAW)
@variant(RecurrentConvolutional, **FRONT, head="gap")
def rcnn_raw_gap() -> None:
    """S2-A20 with 1x1 convolutions over the LSTM's outputs, to 128 and to one map a class, averaged over time."""
