"""Recipes: optimiser, schedule, loss, batch size and number of epochs."""

from dataclasses import asdict, dataclass, fields

import torch

from trainables.errors import InvalidSetting, unknown
from trainables.registry import Value

OPTIMISERS = ("adam", "sgd")


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; the defaults are those chosen where document S4 is silent (S4-S5).

    `learning_rate` and `weight_decay` as in torch.optim, `batch_size` in segments, `epochs` in passes over the
    training part.
    """

    optimiser: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    weight_decay: float = 0.0
    batch_size: int = 32
    epochs: int = 100

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise unknown("optimiser", self.optimiser, OPTIMISERS)
        for name, least in (("learning_rate", 0.0), ("batch_size", 1), ("epochs", 1)):
            value = getattr(self, name)
            if not value >= least or (name == "learning_rate" and value == 0):
                raise InvalidSetting(f"{name} is {value}: it must be {'above 0' if least == 0 else 'at least 1'}.")

    def build_optimiser(self, network: torch.nn.Module) -> torch.optim.Optimizer:
        """The optimiser over all parameters of `network`."""
        parameters, rate, decay = network.parameters(), self.learning_rate, self.weight_decay
        if self.optimiser == "sgd":
            return torch.optim.SGD(parameters, lr=rate, momentum=self.momentum, weight_decay=decay)
        return torch.optim.Adam(parameters, lr=rate, weight_decay=decay, fused=True)


def recipe_parameters() -> dict[str, Value]:
    """Name and default of each parameter of a recipe."""
    return {field.name: field.default for field in fields(Recipe)}  # type: ignore[misc]


def as_parameters(recipe: Recipe) -> dict[str, Value]:
    """The recipe as plain values."""
    return asdict(recipe)
