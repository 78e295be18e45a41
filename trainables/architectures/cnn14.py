"""Cnn14, the network of the PANNs, with the layers of its published weights under their published names."""

from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, dropout, relu

from trainables.architectures import ARCHITECTURES
from trainables.architectures.layers import channels_last
from trainables.architectures.spectrogram_cnn import CLIP
from trainables.errors import InvalidSetting, check_bounds

BLOCKS = 6
BLOCK_DROPOUT = 0.2
DROPOUT = 0.5
PUBLISHED_WIDTH = 64


class Block(nn.Module):
    """Two convolutions 3 x 3, each with batch normalisation and ReLU."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, inputs, time, bands) to (batch, outputs, time, bands)."""
        return relu(self.bn2(self.conv2(relu(self.bn1(self.conv1(features))))))


class Cnn14(nn.Module):
    """Features (batch, channels, bands, frames) to logits (batch, classes).

    `head` is the name of the last layer: "fc_audioset" is that of the published weights, with 527 classes and no
    dropout before it; a new one is "fc_transfer". With `hidden` there is a layer of so many units in front of it.
    """

    def __init__(
        self, shape: tuple[int, int, int], classes: int, head: str, width: int = PUBLISHED_WIDTH, hidden: int = 0
    ):
        super().__init__()
        self.bn0 = nn.BatchNorm2d(shape[1])
        inputs = shape[0]
        for place in range(BLOCKS):
            outputs = width * 2**place
            self.add_module(f"conv_block{place + 1}", Block(inputs, outputs))
            inputs = outputs
        self.fc1 = nn.Linear(inputs, inputs)
        self.head = head
        self.add_module(head, last_layers(inputs, hidden, classes))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(layer.weight)
            if isinstance(layer, nn.Linear):
                nn.init.zeros_(layer.bias)

    def backbone_parameters(self) -> list[nn.Parameter]:
        """The parameters of all layers but the last."""
        return [value for name, value in self.named_parameters() if not name.startswith(f"{self.head}.")]

    def forward(self, features: Tensor) -> Tensor:
        embedding = self.embedding(features)
        if self.head == "fc_transfer":
            embedding = dropout(embedding, DROPOUT, self.training)
        return self.get_submodule(self.head)(embedding)

    def embedding(self, features: Tensor) -> Tensor:
        """The activations (batch, 32 x width) of the layer before the head."""
        # The published layers see time first and have the bands in place of the channels of the first normalisation.
        blocks = self.bn0(features.transpose(1, 2)).transpose(1, 2).transpose(2, 3)
        for place in range(1, BLOCKS + 1):
            blocks = self.get_submodule(f"conv_block{place}")(blocks)
            if place < BLOCKS:
                blocks = avg_pool2d(blocks, [min(2, size) for size in blocks.shape[2:]])
            blocks = dropout(blocks, BLOCK_DROPOUT, self.training)
        over_time = blocks.mean(3)
        pooled = over_time.amax(2) + over_time.mean(2)
        return relu(self.fc1(dropout(pooled, DROPOUT, self.training)))


def last_layers(inputs: int, hidden: int, classes: int) -> nn.Module:
    if hidden == 0:
        return nn.Linear(inputs, classes)
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(hidden, classes))


@ARCHITECTURES(
    "S1-A3",
    shape=(1, 64, 301),
    settings={
        **CLIP,
        "front_end": "mel_spectrogram",
        "target_rate": 32_000,
        "hop": 320,
        "bands": 64,
        "low": 50.0,
        "high": 14_000.0,
        "padding": "reflect",
        "top_db": 0.0,
        "normalise": "none",
    },
)
def cnn14(shape: tuple[int, int, int], classes: int, *, width: int = PUBLISHED_WIDTH, hidden: int = 0) -> nn.Module:
    """Cnn14 of the PANNs (Kong et al. 2020) with a new last layer: 79,696,331 parameters at 11 classes.

    Takes log-mel spectrograms of 64 bands in dB relative to 1. Batch normalisation of the bands; six blocks of two
    convolutions 3 x 3, of `width` times 1 to 32 channels, each followed by average pooling 2 x 2 (the last one is not)
    and dropout .2; mean over the bands; maximum plus mean over time; dropout .5, 2,048 units, ReLU, dropout .5, linear.
    SpecAugment, with which the published weights were trained, is left out. The document names "PANN" only: that it
    was Cnn14 is a canonical choice. `hidden` units, ReLU and dropout .5 in front of the last layer enlarge what is not
    published (X28, first reading). Raises InvalidSetting for a width below 1 or fewer than 0 hidden units.
    """
    check_bounds("width", width, at_least=1)
    if hidden < 0:
        raise InvalidSetting(f"hidden is {hidden}: it must be at least 1 unit, or 0 for no hidden layer.")
    return channels_last(Cnn14(shape, classes, "fc_transfer", width, hidden))
