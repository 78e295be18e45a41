"""What every registered architecture must do, whatever it is."""

import copy
import io

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from trainables.architectures import ARCHITECTURES
from trainables.architectures.layers import layer_table, parameter_count
from trainables.errors import InvalidSetting

USUAL, CLASSES = (1, 64, 80), 14
LARGEST_SQUARE = 64


def build(name: str, shape: tuple[int, int, int]) -> nn.Module:
    torch.manual_seed(3)
    return ARCHITECTURES[name].build(shape, CLASSES)


def smallest_square(name: str) -> tuple[int, int, int]:
    """The smallest square input of one channel that the architecture does not refuse."""
    for side in range(1, LARGEST_SQUARE + 1):
        try:
            ARCHITECTURES[name].build((1, side, side), CLASSES)
        except InvalidSetting:
            continue
        return (1, side, side)
    raise AssertionError(f"{name} takes no square input up to {LARGEST_SQUARE}")


@pytest.fixture(params=list(ARCHITECTURES))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["usual", "smallest", "three channels"])
def shape(request: pytest.FixtureRequest, name: str) -> tuple[int, int, int]:
    return {"usual": USUAL, "smallest": smallest_square(name), "three channels": (3, *USUAL[1:])}[request.param]


@pytest.mark.parametrize("items", [1, 5])
def test_logits_and_gradients(name: str, shape: tuple[int, int, int], items: int) -> None:
    network = build(name, shape).eval()
    logits = network(torch.randn(items, *shape))
    assert logits.shape == (items, CLASSES)
    assert logits.isfinite().all()
    cross_entropy(logits, torch.arange(items)).backward()
    without = [key for key, value in network.named_parameters() if value.grad is None]
    assert not without


def test_every_parameter_learns(name: str) -> None:
    network = build(name, USUAL)
    cross_entropy(network(torch.randn(16, *USUAL)), torch.arange(16) % CLASSES).backward()
    dead = [key for key, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    assert not dead


def test_evaluation_is_deterministic(name: str) -> None:
    network, batch = build(name, USUAL).eval(), torch.randn(4, *USUAL)
    assert torch.equal(network(batch), network(batch))


def test_items_of_a_batch_do_not_mix(name: str) -> None:
    network, batch = build(name, USUAL).eval(), torch.randn(4, *USUAL)
    torch.testing.assert_close(network(batch)[2:3], network(batch[2:3]), rtol=1e-4, atol=1e-5)


def test_a_seed_gives_the_same_network(name: str) -> None:
    pairs = zip(build(name, USUAL).parameters(), build(name, USUAL).parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_the_stored_state_gives_the_same_outputs(name: str) -> None:
    network, batch = build(name, USUAL).eval(), torch.randn(4, *USUAL)
    torch.manual_seed(9)
    other = ARCHITECTURES[name].build(USUAL, CLASSES).eval()
    assert not torch.equal(network(batch), other(batch))
    other.load_state_dict(copy.deepcopy(network.state_dict()))
    assert torch.equal(network(batch), other(batch))


def train(network: nn.Module, optimiser: torch.optim.Optimizer, steps: int) -> None:
    generator = torch.Generator().manual_seed(steps)
    for _ in range(steps):
        loss = cross_entropy(network(torch.randn(4, *USUAL, generator=generator)), torch.arange(4))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def test_a_stored_training_goes_on_to_the_last_bit(name: str) -> None:
    network = build(name, USUAL)
    optimiser = torch.optim.Adam(network.parameters(), fused=True)
    train(network, optimiser, 2)
    stored = io.BytesIO()
    torch.save([network.state_dict(), optimiser.state_dict()], stored)
    train(network, optimiser, 3)
    stored.seek(0)
    states = torch.load(stored, weights_only=True)
    other = ARCHITECTURES[name].build(USUAL, CLASSES)
    other_optimiser = torch.optim.Adam(other.parameters(), fused=True)
    other.load_state_dict(states[0])
    other_optimiser.load_state_dict(states[1])
    train(other, other_optimiser, 3)
    pairs = zip(network.parameters(), other.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_it_learns_a_small_task(name: str) -> None:
    """Four classes, each a band of its own that sounds throughout."""
    torch.manual_seed(0)
    labels = torch.arange(16) % 4
    batch = 0.3 * torch.randn(16, 1, 32, 32)
    for item, label in enumerate(labels.tolist()):
        batch[item, 0, 8 * label : 8 * label + 8] += 1.0
    network = ARCHITECTURES[name].build((1, 32, 32), 4).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    losses = []
    for _ in range(30):
        loss = cross_entropy(network(batch), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


def test_the_layer_table_holds_every_parameter(name: str) -> None:
    network = build(name, USUAL)
    rows = layer_table(network, USUAL)
    assert sum(int(row["parameters"]) for row in rows) == parameter_count(network)
    assert rows[-1]["output"] == str(CLASSES)


def test_it_cites_its_source(name: str) -> None:
    assert ARCHITECTURES[name].sources
    assert ARCHITECTURES[name].summary
