"""The convolutional networks of document S2, on mel bands or on the waveform, in one dimension or two."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import torch
from torch import nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.blocks import (
    PADDINGS,
    STRIDE,
    BandsAsChannels,
    Chain,
    DoesNotFit,
    Stage,
    Style,
    add_stage,
    order_of,
    sides,
)
from trainables.architectures.convolution import Size
from trainables.architectures.heads import Head
from trainables.architectures.layers import channels_last
from trainables.architectures.sizes import (
    longest,
    per_stage,
    size,
    smaller,
    whole_number,
    whole_numbers,
    window,
    written,
)
from trainables.architectures.variants import Shape, variant
from trainables.errors import InvalidSetting, checked
from trainables.recipe.initialisation import initialise

MEL_SETTINGS = {"segmentation": "parts", "front_end": "mel_spectrogram"}
MEL = {"shape": (1, 128, 130), "settings": MEL_SETTINGS}
"""Three seconds at 22,050 Hz in frames of 1,024 samples, half of each shared with the next (S2-S1, S2-S3)."""
PER_STAGE = ("widths", "convolutions", "kernel", "strides", "pools", "pooling", "strided_kernel", "strided_widths")


@dataclass(frozen=True, kw_only=True)
class Convolutional:
    """Stages of convolutions, then a head: what the networks of document S2 have in common.

    `dimensions`: 1 slides along time alone and takes bands as channels (on a waveform there is one), 2 along bands too.

    Stages: `widths` are their channels, "128-256" being two stages. A parameter with one value a stage is written in
    the same way; its last value stands for all further stages. `convolutions` in a stage, 0 for one that only pools;
    `kernel`, "3" being 3 x 3 in two dimensions, where "3x8" (bands x frames) is possible too; `strides` of a stage's
    first convolution; `pools`, windows such as "2", or "3/2" for 3 values every 2; `pooling` "max", "average", or
    "stride" for a convolution of that step instead (All-CNN), with `strided_kernel` ("": the stage's) and
    `strided_widths` channels ("": the stage's). Where less than a window is left to pool, it takes what there is.

    Borders: `conv_padding` "same" keeps the length of a convolution (an even kernel has its odd zero at the end) and is
    left out where a stride makes kernels tile their input, "valid" pads nowhere; `strided_padding` is that of the
    convolutions in place of pooling, whose length is the input's over the step, rounded up, if "same". No kernel and no
    step of a convolution may be longer than what the first stage gets; where pooling has left less than a padded
    kernel, zeros stand for what is missing, as under the last kernel of SampleCNN.

    Steps: `order` of "convolution", "norm", "activation", "pool" and "dropout" in a stage; `batch_norm`;
    `activation` "relu", "leaky_relu", "prelu", "elu", "selu" or "tanh". Dropout of `front_dropout` on the input, of
    `conv_dropout` in the stages numbered in `conv_dropout_stages` ("": all), and of `dropout` in the head.

    Head: "fc" (all values, then linear layers), "gap" (1x1 convolutions to one map a class, then global pooling) or
    "gap_fc" (global pooling, then linear layers); `head_widths` of hidden layers ("": none); `head_activation` ("": as
    in the stages); `head_batch_norm`; `global_pooling` "average" or "max". Without hidden layers the head's dropout is
    in front of it, else behind each hidden layer.

    Weights are Glorot-uniform in linear layers and He-uniform in convolutions, biases 0 (S2-S7), unless the recipe's
    `initialisation` says otherwise (S2-F31).

    Raises InvalidSetting for a value that is none of these and for a kernel that does not fit, with the largest that
    does.
    """

    dimensions: int = 1
    widths: str = "128-128-256-256-512"
    convolutions: str = "1"
    kernel: str = "3"
    strides: str = "1"
    pools: str = "2"
    pooling: str = "max"
    strided_kernel: str = ""
    strided_widths: str = ""
    conv_padding: str = "same"
    strided_padding: str = "same"
    order: str = "convolution-norm-activation-pool-dropout"
    batch_norm: bool = True
    activation: str = "relu"
    front_dropout: float = 0.0
    conv_dropout: float = 0.0
    conv_dropout_stages: str = ""
    head: str = "fc"
    head_widths: str = "256"
    head_activation: str = ""
    head_batch_norm: bool = False
    dropout: float = 0.0
    global_pooling: str = "average"

    INITIALISATION: ClassVar[str] = "xavier"

    def build(self, shape: Shape, classes: int) -> nn.Module:
        chain = Chain(shape)
        try:
            self.add_body(chain)
        except DoesNotFit as error:
            raise InvalidSetting(f"{error}: {self.mended(shape)}.") from None
        self.head_plan.add(chain, classes)
        network = chain.network()
        initialise(network, self.INITIALISATION)
        return channels_last(network)

    def fits(self, shape: Shape, **changes: Any) -> bool:
        """Whether the stages can be built on inputs of `shape` with these parameters changed."""
        try:
            with torch.device("meta"):
                replace(self, **changes).add_body(Chain(shape))
        except DoesNotFit:
            return False
        return True

    def mended(self, shape: Shape) -> str:
        """What to do about a kernel or step that is too long for inputs of `shape`, with the longest that is not."""
        steps = ("strides", "pools") if STRIDE in self.pooling else ("strides",)
        for names in (("kernel", "strided_kernel"), steps):
            texts = {name: getattr(self, name) for name in names}
            if shorter := longest(texts, partial(self.fits, shape)):
                changes = (f"{name} to '{text}'" for name, text in shorter.items())
                return f"set {' and '.join(changes)}, or take longer segments"
        return "set shorter kernels and strides, or take longer segments"

    def add_body(self, chain: Chain) -> None:
        chain.drop("front_dropout", self.front_dropout)
        self.add_stages(chain)

    def add_stages(self, chain: Chain) -> None:
        """Append the stages, over bands as channels if the network has one dimension."""
        if self.dimensions not in (1, 2):
            raise InvalidSetting(f"dimensions is {self.dimensions}: write 1 (time) or 2 (bands and time).")
        if self.dimensions == 1:
            channels, height, time = chain.shape
            chain.add("bands_as_channels", BandsAsChannels(), (channels * height, 1, time))
        given: Size = (chain.shape[1], chain.shape[2])
        for place, plan in enumerate(self.stages(), 1):
            self.check_sides(plan, place, given)
            part = Chain(chain.shape, f"stage_{place}.")
            add_stage(part, plan, self.style)
            chain.add(f"stage_{place}", part.network(), part.shape)

    def check_sides(self, plan: Stage, place: int, given: Size) -> None:
        """Raise DoesNotFit if a convolution of stage `place` reaches further than what the first stage gets."""
        for name, side in sides(plan).items():
            if smaller(side, given) != side:
                long, over = (written(each, self.dimensions) for each in (side, given))
                raise DoesNotFit(f"In stage {place} {name} is {long}, longer than the convolutions' input of {over}")

    def stages(self) -> list[Stage]:
        count = len(self.widths.split("-")) if self.widths else 0
        rows = zip(*(per_stage(name, getattr(self, name), count) for name in PER_STAGE), strict=True)
        return [self.stage(place, dict(zip(PER_STAGE, row, strict=True))) for place, row in enumerate(rows, 1)]

    def stage(self, place: int, texts: dict[str, str]) -> Stage:
        width = whole_number("widths", texts["widths"])
        kernel = size("kernel", texts["kernel"], self.dimensions)
        over, step = window("pools", texts["pools"], self.dimensions)
        return Stage(
            width=width,
            convolutions=whole_number("convolutions", texts["convolutions"], least=0),
            kernel=kernel,
            stride=size("strides", texts["strides"], self.dimensions),
            window=over,
            step=step,
            pooling=texts["pooling"],
            strided_width=whole_number("strided_widths", texts["strided_widths"] or str(width)),
            strided_kernel=size("strided_kernel", texts["strided_kernel"] or texts["kernel"], self.dimensions),
            dropout=self.stage_dropout(place),
        )

    def stage_dropout(self, place: int) -> float:
        chosen, stages = whole_numbers("conv_dropout_stages", self.conv_dropout_stages), self.widths.count("-") + 1
        if max(chosen, default=1) > stages:
            raise InvalidSetting(f"conv_dropout_stages is '{self.conv_dropout_stages}': there are {stages} stages.")
        return self.conv_dropout if not chosen or place in chosen else 0.0

    @property
    def style(self) -> Style:
        padded, strided = (
            checked(name, getattr(self, name), PADDINGS) == "same" for name in ("conv_padding", "strided_padding")
        )
        return Style(order_of(self.order), self.batch_norm, self.activation, padded, strided)

    @property
    def head_plan(self) -> Head:
        widths = whole_numbers("head_widths", self.head_widths)
        activation = self.head_activation or self.activation
        return Head(self.head, widths, activation, self.head_batch_norm, self.dropout, self.global_pooling)


@ARCHITECTURES("S2-A3", **MEL)
@variant(Convolutional)
def cnn_1d_fc() -> None:
    """1-D CNN on mel bands: five convolutions, each normalised and max-pooled by 2, then a hidden layer of 256.

    Widths and hidden layer are choices, the document prints neither; five layers are printed (S2-S9), and so is their
    order (S2-S8). That the hidden layer is not normalised is a choice: L66 can be read as if it were.
    """


@ARCHITECTURES("S2-A4", **MEL)
@variant(Convolutional, dropout=0.5)
def cnn_1d_fc_dropout() -> None:
    """S2-A3 with dropout of .5 behind the hidden layer (S2-S11)."""


@ARCHITECTURES("S2-A5", **MEL)
@variant(Convolutional, head="gap")
def cnn_1d_gap() -> None:
    """The convolutions of S2-A3, then 1x1 convolutions to 256 and to one map a class, averaged over time (S2-S13).

    A 1x1 convolution stands for each of the two linear layers of S2-A3 (L74).
    """


@ARCHITECTURES("S2-A6", **MEL)
@variant(Convolutional, pooling="stride")
def acn_cnn_1d_fc() -> None:
    """S2-A3 with a convolution of step 2 in place of each pooling ("all convolutions network").

    Strided convolutions keep the width and kernel of their stage, are padded (S2-S12), normalised and activated.
    """


@ARCHITECTURES("S2-A7", **MEL)
@variant(Convolutional, pooling="stride", head="gap")
def acn_cnn_1d_gap() -> None:
    """S2-A6 with the head of S2-A5: the document's final network without pooling or linear layers."""


@ARCHITECTURES("S2-A11", **MEL)
@variant(Convolutional, dimensions=2, widths="32-64-128-128-256")
def cnn_2d_fc() -> None:
    """2-D CNN on mel bands: S2-A3 with 3x3 kernels and 2x2 pooling.

    The widths are a choice that brings the parameters near those of S2-A3: 1.59 against 1.32 million on 128 x 130.
    """


@ARCHITECTURES("S2-A12", **MEL)
@variant(Convolutional, dimensions=2, widths="32-64-128-128-256", pooling="stride", head="gap")
def acn_cnn_2d_gap() -> None:
    """S2-A11 with 3x3 convolutions of step 2 in place of pooling, and the head of S2-A5."""
