import pytest
import torch
from torch import nn

from trainables.architectures.layers import layer_table, multiply_adds, parameter_count, without_numbers


def small() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(24, 5))


def test_rows_in_the_order_of_the_layers() -> None:
    assert layer_table(small(), (1, 5, 6)) == [
        {"name": "0", "kind": "Conv2d", "output": "2 x 3 x 4", "parameters": 20, "multiply_adds": 216},
        {"name": "1", "kind": "ReLU", "output": "2 x 3 x 4", "parameters": 0, "multiply_adds": 0},
        {"name": "2", "kind": "Flatten", "output": "24", "parameters": 0, "multiply_adds": 0},
        {"name": "3", "kind": "Linear", "output": "5", "parameters": 125, "multiply_adds": 120},
    ]


def test_of_a_recurrent_layer_the_steps_are_shown() -> None:
    rows = layer_table(nn.LSTM(3, 7, batch_first=True), (10, 3))
    shown = {"name": "", "kind": "LSTM", "output": "10 x 7"}
    assert rows == [{**shown, "parameters": 4 * 7 * (3 + 7 + 2), "multiply_adds": 10 * 4 * 7 * (3 + 7)}]


def test_a_parameter_beside_the_parts_is_counted() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.ones(4))
            self.inner = nn.Linear(4, 4)

        def forward(self, values: torch.Tensor) -> torch.Tensor:
            return self.inner(self.scale * values)

    rows = layer_table(Scaled(), (4,))
    assert [(row["name"], row["parameters"]) for row in rows] == [("inner", 20), ("", 4)]


def test_the_network_is_left_as_it_was() -> None:
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).train()
    network[1].eval()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    layer_table(network, (1, 5, 5))
    assert network.training
    assert network[0].training
    assert not network[1].training
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())
    assert not any(module._forward_hooks for module in network.modules())


def test_frozen_parameters_are_not_counted() -> None:
    network = small()
    assert parameter_count(network) == 145
    network[3].requires_grad_(False)
    assert parameter_count(network) == 20


# Each by hand: outputs x weights that one of them is made of, or steps x weights.
COSTS = [
    (nn.Conv2d(3, 8, (3, 5), padding=(1, 2)), (3, 10, 20), 8 * 10 * 20 * 3 * 3 * 5),
    (nn.Conv2d(3, 8, 3, stride=2), (3, 11, 21), 8 * 5 * 10 * 3 * 3 * 3),
    (nn.Conv2d(4, 8, 3, groups=2), (4, 5, 5), 8 * 3 * 3 * 2 * 3 * 3),
    (nn.Conv1d(3, 8, 3, dilation=2), (3, 10), 8 * 6 * 3 * 3),
    (nn.ConvTranspose2d(3, 8, 4, stride=2, padding=1), (3, 5, 6), 3 * 5 * 6 * 8 * 4 * 4),
    (nn.Linear(7, 9), (7,), 63),
    (nn.Linear(7, 9), (10, 7), 630),
    (nn.LSTM(3, 7, num_layers=2, batch_first=True), (10, 3), 10 * 4 * 7 * (3 + 7 + 7 + 7)),
    (nn.GRU(3, 7, bidirectional=True, batch_first=True), (10, 3), 10 * 2 * 3 * 7 * (3 + 7)),
    (nn.BatchNorm2d(3), (3, 5, 5), 0),
]


@pytest.mark.parametrize(("layer", "shape", "cost"), COSTS, ids=lambda value: str(value)[:20])
def test_multiply_adds(layer: nn.Module, shape: tuple[int, ...], cost: int) -> None:
    assert multiply_adds(layer, shape) == cost


def test_sizes_need_no_numbers() -> None:
    torch.manual_seed(4)
    state = torch.get_rng_state()
    network = without_numbers(small)
    assert torch.equal(torch.get_rng_state(), state)
    assert layer_table(network, (1, 5, 6)) == layer_table(small(), (1, 5, 6))
    assert multiply_adds(network, (1, 5, 6)) == 216 + 120
