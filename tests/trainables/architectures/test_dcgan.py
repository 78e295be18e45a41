from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn.functional import batch_norm, conv2d, leaky_relu, selu

from trainables.architectures.dcgan import dcgan_discriminator, generator
from trainables.architectures.layers import layer_table, parameter_count
from trainables.errors import InvalidSetting

IMAGE = (1, 128, 128)


def kernels(*channels: int) -> int:
    return 16 * sum(i * o for i, o in pairwise(channels))


def test_both_networks_have_six_convolutions() -> None:
    """S0-A5, S0-A6: the published network, of 64 x 64, with one layer more."""
    maker, judge = generator(128, 100, 64), dcgan_discriminator(IMAGE, 1)
    for network in (maker, judge):
        layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
        assert len(layers) == 6
        assert all(layer.bias is None for layer in layers)
    channels = (64, 128, 256, 512, 1024)
    norms = 2 * sum(channels)
    assert parameter_count(maker) == kernels(100, *reversed(channels), 1) + norms
    assert parameter_count(judge) == kernels(1, *channels, 1) + norms - 2 * 64


def test_sizes_between_the_layers() -> None:
    rows = layer_table(generator(128, 100, 64), (100, 1, 1))
    sizes = [row["output"] for row in rows if row["kind"] == "ConvTranspose2d"]
    assert sizes == ["1024 x 4 x 4", "512 x 8 x 8", "256 x 16 x 16", "128 x 32 x 32", "64 x 64 x 64", "1 x 128 x 128"]
    rows = layer_table(dcgan_discriminator(IMAGE, 1), IMAGE)
    sizes = [row["output"] for row in rows if row["kind"] == "Conv2d"]
    assert sizes == ["64 x 64 x 64", "128 x 32 x 32", "256 x 16 x 16", "512 x 8 x 8", "1024 x 4 x 4", "1 x 1 x 1"]


@pytest.mark.parametrize(
    ("name", "activation"), [("selu", selu), ("leaky_relu", lambda values: leaky_relu(values, 0.2))]
)
def test_the_discriminator_is_what_is_written_down(name: str, activation: object) -> None:
    torch.manual_seed(4)
    network = dcgan_discriminator((1, 32, 40), 1, discriminator_activation=name, width=4)
    for _ in range(3):
        network(torch.randn(8, 1, 32, 40))
    state, batch = network.eval().state_dict(), torch.randn(3, 1, 32, 40)
    values = batch
    for place in range(1, 6):
        block = f"block_{place}"
        values = conv2d(values, state[f"{block}.0.weight"], stride=2, padding=1)
        if place > 1:
            running = (state[f"{block}.1.running_mean"], state[f"{block}.1.running_var"])
            values = batch_norm(values, *running, state[f"{block}.1.weight"], state[f"{block}.1.bias"])
        values = activation(values)  # type: ignore[operator]
    expected = conv2d(values, state["output.weight"]).flatten(1)
    torch.testing.assert_close(network(batch), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("side", [32, 64, 96])
def test_what_is_generated_lies_between_minus_1_and_1(side: int) -> None:
    made = generator(side, 8, 4)(torch.randn(3, 8, 1, 1))
    assert made.shape == (3, 1, side, side)
    assert made.abs().max() <= 1


def test_spectral_norm_holds_the_largest_singular_value_at_1() -> None:
    network = dcgan_discriminator((1, 32, 32), 1, width=4, spectral_norm=True)
    for _ in range(200):
        network(torch.randn(2, 1, 32, 32))
    convolutions = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    values = [torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item() for layer in convolutions]
    assert values == pytest.approx([1.0] * 6, abs=1e-2)
    assert parameter_count(network) == parameter_count(dcgan_discriminator((1, 32, 32), 1, width=4))


def test_with_spectral_norm_the_layers_are_those_without_it() -> None:
    plain, normed = (dcgan_discriminator(IMAGE, 1, width=4, spectral_norm=each) for each in (False, True))
    assert layer_table(normed, IMAGE) == layer_table(plain, IMAGE)


def test_dropout_follows_every_activation() -> None:
    network = dcgan_discriminator((1, 32, 32), 1, width=4, dropout=0.5)
    assert sum(isinstance(layer, nn.Dropout) for layer in network.modules()) == 5


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: dcgan_discriminator((1, 31, 128), 1), "31 x 128 is too small for six layers"),
        (lambda: dcgan_discriminator(IMAGE, 1, discriminator_activation="selus"), "did you mean 'selu'"),
        (lambda: dcgan_discriminator(IMAGE, 1, width=0), "width of a network is 0"),
        (lambda: dcgan_discriminator(IMAGE, 1, dropout=1.0), "dropout is 1.0"),
        (lambda: generator(100, 100, 64), "side is 100"),
        (lambda: generator(128, 0, 64), "latent is 0"),
        (lambda: generator(128, 100, 0), "width of a network is 0"),
    ],
)
def test_impossible_networks_are_refused(build: object, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        build()  # type: ignore[operator]
