"""Learning rates follow from the recipe and the history alone."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainables.errors import InvalidSetting
from trainables.recipe.recipes import Recipe
from trainables.recipe.schedules import SCHEDULES, backbone
from trainables.registry import keyword_parameters


def history(*losses: float) -> list[dict[str, float]]:
    return [{"epoch": epoch, "validation_loss": loss} for epoch, loss in enumerate(losses, 1)]


def rates(recipe: Recipe, epochs: int) -> list[float]:
    return [recipe.rate(history(*[1.0] * done)) for done in range(epochs)]


def test_constant_rate_is_constant():
    assert rates(Recipe(learning_rate=0.3), 5) == [0.3] * 5


@given(every=st.integers(1, 7), factor=st.floats(0.05, 0.95), epochs=st.integers(1, 30))
def test_step_is_that_of_torch(every, factor, epochs):
    recipe = Recipe(learning_rate=0.1, schedule="step", decay_epochs=every, decay_factor=factor)
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, every, factor)
    expected = []
    for _ in range(epochs):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    assert rates(recipe, epochs) == pytest.approx(expected)


@given(epochs=st.integers(2, 50))
def test_cosine_is_that_of_torch(epochs):
    recipe = Recipe(learning_rate=0.1, schedule="cosine", epochs=epochs)
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    expected = []
    for _ in range(epochs):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    assert rates(recipe, epochs) == pytest.approx(expected)


SAMPLE_CNN = Recipe(learning_rate=0.01, schedule="plateau", decay_epochs=3, decay_factor=0.2)


@pytest.mark.parametrize(
    ("losses", "falls"),
    [
        ((), 0),
        ((5, 4, 3, 2, 1), 0),
        ((5, 6, 6), 0),
        ((5, 6, 6, 6), 1),
        ((5, 5, 5, 5), 1),  # as low is not lower
        ((5, 6, 6, 4, 6, 6), 0),
        ((5, 6, 6, 6, 6, 6), 1),
        ((5, 6, 6, 6, 6, 6, 6), 2),
        ((5, 6, 6, 6, 4, 6, 6), 1),
    ],
)
def test_plateau_falls_after_epochs_without_a_new_lowest_loss(losses, falls):
    assert SAMPLE_CNN.rate(history(*losses)) == pytest.approx(0.01 * 0.2**falls)


def test_sample_cnns_rates_are_those_of_its_authors():
    found = [SAMPLE_CNN.rate(history(*[1.0] * epochs)) for epochs in (0, 4, 7, 10, 13)]
    assert found == pytest.approx([0.01, 0.002, 0.0004, 0.00008, 0.000016])


def test_two_phases():
    recipe = Recipe(schedule="two_phase", frozen_epochs=4, learning_rate=3e-3, second_learning_rate=2e-4)
    assert rates(recipe, 6) == [3e-3] * 4 + [2e-4] * 2
    assert [recipe.is_frozen(history(*[1.0] * done)) for done in range(6)] == [True] * 4 + [False] * 2
    assert rates(Recipe(schedule="two_phase", second_learning_rate=1e-3), 2) == [1e-3] * 2


@pytest.mark.parametrize("name", SCHEDULES)
def test_rate_depends_on_nothing_but_the_history(name):
    recipe, losses = Recipe(schedule=name), [3.0, 2.0, 2.5, 2.4, 2.6, 2.7]
    assert [recipe.rate(history(*losses[:n])) for n in range(7)] == [
        recipe.rate(history(*losses[:n])) for n in reversed(range(7))
    ][::-1]


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_that_depends_on_the_number_of_epochs_takes_it(name):
    """So that a trial of fewer epochs can be taken for the beginning of one of more."""
    few, many = (rates(Recipe(schedule=name, epochs=epochs), 4) for epochs in (4, 8))
    assert (few != many) == ("epochs" in keyword_parameters(SCHEDULES[name]))


def test_network_without_a_backbone_cannot_be_frozen():
    with pytest.raises(InvalidSetting, match="frozen_epochs needs an architecture that names its backbone"):
        backbone(torch.nn.Linear(2, 2))
