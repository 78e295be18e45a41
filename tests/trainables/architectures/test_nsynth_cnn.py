import pytest
import torch
from torch import nn
from torch.nn.functional import conv1d, linear, max_pool1d, relu

from trainables.architectures import ARCHITECTURES
from trainables.architectures.layers import layer_table, parameter_count, without_numbers
from trainables.architectures.nsynth_cnn import nsynth_cnn_1, nsynth_cnn_1_narrow, nsynth_cnn_2, nsynth_cnn_2_deep
from trainables.errors import InvalidSetting
from trainables.registry import Value

AUDIO, BOTH = (1, 1, 8000), (1, 1, 8013)
SMALL = (1, 1, 113)


def kinds(network: nn.Module, shape: tuple[int, int, int]) -> list[str]:
    return [str(row["kind"]) for row in layer_table(network, shape)][1:]


def test_layers_as_printed() -> None:
    """The code in figures 5 and 6 of S3."""
    convolutions, dense = ["Conv2d", "ReLU"], ["Linear", "ReLU"]
    first = without_numbers(lambda: nsynth_cnn_1(AUDIO, 11))
    assert kinds(first, AUDIO) == [*convolutions, *convolutions, "Dropout", "MaxPool2d", "Flatten", *dense, "Linear"]
    narrow = without_numbers(lambda: nsynth_cnn_1_narrow(AUDIO, 11))
    assert kinds(narrow, AUDIO) == [*convolutions, *convolutions, "MaxPool2d", "Flatten", *dense, "Linear"]
    second = without_numbers(lambda: nsynth_cnn_2(BOTH, 11))
    body = [*convolutions, *convolutions, "MaxPool2d", "Dropout", "MaxPool2d", "Flatten"]
    assert kinds(second, BOTH) == [*body, *dense, "Linear"]
    assert kinds(without_numbers(lambda: nsynth_cnn_2_deep(BOTH, 11)), BOTH) == [*body, *dense, *dense, "Linear"]


def test_model_2_written_with_functions() -> None:
    torch.manual_seed(1)
    network = nsynth_cnn_2(SMALL, 11, widths="4-3-3").eval()
    weights = list(network.state_dict().values())
    maps = torch.randn(2, 1, 1, 113)
    values = relu(conv1d(maps[:, 0], weights[0][:, :, 0], weights[1]))
    values = relu(conv1d(values, weights[2][:, :, 0], weights[3]))
    values = max_pool1d(max_pool1d(values, 2), 2).flatten(1)
    expected = linear(relu(linear(values, *weights[4:6])), *weights[6:8])
    torch.testing.assert_close(network(maps), expected, rtol=1e-5, atol=1e-5)


def test_weights_are_those_of_keras() -> None:
    """S3-S5: Glorot-uniform in convolutions too."""
    weights = nsynth_cnn_1(SMALL, 11).stage_2.convolution_1.weight
    assert weights.abs().max() <= (6 / (3 * (64 + 64))) ** 0.5
    assert weights.abs().max() > 0.9 * (6 / (3 * (64 + 64))) ** 0.5


def test_features_have_a_branch_of_their_own_or_are_samples() -> None:
    waveforms = torch.randn(4, *SMALL)
    changed = waveforms.clone()
    changed[..., -13:] = 40 * waveforms[..., -13:] + 60
    torch.manual_seed(1)
    branch, samples = (nsynth_cnn_2(SMALL, 11, conv_dropout=0.0, side_branch=side) for side in (13, 0))
    # What is normalised first does not depend on the features' scale.
    torch.testing.assert_close(branch(changed), branch(waveforms), rtol=1e-3, atol=1e-3)
    assert not torch.allclose(samples(changed), samples(waveforms), rtol=1e-1)
    changed[..., -13:] = waveforms[..., -13:].flip(0)
    assert not torch.allclose(branch(changed), branch(waveforms), rtol=1e-3)


def test_the_branch_joins_in_front_of_the_linear_layers() -> None:
    network = nsynth_cnn_2(SMALL, 11, side_branch=13)
    convolutions = nsynth_cnn_2((1, 1, 100), 11)
    assert network.hidden_1.in_features == convolutions.hidden_1.in_features + 32
    assert parameter_count(network) == parameter_count(convolutions) + 2 * 13 + 14 * 32 + 32 * 50


def test_the_second_model_asks_for_thirteen_features() -> None:
    features = str(ARCHITECTURES["nsynth_cnn_2"].about["settings"]["side_features"]).split("+")
    assert features[:3] == ["pitch", "velocity", "source"]
    assert len(features) == 13


@pytest.mark.parametrize(
    ("shape", "parameters", "message"),
    [
        (SMALL, {"side_branch": 113}, "side_branch is 113: it takes the last values of a waveform"),
        (SMALL, {"side_branch": -1}, "side_branch is -1"),
        ((1, 64, 80), {"side_branch": 13}, "less than the 80 of 1 x 64 x 80"),
        (SMALL, {"side_branch": 13, "head": "gap"}, "cannot join the head 'gap': set head to 'fc'"),
        ((1, 1, 4), {}, "The kernel 1x3 of stage_2.convolution_1 is larger than the 1 x 2 that are left"),
    ],
)
def test_impossible_networks_are_refused(
    shape: tuple[int, int, int], parameters: dict[str, Value], message: str
) -> None:
    with pytest.raises(InvalidSetting, match=message):
        nsynth_cnn_2(shape, 11, **parameters)
