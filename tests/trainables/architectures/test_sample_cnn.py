"""SampleCNN against a second implementation, written as products of windows and matrices."""

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from trainables.architectures.layers import layer_table, parameter_count, without_numbers
from trainables.architectures.sample_cnn import acn_sample_cnn_gap, sample_cnn_fc, sample_cnn_gap

WAVEFORM = (1, 1, 59_049)
AUTHORS = {"kernel": "3-3-3-3-3-3-3-3-3-3-1", "conv_dropout": 0.0}


def convolved(maps: Tensor, weights: Tensor, bias: Tensor, step: int, zeros: int) -> Tensor:
    """Maps (batch, inputs, time) to (batch, outputs, time'): every window times the matrix of weights."""
    batch, inputs, _ = maps.shape
    border = maps.new_zeros(batch, inputs, zeros)
    windows = torch.cat([border, maps, border], 2).unfold(2, weights.shape[2], step)
    rows = windows.transpose(1, 2).flatten(2)
    return (rows @ weights.flatten(1).T + bias).transpose(1, 2)


def standardised(maps: Tensor, moments: tuple[Tensor, Tensor], scale: Tensor, shift: Tensor) -> Tensor:
    mean, variance = (moment[:, None] for moment in moments)
    return (maps - mean) / (variance + 1e-5).sqrt() * scale[:, None] + shift[:, None]


def pooled(maps: Tensor) -> Tensor:
    batch, channels, time = maps.shape
    return maps[..., : time // 3 * 3].reshape(batch, channels, time // 3, 3).amax(3)


def sample_cnn(waveforms: Tensor, weights: list[Tensor], *, training: bool) -> Tensor:
    """The port of S2-R8 without its dropout; `weights` in the order in which the layers were made."""
    maps, rest = waveforms, iter(weights)
    for layer in range(1, 12):
        kernel, bias, scale, shift, mean, variance = (next(rest) for _ in range(6))
        kernel = kernel[:, :, 0]
        step, zeros = (3, 0) if layer == 1 else (1, kernel.shape[2] // 2)
        maps = convolved(maps, kernel, bias, step, zeros)
        if training:
            mean, variance = maps.mean((0, 2)), maps.var((0, 2), unbiased=False)
        maps = standardised(maps, (mean, variance), scale, shift).clamp_min(0)
        if 1 < layer < 11:
            maps = pooled(maps)
    matrix, bias = rest
    return maps.flatten(1) @ matrix.T + bias


def shaken(network: nn.Module) -> list[Tensor]:
    """The network's tensors but its counters, after all that begins as 0 or 1 has been moved away from it."""
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.is_floating_point() and value.ndim == 1:
                value.add_(0.2 * torch.rand_like(value) if "var" in name else 0.1 * torch.randn_like(value))
    return [value for value in network.state_dict().values() if value.is_floating_point()]


@pytest.mark.parametrize("settings", [{}, AUTHORS], ids=["port", "authors"])
def test_outputs_equal_those_of_another_implementation(settings: dict[str, str | float]) -> None:
    torch.manual_seed(2)
    network = sample_cnn_fc(WAVEFORM, 10, **settings).eval()
    weights, waveforms = shaken(network), torch.randn(2, *WAVEFORM) / 3
    with torch.no_grad():
        expected = sample_cnn(waveforms[:, 0], weights, training=False)
        found = network(waveforms)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


def test_it_equals_another_implementation_in_training_too() -> None:
    """In double precision: the last layers normalise three values, in which rounding weighs much. An eighth as wide."""
    torch.manual_seed(2)
    widths = "16-16-16-32-32-32-32-32-32-64-64"
    network = sample_cnn_fc(WAVEFORM, 10, widths=widths, conv_dropout=0.0, dropout=0.0).double()
    weights, waveforms = shaken(network), torch.randn(3, *WAVEFORM).double() / 3
    with torch.no_grad():
        expected = sample_cnn(waveforms[:, 0], weights, training=True)
        found = network(waveforms)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "classes", "count"),
    [({}, 50, 2_394_162), ({}, 10, 2_373_642), (AUTHORS, 50, 1_869_874), (AUTHORS, 10, 1_849_354)],
)
def test_parameter_counts(settings: dict[str, str | float], classes: int, count: int) -> None:
    with torch.device("meta"):
        assert parameter_count(sample_cnn_fc(WAVEFORM, classes, **settings)) == count


def rows(network: nn.Module) -> dict[str, str]:
    return {str(row["name"]): str(row["output"]) for row in layer_table(network, WAVEFORM)}


def test_dropout_is_behind_the_sixth_and_the_last_convolution() -> None:
    port, authors = (without_numbers(partial(sample_cnn_fc, WAVEFORM, 10, **settings)) for settings in ({}, AUTHORS))
    assert [name for name in rows(port) if "dropout" in name] == ["stage_6.dropout", "head_dropout"]
    assert [name for name in rows(authors) if "dropout" in name] == ["head_dropout"]
    shares = {module.p for module in port.modules() if isinstance(module, nn.Dropout)}
    assert shares == {0.5}


def test_first_three_poolings_become_convolutions() -> None:
    names = rows(without_numbers(lambda: acn_sample_cnn_gap(WAVEFORM, 10)))
    strided = [name for name in names if "strided_convolution" in name]
    assert [name[:7] for name in strided] == ["stage_2", "stage_3", "stage_4"]
    assert [names[name] for name in strided] == ["128 x 1 x 6561", "128 x 1 x 2187", "256 x 1 x 729"]
    assert sum(name.endswith(".pool") for name in names) == 6


@pytest.mark.parametrize(("unpooled", "steps"), [(0, 1), (1, 3), (2, 9)])
def test_blocks_without_pooling_leave_steps_to_average(unpooled: int, steps: int) -> None:
    pools = "-".join(["1", *(9 - unpooled) * ["3"], *unpooled * ["1"], "1"])
    names = rows(without_numbers(lambda: sample_cnn_gap(WAVEFORM, 10, pools=pools)))
    assert names["output"] == f"10 x 1 x {steps}"


@pytest.mark.parametrize("build", [sample_cnn_gap, acn_sample_cnn_gap])
@pytest.mark.parametrize("samples", [59_049, 66_150])
def test_the_blocks_as_printed_leave_one_step_to_average(build: Callable[..., nn.Module], samples: int) -> None:
    network = without_numbers(lambda: build((1, 1, samples), 10))
    assert {str(row["name"]): row["output"] for row in layer_table(network, (1, 1, samples))}["output"] == "10 x 1 x 1"


def test_pools_of_half_the_kernel_overlap() -> None:
    """S2-F41."""
    names = rows(without_numbers(lambda: sample_cnn_fc(WAVEFORM, 10, kernel="6")))
    assert names["stage_1.convolution_1"] == "128 x 1 x 19683"
    assert names["stage_10.pool"] == "512 x 1 x 1"
