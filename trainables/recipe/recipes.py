"""Recipes: optimiser, schedule, loss, batch size, initialisation and number of epochs."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Any, TypedDict, Unpack

import torch

from trainables.configuration import Configuration
from trainables.errors import BOUNDS, InvalidSetting, check_bounds, checked
from trainables.recipe.initialisation import INITIALISATIONS
from trainables.recipe.losses import LOSSES
from trainables.recipe.schedules import SCHEDULES, History
from trainables.registry import Entry, Value, keyword_parameters

ADAM, SGD = ("adam", "adamw"), ("sgd",)


class Rules(TypedDict, total=False):
    """What a value of a recipe's setting may be.

    One of `choices`; a number within its bounds; its default, unless another setting has one of the values that it
    belongs to (`only`). A setting that was added later has a `neutral` value: see `Configuration.trial`.
    """

    choices: Collection[str]
    above: float
    at_least: float
    below: float
    only: tuple[str, Collection[str]]
    neutral: Value


def setting(default: Value, **rules: Unpack[Rules]) -> Any:
    return field(default=default, metadata=rules)


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; the defaults are those chosen where document S4 is silent (S4-S5).

    `loss`, `schedule` and `initialisation` are names in the modules of those names; `class_weights` "balanced" makes
    all classes of the training part weigh the same in its loss (B11). Rates, `momentum`, `beta1`, `epsilon` and
    `weight_decay` are as in torch.optim, `batch_size` is in segments, `epochs`, `decay_epochs` and `frozen_epochs` in
    passes over the training part. With `precision` "bfloat16" the network trains under autocast and its loss is
    computed on what comes out of it (S2-F29); it is evaluated in float32.

    With `on_out_of_memory` "halve" a batch that does not fit is put through in pieces whose gradients add up to its
    own; batch normalisation, however, then sees each piece alone. Raises InvalidSetting for what cannot be trained with
    and for a setting that the optimiser or the schedule does not have.
    """

    loss: str = setting("cross_entropy", choices=LOSSES)
    class_weights: str = setting("none", choices=("none", "balanced"), neutral="none")
    optimiser: str = setting("adam", choices=(*ADAM, *SGD))
    learning_rate: float = setting(1e-3, above=0)
    momentum: float = setting(0.9, at_least=0, below=1, only=("optimiser", SGD))
    nesterov: bool = setting(False, only=("optimiser", SGD), neutral=False)
    beta1: float = setting(0.9, at_least=0, below=1, only=("optimiser", ADAM), neutral=0.9)
    epsilon: float = setting(1e-8, above=0, only=("optimiser", ADAM), neutral=1e-8)
    weight_decay: float = setting(0.0, at_least=0)
    schedule: str = setting("constant", choices=SCHEDULES, neutral="constant")
    decay_epochs: int = setting(10, at_least=1, only=("schedule", ("step", "plateau")), neutral=10)
    decay_factor: float = setting(0.1, above=0, only=("schedule", ("step", "plateau")), neutral=0.1)
    frozen_epochs: int = setting(0, at_least=0, only=("schedule", ("two_phase",)), neutral=0)
    second_learning_rate: float = setting(2e-4, above=0, only=("schedule", ("two_phase",)), neutral=2e-4)
    initialisation: str = setting("default", choices=INITIALISATIONS, neutral="default")
    batch_size: int = setting(32, at_least=1)
    on_out_of_memory: str = setting("fail", choices=("fail", "halve"), neutral="fail")
    precision: str = setting("float32", choices=("float32", "bfloat16"), neutral="float32")
    epochs: int = setting(100, at_least=1)

    def __post_init__(self) -> None:
        for each in fields(self):
            value, rules = getattr(self, each.name), each.metadata
            checked(each.name, value, rules.get("choices", [value]))
            check_bounds(each.name, value, **{name: rules[name] for name in BOUNDS if name in rules})
            if "only" in rules and value != each.default:
                self._check_belongs(each.name, *rules["only"])
        if self.nesterov and self.momentum == 0:
            raise InvalidSetting("nesterov is true and momentum 0: set a momentum above 0.")

    def _check_belongs(self, name: str, chooser: str, owners: Collection[str]) -> None:
        if getattr(self, chooser) not in owners:
            value, chosen = getattr(self, name), getattr(self, chooser)
            raise InvalidSetting(
                f"{name} is {value} and {chooser} is '{chosen}', which has no {name}: leave it out, or set "
                f"{chooser} to {' or '.join(owners)}."
            )

    def rate(self, history: History) -> float:
        schedule = SCHEDULES[self.schedule]
        taken = {name: getattr(self, name) for name in keyword_parameters(schedule)}
        return schedule(self.learning_rate, history, **taken)

    def is_frozen(self, history: History) -> bool:
        return len(history) < self.frozen_epochs

    def build_optimiser(self, network: torch.nn.Module) -> torch.optim.Optimizer:
        """The optimiser over all parameters of `network`, at the learning rate of the first epoch."""
        parameters, rate, decay = network.parameters(), self.learning_rate, self.weight_decay
        if self.optimiser == "sgd":
            return torch.optim.SGD(
                parameters, lr=rate, momentum=self.momentum, nesterov=self.nesterov, weight_decay=decay
            )
        adam = torch.optim.AdamW if self.optimiser == "adamw" else torch.optim.Adam
        return adam(parameters, lr=rate, betas=(self.beta1, 0.999), eps=self.epsilon, weight_decay=decay, fused=True)


def as_entry(recipe: type[Recipe]) -> Entry:
    """The settings of a recipe as a part of a configuration; about each of them, its rules."""
    return Entry(
        recipe.__name__,
        recipe,
        parameters={each.name: each.default for each in fields(recipe)},  # type: ignore[misc]
        neutral={each.name: each.metadata["neutral"] for each in fields(recipe) if "neutral" in each.metadata},
        about={each.name: each.metadata for each in fields(recipe)},
    )


RECIPE = as_entry(Recipe)


def recipe_of(configuration: Configuration) -> Recipe:
    """How a configuration's network is trained; raises InvalidSetting for a recipe that cannot be trained with."""
    return Recipe(**configuration.part("recipe"))
