"""What is counted of the memory of a training step."""

import pytest
from torch import nn

from trainables.architectures.cnn import cnn
from trainables.architectures.resnet import resnet
from trainables.memory import step_bytes


@pytest.mark.parametrize("batch", [1, 5])
def test_a_step_holds_what_gradients_are_computed_from_each_once(batch: int) -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(6, 3), nn.ReLU(), nn.Linear(3, 2))
    # The input of either linear layer; the second is what ReLU holds, too.
    assert step_bytes(network, (1, 2, 3), batch) == 4 * batch * (6 + 3)


def test_what_is_counted_leaves_the_network_as_it_was() -> None:
    network = cnn((1, 30, 26), 11).eval()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    assert step_bytes(network, (1, 30, 26), 8) > 8 * 4 * 30 * 26
    assert not network.training
    assert all(tensor.equal(before[name]) for name, tensor in network.state_dict().items())


def test_a_batch_of_a_tenth_of_the_length_holds_about_a_tenth() -> None:
    network = resnet((1, 30, 26), 11, width=8)
    short, long = (step_bytes(network, (1, 30, frames), 60) for frames in (26, 259))
    assert 7 < long / short < 10
