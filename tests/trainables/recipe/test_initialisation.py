"""Weights are drawn as said, from the random state, and only in the layers that are meant."""

import math

import pytest
import torch
from torch import nn

from trainables.errors import InvalidSetting
from trainables.recipe.initialisation import INITIALISATIONS, initialise


def network() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(8, 64, 3), nn.BatchNorm2d(64), nn.LSTM(64, 5), nn.Linear(400, 200))


def initialised(name: str, seed: int = 2) -> nn.Sequential:
    layers = network()
    torch.manual_seed(seed)
    initialise(layers, name)
    return layers


def deviation_of_uniform(bound: float) -> float:
    return bound / math.sqrt(3)


GLOROT_LINEAR = deviation_of_uniform(math.sqrt(6 / (400 + 200)))
GLOROT_CONVOLUTION = deviation_of_uniform(math.sqrt(6 / (9 * (8 + 64))))
HE_CONVOLUTION = deviation_of_uniform(math.sqrt(6 / (9 * 8)))
DEVIATIONS = {
    "xavier": (HE_CONVOLUTION, GLOROT_LINEAR),
    "keras": (GLOROT_CONVOLUTION, GLOROT_LINEAR),
    "zero": (0.0, 0.0),
    "zero_dense": (HE_CONVOLUTION, 0.0),
    "normal": (0.02, 0.02),
}


@pytest.mark.parametrize("name", DEVIATIONS)
def test_weights_have_the_deviation_of_their_formula_and_biases_are_zero(name):
    convolution, _, _, linear = initialised(name)
    found = [layer.weight.std().item() for layer in (convolution, linear)]
    assert found == pytest.approx(DEVIATIONS[name], rel=0.05)
    assert not convolution.bias.any()
    assert not linear.bias.any()


def test_every_initialisation_is_tested():
    assert set(INITIALISATIONS) == {"default", *DEVIATIONS}


def test_default_changes_nothing_and_draws_nothing():
    layers = network()
    weights, random = layers[0].weight.clone(), torch.get_rng_state()
    initialise(layers, "default")
    assert torch.equal(layers[0].weight, weights)
    assert torch.equal(torch.get_rng_state(), random)


@pytest.mark.parametrize("name", ["xavier", "keras", "zero", "zero_dense", "normal"])
def test_other_layers_keep_what_they_have(name):
    before, after = network(), initialised(name)
    assert all(
        torch.equal(one, other) for one, other in zip(before[2].parameters(), after[2].parameters(), strict=True)
    )
    assert (after[1].weight.std() > 0.01) == (name == "normal"), "only the DCGAN's draws batch normalisation"


@pytest.mark.parametrize("name", ["xavier", "keras", "normal"])
def test_seed_decides(name):
    one, same, other = (initialised(name, seed)[3].weight for seed in (2, 2, 3))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_unknown_initialisation_names_the_nearest():
    with pytest.raises(InvalidSetting, match="did you mean 'xavier'"):
        initialise(network(), "xavier_")
