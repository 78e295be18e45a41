import torch
from torch import nn

from trainables.architectures.layers import layer_table, parameter_count


def small() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(24, 5))


def test_rows_in_the_order_of_the_layers() -> None:
    assert layer_table(small(), (1, 5, 6)) == [
        {"name": "0", "kind": "Conv2d", "output": "2 x 3 x 4", "parameters": 20},
        {"name": "1", "kind": "ReLU", "output": "2 x 3 x 4", "parameters": 0},
        {"name": "2", "kind": "Flatten", "output": "24", "parameters": 0},
        {"name": "3", "kind": "Linear", "output": "5", "parameters": 125},
    ]


def test_of_a_recurrent_layer_the_steps_are_shown() -> None:
    rows = layer_table(nn.LSTM(3, 7, batch_first=True), (10, 3))
    assert rows == [{"name": "", "kind": "LSTM", "output": "10 x 7", "parameters": 4 * 7 * (3 + 7 + 2)}]


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
