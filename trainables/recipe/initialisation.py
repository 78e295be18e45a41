"""What a network's weights are before training; layers that are not named here keep what they were built with."""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import init

from trainables.errors import checked

DEVIATION = 0.02

Normalisation = nn.BatchNorm1d | nn.BatchNorm2d
Layer = nn.Linear | nn.Conv1d | nn.Conv2d | nn.ConvTranspose1d | nn.ConvTranspose2d


def xavier(layer: Layer) -> None:
    """Glorot-uniform weights in linear layers, He-uniform ones in convolutions (S2-S7); biases 0."""
    if isinstance(layer, nn.Linear):
        init.xavier_uniform_(layer.weight)
    else:
        init.kaiming_uniform_(layer.weight, nonlinearity="relu")


def keras(layer: Layer) -> None:
    """Glorot-uniform weights in linear layers and convolutions, as Keras has them by default (S3-S5)."""
    init.xavier_uniform_(layer.weight)


def zero(layer: Layer) -> None:
    """Weights 0 (S2-F31)."""
    init.zeros_(layer.weight)


def zero_dense(layer: Layer) -> None:
    """Weights 0 in linear layers alone, as S2 first had them (S2-F31, L92); convolutions as `xavier` draws them."""
    if isinstance(layer, nn.Linear):
        zero(layer)
    else:
        xavier(layer)


def normal(layer: Layer) -> None:
    """Weights from N(0, .02), as the DCGAN has them (S0-A5)."""
    init.normal_(layer.weight, 0.0, DEVIATION)


INITIALISATIONS: dict[str, Callable[[Layer], None] | None] = {
    # As the architecture was built: torch's defaults, or what its source prescribes.
    "default": None,
    "xavier": xavier,
    "keras": keras,
    "zero": zero,
    "zero_dense": zero_dense,
    "normal": normal,
}


@torch.no_grad()
def initialise(network: nn.Module, name: str) -> None:
    """Give every linear layer and convolution new weights, and biases of 0; with "default" nothing changes.

    Recurrent layers are left as they are, and so is batch normalisation, but for "normal", which draws its weights from
    N(1, .02). Weights under spectral normalisation stay as they were built: their scale means nothing there. Random
    numbers are torch's global ones. Raises InvalidSetting for an unknown name.
    """
    draw = INITIALISATIONS[checked("initialisation", name, INITIALISATIONS)]
    for layer in network.modules():
        if isinstance(layer, Layer) and draw:
            draw(layer)
            if layer.bias is not None:
                init.zeros_(layer.bias)
        elif isinstance(layer, Normalisation) and name == "normal" and layer.affine:
            init.normal_(layer.weight, 1.0, DEVIATION)
