"""The two networks of the deep convolutional GAN (Radford et al. 2016), with six layers each."""

from collections import OrderedDict
from collections.abc import Callable
from itertools import pairwise

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm as normed

from trainables.architectures import ARCHITECTURES
from trainables.architectures.layers import channels_last
from trainables.architectures.spectrogram_cnn import CLIP
from trainables.errors import InvalidSetting, check_bounds, checked

HALVINGS = 5
FACTOR = 2**HALVINGS
"""All layers but one halve, or double, both sides: what is left of 128 x 128 is 4 x 4."""

SLOPE = 0.2
ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {"selu": nn.SELU, "leaky_relu": lambda: nn.LeakyReLU(SLOPE)}


@ARCHITECTURES("S0-A6", shape=(1, 128, 128), settings={**CLIP, "front_end": "mfcc_image", "training": "dcgan"})
def dcgan_discriminator(
    shape: tuple[int, int, int],
    classes: int,
    *,
    discriminator_activation: str = "selu",
    width: int = 64,
    dropout: float = 0.0,
    spectral_norm: bool = False,
) -> nn.Module:
    """The discriminator of a DCGAN: five convolutions 4x4 of stride 2, then one over all that is left.

    `width` times 1, 2, 4, 8 and 16 channels without biases, batch normalisation in all but the first and the last,
    then "selu", as S0 prints, or "leaky_relu" with slope .2, as it began and as the published network has it (S0-F30).
    There is no sigmoid: the loss takes logits. In the GAN there is one class. `dropout` after each activation and
    `spectral_norm` of all convolutions are two of the remedies of S0-F32.
    Raises InvalidSetting for inputs of less than 32 x 32 and for unknown or impossible values.
    """
    activation = ACTIVATIONS[checked("discriminator_activation", discriminator_activation, ACTIVATIONS)]
    check_sides(shape[1], shape[2])
    left = (shape[1] // FACTOR, shape[2] // FACTOR)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    check_bounds("dropout", dropout, at_least=0, below=1)
    channels = (shape[0], *doubling(width))
    for place, (inputs, outputs) in enumerate(pairwise(channels), 1):
        norm = [nn.BatchNorm2d(outputs)] if place > 1 else []
        convolution = nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)
        drop = [nn.Dropout(dropout)] if dropout else []
        layers[f"block_{place}"] = nn.Sequential(convolution, *norm, activation(), *drop)
    layers["output"] = nn.Conv2d(channels[-1], classes, left, bias=False)
    layers["flatten"] = nn.Flatten()
    network = channels_last(nn.Sequential(layers))
    return with_spectral_norm(network) if spectral_norm else network


def generator(side: int, latent: int, width: int) -> nn.Module:
    """The generator of a DCGAN: noise (batch, latent, 1, 1) to images (batch, 1, side, side) in [-1, 1] (S0-A5).

    One transposed convolution over the noise, then five 4 x 4 of stride 2, of `width` times 16, 8, 4, 2 and 1 channels
    without biases, with batch normalisation and ReLU after all but the last, which ends in tanh. The published network
    has one layer fewer, for images of 64 x 64. Raises InvalidSetting for a side that is no multiple of 32.
    """
    if side % FACTOR:
        raise InvalidSetting(f"side is {side}: six layers generate images whose side is a multiple of {FACTOR}.")
    if latent < 1:
        raise InvalidSetting(f"latent is {latent}: a generator needs at least 1 number.")
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    channels = (latent, *reversed(doubling(width)))
    for place, (inputs, outputs) in enumerate(pairwise(channels), 1):
        kernel, stride, padding = (side // FACTOR, 1, 0) if place == 1 else (4, 2, 1)
        convolution = nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding, bias=False)
        layers[f"block_{place}"] = nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())
    layers["output"] = nn.ConvTranspose2d(channels[-1], 1, 4, 2, 1, bias=False)
    layers["activation"] = nn.Tanh()
    return channels_last(nn.Sequential(layers))


def doubling(width: int) -> tuple[int, ...]:
    """`width` times 1, 2, 4, 8 and 16."""
    check_bounds("The width of a network", width, at_least=1)
    return tuple(width * 2**place for place in range(HALVINGS))


def check_sides(height: int, width: int) -> None:
    """Raise InvalidSetting where five halvings leave nothing of a side."""
    if min(height, width) < FACTOR:
        raise InvalidSetting(
            f"An input of {height} x {width} is too small for six layers: give it at least {FACTOR} bands and frames."
        )


def with_spectral_norm(network: nn.Module) -> nn.Module:
    """`network` with the largest singular value of every convolution held at 1 (Miyato et al. 2018)."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            normed(layer)
    return network
