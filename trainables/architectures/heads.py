"""What turns feature maps into one logit a class: fully connected layers, or 1x1 convolutions and a global pooling."""

from dataclasses import dataclass
from math import prod

from torch import Tensor, nn

from trainables.architectures.blocks import ONE, Chain
from trainables.errors import checked

HEADS = ("fc", "gap", "gap_fc")


class GlobalAverage(nn.Module):
    """The mean of each map."""

    def forward(self, features: Tensor) -> Tensor:
        """(batch, channels, height, time) to (batch, channels)."""
        return features.mean((2, 3))


class GlobalMax(nn.Module):
    """The largest value of each map."""

    def forward(self, features: Tensor) -> Tensor:
        """(batch, channels, height, time) to (batch, channels)."""
        return features.amax((2, 3))


GLOBAL_POOLINGS: dict[str, type[nn.Module]] = {"average": GlobalAverage, "max": GlobalMax}


@dataclass(frozen=True)
class Head:
    """`kind`, widths of the hidden layers, what follows each of them, and the global pooling.

    "fc": all values of all maps, then linear layers. "gap": 1x1 convolutions, the last with one map a class, then each
    map's global pooling is the logit (Network in Network, S2-S13). "gap_fc": global pooling, then linear layers, as in
    a ResNet (S2-F32). Hidden layers are followed by batch normalisation (if asked for), activation and dropout; a head
    without hidden layers has its dropout in front.
    """

    kind: str
    widths: list[int]
    activation: str
    batch_norm: bool
    dropout: float
    pooling: str

    def add(self, chain: Chain, classes: int) -> None:
        checked("head", self.kind, HEADS)
        pooling = GLOBAL_POOLINGS[checked("global_pooling", self.pooling, GLOBAL_POOLINGS)]
        if self.kind == "gap_fc":
            chain.add("global_pool", pooling(), (chain.shape[0], 1, 1))
        if self.kind == "fc":
            chain.add("flatten", nn.Flatten(), (prod(chain.shape), 1, 1))
        if not self.widths:
            chain.drop("head_dropout", self.dropout)
        for place, width in enumerate(self.widths, 1):
            self._add_hidden(chain, place, width)
        self._add_layer(chain, "output", classes)
        if self.kind == "gap":
            chain.add("global_pool", pooling(), (classes, 1, 1))

    def _add_hidden(self, chain: Chain, place: int, width: int) -> None:
        self._add_layer(chain, f"hidden_{place}", width)
        if self.batch_norm:
            norm = nn.BatchNorm2d if self.kind == "gap" else nn.BatchNorm1d
            chain.add(f"hidden_norm_{place}", norm(width))
        chain.activate(f"hidden_activation_{place}", self.activation)
        chain.drop(f"hidden_dropout_{place}", self.dropout)

    def _add_layer(self, chain: Chain, name: str, width: int) -> None:
        if self.kind == "gap":
            chain.convolve(name, width, ONE, ONE, (False, False))
        else:
            chain.add(name, nn.Linear(chain.shape[0], width), (width, 1, 1))
