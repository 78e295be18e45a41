"""SampleCNN: very small kernels on the waveform (S2-A8 to S2-A10)."""

from trainables.architectures import ARCHITECTURES
from trainables.architectures.convolutional import Convolutional
from trainables.architectures.variants import variant

RAW = {"shape": (1, 1, 59049), "settings": {"segmentation": "parts", "front_end": "waveform", "crop": 59049}}
"""3^10 samples, 2.68 s at 22,050 Hz (S2-S1)."""

BLOCKS: dict[str, str | float] = {
    "widths": "128-128-128-256-256-256-256-256-256-512-512",
    "strides": "3-1",
    "pools": "1-3-3-3-3-3-3-3-3-3-1",
    "conv_dropout": 0.5,
    "conv_dropout_stages": "6",
    "dropout": 0.5,
}
"""A convolution of 3 every 3 samples, nine convolutions each max-pooled by 3, and a last one."""


@ARCHITECTURES("S2-A8", **RAW)
@variant(Convolutional, **BLOCKS, head_widths="")
def sample_cnn_fc() -> None:
    """SampleCNN 3^9 as ported to PyTorch: eleven convolutions of 3, dropout behind the sixth and the last, one linear.

    2,373,642 parameters with 10 classes, 2,394,162 with 50. The authors' own has a last kernel of 1 and a single
    dropout: `kernel` "3-3-3-3-3-3-3-3-3-3-1" and `conv_dropout` 0 (1,849,354 and 1,869,874). The document says
    "variant" and no more. Layers do not overlap where pools are as wide as kernels; a `pools` of half the kernel is the
    overlap of S2-F41.
    """


@ARCHITECTURES("S2-A9", **RAW)
@variant(Convolutional, **BLOCKS, head="gap")
def sample_cnn_gap() -> None:
    """S2-A8 with 1x1 convolutions to 256 and to one map a class, averaged over time (S2-S13).

    The blocks as printed leave one step, of 59,049 samples as of the whole 66,150 of 3 s, so that there is nothing to
    average: beside S2-A8 it then only has a hidden layer of 256 more and no dropout in front of it. To compare heads
    (S2-F1), give both networks fewer pools: "1-3-3-3-3-3-3-3-3-1-1" leaves 3 steps, one pool less 9.
    """


@ARCHITECTURES("S2-A10", **RAW)
@variant(Convolutional, **BLOCKS, pooling="max-stride-stride-stride-max", head="gap")
def acn_sample_cnn_gap() -> None:
    """S2-A9 with a convolution of 3 every 3 steps in place of each of the first three poolings.

    The document says "a few"; three is a choice. The average is over one step, as in S2-A9.
    """
