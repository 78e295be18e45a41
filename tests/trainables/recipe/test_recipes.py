"""Recipes: what they refuse, and what their optimisers are told."""

import pytest
import torch

from trainables.errors import InvalidSetting
from trainables.recipe.recipes import RECIPE, Recipe
from trainables.resolving import DEFAULTS, NEUTRAL, resolve

# The fields that recipes began with: they have always been a part of a trial's id.
FIRST_FIELDS = {"loss", "optimiser", "learning_rate", "momentum", "weight_decay", "batch_size", "epochs"}

CHOICES = {name: rules["choices"] for name, rules in RECIPE.about.items() if "choices" in rules}


@pytest.mark.parametrize("name", CHOICES)
def test_unknown_name_gives_the_nearest(name: str) -> None:
    known = next(iter(CHOICES[name]))
    with pytest.raises(InvalidSetting, match=f"Unknown {name} '{known}_': did you mean '{known}'"):
        Recipe(**{name: f"{known}_"})


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"learning_rate": 0.0}, "learning_rate is 0.0: it must be above 0."),
        ({"learning_rate": float("nan")}, "learning_rate is nan: it must be above 0."),
        ({"epsilon": 0.0}, "epsilon is 0.0: it must be above 0."),
        ({"batch_size": 0}, "batch_size is 0: it must be at least 1."),
        ({"epochs": 0}, "epochs is 0: it must be at least 1."),
        ({"weight_decay": -0.1}, "weight_decay is -0.1: it must be at least 0."),
        ({"schedule": "step", "decay_epochs": 0}, "decay_epochs is 0: it must be at least 1."),
        ({"schedule": "step", "decay_factor": 0.0}, "decay_factor is 0.0: it must be above 0."),
        ({"schedule": "two_phase", "frozen_epochs": -1}, "frozen_epochs is -1: it must be at least 0."),
        ({"schedule": "two_phase", "second_learning_rate": 0.0}, "second_learning_rate is 0.0: it must be above 0."),
        ({"optimiser": "sgd", "momentum": 1.0}, "momentum is 1.0: it must be at least 0 and below 1."),
        ({"beta1": 1.0}, "beta1 is 1.0: it must be at least 0 and below 1."),
        ({"optimiser": "sgd", "nesterov": True, "momentum": 0.0}, "set a momentum above 0"),
        ({"momentum": 0.5}, "momentum is 0.5 and optimiser is 'adam', which has no momentum: leave it out, or set"),
        ({"optimiser": "sgd", "beta1": 0.5}, "optimiser is 'sgd', which has no beta1: .* to adam or adamw"),
        ({"frozen_epochs": 4}, "schedule is 'constant', which has no frozen_epochs: .* to two_phase"),
        ({"schedule": "cosine", "decay_factor": 0.5}, "schedule is 'cosine', which has no decay_factor"),
    ],
)
def test_impossible_recipe_is_a_sentence(settings: dict, sentence: str) -> None:
    with pytest.raises(InvalidSetting, match=sentence):
        Recipe(**settings)


def test_what_settings_belong_to_can_be_chosen() -> None:
    belong = [rules["only"] for rules in RECIPE.about.values() if "only" in rules]
    assert belong
    assert all(set(owners) <= set(CHOICES[chooser]) for chooser, owners in belong)


@pytest.mark.parametrize(
    ("settings", "kind", "group"),
    [
        ({}, torch.optim.Adam, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}),
        ({"beta1": 0.5, "epsilon": 1e-7}, torch.optim.Adam, {"betas": (0.5, 0.999), "eps": 1e-7}),
        ({"optimiser": "adamw", "weight_decay": 0.01}, torch.optim.AdamW, {"weight_decay": 0.01}),
        ({"optimiser": "sgd", "momentum": 0.09}, torch.optim.SGD, {"momentum": 0.09, "nesterov": False}),
        ({"optimiser": "sgd", "nesterov": True}, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    ],
)
def test_optimiser_is_told_what_the_recipe_says(settings: dict, kind: type, group: dict) -> None:
    optimiser = Recipe(learning_rate=0.02, **settings).build_optimiser(torch.nn.Linear(2, 2))
    assert type(optimiser) is kind
    assert {name: optimiser.param_groups[0][name] for name in group} == group
    assert optimiser.param_groups[0]["lr"] == 0.02


def test_fields_that_do_nothing_are_no_part_of_an_id() -> None:
    assert set(RECIPE.neutral) == set(RECIPE.parameters) - FIRST_FIELDS
    assert resolve({**NEUTRAL, **RECIPE.neutral}).trial("data") == resolve({}).trial("data")
    for name, value in {"initialisation": "zero", "class_weights": "balanced", "epsilon": 1e-7}.items():
        assert resolve({name: value}).trial("data") != resolve({}).trial("data")


def test_neutral_values_are_the_defaults() -> None:
    assert DEFAULTS | NEUTRAL == DEFAULTS
    assert RECIPE.parameters | RECIPE.neutral == RECIPE.parameters
