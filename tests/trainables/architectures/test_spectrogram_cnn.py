import pytest
import torch
from torch import nn
from torch.nn.functional import conv2d, max_pool2d, relu

from trainables.architectures.layers import parameter_count
from trainables.architectures.spectrogram_cnn import (
    Plan,
    deep_spectrogram_cnn,
    spectrogram_cnn,
    wide_spectrogram_cnn,
)
from trainables.errors import InvalidSetting

NINE, THREE = (9, 128, 128), (3, 128, 128)


def count(build: object, *arguments: object, **settings: object) -> int:
    with torch.device("meta"):
        return parameter_count(build(*arguments, **settings))  # type: ignore[operator]


def paths(number: int, channels: tuple[int, ...], classes: int) -> int:
    """Parameters of `number` paths of convolutions 3 x 3 with biases, 256 units and a linear layer."""
    inputs = (1, *channels[:-1])
    path = sum(9 * i * o + o for i, o in zip(inputs, channels, strict=True))
    return number * path + number * channels[-1] * 256 + 256 + 256 * classes + classes


def test_parameter_counts() -> None:
    deep = (16, 32, 64, 64, 64, 64)
    assert count(spectrogram_cnn, NINE, 11) == paths(9, (16, 32, 64), 11) == 360_203
    assert count(deep_spectrogram_cnn, THREE, 11) == paths(3, deep, 11) == 454_475
    for widening in (1.0, 1.5, 2.0):
        wide = tuple(int(widening * channels) for channels in deep)
        assert count(wide_spectrogram_cnn, THREE, 11, widening=widening) == paths(3, wide, 11)


def test_each_path_is_a_network_of_its_own_until_they_merge() -> None:
    """Late fusion, computed path by path (S1-A1)."""
    torch.manual_seed(4)
    network = spectrogram_cnn((3, 20, 33), 5, depth=2, width=4.0)
    state, batch = network.state_dict(), torch.randn(2, 3, 20, 33)
    ends = []
    for path in range(3):
        values = batch[:, path : path + 1]
        for block in (0, 1):
            weight, bias = (state[f"paths.each.{path}.{block}.0.{part}"] for part in ("weight", "bias"))
            values = max_pool2d(relu(conv2d(values, weight, bias, padding=1)), 2, ceil_mode=True)
        ends.append(values.mean((2, 3)))
    merged = relu(network.merge(torch.cat(ends, 1)))
    torch.testing.assert_close(network(batch), network.output(merged), rtol=1e-4, atol=1e-5)


def test_early_fusion_is_one_path_over_all_channels() -> None:
    network = spectrogram_cnn((3, 16, 16), 5, fusion="early", depth=2, width=4.0)
    convolutions = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    assert [(each.in_channels, each.out_channels) for each in convolutions] == [(3, 4), (4, 8)]
    assert network.merge.in_features == 8


@pytest.mark.parametrize("depth", [2, 4, 6])
@pytest.mark.parametrize("branches", [1, 3, 9])
def test_networks_of_any_depth_and_number_of_paths_at_equal_size(branches: int, depth: int) -> None:
    """S1-F3."""
    found = count(spectrogram_cnn, (branches, 128, 128), 11, depth=depth, parameters=360_203)
    assert abs(found / 360_203 - 1) < 0.02


@pytest.mark.parametrize("settings", [{}, {"fusion": "early"}, {"pooling": "flatten"}, {"batch_norm": True}])
def test_the_number_of_parameters_is_known_before_it_is_built(settings: dict[str, str | bool]) -> None:
    plan = Plan((3, 20, 33), 5, depth=4, width=3.7, **settings)
    assert plan.count() == parameter_count(plan.build())


def test_early_and_late_fusion_at_equal_size() -> None:
    """S1-F13."""
    early = count(spectrogram_cnn, NINE, 11, fusion="early", parameters=360_203)
    assert abs(early / 360_203 - 1) < 0.002


def test_matching_its_own_size_changes_nothing_and_draws_nothing() -> None:
    torch.manual_seed(5)
    plain = spectrogram_cnn((2, 32, 32), 4)
    torch.manual_seed(5)
    fitted = spectrogram_cnn((2, 32, 32), 4, parameters=parameter_count(plain))
    pairs = zip(plain.parameters(), fitted.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_flattened_paths() -> None:
    network = spectrogram_cnn((2, 20, 33), 5, depth=2, width=2.0, pooling="flatten")
    assert network.merge.in_features == 2 * 4 * 5 * 9
    assert network(torch.zeros(3, 2, 20, 33)).shape == (3, 5)


def test_batch_normalisation_replaces_the_biases() -> None:
    network = deep_spectrogram_cnn((1, 64, 64), 5, width=4.0, batch_norm=True)
    blocks = [part for part in network.paths.each[0] if isinstance(part, nn.Sequential)]
    assert [[type(layer) for layer in block] for block in blocks] == [
        [nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d, nn.ReLU]
    ] * 6
    assert all(block[0].bias is None for block in blocks)


def test_more_blocks_than_there_is_to_pool() -> None:
    assert spectrogram_cnn((1, 3, 1), 5, depth=6, width=2.0)(torch.zeros(2, 1, 3, 1)).shape == (2, 5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"fusion": "later"}, "did you mean 'late'"),
        ({"pooling": "averages"}, "did you mean 'average'"),
        ({"depth": 0}, "depth is 0"),
        ({"width": 0.0}, "width is 0.0"),
        ({"width": float("nan")}, "width is nan"),
        ({"parameters": 100}, "parameters is 100: .* nearest that a width gives is 3369"),
        ({"parameters": -1}, "parameters is -1"),
    ],
)
def test_impossible_networks_are_refused(settings: dict[str, str | int | float], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        spectrogram_cnn((1, 32, 32), 11, **settings)
