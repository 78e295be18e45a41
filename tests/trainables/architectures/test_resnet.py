import pytest
import torch
from torch import Tensor
from torch.nn.functional import batch_norm, conv2d, linear, max_pool2d, relu

from trainables.architectures.layers import parameter_count
from trainables.architectures.resnet import resnet
from trainables.errors import InvalidSetting

State = dict[str, Tensor]
STAGES = (3, 4, 6, 3)


def count(channels: int, classes: int, **settings: int | bool | str) -> int:
    with torch.device("meta"):
        return parameter_count(resnet((channels, 224, 224), classes, **settings))


@pytest.mark.parametrize(
    ("channels", "classes", "settings", "parameters"),
    [
        # The tutorial's network, which has biases in its convolutions (S0-A3, X4).
        (3, 10, {"depth": 34}, 21_298_314),
        (1, 11, {"depth": 34}, 21_292_555),
        # The widely known counts of networks for 1,000 classes, without biases.
        (3, 1000, {"depth": 34, "bias": False}, 21_797_672),
        (3, 1000, {"depth": 50, "bias": False}, 25_557_032),
    ],
)
def test_known_parameter_counts(channels: int, classes: int, settings: dict[str, int | bool], parameters: int) -> None:
    assert count(channels, classes, **settings) == parameters


def formula(channels: int, classes: int) -> int:
    """Parameters of a network of 50 layers without biases, from the sizes of its layers."""
    total, inputs = channels * 64 * 49 + 2 * 64, 64
    for stage, blocks in enumerate(STAGES):
        inner, outputs = 64 * 2**stage, 256 * 2**stage
        total += inputs * outputs + 2 * outputs
        for _ in range(blocks):
            total += inputs * inner + 9 * inner * inner + inner * outputs + 2 * (inner + inner + outputs)
            inputs = outputs
    return total + 2048 * classes + classes


def test_parameters_of_50_layers_by_formula() -> None:
    assert formula(3, 1000) - 1000 * 2049 == 23_508_032
    assert count(1, 11, depth=50, bias=False) == formula(1, 11)
    assert count(1, 11, depth=50) == formula(1, 11) + 26_560  # a bias for each channel that is normalised


def normalised(values: Tensor, state: State, name: str) -> Tensor:
    running = (state[f"{name}.running_mean"], state[f"{name}.running_var"])
    return batch_norm(values, *running, state[f"{name}.weight"], state[f"{name}.bias"])


def convolved(values: Tensor, state: State, name: str, norm: str, stride: int = 1) -> Tensor:
    """A convolution that keeps the size but for its stride, then batch normalisation."""
    kernel = state[f"{name}.weight"]
    padding = kernel.shape[-1] // 2
    return normalised(conv2d(values, kernel, state.get(f"{name}.bias"), stride, padding), state, norm)


def independent(state: State, values: Tensor, depth: int, stem: str) -> Tensor:
    """He et al. 2016, Figure 3 and Table 1, as functions of the weights alone."""
    values = relu(convolved(values, state, "stem.0", "stem.1", 2 if stem == "standard" else 1))
    if stem == "standard":
        values = max_pool2d(values, 3, 2, 1)
    for stage, blocks in enumerate(STAGES, 1):
        for block in range(blocks):
            name = f"stage_{stage}.{block}"
            stride = 2 if stage > 1 and block == 0 else 1
            shortcut = values
            if f"{name}.shortcut.0.weight" in state:
                shortcut = convolved(values, state, f"{name}.shortcut.0", f"{name}.shortcut.1", stride)
            strides = (stride, 1) if depth == 34 else (1, stride, 1)
            for layer, each in enumerate(strides):
                values = convolved(values, state, f"{name}.path.{3 * layer}", f"{name}.path.{3 * layer + 1}", each)
                values = relu(values) if layer + 1 < len(strides) else relu(values + shortcut)
    return linear(values.mean((2, 3)), state["output.weight"], state["output.bias"])


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("stem", ["standard", "stride_1"])
@pytest.mark.parametrize("depth", [34, 50])
def test_outputs_agree_with_an_independent_implementation(depth: int, stem: str, bias: bool) -> None:
    torch.manual_seed(2)
    network = resnet((2, 40, 33), 7, depth=depth, stem=stem, bias=bias, width=8)
    for _ in range(3):
        network(torch.randn(8, 2, 40, 33))  # moves the running statistics away from where they start
    network.eval()
    batch = torch.randn(3, 2, 40, 33)
    with torch.no_grad():
        expected = independent(network.state_dict(), batch, depth, stem)
        assert expected.std() > 1e-2
        torch.testing.assert_close(network(batch), expected, rtol=1e-5, atol=1e-5)


# Frames of 20, 150, 300, 1000 and 3000 ms at 44.1 kHz and a hop of 512.
FRAMES, COEFFICIENTS = (2, 13, 26, 87, 259), (13, 30, 128)
# No layer mixes the two axes' lengths: each length once beside a usual one, and the smallest and largest of both.
SIZES = {(30, frames) for frames in FRAMES} | {(count, 26) for count in COEFFICIENTS} | {(13, 2), (128, 259)}


@pytest.mark.parametrize("stem", ["standard", "stride_1"])
@pytest.mark.parametrize("depth", [34, 50])
def test_one_network_takes_inputs_of_any_size(depth: int, stem: str) -> None:
    """S0-F39: forward and backward at the segment lengths and MFCC counts of the sweeps, with the same parameters."""
    network = resnet((1, 30, 26), 11, depth=depth, stem=stem, width=1)
    for coefficients, frames in SIZES:
        logits = network(torch.randn(2, 1, coefficients, frames))
        assert logits.shape == (2, 11)
        logits.sum().backward()
        with torch.device("meta"):
            other = resnet((1, coefficients, frames), 11, depth=depth, stem=stem, width=1)
        assert parameter_count(other) == parameter_count(network)


def test_the_stems_and_what_they_leave() -> None:
    for stem, size in (("standard", (8, 7)), ("stride_1", (30, 26))):
        layer = resnet((1, 30, 26), 11, stem=stem, width=4).stem
        assert layer(torch.zeros(1, 1, 30, 26)).shape[2:] == size


def test_dropout_is_before_the_last_layer() -> None:
    network = resnet((1, 16, 16), 5, depth=34, width=8, dropout=0.9).train()
    seen = []
    network.output.register_forward_hook(lambda _layer, inputs, _output: seen.append(inputs[0]))
    network(torch.randn(64, 1, 16, 16))
    assert 0.8 < (seen[0] == 0).float().mean() < 1.0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"depth": 18}, "depth is 18"),
        ({"stem": "stride1"}, "did you mean 'stride_1'"),
        ({"dropout": 1.0}, "dropout is 1.0"),
        ({"width": 0}, "width is 0"),
    ],
)
def test_impossible_networks_are_refused(settings: dict[str, int | float | str], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        resnet((1, 30, 26), 11, **settings)
