import pytest
import torch
from torch.nn.functional import batch_norm, conv2d, linear, max_pool2d

from trainables.architectures.cnn import cnn
from trainables.architectures.layers import layer_table, parameter_count
from trainables.errors import InvalidSetting


def test_it_is_what_is_written_down() -> None:
    """Three times convolution, batch normalisation, ReLU, max-pooling; global average; linear (S0-A2)."""
    network = cnn((1, 32, 24), 11).eval()
    state, batch = network.state_dict(), torch.randn(2, 1, 32, 24)
    values = batch
    for place in (1, 2, 3):
        name = f"block_{place}"
        values = conv2d(values, state[f"{name}.0.weight"], padding=1)
        running = (state[f"{name}.1.running_mean"], state[f"{name}.1.running_var"])
        values = batch_norm(values, *running, state[f"{name}.1.weight"], state[f"{name}.1.bias"])
        values = max_pool2d(values.relu(), 2)
    expected = linear(values.mean((2, 3)), state["output.weight"], state["output.bias"])
    torch.testing.assert_close(network(batch), expected, rtol=1e-4, atol=1e-5)


def test_parameters_and_sizes() -> None:
    network = cnn((1, 30, 26), 11)
    assert parameter_count(network) == 9 * (32 + 32 * 64 + 64 * 128) + 2 * (32 + 64 + 128) + 128 * 11 + 11
    outputs = [row["output"] for row in layer_table(network, (1, 30, 26)) if row["kind"] == "MaxPool2d"]
    assert outputs == ["32 x 15 x 13", "64 x 8 x 7", "128 x 4 x 4"]


@pytest.mark.parametrize("size", [(13, 2), (30, 26), (128, 259), (1, 1)])
def test_one_network_takes_any_size(size: tuple[int, int]) -> None:
    network = cnn((1, 30, 26), 11)
    assert network(torch.randn(2, 1, *size)).shape == (2, 11)


def test_dropout_is_before_the_last_layer_and_only_in_training() -> None:
    network, batch = cnn((1, 16, 16), 5, dropout=0.9), torch.randn(64, 1, 16, 16)
    seen = []
    network.output.register_forward_hook(lambda _layer, inputs, _output: seen.append(inputs[0]))
    network.train()(batch)
    network.eval()(batch)
    assert 0.8 < (seen[0] == 0).float().mean() < 1.0
    assert (seen[1] == 0).float().mean() < 0.5


@pytest.mark.parametrize("dropout", [-0.1, 1.0])
def test_dropouts_that_are_no_share_are_refused(dropout: float) -> None:
    with pytest.raises(InvalidSetting, match="at least 0 and below 1"):
        cnn((1, 16, 16), 5, dropout=dropout)
