"""Recipes: optimiser, schedule, loss, batch size, initialisation and number of epochs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

import torch

from trainables.errors import InvalidSetting, unknown
from trainables.recipe.initialisation import INITIALISATIONS
from trainables.recipe.losses import LOSSES
from trainables.recipe.schedules import SCHEDULES
from trainables.registry import Value

ADAM, SGD = ("adam", "adamw"), ("sgd",)
CHOICES: Mapping[str, Collection[str]] = {
    "loss": LOSSES,
    "class_weights": ("none", "balanced"),
    "optimiser": (*ADAM, *SGD),
    "schedule": SCHEDULES,
    "initialisation": INITIALISATIONS,
    "precision": ("float32", "bfloat16"),
    "on_out_of_memory": ("fail", "halve"),
}
AT_LEAST = {"batch_size": 1, "epochs": 1, "decay_epochs": 1, "frozen_epochs": 0, "weight_decay": 0}
ABOVE_0 = ("learning_rate", "second_learning_rate", "epsilon", "decay_factor")
BELOW_1 = ("momentum", "beta1")
# What only some optimisers or schedules have.
BELONGS: Mapping[str, tuple[str, Collection[str]]] = {
    "momentum": ("optimiser", SGD),
    "nesterov": ("optimiser", SGD),
    "beta1": ("optimiser", ADAM),
    "epsilon": ("optimiser", ADAM),
    "decay_epochs": ("schedule", ("step", "plateau")),
    "decay_factor": ("schedule", ("step", "plateau")),
    "frozen_epochs": ("schedule", ("two_phase",)),
    "second_learning_rate": ("schedule", ("two_phase",)),
}
# At these values a field, or another setting of a trial, does nothing, and is then no part of the trial's id. A value
# stands here for ever, also where a default has changed: trials of before have ids that were made without it.
NEUTRAL: Mapping[str, Value] = {
    "training": "classification",
    "weights": "",
    "class_weights": "none",
    "nesterov": False,
    "beta1": 0.9,
    "epsilon": 1e-8,
    "schedule": "constant",
    "decay_epochs": 10,
    "decay_factor": 0.1,
    "frozen_epochs": 0,
    "second_learning_rate": 2e-4,
    "initialisation": "default",
    "precision": "float32",
    "on_out_of_memory": "fail",
}


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

    loss: str = "cross_entropy"
    class_weights: str = "none"
    optimiser: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    nesterov: bool = False
    beta1: float = 0.9
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    schedule: str = "constant"
    decay_epochs: int = 10
    decay_factor: float = 0.1
    frozen_epochs: int = 0
    second_learning_rate: float = 2e-4
    initialisation: str = "default"
    batch_size: int = 32
    on_out_of_memory: str = "fail"
    precision: str = "float32"
    epochs: int = 100

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise unknown(name, getattr(self, name), known)
        for name in (*AT_LEAST, *ABOVE_0, *BELOW_1):
            if sentence := range_error(name, getattr(self, name)):
                raise InvalidSetting(sentence)
        for field in fields(self):
            if field.name in BELONGS and getattr(self, field.name) != field.default:
                self._check_belongs(field.name)
        if self.nesterov and self.momentum == 0:
            raise InvalidSetting("nesterov is true and momentum 0: set a momentum above 0.")

    def _check_belongs(self, name: str) -> None:
        chooser, owners = BELONGS[name]
        if getattr(self, chooser) not in owners:
            value, chosen = getattr(self, name), getattr(self, chooser)
            raise InvalidSetting(
                f"{name} is {value} and {chooser} is '{chosen}', which has no {name}: leave it out, or set "
                f"{chooser} to {' or '.join(owners)}."
            )

    def build_optimiser(self, network: torch.nn.Module) -> torch.optim.Optimizer:
        """The optimiser over all parameters of `network`, at the learning rate of the first epoch."""
        parameters, rate, decay = network.parameters(), self.learning_rate, self.weight_decay
        if self.optimiser == "sgd":
            return torch.optim.SGD(
                parameters, lr=rate, momentum=self.momentum, nesterov=self.nesterov, weight_decay=decay
            )
        adam = torch.optim.AdamW if self.optimiser == "adamw" else torch.optim.Adam
        return adam(parameters, lr=rate, betas=(self.beta1, 0.999), eps=self.epsilon, weight_decay=decay, fused=True)


def range_error(name: str, value: float) -> str:
    """What is wrong with the number `value` of a field, or ''."""
    if name in ABOVE_0 and not value > 0:
        return f"{name} is {value}: it must be above 0."
    if name in AT_LEAST and not value >= AT_LEAST[name]:
        return f"{name} is {value}: it must be at least {AT_LEAST[name]}."
    if name in BELOW_1 and not 0 <= value < 1:
        return f"{name} is {value}: it must be at least 0 and below 1."
    return ""


def recipe_parameters() -> dict[str, Value]:
    """Name and default of each parameter of a recipe."""
    return {field.name: field.default for field in fields(Recipe)}  # type: ignore[misc]
