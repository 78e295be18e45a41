"""Schedules: the learning rate of the epoch that follows a history.

It follows from the recipe and the history alone, so that a training that goes on has no schedule to restore. A schedule
is given the recipe's learning rate, and names the other settings of a recipe that it takes.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from torch import nn

from trainables.errors import InvalidSetting

History = Sequence[Mapping[str, float]]


def constant(rate: float, history: History) -> float:
    return rate


def step(rate: float, history: History, *, decay_epochs: int, decay_factor: float) -> float:
    """Times `decay_factor` after every `decay_epochs` epochs."""
    return rate * decay_factor ** (len(history) // decay_epochs)


def cosine(rate: float, history: History, *, epochs: int) -> float:
    """Half a period of a cosine, from the learning rate to 0 after the last epoch (Loshchilov and Hutter 2017)."""
    return rate * (1 + math.cos(math.pi * len(history) / epochs)) / 2


def plateau(rate: float, history: History, *, decay_epochs: int, decay_factor: float) -> float:
    """Times `decay_factor` whenever `decay_epochs` epochs have passed without a new lowest validation loss.

    SampleCNN (Lee et al. 2017) was trained so, with a factor of .2 after 3 epochs.
    """
    lowest, waited, falls = math.inf, 0, 0
    for record in history:
        better = record["validation_loss"] < lowest
        lowest, waited = (record["validation_loss"], 0) if better else (lowest, waited + 1)
        if waited == decay_epochs:
            waited, falls = 0, falls + 1
    return rate * decay_factor**falls


def two_phase(rate: float, history: History, *, frozen_epochs: int, second_learning_rate: float) -> float:
    """The learning rate while the backbone is frozen, the second one from then on (S1-S4)."""
    return rate if len(history) < frozen_epochs else second_learning_rate


SCHEDULES: dict[str, Callable[..., float]] = {
    "constant": constant,
    "step": step,
    "cosine": cosine,
    "plateau": plateau,
    "two_phase": two_phase,
}


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
