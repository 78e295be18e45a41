import math
from itertools import permutations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import batch_norm, conv1d, linear, max_pool1d, relu

from trainables.architectures import ARCHITECTURES
from trainables.architectures.alexnet_vgg import alexnet_1d, vgg16_1d
from trainables.architectures.blocks import STEPS
from trainables.architectures.convolutional import (
    acn_cnn_1d_fc,
    acn_cnn_1d_gap,
    cnn_1d_fc,
    cnn_1d_fc_dropout,
    cnn_1d_gap,
    cnn_2d_fc,
)
from trainables.architectures.layers import layer_table, parameter_count
from trainables.errors import InvalidSetting
from trainables.registry import Value

MEL = (1, 128, 130)
SMALL = {"widths": "4-4", "head_widths": "4"}


def outputs(network: nn.Module, shape: tuple[int, int, int] = MEL) -> dict[str, str]:
    return {str(row["name"]): str(row["output"]) for row in layer_table(network, shape)}


def steps(network: nn.Module, shape: tuple[int, int, int] = MEL) -> list[str]:
    return [name.partition(".")[2] for name in outputs(network, shape) if name.startswith("stage_1.")]


def test_one_dimension_is_torch_s_own() -> None:
    """S2-A5 with its weights, written with one-dimensional functions."""
    torch.manual_seed(1)
    network = cnn_1d_gap((1, 20, 50), 7, widths="8-6").eval()
    state, features = network.state_dict(), torch.randn(3, 1, 20, 50)
    maps = features[:, 0]
    for stage in ("stage_1", "stage_2"):
        weight, bias = state[f"{stage}.convolution_1.weight"][:, :, 0], state[f"{stage}.convolution_1.bias"]
        scale, shift, mean, variance, _ = (value for name, value in state.items() if f"{stage}.norm_1" in name)
        maps = max_pool1d(relu(batch_norm(conv1d(maps, weight, bias, padding=1), mean, variance, scale, shift)), 2)
    steps = maps.transpose(1, 2)
    hidden = relu(linear(steps, state["hidden_1.weight"][:, :, 0, 0], state["hidden_1.bias"]))
    logits = linear(hidden, state["output.weight"][:, :, 0, 0], state["output.bias"]).mean(1)
    torch.testing.assert_close(network(features), logits, rtol=1e-5, atol=1e-5)


def test_bands_are_channels_in_one_dimension_only() -> None:
    assert outputs(cnn_1d_fc(MEL, 10))["stage_1.convolution_1"] == "128 x 1 x 130"
    assert outputs(cnn_2d_fc(MEL, 10))["stage_1.convolution_1"] == "32 x 128 x 130"
    assert outputs(cnn_1d_fc((3, 20, 50), 10), (3, 20, 50))["bands_as_channels"] == "60 x 1 x 50"


@given(kernel=st.integers(1, 12), step=st.integers(1, 5), time=st.integers(1, 60), padded=st.booleans())
def test_lengths_of_convolutions(kernel: int, step: int, time: int, padded: bool) -> None:
    """Odd and even kernels keep the length, and in place of pooling divide it, rounded up; unpadded they shorten it."""
    border = "same" if padded else "valid"
    parameters = {**SMALL, "widths": "4", "kernel": str(kernel), "pools": str(step), "pooling": "stride"}
    expected = time if padded else time - kernel + 1
    strided = math.ceil(expected / step) if padded else (expected - kernel) // step + 1
    try:
        network = acn_cnn_1d_fc((1, 2, time), 3, **parameters, conv_padding=border, strided_padding=border)
    except InvalidSetting:
        too_long = max(kernel, step) > time
        assert too_long or (not padded and expected < (1 if step == 1 else kernel))
        return
    found = outputs(network, (1, 2, time))
    assert found["stage_1.convolution_1"] == f"4 x 1 x {expected}"
    if step > 1:
        assert found["stage_1.strided_convolution"] == f"4 x 1 x {strided}"


@pytest.mark.parametrize(("kernel", "places"), [(3, [9, 10, 11]), (4, [8, 9, 10, 11]), (5, [8, 9, 10, 11, 12])])
def test_where_an_even_kernel_reaches(kernel: int, places: list[int]) -> None:
    """As far back as the odd one above it, and not as far ahead."""
    network = cnn_1d_fc((1, 1, 20), 2, **SMALL, kernel=str(kernel), batch_norm=False)
    layer = nn.Sequential(*list(network.stage_1.children())[: 1 + (kernel % 2 == 0)])
    nn.init.ones_(layer[-1].weight)
    point = torch.zeros(1, 1, 1, 20)
    point[..., 10] = 1.0
    assert layer(point)[0, 0, 0].nonzero().flatten().tolist() == places


def test_kernels_that_tile_are_not_padded() -> None:
    network = cnn_1d_fc((1, 1, 27), 2, **SMALL, kernel="3", strides="3-1")
    first, second = network.stage_1.convolution_1, network.stage_2.convolution_1
    assert (first.padding, second.padding) == ((0, 0), (0, 1))


def test_a_kernel_of_one_leaves_values_out_before_it_convolves() -> None:
    network = cnn_1d_fc((1, 1, 28), 2, **SMALL, kernel="1", strides="3-1")
    features = torch.randn(2, 1, 1, 28)
    plain = nn.Conv2d(1, 4, 1, stride=(1, 3))
    plain.load_state_dict(network.stage_1.convolution_1.state_dict())
    torch.testing.assert_close(network.stage_1[:2](features), plain(features))


@pytest.mark.parametrize("order", ["-".join(order) for order in list(permutations(STEPS))[::7]])
@pytest.mark.parametrize("pooling", ["max", "stride"])
def test_steps_come_in_any_order(order: str, pooling: str) -> None:
    network = cnn_1d_fc((1, 8, 32), 3, **SMALL, order=order, conv_dropout=0.1, pooling=pooling)
    found = steps(network, (1, 8, 32))
    main = [name.removesuffix("_1") for name in found if not name.startswith("strided_")]
    expected = [word for word in order.split("-") if word != "pool" or pooling == "max"]
    assert main == expected
    strided = [word for word in order.split("-") if word in ("convolution", "norm", "activation")]
    assert [name for name in found if name.startswith("strided_")] == (
        [f"strided_{word}" for word in strided] if pooling == "stride" else []
    )
    assert network(torch.randn(2, 1, 8, 32)).shape == (2, 3)


def test_pooling_and_dropout_once_a_stage() -> None:
    network = vgg16_1d(MEL, 10, widths="4-4", convolutions="3", head_widths="4", conv_dropout=0.1)
    names = [f"{word}_{turn}" for turn in (1, 2, 3) for word in ("convolution", "activation")]
    assert steps(network) == [*names, "pool", "dropout"]


def test_pooling_of_what_is_there() -> None:
    """Windows may overlap, and take what is left where it is less than a window (S2-A1)."""
    rows = outputs(alexnet_1d(MEL, 10, widths="4-4-4-4-4", head_widths="4"))
    assert [rows[f"stage_{place}.pool"] for place in (1, 2, 5)] == ["4 x 1 x 16", "4 x 1 x 7", "4 x 1 x 3"]
    short = outputs(cnn_1d_fc((1, 8, 5), 3), (1, 8, 5))
    assert [name for name in short if "pool" in name] == ["stage_1.pool", "stage_2.pool"]
    maximum, mean = (cnn_1d_fc((1, 1, 6), 2, pooling=kind).stage_1.pool for kind in ("max", "average"))
    values = torch.tensor([[[[1.0, 3.0, 2.0, 6.0]]]])
    assert maximum(values).flatten().tolist() == [3.0, 6.0]
    assert mean(values).flatten().tolist() == [2.0, 4.0]


def test_strided_convolutions_may_be_wider() -> None:
    """S2-F14, S2-F15."""
    rows = outputs(acn_cnn_1d_gap(MEL, 10, strided_widths="256-128-256-256-1024", strided_kernel="5"))
    assert rows["stage_1.strided_convolution"] == "256 x 1 x 65"
    assert rows["stage_5.strided_convolution"] == "1024 x 1 x 5"
    assert rows["stage_2.convolution_1"] == "128 x 1 x 65"


@pytest.mark.parametrize(
    ("parameters", "places"),
    [
        ({}, []),
        ({"front_dropout": 0.1}, ["front_dropout"]),
        ({"conv_dropout": 0.1}, ["stage_1.dropout", "stage_2.dropout"]),
        ({"conv_dropout": 0.1, "conv_dropout_stages": "2"}, ["stage_2.dropout"]),
        ({"dropout": 0.1}, ["hidden_dropout_1"]),
        ({"dropout": 0.1, "head_widths": "4-4"}, ["hidden_dropout_1", "hidden_dropout_2"]),
        ({"dropout": 0.1, "head_widths": ""}, ["head_dropout"]),
        ({"dropout": 0.1, "head": "gap"}, ["hidden_dropout_1"]),
        ({"dropout": 0.1, "head": "gap_fc", "head_widths": ""}, ["head_dropout"]),
    ],
)
def test_places_of_dropout(parameters: dict[str, Value], places: list[str]) -> None:
    network = cnn_1d_fc(MEL, 10, **{**SMALL, **parameters})
    assert [name for name in outputs(network) if "dropout" in name] == places
    assert all(module.p == 0.1 for module in network.modules() if isinstance(module, nn.Dropout))


def test_dropout_is_all_that_the_fourth_network_adds_to_the_third() -> None:
    third, fourth = cnn_1d_fc(MEL, 10), cnn_1d_fc_dropout(MEL, 10)
    assert set(outputs(fourth)) - set(outputs(third)) == {"hidden_dropout_1"}
    assert parameter_count(third) == parameter_count(fourth)


@pytest.mark.parametrize("pooling", ["average", "max"])
def test_the_gap_head_pools_logits_of_every_step(pooling: str) -> None:
    """S2-S13: each map is a class, so that a longer input has more of the same logits."""
    network = cnn_1d_gap((1, 8, 64), 3, **SMALL, global_pooling=pooling).eval()
    assert [name for name, _ in network.named_children()][-2:] == ["output", "global_pool"]
    features = torch.randn(2, 1, 8, 64)
    maps = network[:-1](features)
    assert maps.shape == (2, 3, 1, 16)
    torch.testing.assert_close(network(features), maps.mean((2, 3)) if pooling == "average" else maps.amax((2, 3)))


def test_heads_and_their_parameters() -> None:
    gap, pooled_first = (cnn_1d_gap(MEL, 10, head=head) for head in ("gap", "gap_fc"))
    assert parameter_count(gap) == parameter_count(pooled_first)
    names = list(outputs(pooled_first))
    assert names[names.index("global_pool") :] == ["global_pool", "hidden_1", "hidden_activation_1", "output"]
    assert list(outputs(cnn_1d_gap(MEL, 10)))[-1] == "global_pool"


def test_a_network_with_a_gap_head_has_the_same_parameters_at_any_length() -> None:
    assert len({parameter_count(cnn_1d_gap((1, 128, time), 10)) for time in (17, 130, 1292)}) == 1
    assert len({parameter_count(cnn_1d_fc((1, 128, time), 10)) for time in (64, 130, 1292)}) == 3


@pytest.mark.parametrize("head", ["fc", "gap"])
def test_activations_of_stages_and_head(head: str) -> None:
    """S2-F30: all over, or in one of the two."""
    network = cnn_1d_fc(MEL, 10, activation="prelu", head_activation="relu", head=head, head_batch_norm=True)
    kinds = {str(row["name"]): row["kind"] for row in layer_table(network, MEL)}
    assert kinds["stage_1.activation_1"] == "PReLU"
    assert kinds["hidden_activation_1"] == "ReLU"
    assert kinds["hidden_norm_1"] == ("BatchNorm2d" if head == "gap" else "BatchNorm1d")
    network = cnn_1d_fc(MEL, 10, activation="leaky_relu", head=head, batch_norm=False)
    kinds = {str(row["name"]): row["kind"] for row in layer_table(network, MEL)}
    assert kinds["hidden_activation_1"] == kinds["stage_1.activation_1"] == "LeakyReLU"
    assert "BatchNorm2d" not in kinds.values()


def test_weights_are_drawn_as_the_document_says() -> None:
    """S2-S7: Glorot-uniform linear layers, He-uniform convolutions, no biases."""
    network = cnn_1d_fc(MEL, 10)
    kernel, matrix = network.stage_1.convolution_1.weight, network.hidden_1.weight
    for weights, bound in ((kernel, math.sqrt(6 / (128 * 3))), (matrix, math.sqrt(6 / (2048 + 256)))):
        assert weights.abs().max() <= bound
        assert weights.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.02)
    assert not any(value.any() for name, value in network.named_parameters() if name.endswith("bias"))


def test_two_dimensional_originals() -> None:
    """The layers of torchvision's AlexNet and VGG16, by their known numbers of parameters (S2-A1, S2-A2)."""
    image = (3, 224, 224)
    with torch.device("meta"):
        alexnet = alexnet_1d(image, 1000, dimensions=2, widths="64-192-384-256-256")
        vgg = vgg16_1d(image, 1000, dimensions=2)
    assert parameter_count(alexnet) == 61_100_840
    assert parameter_count(vgg) == 138_357_544


def test_kernels_of_two_sides() -> None:
    rows = outputs(cnn_2d_fc(MEL, 10, widths="4-4", kernel="3x8-1x5", conv_padding="valid", pools="2x4"))
    assert (rows["stage_1.pool"], rows["stage_2.convolution_1"]) == ("4 x 63 x 30", "4 x 63 x 26")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"dimensions": 3}, r"dimensions is 3: write 1 \(time\) or 2"),
        ({"widths": "8-0"}, "widths has '0': write whole numbers from 1"),
        ({"widths": "8,8"}, "widths has '8,8'"),
        ({"widths": "8-8", "kernel": "3-3-3"}, "kernel is '3-3-3': 3 values for 2 stages"),
        ({"kernel": "3x8"}, "kernel has '3x8': write '3': one dimension has no second side"),
        ({"kernel": "0"}, "kernel has '0'"),
        ({"dimensions": 2, "kernel": "3x"}, "kernel has '3x': write '3', or '3x8'"),
        ({"pools": "3/0"}, "pools has '0'"),
        ({"pooling": "mx"}, "Unknown pooling 'mx': did you mean 'max'"),
        ({"conv_padding": "sam"}, "Unknown conv_padding 'sam': did you mean 'same'"),
        ({"strided_padding": "valit"}, "Unknown strided_padding 'valit': did you mean 'valid'"),
        ({"order": "convolution-norm"}, "order is 'convolution-norm': write each of convolution, norm"),
        ({"activation": "rely"}, "Unknown activation 'rely': did you mean 'relu'"),
        ({"head": "gab"}, "Unknown head 'gab': did you mean 'gap'"),
        ({"head": "gap", "global_pooling": "mean"}, "Unknown global_pooling 'mean'"),
        ({"head_widths": "256x"}, "head_widths has '256x'"),
        ({"dropout": 1.0}, "The share of hidden_dropout_1 is 1.0: it must be from 0 to below 1"),
        ({"conv_dropout": -0.1}, "The share of stage_1.dropout is -0.1"),
        ({"kernel": "3-3-4001"}, "In stage 3 kernel is 4001, longer than the .* 130: set kernel to '3-3-130', or"),
        ({"dimensions": 2, "kernel": "3x131"}, "kernel is 3x131, longer than the .* 128x130: set kernel to '3x130'"),
        ({"strides": "131"}, "strides is 131, longer than the .* 130: set strides to '2', or take longer segments"),
        ({"strides": "131", "kernel": "131"}, "set shorter kernels and strides, or take longer segments"),
        ({"pooling": "stride", "pools": "131"}, "pools is 131, longer than the .* 130: set pools to '130'"),
        (
            {"conv_padding": "valid", "kernel": "40"},
            "kernel 1x40 of stage_3.* than the 1 x 3 .*: set kernel to '4', or",
        ),
        ({"conv_dropout": 0.1, "conv_dropout_stages": "2-9"}, "conv_dropout_stages is '2-9': there are 5 stages"),
        (
            {"conv_padding": "valid", "kernel": "131"},
            "In stage 1 kernel is 131, longer than the convolutions' input of 130: set kernel to '4', or take longer",
        ),
    ],
)
def test_impossible_networks_are_refused(parameters: dict[str, Value], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        cnn_1d_fc(MEL, 10, **parameters)


def test_every_network_of_the_document_has_the_same_parameters_to_set() -> None:
    """So that a finding can vary any of them on any network (S2)."""
    kinds = {tuple(each.parameters) for each in ARCHITECTURES.values() if "".join(each.sources).startswith("S2-")}
    shared = set(ARCHITECTURES["cnn_1d_fc"].parameters)
    assert all(shared <= set(parameters) for parameters in kinds)
    assert len(kinds) == 3
