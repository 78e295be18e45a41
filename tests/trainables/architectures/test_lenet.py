import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import conv2d, max_pool2d

from trainables.architectures.convolution import ParallelConvolution, convolution, kernel_sizes
from trainables.architectures.layers import layer_table, parameter_count
from trainables.architectures.lenet import lenet
from trainables.errors import InvalidSetting

# Parameters with 14 classes at 64 x 80 and 128 x 80, by kernel of the first and of the second convolution.
PARAMETERS = {
    ("5x5", ""): (438_366, 960_606),
    ("5x5", "5x5"): (438_366, 960_606),
    ("3x8", ""): (390_264, 820_344),
    ("3x8", "5x5"): (413_400, 904_920),
    ("8x3", ""): (359_544, 912_504),
}

SHAPES = ["5x5", "3x8", "8x3", "1x25", "25x1", "3x8+8x3"]


@pytest.mark.parametrize(("kernels", "counts"), PARAMETERS.items())
def test_parameter_counts(kernels: tuple[str, str], counts: tuple[int, int]) -> None:
    found = [
        parameter_count(lenet((1, bands, 80), 14, kernel=kernels[0], second_kernel=kernels[1])) for bands in (64, 128)
    ]
    assert tuple(found) == counts


def test_layers_of_the_5x5_network() -> None:
    rows = layer_table(lenet((1, 64, 80), 14), (1, 64, 80))
    sizes = {row["name"]: row["output"] for row in rows}
    assert sizes["convolution_1"] == "6 x 60 x 76"
    assert sizes["pool_1"] == "6 x 30 x 38"
    assert sizes["convolution_2"] == "16 x 26 x 34"
    assert sizes["flatten"] == str(16 * 13 * 17)
    assert [sizes[f"linear_{place}"] for place in (1, 2, 3)] == ["120", "84", "14"]


@pytest.mark.parametrize("bands", [64, 128])
@pytest.mark.parametrize("second_kernel", ["", "5x5"])
@pytest.mark.parametrize("kernel", SHAPES)
def test_matched_networks_have_the_parameters_of_5x5(kernel: str, second_kernel: str, bands: int) -> None:
    if (kernel, second_kernel, bands) == ("25x1", "", 64):
        pytest.skip("25 bands do not fit the 20 that pooling leaves")
    network = lenet((1, bands, 80), 14, kernel=kernel, second_kernel=second_kernel, parameter_matched=True)
    reference = PARAMETERS["5x5", ""][bands == 128]
    assert abs(parameter_count(network) / reference - 1) < 0.01
    plain = lenet((1, bands, 80), 14, kernel=kernel, second_kernel=second_kernel)
    changed = [
        name
        for (name, one), other in zip(network.named_parameters(), plain.parameters(), strict=True)
        if one.shape != other.shape
    ]
    assert set(changed) <= {"linear_1.weight", "linear_1.bias", "linear_2.weight"}


def test_matching_leaves_the_5x5_network_alone_and_draws_nothing() -> None:
    torch.manual_seed(5)
    plain = lenet((1, 64, 80), 14)
    torch.manual_seed(5)
    matched = lenet((1, 64, 80), 14, parameter_matched=True)
    pairs = zip(plain.parameters(), matched.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


@given(
    kernel=st.sampled_from([*SHAPES, "1x1", "7x7", "2x2+3x3+5x5"]),
    bands=st.integers(12, 130),
    frames=st.integers(12, 130),
)
def test_any_shape_either_runs_or_is_refused(kernel: str, bands: int, frames: int) -> None:
    try:
        network = lenet((1, bands, frames), 3, kernel=kernel, parameter_matched=True)
    except InvalidSetting:
        return
    assert network(torch.zeros(2, 1, bands, frames)).shape == (2, 3)
    reference = parameter_count(lenet((1, bands, frames), 3))
    assert abs(parameter_count(network) / reference - 1) <= 0.02


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_pooling_before_the_activation_changes_no_value(activation: str) -> None:
    network = lenet((1, 32, 32), 5, activation=activation)
    layers = dict(network.named_children())
    order = [name for stage in "12" for name in (f"convolution_{stage}", f"activation_{stage}", f"pool_{stage}")]
    printed = nn.Sequential(*(layers.pop(name) for name in order), *layers.values())
    batch = torch.randn(3, 1, 32, 32)
    torch.testing.assert_close(network(batch), printed(batch))


def test_equation_1_of_the_document() -> None:
    """A convolution layer sums, over its input maps, each correlated with its own kernel, and adds a bias (S4-A1)."""
    layer = lenet((1, 32, 32), 5).convolution_2
    assert isinstance(layer, nn.Conv2d)
    features = torch.randn(1, 6, 9, 9)
    expected = layer.bias[2] + sum(conv2d(features[:, i : i + 1], layer.weight[2:3, i : i + 1])[0, 0] for i in range(6))
    torch.testing.assert_close(layer(features)[0, 2], expected, rtol=1e-4, atol=1e-5)
    assert max_pool2d(layer(features), 2).shape == (1, 16, 2, 2)


def test_shapes_side_by_side_share_the_channels() -> None:
    layer = convolution(1, 16, ((3, 8), (8, 3), (5, 5)))
    assert isinstance(layer, ParallelConvolution)
    assert [branch[1].out_channels for branch in layer.branches] == [6, 5, 5]
    assert layer(torch.zeros(2, 1, 20, 30)).shape == (2, 16, 18, 28)


def test_each_shape_is_applied_around_the_same_place() -> None:
    """Without its bias, the response of each kernel to one point lies around that point."""
    layer = ParallelConvolution(1, 2, ((3, 9), (9, 3)))
    for branch in layer.branches:
        nn.init.ones_(branch[1].weight)
        nn.init.zeros_(branch[1].bias)
    point = torch.zeros(1, 1, 31, 31)
    point[0, 0, 15, 15] = 1.0
    for response in layer(point)[0]:
        places = response.nonzero().float()
        assert places.mean(0).tolist() == [14.0, 14.0]
        assert len(places) == 27


def test_kernel_text() -> None:
    assert kernel_sizes("1x25") == ((1, 25),)
    assert kernel_sizes("3x8+8x3") == ((3, 8), (8, 3))


@pytest.mark.parametrize("kernel", ["", "5", "5*5", "0x5", "5x5x5", "5x5+", "5 x 5", "-1x5"])
def test_other_spellings_are_refused(kernel: str) -> None:
    with pytest.raises(InvalidSetting, match="bands x frames"):
        kernel_sizes(kernel)


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        (
            (1, 4, 80),
            {},
            "5x5 is larger than the 4 x 80 .* first convolution: a kernel of up to 1x26 fits in both; set that",
        ),
        (
            (1, 64, 80),
            {"kernel": "25x1"},
            "25x1 .* 20 x 40 input of LeNet's second convolution: a kernel of up to 21x26 fits",
        ),
        (
            (1, 3, 80),
            {"kernel": "4x4"},
            "4x4 is larger than the 3 x 80 .* first convolution: set more bands and frames",
        ),
        ((1, 64, 5), {}, "60 x 1 output of LeNet's first convolution cannot be pooled"),
        ((1, 64, 80), {"kernel": "+".join(["3x3"] * 7)}, "7 kernel shapes cannot share 6 channels"),
        ((1, 64, 80), {"activation": "rely"}, "did you mean 'relu'"),
        ((1, 12, 12), {"kernel": "1x1", "parameter_matched": True}, "larger than"),
        (
            (64, 128, 128),
            {"kernel": "90x90", "second_kernel": "1x1", "parameter_matched": True},
            "No width .* within 2 %",
        ),
    ],
)
def test_impossible_networks_are_refused(
    shape: tuple[int, int, int], options: dict[str, str | bool], message: str
) -> None:
    with pytest.raises(InvalidSetting, match=message):
        lenet(shape, 14, **options)
