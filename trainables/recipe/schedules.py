"""Schedules: the learning rate of each epoch, and what is trained in it.

Both follow from the recipe and the history alone, so that a training that goes on has no schedule to restore.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from torch import nn

from trainables.errors import InvalidSetting

if TYPE_CHECKING:
    from trainables.recipe.recipes import Recipe

History = Sequence[Mapping[str, float]]


def constant(recipe: "Recipe", history: History) -> float:
    """The same learning rate in every epoch."""
    return recipe.learning_rate


def step(recipe: "Recipe", history: History) -> float:
    """Times `decay_factor` after every `decay_epochs` epochs."""
    return recipe.learning_rate * recipe.decay_factor ** (len(history) // recipe.decay_epochs)


def cosine(recipe: "Recipe", history: History) -> float:
    """Half a period of a cosine, from the learning rate to 0 after the last epoch (Loshchilov and Hutter 2017)."""
    return recipe.learning_rate * (1 + math.cos(math.pi * len(history) / recipe.epochs)) / 2


def plateau(recipe: "Recipe", history: History) -> float:
    """Times `decay_factor` whenever `decay_epochs` epochs have passed without a new lowest validation loss.

    SampleCNN (Lee et al. 2017) was trained so, with a factor of .2 after 3 epochs.
    """
    lowest, waited, falls = math.inf, 0, 0
    for record in history:
        better = record["validation_loss"] < lowest
        lowest, waited = (record["validation_loss"], 0) if better else (lowest, waited + 1)
        if waited == recipe.decay_epochs:
            waited, falls = 0, falls + 1
    return recipe.learning_rate * recipe.decay_factor**falls


def two_phase(recipe: "Recipe", history: History) -> float:
    """The learning rate while the backbone is frozen, the second one from then on (S1-S4)."""
    return recipe.learning_rate if is_frozen(recipe, history) else recipe.second_learning_rate


SCHEDULES: dict[str, Callable[["Recipe", History], float]] = {
    "constant": constant,
    "step": step,
    "cosine": cosine,
    "plateau": plateau,
    "two_phase": two_phase,
}


def learning_rate(recipe: "Recipe", history: History) -> float:
    """The learning rate of the epoch that follows `history`."""
    return SCHEDULES[recipe.schedule](recipe, history)


def is_frozen(recipe: "Recipe", history: History) -> bool:
    """Whether the backbone is frozen in the epoch that follows `history`."""
    return len(history) < recipe.frozen_epochs


def backbone(network: nn.Module) -> list[nn.Parameter]:
    """The parameters that are frozen at first: those that the network's method `backbone_parameters()` gives.

    Frozen means that they get no gradient: statistics of batch normalisation still move. Raises InvalidSetting for a
    network without the method.
    """
    named = getattr(network, "backbone_parameters", None)
    if named is None:
        raise InvalidSetting(
            "frozen_epochs needs an architecture that names its backbone, such as cnn14: set it to 0 for this one."
        )
    return list(named())
